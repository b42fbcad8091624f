"""A wish for one channel is obeyed; where that one fails for good, the other goes after all, once."""

import asyncio
from typing import Any

import pytest
from commune_schemas.notices import Channel
from commune_stack.faults import MailRule, SmsRule
from notifier.fallback import add_fallbacks

from tests.notifier.bounced_mails import status_notification
from tests.notifier.people import change_contact, make_notice, plan_source
from tests.notifier.test_bounces import take
from tests.notifier.test_preparing import V2, changed
from tests.notifier.world import World


async def told(world: World) -> list[tuple[str, bool, str, str | None]]:
    query = "select * from notifier.messages order by source_version, channel, is_fallback"
    return [(r["channel"], r["is_fallback"], r["status"], r["reason_code"]) for r in await world.rows(query)]


async def test_who_wishes_for_one_channel_gets_that_alone(world: World) -> None:
    notice = make_notice()
    change_contact(notice, channel=Channel.EMAIL)
    await world.prepare(notice)
    await world.send_all()
    assert await told(world) == [
        ("email", False, "sent", None),
        ("sms", False, "cancelled", "recipient.prefers_other"),
    ]
    assert (len(world.mail.messages), len(world.sms.texts)) == (1, 0)


@pytest.mark.parametrize(("wish", "lost"), [(Channel.EMAIL, {"email": None}), (Channel.SMS, {"phone": None})])
@pytest.mark.parametrize("order", [(Channel.EMAIL, Channel.SMS), (Channel.SMS, Channel.EMAIL)])
async def test_where_the_wished_channel_has_no_address_the_other_goes_whichever_comes_first(
    world: World, wish: Channel, lost: dict[str, Any], order: tuple[Channel, Channel]
) -> None:
    notice = make_notice(**lost)
    change_contact(notice, channel=wish)
    await world.prepare(notice)
    for channel in (*order, *order):
        await world.sender(channel).send_due()
    assert (len(world.mail.messages), len(world.sms.texts)) == ((0, 1) if wish is Channel.EMAIL else (1, 0))
    assert [each for each in await told(world) if each[2] == "failed"] == [
        (wish.value, False, "failed", "recipient.no_address")
    ]


async def test_a_refusal_brings_the_other_channel_once_and_preparing_again_adds_nothing(world: World) -> None:
    notice = make_notice()
    change_contact(notice, channel=Channel.EMAIL)
    await world.mail.script([MailRule(action="reply", code=550)])
    await world.prepare(notice)
    await world.sender(Channel.SMS).send_due()
    await world.sender(Channel.EMAIL).send_due()
    (failed,) = await world.rows("select id from notifier.messages where status = 'failed'")

    async def again() -> int:
        async with world.sessions.begin() as session:
            return await add_fallbacks(session, [failed["id"]])

    await asyncio.gather(*(again() for _ in range(4)))
    await world.prepare(notice)
    await world.send_all()
    assert await told(world) == [
        ("email", False, "failed", "recipient.bad_address"),
        ("sms", False, "cancelled", "recipient.prefers_other"),
        ("sms", True, "sent", None),
    ]
    assert len(world.sms.texts) == 1


async def test_where_both_channels_go_out_a_refusal_of_one_adds_nothing(world: World) -> None:
    await world.mail.script([MailRule(action="reply", code=550)])
    await world.prepare(make_notice())
    await world.send_all()
    assert await told(world) == [("email", False, "failed", "recipient.bad_address"), ("sms", False, "sent", None)]


async def test_a_stand_in_that_is_refused_too_ends_there(world: World) -> None:
    notice = make_notice()
    change_contact(notice, channel=Channel.SMS)
    world.sms.script([SmsRule(action="reply", status=400)])
    await world.mail.script([MailRule(action="reply", code=550)])
    await world.prepare(notice)
    for _ in range(3):
        await world.send_all()
    assert [each[2] for each in await told(world)] == ["cancelled", "failed", "failed"]


async def test_a_message_too_old_to_send_brings_the_other_channel(world: World) -> None:
    notice = make_notice()
    change_contact(notice, channel=Channel.EMAIL)
    await world.prepare(notice)
    await world.sender(Channel.SMS).send_due()
    await world.change("update notifier.messages set expires_at = now() where channel = 'email'")
    await world.sweep()
    await world.send_all()
    assert (len(world.mail.messages), len(world.sms.texts)) == (0, 1)


async def test_a_mail_that_comes_back_days_later_brings_the_text_message_once(world: World) -> None:
    notice = make_notice()
    change_contact(notice, channel=Channel.EMAIL)
    await world.prepare(notice)
    await world.send_all()
    await world.change(
        "update notifier.messages set expires_at = now(),"
        " sent_at = sent_at - interval '3 days', created_at = created_at - interval '3 days'"
    )
    reference = (await world.message(Channel.EMAIL))["reference"]
    assert await take(world, status_notification(reference, status="5.1.1")) == "returned"
    assert await take(world, status_notification(reference, status="5.0.0")) == "ignored: too late"
    await world.send_all()
    assert await told(world) == [
        ("email", False, "failed", "recipient.bad_address"),
        ("sms", False, "cancelled", "recipient.prefers_other"),
        ("sms", True, "sent", None),
    ]
    assert (len(world.mail.messages), len(world.sms.texts)) == (1, 1)


async def test_who_withdrew_consent_gets_no_stand_in(world: World) -> None:
    notice = make_notice(email=None)
    change_contact(notice, channel=Channel.EMAIL, is_withheld=True)
    await world.prepare(notice)
    await world.send_all()
    assert {each[2:] for each in await told(world)} == {("cancelled", "recipient.withdrew")}


async def test_a_stand_in_gives_way_to_a_newer_version(world: World) -> None:
    notice = make_notice(email=None)
    change_contact(notice, channel=Channel.EMAIL)
    await world.prepare(notice)
    for channel in (Channel.SMS, Channel.EMAIL):
        await world.sender(channel).send_due()
    assert [each[1:3] for each in await told(world)] == [(False, "failed"), (False, "cancelled"), (True, "pending")]
    newer = changed(notice).model_copy(update={"source": plan_source(V2, 2)})
    await world.prepare(newer)
    change_contact(notice, channel=None, email="moi@example.vn")
    await world.send_all()
    assert [each[2] for each in await told(world)] == ["failed", "cancelled", "cancelled", "sent", "sent"]
