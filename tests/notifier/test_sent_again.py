"""What a provider can tell apart when a message is sent again, and refusals that are about us, not about a person."""

from typing import Any

import httpx
import pytest
from commune_schemas.notices import Channel
from commune_stack.faults import MailRule, SmsRule
from fastapi import FastAPI
from notifier.api.errors import ProblemError, add_error_handlers
from notifier.api.resending import resend
from notifier.models import Message
from sqlalchemy import update

from tests.notifier.people import make_notice
from tests.notifier.world import World


async def test_an_unknown_message_sent_again_by_an_officer_keeps_its_reference(world: World) -> None:
    await world.prepare(make_notice())
    world.sms.script([SmsRule(action="lose_reply", times=1)])
    await world.mail.script([MailRule(action="drop_after_taking", times=1)])
    await world.send_all()
    assert await world.statuses() == ["unknown", "unknown"]
    world.sms.script()
    await world.mail.script([])
    for row in await world.rows():
        async with world.sessions.begin() as session:
            await resend(
                session, message_id=row["id"], reason="asked by the school", idempotency_key=None, address=None
            )
    await world.send_all()
    assert await world.statuses() == ["sent", "sent"]
    assert len(world.sms.texts) == 1, "the gateway knows the reference"
    assert len({mail["Message-ID"] for mail in world.mail.messages}) == 1, "so does the person's mail server"


async def test_a_failed_message_sent_again_gets_a_new_reference(world: World) -> None:
    await world.prepare(make_notice(email=None))
    world.sms.script([SmsRule(action="reply", status=400, times=1)])
    await world.send_all()
    before = await world.message(Channel.SMS)
    async with world.sessions.begin() as session:
        await resend(session, message_id=before["id"], reason="number corrected", idempotency_key=None, address=None)
    world.sms.script()
    await world.send_all()
    after = await world.message(Channel.SMS)
    assert (before["status"], after["status"]) == ("failed", "sent")
    assert after["reference"] != before["reference"]


async def test_a_relay_that_denies_us_fails_one_message_not_the_whole_batch(world: World) -> None:
    await world.prepare(*(make_notice(phone=None) for _ in range(4)))
    await world.mail.script([MailRule(action="reply", code=554, text="5.7.1 relaying denied")])
    await world.sender(Channel.EMAIL, notifier_breaker_failures=1, notifier_breaker_seconds=600).send_due()
    assert sorted(await world.statuses(Channel.EMAIL)) == ["failed", "pending", "pending", "pending"]
    (failed,) = [row for row in await world.rows() if row["attempts"]]
    assert failed["reason_code"] == "provider.refused"
    assert await world.sender(Channel.EMAIL).send_due() == 0, "left alone for a while"


async def test_a_message_is_sent_again_five_times_a_day_at_most(world: World) -> None:
    await world.prepare(make_notice(email=None))
    (row,) = [each for each in await world.rows() if each["channel"] == "sms"]
    steps = ("status = 'claimed', claimed_by = 'x', claimed_at = now()", "status = 'sending'", "status = 'failed'")
    for number in range(6):
        for step in steps:
            await world.change(f"update notifier.messages set {step} where id = :id", id=row["id"])  # noqa: S608 - ours
        again: Any = {"reason": "asked for", "idempotency_key": None, "address": None}
        async with world.sessions.begin() as session:
            if number < 5:
                await resend(session, message_id=row["id"], **again)
                continue
            with pytest.raises(ProblemError, match="resent_too_often") as refused:
                await resend(session, message_id=row["id"], **again)
            assert refused.value.status == 429


async def test_what_a_message_said_is_not_kept_for_ever_and_then_it_cannot_be_sent_again(world: World) -> None:
    await world.prepare(make_notice(email=None))
    world.sms.script([SmsRule(action="reply", status=400, times=1)])
    await world.send_all()
    row = await world.message(Channel.SMS)
    async with world.sessions.begin() as session:
        await session.execute(update(Message).values(notice_sealed=None))
    async with world.sessions.begin() as session:
        with pytest.raises(ProblemError) as refused:
            await resend(session, message_id=row["id"], reason="asked", idempotency_key=None, address=None)
    assert (refused.value.status, refused.value.code) == (409, "message.forgotten")


async def test_a_fault_of_ours_is_answered_without_the_words_of_its_exception() -> None:
    app = FastAPI()
    add_error_handlers(app)

    async def fault() -> None:
        raise RuntimeError("Nguyễn Văn An, +84950000123")

    app.add_api_route("/fault", fault)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://notifier.example") as client:
        answer = await client.get("/fault")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal.error")
    assert "+8495" not in answer.text
