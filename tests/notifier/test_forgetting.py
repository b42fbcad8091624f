"""Whoever is erased is forgotten here, too: the words go, what was not sent is cancelled, that it was sent stays."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from commune_schemas.notices import Channel
from commune_stack.mail_sink import MailSink
from commune_stack.sms_gateway import SmsGateway
from notifier.audit.chain import CHAIN
from notifier.forget import forget_person

from tests.notifier.people import make_notice
from tests.notifier.world import SERVICE_KEY, World, notifier_world

KILLED = """
import asyncio, os, signal, sys
from uuid import UUID
import notifier.forget as forgetting
from notifier.database import create_engine, create_sessions
from notifier.roster_client import RosterClient

def die(*_args, **_named):
    os.kill(os.getpid(), signal.SIGKILL)

forgetting.record = die
url, roster, key, request_id = sys.argv[1:]

async def run():
    sessions = create_sessions(create_engine(url))
    await forgetting.forget_person(request_id=UUID(request_id), roster=RosterClient(roster, key=key), sessions=sessions)

asyncio.run(run())
"""


@pytest.fixture
async def world(notifier_database_url: str, smtp_sink: MailSink, sms_gateway: SmsGateway) -> AsyncIterator[World]:
    async with notifier_world(notifier_database_url, mail=smtp_sink, sms=sms_gateway) as made:
        yield made


def ask_to_forget(world: World, person: str) -> tuple[UUID, list[int]]:
    """The request, and what the notifier says when it is done."""
    request_id, said = uuid4(), []
    task = {"request_id": str(request_id), "volunteer_id": person, "answer_ids": []}

    async def get(request_id: UUID) -> dict[str, Any]:
        assert str(request_id) == task["request_id"]
        return task

    async def done(body: dict[str, int]) -> None:
        said.append(body["messages"])

    world.roster.app.get("/v1/internal/erasures/{request_id}")(get)
    world.roster.app.post("/v1/internal/erasures/{request_id}/done", status_code=204)(done)
    return request_id, said


async def test_killed_before_its_entry_nothing_is_forgotten_and_the_next_time_all_is(world: World) -> None:
    sent, other = make_notice(), make_notice()
    await world.prepare(sent, other)
    sender = world.sender(Channel.EMAIL)
    while await sender.send_due():
        pass
    person = sent.recipient.id
    request_id, said = ask_to_forget(world, person)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, world.settings.notifier_database_url, world.roster.url, SERVICE_KEY,
        str(request_id), env=dict(os.environ),
    )  # fmt: skip
    assert await process.wait() == -signal.SIGKILL
    rows = await world.rows()
    assert (len(rows), all(row["notice_sealed"] for row in rows), said) == (4, True, [])
    assert await world.rows("select * from notifier.audit_entries") == []
    for _ in range(2):
        await forget_person(request_id=request_id, roster=world.client, sessions=world.sessions)
    assert said == [2, 2]
    mine = {row["channel"]: row for row in await world.rows() if row["recipient_id"] == person}
    assert [mine[channel]["notice_sealed"] for channel in ("email", "sms")] == [None, None]
    assert (mine["email"]["status"], mine["sms"]["status"]) == ("sent", "cancelled")
    assert mine["sms"]["reason_code"] == "recipient.erased"
    theirs = [row for row in await world.rows() if row["recipient_id"] != person]
    assert all(row["notice_sealed"] for row in theirs), "others are left alone"
    await world.send_all()
    assert len(world.sms.texts) == 1
    (entry,) = await world.rows("select * from notifier.audit_entries")
    assert (entry["method"], entry["subjects"], entry["details"]) == (
        "JOB", [person, str(request_id)], {"messages": 2},
    )  # fmt: skip
    async with world.sessions.begin() as session:
        await CHAIN.seal(session)
        assert (await CHAIN.verify(session, head=None)).broken is None
