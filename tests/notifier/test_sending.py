"""Handing over once: two senders, late writes, overtaken messages, and every way a provider can fail."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from commune_schemas.notices import Channel, MessageStatus
from commune_stack.faults import MailRule, SmsRule
from notifier import breaker, deliver, outbound
from notifier.breaker import Admission
from notifier.reasons import put_in_words
from notifier.steps import Beginning, Taken, begin_handing_over, settle_sent

from tests.notifier.people import make_notice
from tests.notifier.test_preparing import changed, withdrawn
from tests.notifier.world import World, closed_port

CLAIMED = "update notifier.messages set status = 'claimed', claimed_at = now(), claimed_by = 'dead' where channel = :c"
SENDING = (
    "update notifier.messages set status = 'sending', provider = case channel when 'sms' then 'sms' else 'smtp' end"
    " where channel = :c"
)


async def test_two_senders_at_once_send_each_message_once(world: World) -> None:
    await world.prepare(*(make_notice() for _ in range(20)))
    senders = [world.sender(channel, notifier_batch=3) for channel in Channel for _ in range(2)]

    async def drain(number: int) -> None:
        while await senders[number].send_due():
            pass

    await asyncio.gather(*(drain(number) for number in range(len(senders))))
    assert await world.statuses() == ["sent"] * 40
    assert len({mail["Message-ID"] for mail in world.mail.messages}) == len(world.mail.messages) == 20
    assert len(world.sms.texts) == 20


async def test_a_paused_senders_late_write_changes_nothing(world: World) -> None:
    await world.prepare(make_notice())
    async with world.sessions.begin() as session:
        (held,) = await outbound.claim_batch(session, channel="sms", provider="sms", limit=5, worker="zombie")
    await world.sweep()  # nobody named "zombie" says it lives: taken back
    await world.send_all()
    before = await world.message(Channel.SMS)
    async with world.sessions.begin() as session:
        begun = await begin_handing_over(session, Beginning(held, "placement_assigned", "sms", "zombie"))
        settled = await outbound.settle(session, held, status=MessageStatus.FAILED, reason="provider.refused")
        sent = await settle_sent(session, Taken(held, 1, "x", "202"))
        await outbound.give_back(session, [held])
    assert (begun, settled, sent) == (None, False, False)
    assert await world.message(Channel.SMS) == before
    assert before["status"] == "sent"


async def test_a_message_overtaken_between_claim_and_sending_is_not_sent(world: World) -> None:
    first = make_notice()
    await world.prepare(first)
    sender = world.sender(Channel.SMS)
    sender._held = await sender._claim()
    await world.prepare(changed(first))
    await sender._send_one(sender._held[0])
    assert (await world.message(Channel.SMS))["status"] == "cancelled"
    assert world.sms.texts == []


async def test_stopping_gives_back_what_is_not_begun(world: World) -> None:
    await world.prepare(*(make_notice() for _ in range(3)))
    sender = world.sender(Channel.SMS)
    sender.stopping.set()
    assert await sender.send_due() == 3
    assert await world.statuses(Channel.SMS) == ["pending"] * 3
    assert world.sms.texts == []


async def test_by_a_slow_provider_less_is_claimed_until_it_is_quick_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.prepare(*(make_notice() for _ in range(30)))
    sender = world.sender(Channel.EMAIL)
    with monkeypatch.context() as slow:
        slow.setattr(deliver, "LONGEST_BATCH_SECONDS", 0.0)
        assert [await sender.send_due() for _ in range(2)] == [30, 6]
    assert [await sender.send_due() for _ in range(4)] == [6, 12, 12, 0]
    assert await world.statuses(Channel.EMAIL) == ["sent"] * 30


async def test_the_sweep_leaves_alone_what_a_living_sender_holds(world: World) -> None:
    await world.prepare(make_notice())
    await world.change(CLAIMED, c="email")
    await world.change(CLAIMED, c="sms")
    await world.change(SENDING, c="sms")
    await world.say_alive("dead")
    await world.sweep()
    assert await world.statuses() == ["claimed", "sending"]


async def test_a_dead_senders_claim_is_taken_back_and_its_hand_over_becomes_unknown(world: World) -> None:
    await world.prepare(make_notice())
    for channel in ("email", "sms"):
        await world.change(CLAIMED, c=channel)
    await world.change(SENDING, c="email")
    await world.sweep()
    email, sms = await world.message(Channel.EMAIL), await world.message(Channel.SMS)
    assert (email["status"], email["reason_code"]) == ("unknown", "sender.died")
    assert sms["status"] == "pending"
    await world.sweep()
    assert (await world.message(Channel.EMAIL))["status"] == "unknown"


async def test_an_unknown_sms_is_asked_for_and_sent_again_only_if_the_gateway_never_got_it(world: World) -> None:
    await world.prepare(make_notice(phone="+84900000001"), make_notice(phone="+84900000002"))
    world.sms.script([SmsRule(action="lose_reply", match="1$", times=1), SmsRule(action="hang", seconds=5, match="2$")])
    await asyncio.gather(*(world.sender(Channel.SMS, notifier_send_seconds=1).send_due() for _ in range(2)))
    assert set(await world.statuses(Channel.SMS)) <= {"unknown", "pending"}
    world.sms.script()
    await world.send_all()
    await world.sweep()
    await world.send_all()
    assert await world.statuses(Channel.SMS) == ["sent", "sent"]
    assert len(world.sms.texts) == 2


@pytest.mark.parametrize(
    ("is_overtaken", "ended"),
    [(False, ("pending", "gateway.not_found")), (True, ("cancelled", "plan.superseded"))],
)
async def test_an_sms_that_the_gateway_never_got_goes_again_unless_its_plan_is_overtaken_and_says_which(
    world: World, is_overtaken: bool, ended: tuple[str, str]
) -> None:
    first = make_notice()
    await world.prepare(first)
    await world.change(CLAIMED, c="sms")
    await world.change(SENDING, c="sms")
    await world.change("update notifier.messages set status = 'unknown' where channel = 'sms'")
    if is_overtaken:
        await world.prepare(changed(first))
    await world.sweep()
    row = await world.message(Channel.SMS)
    assert (row["status"], row["reason_code"]) == ended
    assert (row["reason_vi"], row["reason_en"]) == put_in_words(ended[1])


MAIL_FAILURES = [
    (MailRule(action="refuse"), "pending", "provider.away"),
    (MailRule(action="slow_banner", seconds=3), "pending", "provider.away"),
    (MailRule(action="reply", code=421), "pending", "provider.busy"),
    (MailRule(action="reply", code=451), "pending", "provider.busy"),
    (MailRule(action="reply", code=550), "failed", "recipient.bad_address"),
    (MailRule(action="hang", seconds=2), "unknown", "provider.no_answer"),
    (MailRule(action="drop_before_taking"), "unknown", "provider.no_answer"),
    (MailRule(action="drop_after_taking"), "unknown", "provider.no_answer"),
]


async def test_each_smtp_failure_ends_in_its_stated_status_and_reason(world: World) -> None:
    for rule, status, reason in MAIL_FAILURES:
        notice = make_notice(plan_id=UUID(int=MAIL_FAILURES.index((rule, status, reason)) + 10), phone=None)
        await world.mail.script([rule])
        await world.prepare(notice)
        await world.sender(Channel.EMAIL, notifier_send_seconds=2, notifier_retry_seconds=1000).send_due()
        query = "select * from notifier.messages where source_id = :p and channel = 'email'"
        (row,) = await world.rows(query, p=notice.source.id)
        assert (row["status"], row["reason_code"]) == (status, reason), rule
        (attempt,) = await world.rows("select * from notifier.attempts where message_id = :m", m=row["id"])
        expected = {"pending": "transient", "failed": "permanent"}.get(status, status)
        assert attempt["outcome"] == expected, rule
        assert attempt["finished_at"] is not None


@pytest.mark.parametrize("tls", ["required", "implicit"])
async def test_where_encryption_is_demanded_nothing_is_handed_to_a_server_without_it(world: World, tls: str) -> None:
    await world.prepare(make_notice(phone=None))
    await world.sender(Channel.EMAIL, smtp_tls=tls, notifier_send_seconds=2, notifier_retry_seconds=1000).send_due()
    row = await world.message(Channel.EMAIL)
    assert (row["status"], row["reason_code"]) == ("pending", "provider.away")
    assert world.mail.messages == []


SMS_FAILURES = [
    (SmsRule(action="reply", status=400), "failed", "recipient.bad_address"),
    (SmsRule(action="reply", status=401), "pending", "provider.not_allowed"),
    (SmsRule(action="reply", status=404), "pending", "provider.not_allowed"),
    (SmsRule(action="reply", status=429, retry_after_seconds=90), "pending", "provider.busy"),
    (SmsRule(action="reply", status=503, retry_after_seconds=90), "pending", "provider.busy"),
    (SmsRule(action="hang", seconds=2), "unknown", "provider.no_answer"),
    (SmsRule(action="lose_reply"), "unknown", "provider.no_answer"),
]


async def test_each_sms_failure_ends_in_its_stated_status_and_reason(world: World) -> None:
    for number, (rule, status, reason) in enumerate(SMS_FAILURES):
        notice = make_notice(plan_id=UUID(int=number + 10), email=None)
        world.sms.script([rule])
        await world.prepare(notice)
        await world.sender(Channel.SMS, notifier_send_seconds=1).send_due()
        query = "select * from notifier.messages where source_id = :p and channel = 'sms'"
        (row,) = await world.rows(query, p=notice.source.id)
        assert (row["status"], row["reason_code"]) == (status, reason), rule
        if rule.retry_after_seconds:
            wait = (row["next_attempt_at"] - datetime.now(UTC)).total_seconds()
            assert wait >= rule.retry_after_seconds - 5, rule
        await world.change("update notifier.messages set next_attempt_at = now() + interval '1 day'")


@pytest.mark.parametrize("address", ["Nguyễn@example.vn", "a@b\r\nBcc: x@y.vn", "a b@c.vn", "<a@b.vn>", "nobody"])
async def test_an_address_that_cannot_be_one_is_refused_by_us_and_reaches_no_server(world: World, address: str) -> None:
    await world.prepare(make_notice(email=address, phone=None))
    await world.send_all()
    row = await world.message(Channel.EMAIL)
    assert (row["status"], row["reason_code"]) == ("failed", "recipient.unreadable")
    assert world.mail.messages == []


async def test_a_connection_that_died_of_old_age_costs_no_message_its_try(world: World) -> None:
    sender = world.sender(Channel.EMAIL)
    await world.prepare(make_notice())
    await sender.send_due()
    await world.mail.script([MailRule(action="refuse")])  # cuts what is open
    await world.mail.script([])
    await world.prepare(make_notice(plan_id=UUID(int=77)))
    await sender.send_due()
    assert await world.statuses(Channel.EMAIL) == ["sent", "sent"]
    assert [row["attempts"] for row in await world.rows() if row["channel"] == "email"] == [1, 1]


async def test_the_breaker_opens_after_so_many_failures_lets_one_probe_through_and_closes(world: World) -> None:
    await world.prepare(*(make_notice() for _ in range(6)))
    limits: dict[str, Any] = {
        "notifier_breaker_failures": 2,
        "notifier_breaker_seconds": 600,
        "smtp_port": closed_port(),
    }
    sender = world.sender(Channel.EMAIL, **limits)
    await sender.send_due()
    await sender.send_due()
    assert await sender.send_due() == 0
    assert sum(row["attempts"] for row in await world.rows() if row["channel"] == "email") == 2
    await world.change("update notifier.breakers set open_until = now()")
    async with world.sessions.begin() as session:
        admissions = [await breaker.admit(session, "smtp") for _ in range(2)]
    assert admissions == [Admission.PROBE, Admission.NONE]
    await world.change("update notifier.breakers set probe_until = null")
    healthy = world.sender(Channel.EMAIL, notifier_breaker_failures=2)
    assert await healthy.send_due() == 1
    async with world.sessions.begin() as session:
        assert await breaker.admit(session, "smtp") is Admission.FREE


@pytest.mark.parametrize(("later_ones_are_probes", "open_seconds"), [(True, 400), (False, 100)])
async def test_the_breaker_opens_for_longer_by_each_failed_probe_and_not_by_what_was_in_hand_already(
    world: World, later_ones_are_probes: bool, open_seconds: int
) -> None:
    async with world.sessions.begin() as session:
        for is_probe in (False, later_ones_are_probes, later_ones_are_probes):
            await breaker.note_failure(
                session, "sms", is_probe=is_probe, error="503", threshold=1, first_open_seconds=100
            )
    (row,) = await world.rows("select extract(epoch from open_until - now()) as seconds from notifier.breakers")
    assert open_seconds - 10 < row["seconds"] <= open_seconds


async def test_a_probe_without_a_message_to_try_is_left_to_others(world: World) -> None:
    await world.change("insert into notifier.breakers (provider, failures, open_until) values ('sms', 9, now())")
    assert await world.sender(Channel.SMS).send_due() == 0
    async with world.sessions.begin() as session:
        assert await breaker.admit(session, "sms") is Admission.PROBE


async def test_a_probe_whose_message_has_nothing_to_tell_is_left_to_others(world: World) -> None:
    unheard = make_notice()
    await world.prepare(unheard)
    await world.prepare(withdrawn(unheard))
    await world.change("insert into notifier.breakers (provider, failures, open_until) values ('sms', 9, now())")
    assert await world.sender(Channel.SMS).send_due() == 1
    assert (await world.message(Channel.SMS, version=2))["status"] == "cancelled"
    async with world.sessions.begin() as session:
        assert await breaker.admit(session, "sms") is Admission.PROBE


async def test_a_message_too_old_to_be_sent_fails_and_says_so(world: World) -> None:
    await world.prepare(make_notice())
    lifetime = "select expires_at - created_at > interval '47 hours' as is_long from notifier.messages"
    assert all(row["is_long"] for row in await world.rows(lifetime))
    await world.change("update notifier.messages set expires_at = now()")
    await world.send_all()
    assert await world.statuses() == ["pending", "pending"]
    await world.sweep()
    assert {(row["status"], row["reason_code"]) for row in await world.rows()} == {("failed", "retry.too_old")}
    assert world.sms.texts == []
