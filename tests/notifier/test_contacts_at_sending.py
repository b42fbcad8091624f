"""Where a message goes is asked when it is sent: corrected addresses are used, and nothing stored holds one."""

import itertools
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from commune_schemas.notices import Channel, PersonNotice
from commune_schemas.reaching import ContactCard
from commune_stack.faults import MailRule
from notifier.addresses import mask_address
from notifier.app import create_app

from tests.notifier.people import change_contact, make_notice, make_placement, plan_source
from tests.notifier.test_preparing import V2, V3, changed
from tests.notifier.world import ADMIN_KEY, World
from tests.support.shared_routes import with_shared_routes

RIGHT = "moi@truong.example"


@pytest.fixture
async def admin(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = with_shared_routes(create_app(world.settings))
    headers = {"X-Api-Key": ADMIN_KEY}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://n", headers=headers) as client,
    ):
        yield client


async def ask_to_resend(world: World, admin: httpx.AsyncClient, channel: Channel) -> httpx.Response:
    message_id = (await world.message(channel))["id"]
    return await admin.post(f"/v1/messages/{message_id}/resend", json={"reason": "address corrected"})


def again(first: PersonNotice, **changes: Any) -> PersonNotice:
    """The next version says the same to this person."""
    return first.model_copy(update={"source": plan_source(V2, 2), "is_unchanged": True, **changes})


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (None, "recipient.no_address"),
        ("không đúng@truong.example", "recipient.unreadable"),
        ("sai@truong.example", "recipient.bad_address"),
    ],
)
async def test_a_corrected_address_is_where_the_message_is_sent_again_once(
    world: World, admin: httpx.AsyncClient, wrong: str | None, reason: str
) -> None:
    notice = make_notice(email=wrong)
    await world.mail.script([MailRule(action="reply", code=550, match="^sai@")])
    await world.prepare(notice)
    await world.send_all()
    failed = await world.message(Channel.EMAIL)
    assert (failed["status"], failed["reason_code"]) == ("failed", reason)
    change_contact(notice, email=RIGHT)
    answer = await ask_to_resend(world, admin, Channel.EMAIL)
    assert (answer.status_code, answer.json()["to"]) == (200, "m***@truong.example")
    await world.send_all()
    assert [str(mail["To"]) for mail in world.mail.messages] == [RIGHT]
    assert (await world.message(Channel.EMAIL))["status"] == "sent"
    assert (await ask_to_resend(world, admin, Channel.EMAIL)).json()["code"] == "message.contact_unchanged"


async def test_a_corrected_number_is_texted_and_the_answer_shows_its_last_three_digits(
    world: World, admin: httpx.AsyncClient
) -> None:
    notice = make_notice(phone=None)
    await world.prepare(notice)
    await world.send_all()
    change_contact(notice, phone="+84950000123")
    assert (await ask_to_resend(world, admin, Channel.SMS)).json()["to"] == "+84 *** *** 123"
    await world.send_all()
    assert [text.to for text in world.sms.texts] == ["+84950000123"]


async def test_a_message_is_not_sent_again_to_nowhere_nor_while_nobody_knows_where(
    world: World, admin: httpx.AsyncClient
) -> None:
    notice = make_notice(email=None, phone="+842583822222")
    await world.prepare(notice)
    await world.send_all()
    for channel, code in ((Channel.EMAIL, "recipient.no_address"), (Channel.SMS, "recipient.not_mobile")):
        refused = await ask_to_resend(world, admin, channel)
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    change_contact(notice, email=RIGHT)
    world.roster.is_away = True
    refused = await ask_to_resend(world, admin, Channel.EMAIL)
    assert (refused.status_code, refused.json()["code"]) == (503, "roster.away")
    assert int(refused.headers["Retry-After"]) > 0
    assert await world.statuses() == ["failed", "failed"]


@pytest.mark.parametrize("phone", ["+842583822222", "+14155550100", "+84950000"])
async def test_a_landline_or_a_foreign_number_is_never_texted_and_it_says_why(world: World, phone: str) -> None:
    await world.prepare(make_notice(phone=phone, email=None))
    await world.send_all()
    row = await world.message(Channel.SMS)
    assert (row["status"], row["reason_code"]) == ("failed", "recipient.not_mobile")
    assert "số di động Việt Nam" in row["reason_vi"]
    assert world.sms.texts == []


async def test_an_address_corrected_before_the_message_is_sent_is_used_and_the_words_stay_as_published(
    world: World,
) -> None:
    notice = make_notice(email="cu@truong.example")
    await world.prepare(notice)
    change_contact(notice, email=RIGHT, personal_url="https://vidu.example/a/moi")
    await world.send_all()
    (mail,) = world.mail.messages
    body = mail.get_body(("plain",))
    assert str(mail["To"]) == RIGHT
    assert body is not None
    assert "https://vidu.example/a/moi" in body.get_content()
    assert "Xã Tây Khánh Vĩnh" in body.get_content()


async def test_while_roster_api_is_away_messages_wait_visibly_and_go_out_when_it_is_back(world: World) -> None:
    await world.prepare(make_notice(), make_notice())
    world.roster.is_away = True
    await world.send_all(notifier_retry_seconds=30)
    rows = await world.rows("select *, next_attempt_at > now() as waits from notifier.messages")
    assert {(row["status"], row["reason_code"], row["waits"]) for row in rows} == {("pending", "roster.away", True)}
    assert {row["attempts"] for row in rows} == {0}
    world.roster.is_away = False
    await world.change("update notifier.messages set next_attempt_at = now()")
    await world.send_all()
    assert await world.statuses() == ["sent"] * 4
    assert {row["reason_code"] for row in await world.rows()} == {None}


