"""The operator's commands: who is let in and which keys there are, on the server, with their rows in the audit."""

import argparse
import asyncio
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from roster_api.access.keys import hash_key
from roster_api.access.models import ApiKey
from roster_api.audit.models import AuditEntry
from roster_api.database import create_engine, create_sessions
from roster_api.main import build_parser, main
from roster_api.settings import Settings

ISSUERS = json.dumps([{"issuer": "http://127.0.0.1:9", "audience": "portal"}])
CREATE = ("keys", "create", "--role", "overseer", "--label", "Bảng theo dõi", "--province", "56")


@pytest.fixture
def server(roster_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> "Server":
    monkeypatch.setenv("ROSTER_DATABASE_URL", roster_database_url)
    monkeypatch.setenv("ROSTER_ISSUERS", ISSUERS)
    return Server(roster_database_url, capsys)


class Server:
    """Where the commands are typed."""

    def __init__(self, database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self._url = database_url
        self._capsys = capsys

    def type(self, *words: str) -> tuple[int, str, str]:
        """(exit status, printed, said of errors)."""
        with pytest.raises(SystemExit) as ended:
            main(words)
        printed = self._capsys.readouterr()
        out = "".join(line for line in printed.out.splitlines(keepends=True) if '"event"' not in line)
        return int(ended.value.code or 0), out, printed.err

    def read(self, *words: str) -> Any:
        status, out, err = self.type(*words)
        assert status == 0, err
        return json.loads(out)

    def rows(self, query: Any) -> list[Any]:
        async def fetch() -> list[Any]:
            engine = create_engine(Settings(database_url=self._url).database_url)
            async with create_sessions(engine)() as session:
                found = list((await session.scalars(query)).all())
            await engine.dispose()
            return found

        return asyncio.run(fetch())


def test_people_are_let_in_given_roles_and_lose_them(server: Server) -> None:
    who = ("--email", "Noivu@Example.vn", "--name", "Trần Nội Vụ")
    invited = server.read("accounts", "invite", *who, "--role", "admin", "--province", "56")["account"]
    assert (invited["email"], invited["assignments"][0]["granted_by_id"]) == ("noivu@example.vn", None)
    assert invited["assignments"][0]["granted_by"].startswith("máy chủ (")
    more = server.read("accounts", "grant", invited["id"], "--role", "auditor", "--until", "2099-01-01")
    assert (more["scope_kind"], more["until"]) == ("nation", "2099-01-01T00:00:00Z")
    status, out, err = server.type("accounts", "grant", invited["id"], "--role", "auditor")
    assert (status, out) == (1, "")
    assert "đã có vai trò đó" in err
    assert "holds that role there already" in err
    revoked = server.read("accounts", "revoke", invited["id"], more["id"])
    assert revoked["revoked_by"].startswith("máy chủ (")
    listed = server.read("accounts", "list", "--role", "admin")
    assert [each["revoked_at"] is None for each in listed["assignments"]] == [True, False]
    entries = server.rows(sa.select(AuditEntry).order_by(AuditEntry.id))
    assert [(entry.method, entry.route, entry.actor_role) for entry in entries] == [
        ("COMMAND", f"roster-api accounts {verb}", "operator") for verb in ("invite", "grant", "revoke")
    ]
    assert "noivu@example.vn" not in str([entry.details for entry in entries])


def test_keys_are_made_follow_one_another_and_end(server: Server) -> None:
    status, out, err = server.type(*CREATE)
    assert (status, out) == (1, "")
    assert "instead_of_account" in err
    status, value, _err = server.type(*CREATE, "--instead-of-account", "--read-only")
    assert status == 0
    (row,) = server.rows(sa.select(ApiKey).where(ApiKey.key_sha256 == hash_key(value.strip())))
    assert (row.role, row.is_read_only, row.expires_at) == ("overseer", True, None)
    status, following, _err = server.type("keys", "rotate", str(row.id), "--overlap-hours", "1")
    assert (status, len(following.split())) == (0, 1)
    (new,) = server.rows(sa.select(ApiKey).where(ApiKey.rotated_from_id == row.id))
    assert new.key_sha256 == hash_key(following.strip())
    assert server.read("keys", "revoke", str(new.id))["revoked_at"]
    assert server.read("keys", "list", "--role", "overseer")["id"] == str(row.id)
    status, _out, err = server.type("keys", "revoke", str(UUID(int=1)))
    assert (status, "Không tìm thấy" in err) == (1, True)


def test_a_services_key_is_bound_to_nothing(server: Server) -> None:
    status, out, err = server.type("create-key", "--role", "solver", "--label", "x", "--province", "56")
    assert (status, out) == (1, "")
    assert "bound to nothing" in err
    assert server.type("create-key", "--role", "solver", "--label", "x")[0] == 0


def helps(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """(command, what it says of itself and of each of its words)."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from helps(below)
        elif action.dest != "help":
            yield f"{parser.prog} {action.dest}", str(action.help)
    yield parser.prog, str(parser.description)


COMMANDS = (["accounts"], ["keys"], ["privacy"], ["audit"], ["lookup-key"])


def test_every_word_of_the_commands_is_said_in_both_languages() -> None:
    told = [(name, words) for name, words in helps(build_parser()) if name.split()[1:2] in COMMANDS]
    assert len(told) > 30
    assert [name for name, words in told if " · " not in words] == []
