"""What people do, are refused and read at the notifier leaves a row with it, chained, and proved by a command."""

import csv
import io
import json
import os
import subprocess
import sysconfig
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from commune_service import audit_export
from commune_stack.mail_sink import MailSink
from commune_stack.sms_gateway import SmsGateway
from notifier.audit.chain import CHAIN
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.notifier.people import make_notice
from tests.notifier.test_api import asking
from tests.notifier.world import ADMIN_KEY, READER_KEY, World, notifier_world
from tests.support.owners import owning

NOTIFIER = Path(sysconfig.get_path("scripts")) / "notifier"


@pytest.fixture
async def world(notifier_database_url: str, smtp_sink: MailSink, sms_gateway: SmsGateway) -> AsyncIterator[World]:
    async with notifier_world(notifier_database_url, mail=smtp_sink, sms=sms_gateway) as made:
        yield made


async def test_changes_refusals_and_reads_are_rows_that_can_be_filtered_and_taken_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of more rows than are read at once comes whole, too."""
    monkeypatch.setattr(audit_export, "ROWS_AT_ONCE", 2)
    await world.prepare(make_notice(phone=None))
    await world.change("update notifier.messages set status = 'claimed', claimed_by = 'x', claimed_at = now()")
    await world.change("update notifier.messages set status = 'sending'")
    await world.change("update notifier.messages set status = 'unknown'")
    message, _ = await world.rows()
    path = f"/v1/messages/{message['id']}"
    async with asking(world.settings, key=READER_KEY) as reader, asking(world.settings, key=ADMIN_KEY) as admin:
        assert (await reader.get("/v1/messages")).status_code == 200
        assert (await reader.post(f"{path}/resend", json={"reason": "gọi 0950000111"})).status_code == 403
        assert (await admin.post(f"{path}/resend", json={"reason": "gọi 0950000111"})).status_code == 200
        assert (await admin.post(f"{path}/resend", json={"reason": "again"})).status_code == 409
        found = (await admin.get("/v1/audit")).json()["items"]
        assert [(each["action"], each["actor_role"]) for each in found] == [
            ("change", "admin"), ("refusal", "reader"), ("read", "reader"),
        ]  # fmt: skip
        about = (await admin.get("/v1/audit", params={"subject": str(message["id"]), "action": "change"})).json()
        assert about["total"] == 1
        lines = (await admin.get("/v1/audit/export", params={"format": "jsonl"})).text.splitlines()
        assert [json.loads(line)["action"] for line in lines][-3:] == ["change", "refusal", "read"]
        table = list(csv.DictReader(io.StringIO((await admin.get("/v1/audit/export")).text)))
        assert table[0]["action"] == "read", "that it was taken is an entry too"
        assert (await reader.get("/v1/audit")).status_code == 403
    assert not any("0950000111" in str(row) for row in await world.rows("select * from notifier.audit_entries"))


async def test_the_command_proves_the_chain_and_names_what_was_changed(world: World) -> None:
    async with asking(world.settings, key=READER_KEY) as reader:
        for _ in range(3):
            assert (await reader.get("/v1/messages")).status_code == 200
    async with world.sessions.begin() as session:
        await CHAIN.seal(session)
    environment = {**os.environ, "NOTIFIER_DATABASE_URL": world.settings.notifier_database_url}

    def verify() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [NOTIFIER, "audit", "verify"], env=environment, capture_output=True, text=True, check=False
        )

    whole = verify()
    assert (whole.returncode, "whole: blocks 1, entries 3" in whole.stdout) == (0, True), whole
    with pytest.raises(DBAPIError):
        await world.change("update notifier.audit_entries set actor_role = 'admin'")
    async with owning(world.settings.notifier_database_url) as owner:
        await owner.execute(text("alter table notifier.audit_entries disable trigger keep_as_written"))
        await owner.execute(text("update notifier.audit_entries set actor_role = 'admin' where id = 2"))
        await owner.commit()
    broken = verify()
    assert (broken.returncode, "entry 2: changed" in broken.stdout) == (1, True), broken


async def test_who_asks_which_contacts_were_refused_leaves_an_entry_without_any_contact(world: World) -> None:
    who = {"kind": "volunteer", "id": "0193a1b2-0000-7000-8000-000000000001"}
    asked = {"items": [{"recipient": who, "email": "nguyet@example.vn", "phone": "+84950000123"}]}
    async with asking(world.settings, key=READER_KEY) as reader, asking(world.settings, key=ADMIN_KEY) as admin:
        assert (await reader.post("/v1/contacts/refused", json=asked)).status_code == 200
        (found,) = (await admin.get("/v1/audit")).json()["items"]
    assert (found["action"], found["route"], found["details"]) == ("read", "/v1/contacts/refused", {"contacts": 1})
    assert not any(word in str(found) for word in ("nguyet", "950000123"))


FAR = ("9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00", "2101-01-01T00:00:00Z")


@pytest.mark.parametrize("moment", FAR)
async def test_a_moment_that_nobody_means_is_refused_in_words(world: World, moment: str) -> None:
    async with asking(world.settings, key=ADMIN_KEY) as admin:
        answers = [
            await admin.get(path, params={name: moment})
            for path in ("/v1/audit", "/v1/audit/export")
            for name in ("since", "until")
        ]
        answers.append(await admin.post(f"/v1/webhooks/{uuid4()}/replay", json={"since": moment}))
    assert [answer.status_code for answer in answers] == [422] * 5
    assert {answer.json()["errors"][0]["vi"] for answer in answers} == {"Năm phải từ 2000 đến 2100."}