async def test_a_claimed_batch_asks_for_its_contacts_at_once(world: World) -> None:
    await world.prepare(*(make_notice() for _ in range(20)))
    await world.sender(Channel.SMS, notifier_batch=20).send_due()
    assert world.roster.asked_for_contacts == 1
    assert world.roster.known_fields == set(ContactCard.model_fields), "a newer roster-api leaves out all others"


async def test_whom_a_channel_never_reached_is_told_by_the_next_version_once_though_nothing_changed(
    world: World,
) -> None:
    unreached, reached = make_notice(email=None), make_notice()
    await world.prepare(unreached, reached)
    await world.send_all()
    change_contact(unreached, email=RIGHT)
    for _ in range(2):
        await world.prepare(again(unreached), again(reached))
        await world.send_all()
    assert [str(mail["To"]) for mail in world.mail.messages].count(RIGHT) == 1
    assert (len(world.mail.messages), len(world.sms.texts)) == (2, 2)
    told = await world.message(Channel.EMAIL, version=2)
    assert (told["status"], told["told_kind"]) == ("sent", "placement_assigned")
    (older,) = await world.rows("select superseded_at from notifier.messages where status = 'failed'")
    assert older["superseded_at"] is not None, "the older message is closed to sending again"
    third = plan_source(V3, 3)
    await world.prepare(again(unreached, source=third), again(reached, source=third))
    await world.send_all()
    assert (len(world.mail.messages), len(world.sms.texts)) == (2, 2)


async def test_what_is_still_on_its_way_is_not_told_twice_by_a_version_that_changes_nothing(world: World) -> None:
    notice = make_notice()
    await world.prepare(notice)
    await world.prepare(again(notice))
    await world.send_all()
    assert await world.statuses() == ["sent", "sent"]


async def test_whom_the_last_change_did_not_reach_is_told_it_by_a_version_that_repeats_it(world: World) -> None:
    first = make_notice(email="sai@truong.example")
    await world.prepare(first)
    await world.send_all()
    await world.mail.script([MailRule(action="reply", code=550, match="^sai@")])
    moved = changed(first)
    await world.prepare(moved)
    await world.send_all()
    change_contact(first, email=RIGHT)
    await world.prepare(again(moved, source=plan_source(V3, 3), kind=first.kind, previous=moved.placement))
    await world.send_all()
    rows = await world.rows("select channel, told_kind, status from notifier.messages where source_version = 3")
    assert [tuple(row.values()) for row in rows] == [("email", "placement_changed", "sent")]
    body = world.mail.messages[-1].get_body(("plain",))
    assert body is not None
    assert "Xã Khánh Sơn" in body.get_content()


async def test_a_different_distance_alone_is_no_news(world: World) -> None:
    first = make_notice()
    await world.prepare(first)
    await world.send_all()
    await world.prepare(again(first, placement=make_placement(distance_km=48)))
    assert len(await world.rows()) == 2


async def test_whoever_withdrew_the_consent_is_sent_nothing_and_officers_see_why(
    world: World, admin: httpx.AsyncClient
) -> None:
    notice = make_notice()
    await world.prepare(notice)
    change_contact(notice, is_withheld=True)
    await world.send_all()
    rows = await world.rows("select id, status, reason_code, attempts from notifier.messages")
    assert {(row["status"], row["reason_code"], row["attempts"]) for row in rows} == {
        ("cancelled", "recipient.withdrew", 0)
    }


async def test_nothing_that_is_stored_holds_an_address_or_a_personal_link(
    world: World, admin: httpx.AsyncClient
) -> None:
    notice = make_notice(email="bimat@truong.example", phone="+84950000987", answer_url="https://vidu.example/a/Kho4Ma")
    late = make_notice(email=None, phone=None)
    await world.prepare(notice, late)
    await world.send_all()
    change_contact(late, email="bimat@truong.example", phone="+84950000987")
    (failed,) = await world.rows("select id from notifier.messages where status = 'failed' and channel = 'email'")
    await admin.post(f"/v1/messages/{failed['id']}/resend", json={"reason": "corrected"})
    await world.send_all()
    tables = await world.rows("select table_name from information_schema.tables where table_schema = 'notifier'")
    for name in [row["table_name"] for row in tables]:
        stored = str(await world.rows(f"select t::text as line from notifier.{name} t"))  # noqa: S608 - our own names
        assert not any(secret in stored for secret in ("bimat@", "950000987", "Kho4Ma")), name


def test_a_masked_address_can_be_recognised_and_not_written_to() -> None:
    assert mask_address("nguyet@truong.example") == "n***@truong.example"
    assert mask_address("+84950000123") == "+84 *** *** 123"


async def test_however_slow_a_provider_is_whoever_withdraws_meanwhile_is_sent_nothing(world: World) -> None:
    """Each hand-over takes 20 seconds, by the sender's clock; a batch holds four."""
    notices = [make_notice(phone=None) for _ in range(4)]
    await world.prepare(*notices)
    sender = world.sender(Channel.EMAIL)
    sender.now = slow_clock(timedelta(seconds=20))
    assert await sender.send_due() == 4
    assert sorted(await world.statuses(Channel.EMAIL)) == ["pending", "pending", "sent", "sent"]
    for notice in notices:
        change_contact(notice, is_withheld=True)
    while await sender.send_due():
        pass
    assert sorted(await world.statuses(Channel.EMAIL)) == ["cancelled", "cancelled", "sent", "sent"]
    assert len(world.mail.messages) == 2


def slow_clock(step: timedelta) -> Callable[[], datetime]:
    """So much later each time that it is looked at."""
    moments = itertools.count()
    return lambda: datetime(2025, 12, 1, 3, tzinfo=UTC) + next(moments) * step
