"""Keys named by the settings: one lives a role, another ends the one before, and nothing shows a key's characters."""

import asyncio
import hashlib
from typing import Any

import asyncpg
import httpx
import pytest
import sqlalchemy as sa
from roster_api.access.models import ApiKey
from roster_api.app import create_app, ensure_keys
from roster_api.migrations import upgrade
from roster_api.settings import Settings
from structlog.testing import capture_logs

OLD_KEY = """insert into roster.api_keys (id, role, label, prefix, key_sha256)
values (gen_random_uuid(), 'admin', $1, 'cr_abcde', gen_random_uuid()::text)"""


async def start(database_url: str, **keys: str) -> list[dict[str, Any]]:
    """What a start with these settings logs."""
    app = create_app(Settings(database_url=database_url, **keys))  # type: ignore[arg-type]
    with capture_logs() as logged:
        await asyncio.gather(ensure_keys(app), ensure_keys(app))
    await app.state.engine.dispose()
    return [dict(entry) for entry in logged]


async def statuses(database_url: str, *keys: str) -> list[int]:
    app = create_app(Settings(database_url=database_url))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://roster.example") as client:
        answers = [await client.get("/v1/fields", headers={"X-Api-Key": key}) for key in keys]
    await app.state.engine.dispose()
    return [answer.status_code for answer in answers]


async def test_a_start_with_another_key_ends_the_one_before_and_no_other(roster_database_url: str) -> None:
    await start(roster_database_url, bootstrap_key="admin-one", solver_key="solver-one", notifier_key="notifier-one")
    everyone = ("admin-one", "solver-one", "solver-two", "notifier-one")
    assert await statuses(roster_database_url, *everyone) == [200, 403, 401, 403]
    logged = await start(roster_database_url, bootstrap_key="admin-one", solver_key="solver-two")
    assert [entry["event"] for entry in logged] == ["keys.configured_key_replaced"]
    assert await statuses(roster_database_url, *everyone) == [200, 401, 403, 403]


async def test_a_key_that_was_replaced_does_not_come_back_and_the_log_says_so(roster_database_url: str) -> None:
    for key in ("solver-one", "solver-two"):
        await start(roster_database_url, solver_key=key)
    logged = await start(roster_database_url, solver_key="solver-one")
    assert "keys.configured_key_is_useless" in [entry["event"] for entry in logged]
    assert "solver-one" not in repr(logged)
    assert (await statuses(roster_database_url, "solver-one"))[0] == 401


async def test_keys_made_by_hand_are_not_ended_by_a_start(roster_database_url: str) -> None:
    app = create_app(Settings(database_url=roster_database_url))
    async with app.state.sessions.begin() as session:
        session.add(ApiKey(role="admin", label="by hand", key_sha256=hashlib.sha256(b"by hand").hexdigest()))
    await app.state.engine.dispose()
    await start(roster_database_url, bootstrap_key="admin-one")
    await start(roster_database_url, bootstrap_key="admin-two")
    assert await statuses(roster_database_url, "by hand", "admin-one", "admin-two") == [200, 401, 200]


async def test_keys_are_told_apart_by_their_hash_and_never_by_their_characters(roster_database_url: str) -> None:
    await start(roster_database_url, bootstrap_key="admin-of-the-tests")
    app = create_app(Settings(database_url=roster_database_url))
    transport, headers = httpx.ASGITransport(app=app), {"X-Api-Key": "admin-of-the-tests"}
    async with httpx.AsyncClient(transport=transport, base_url="http://roster.example", headers=headers) as client:
        (listed,) = (await client.get("/v1/api-keys")).json()["items"]
        made = (
            await client.post("/v1/api-keys", json={"role": "finance", "label": "STC", "instead_of_account": True})
        ).json()
    async with app.state.sessions.begin() as session:
        rows = (await session.execute(sa.text("select t::text from roster.api_keys t"))).scalars().all()
    await app.state.engine.dispose()
    assert "prefix" not in listed
    assert listed["fingerprint"] == hashlib.sha256(b"admin-of-the-tests").hexdigest()[:12]
    assert made["fingerprint"] == hashlib.sha256(made["key"].encode()).hexdigest()[:12]
    for shown in (listed, *rows):
        assert "admin-of" not in str(shown)
        assert made["key"][:6] not in str(shown)


@pytest.mark.parametrize("labels", [("configured admin", "configured admin", "by hand")])
async def test_of_several_configured_before_the_newest_lives_on(postgres_url: str, labels: tuple[str, ...]) -> None:
    url = Settings(database_url=postgres_url).database_url
    await upgrade(url, revision="0012")
    connection = await asyncpg.connect(postgres_url)
    try:
        for label in labels:
            await connection.execute(OLD_KEY, label)
        await upgrade(url)
        rows = await connection.fetch(
            "select label, is_configured, revoked_at is null as lives from roster.api_keys order by created_at"
        )
    finally:
        await connection.close()
    assert [tuple(row) for row in rows] == [
        ("configured admin", True, False),
        ("configured admin", True, True),
        ("by hand", False, True),
    ]
