"""What went to an old number or address is sent again to the corrected one, once; what is heard of the old is not of
the new."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from commune_schemas.notices import Channel, PersonNotice
from commune_schemas.resending import ResendOrder
from commune_stack.faults import SmsRule
from notifier.app import create_app
from notifier.bounces import take_mail
from notifier.ordered import carry_out_order
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.notifier.bounced_mails import status_notification
from tests.notifier.people import change_contact, make_notice
from tests.notifier.test_preparing import changed
from tests.notifier.test_receipts import receipt, signed
from tests.notifier.world import ADMIN_KEY, READER_KEY, World
from tests.support.shared_routes import with_shared_routes

WRONG, RIGHT, THIRD = "+84950000111", "+84950000222", "+84950000333"


@pytest.fixture
async def admin(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = with_shared_routes(create_app(world.settings))
    headers = {"X-Api-Key": ADMIN_KEY}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://n", headers=headers) as client,
    ):
        yield client


async def told_at(world: World, number: str = WRONG, **changes: Any) -> PersonNotice:
    """Somebody whose text message the provider took, for this number."""
    notice = make_notice(phone=number, email=None, **changes)
    await world.prepare(notice)
    await world.send_all()
    return notice


async def ask(
    world: World, admin: httpx.AsyncClient, *, channel: Channel = Channel.SMS, **headers: str
) -> httpx.Response:
    message_id = (await world.message(channel))["id"]
    return await admin.post(f"/v1/messages/{message_id}/resend", json={"reason": "số đã sửa"}, headers=headers)


async def call_back(world: World, admin: httpx.AsyncClient, reference: str, status: str, *, number: str) -> str:
    body = receipt(reference, status)
    headers = signed(body, secret=world.sms.receipt_secret, webhook_id=number)
    return str((await admin.post("/v1/receipts/sms", content=body, headers=headers)).json()["effect"])


def numbers(world: World) -> list[str]:
    return [text_message.to for text_message in world.sms.texts]


@pytest.mark.parametrize("is_delivered", [False, True])
async def test_what_went_to_a_wrong_number_is_sent_to_the_corrected_one_once(
    world: World, admin: httpx.AsyncClient, is_delivered: bool
) -> None:
    notice = await told_at(world)
    before = await world.message(Channel.SMS)
    if is_delivered:
        await call_back(world, admin, before["reference"], "delivered", number="a")
    change_contact(notice, phone=RIGHT)
    answer = await ask(world, admin)
    assert (answer.status_code, answer.json()["to"], answer.json()["status"]) == (200, "+84 *** *** 222", "pending")
    assert (answer.json()["sent_at"], answer.json()["delivered_at"]) == (None, None)
    await world.send_all()
    refused = await ask(world, admin)
    assert (refused.status_code, refused.json()["code"]) == (409, "message.contact_unchanged")
    assert "sửa liên hệ trước" in refused.json()["detail_vi"]
    await world.send_all()
    assert numbers(world) == [WRONG, RIGHT]
    after = await world.message(Channel.SMS)
    assert (after["id"], after["status"], after["attempts"]) == (before["id"], "sent", 2)
    assert after["reference"] != before["reference"], "the provider would take it for the one it had"


async def test_a_message_to_the_contact_that_its_recipient_still_has_is_not_sent_again(
    world: World, admin: httpx.AsyncClient
) -> None:
    notice = make_notice(email="nguyet@truong.example", phone=None)
    await world.prepare(notice)
    await world.send_all()
    change_contact(notice, email="Nguyet@Truong.example")
    refused = await ask(world, admin, channel=Channel.EMAIL)
    assert (refused.status_code, refused.json()["code"]) == (409, "message.contact_unchanged")
    assert len(world.mail.messages) == 1


async def test_what_is_heard_late_of_the_old_number_settles_nothing_of_the_new(
    world: World, admin: httpx.AsyncClient
) -> None:
    notice = await told_at(world)
    first = (await world.message(Channel.SMS))["reference"]
    change_contact(notice, phone=RIGHT)
    await ask(world, admin)
    waiting = await call_back(world, admin, first, "delivered", number="a")
    assert (waiting, (await world.message(Channel.SMS))["status"]) == (
        "ignored: sent to another address since",
        "pending",
    )
    await world.send_all()
    late = [await call_back(world, admin, first, status, number=status) for status in ("failed", "delivered")]
    assert late == ["ignored: sent again since", "ignored: sent to another address since"]
    row = await world.message(Channel.SMS)
    assert (row["status"], row["delivered_at"]) == ("sent", None)
    assert await call_back(world, admin, row["reference"], "delivered", number="b") == "delivered"


async def test_two_officers_at_once_send_it_once(world: World, admin: httpx.AsyncClient) -> None:
    notice = await told_at(world)
    change_contact(notice, phone=RIGHT)
    answers = await asyncio.gather(*(ask(world, admin) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
    await world.send_all()
    assert numbers(world) == [WRONG, RIGHT]


async def test_an_order_cut_off_after_its_work_and_carried_out_again_sends_each_once(world: World) -> None:
    notice = await told_at(world)
    change_contact(notice, phone=RIGHT)
    order_id, message_id = uuid4(), (await world.message(Channel.SMS))["id"]
    world.roster.orders[order_id] = ResendOrder(order_id=order_id, message_ids=[message_id], reason="số đã sửa")
    for _ in range(3):
        await carry_out_order(order_id=order_id, roster=world.client, sessions=world.sessions)
        await world.send_all()
    assert numbers(world) == [WRONG, RIGHT]
    assert [item.to for done in world.roster.done_orders for item in done.items] == ["+84 *** *** 222"] * 3


async def test_a_correction_taken_back_before_it_was_used_sends_nothing_and_the_message_is_what_it_was(
    world: World, admin: httpx.AsyncClient
) -> None:
    notice = await told_at(world)
    first = await world.message(Channel.SMS)
    await call_back(world, admin, first["reference"], "delivered", number="a")
    arrived = await world.message(Channel.SMS)
    change_contact(notice, phone=RIGHT)
    assert (await ask(world, admin)).status_code == 200
    change_contact(notice, phone=WRONG)
    await world.send_all()
    assert numbers(world) == [WRONG]
    again = await world.message(Channel.SMS)
    same = ("status", "reference", "delivered_at", "attempts", "address_digest")
    assert [again[name] for name in same[:2]] == ["delivered", first["reference"]]
    assert abs(again["delivered_at"] - arrived["delivered_at"]).total_seconds() < 5
    assert (await ask(world, admin)).json()["code"] == "message.contact_unchanged"
    change_contact(notice, phone=RIGHT)
    assert (await ask(world, admin)).status_code == 200
    await world.send_all()
    assert numbers(world) == [WRONG, RIGHT]


async def test_each_contact_has_it_once_however_often_it_changes(world: World, admin: httpx.AsyncClient) -> None:
    notice = await told_at(world)
    for number, status in ((RIGHT, 200), (WRONG, 409), (THIRD, 200), (RIGHT, 409)):
        change_contact(notice, phone=number)
        assert (await ask(world, admin)).status_code == status, number
        await world.send_all()
    assert numbers(world) == [WRONG, RIGHT, THIRD]


async def test_a_contact_whose_message_came_back_may_have_it_again(world: World, admin: httpx.AsyncClient) -> None:
    notice = await told_at(world)
    await call_back(world, admin, (await world.message(Channel.SMS))["reference"], "failed", number="a")
    change_contact(notice, phone=RIGHT)
    await ask(world, admin)
    await world.send_all()
    change_contact(notice, phone=WRONG)
    assert (await ask(world, admin)).status_code == 200, "it never had it"
    await world.send_all()
    assert numbers(world) == [WRONG, RIGHT, WRONG]


async def test_an_unknown_message_sent_again_to_another_number_is_another_message_to_the_gateway(
    world: World, admin: httpx.AsyncClient
) -> None:
    world.sms.script([SmsRule(action="lose_reply", times=1)])
    notice = await told_at(world)
    assert (await world.message(Channel.SMS))["status"] == "unknown"
    world.sms.script()
    change_contact(notice, phone=RIGHT)
    assert (await ask(world, admin)).status_code == 200
    await world.send_all()
    assert numbers(world) == [WRONG, RIGHT], "by the old reference the gateway would have sent nothing"


async def test_a_retry_to_a_corrected_number_goes_by_another_reference(world: World) -> None:
    """The gateway had it in hand and said 500: it may know the reference, with the old number."""
    notice = make_notice(phone=WRONG, email=None)
    world.sms.script([SmsRule(action="reply", status=500, times=1)])
    await world.prepare(notice)
    await world.sender(Channel.SMS).send_due()
    world.sms.script()
    change_contact(notice, phone=RIGHT)
    await world.change("update notifier.messages set next_attempt_at = now()")
    await world.send_all()
    tries = await world.rows("select reference, address_digest from notifier.attempts where provider = 'sms'")
    assert len({row["reference"] for row in tries}) == len({row["address_digest"] for row in tries}) == len(tries) == 2


async def test_what_a_newer_version_says_otherwise_is_not_sent_again(world: World, admin: httpx.AsyncClient) -> None:
    first = await told_at(world)
    (old,) = await world.rows("select id from notifier.messages where channel = 'sms'")
    await world.change("update notifier.messages set status = 'delivered' where channel = 'sms'")
    await world.prepare(changed(first))
    change_contact(first, phone=RIGHT)
    refused = await admin.post(f"/v1/messages/{old['id']}/resend", json={"reason": "số đã sửa"})
    assert (refused.status_code, refused.json()["code"]) == (409, "message.not_resendable")


async def test_who_heard_it_at_a_strangers_number_is_told_a_later_change_as_a_first_word(
    world: World, admin: httpx.AsyncClient
) -> None:
    first = await told_at(world)
    change_contact(first, phone=RIGHT)
    await ask(world, admin)
    await world.prepare(changed(first))
    await world.send_all()
    rows = await world.rows(
        "select source_version, status, told_kind from notifier.messages where channel = 'sms' order by 1"
    )
    assert [tuple(row.values())[:2] for row in rows] == [(1, "cancelled"), (2, "sent")]
    assert rows[1]["told_kind"] == "placement_assigned"
    assert numbers(world) == [WRONG, RIGHT]


async def test_twenty_corrected_numbers_are_found_and_sent_again_at_once(
    world: World, admin: httpx.AsyncClient
) -> None:
    notices = [make_notice(phone=f"+849500001{n:02d}", email=None) for n in range(23)]
    await world.prepare(*notices)
    await world.send_all()
    for n, notice in enumerate(notices[:20]):
        change_contact(notice, phone=f"+849500002{n:02d}")
    listed = (await admin.get("/v1/messages", params={"to_old_contact": True, "limit": 200})).json()
    assert listed["total"] == len(listed["items"]) == 20
    every = [row["id"] for row in await world.rows("select id from notifier.messages")]
    asked = await admin.get(
        "/v1/messages/to-old-contacts", params={"message_id": every}, headers={"X-Api-Key": READER_KEY}
    )
    assert {UUID(each) for each in asked.json()["message_ids"]} == {UUID(item["id"]) for item in listed["items"]}
    wanted = {"to_old_contact": True, "reason": "danh sách mới sửa 20 số", "channel": "sms"}
    refused = await admin.post("/v1/messages/redrive", json=wanted | {"confirm": 23})
    assert (refused.status_code, refused.json()["code"]) == (409, "redrive.confirm")
    assert "20 messages to old contacts" in refused.json()["detail"]
    answer = await admin.post("/v1/messages/redrive", json=wanted | {"confirm": 20})
    assert answer.json() == {"again": 20, "refused": {}, "left": 0}
    await world.send_all()
    assert len(numbers(world)) == 43
    assert len(set(numbers(world))) == 43
    assert (await admin.get("/v1/messages", params={"to_old_contact": True})).json()["total"] == 0
    world.roster.is_away = True
    away = [await admin.get("/v1/messages", params={"to_old_contact": True}),
            await admin.post("/v1/messages/redrive", json=wanted | {"confirm": 20})]  # fmt: skip
    assert [each.status_code for each in away] == [503, 503]


async def test_what_was_sent_before_it_was_remembered_where_to_is_not_sent_again(
    world: World, admin: httpx.AsyncClient
) -> None:
    notice = await told_at(world)
    await world.change("update notifier.messages set address_digest = null, address_key_sealed = null")
    change_contact(notice, phone=RIGHT)
    assert (await ask(world, admin)).json()["code"] == "message.not_resendable"


async def test_the_database_takes_nothing_back_that_arrived_unless_it_goes_elsewhere(world: World) -> None:
    await told_at(world)
    row = await world.message(Channel.SMS)
    for status in ("sent", "delivered"):
        await world.change("update notifier.messages set status = :s where id = :id", s=status, id=row["id"])
        for change in ("status = 'pending'", "status = 'pending', reference = 'another'"):
            with pytest.raises(DBAPIError, match="may not go"):
                await world.change(f"update notifier.messages set {change} where id = :id", id=row["id"])  # noqa: S608


async def test_nobody_can_read_where_it_went_and_equal_addresses_look_different(world: World) -> None:
    await world.prepare(make_notice(phone=WRONG, email=None), make_notice(phone=WRONG, email=None))
    await world.send_all()
    rows = await world.rows("select address_digest, address_key_sealed from notifier.messages where channel = 'sms'")
    assert len({row["address_digest"] for row in rows}) == len({row["address_key_sealed"] for row in rows}) == 2
    async with world.sessions.begin() as session:
        dump = str((await session.execute(text("select m::text from notifier.messages m"))).all())
    assert "950000111" not in dump


async def test_a_late_word_that_the_old_address_did_not_get_it_opens_that_address_again(
    world: World, admin: httpx.AsyncClient
) -> None:
    notice = await told_at(world)
    first = (await world.message(Channel.SMS))["reference"]
    change_contact(notice, phone=RIGHT)
    await ask(world, admin)
    await world.send_all()
    await call_back(world, admin, first, "failed", number="a")
    change_contact(notice, phone=WRONG)
    assert (await ask(world, admin)).status_code == 200
    await world.send_all()
    assert numbers(world) == [WRONG, RIGHT, WRONG]


@pytest.mark.parametrize(("action", "status"), [("delivered", "2.0.0"), ("failed", "5.1.1")])
async def test_a_mail_servers_word_of_the_old_address_is_not_of_the_new(
    world: World, admin: httpx.AsyncClient, action: str, status: str
) -> None:
    notice = make_notice(email="sai@truong.example", phone=None)
    await world.prepare(notice)
    await world.send_all()
    first = (await world.message(Channel.EMAIL))["reference"]
    change_contact(notice, email="dung@truong.example")
    assert (await ask(world, admin, channel=Channel.EMAIL)).status_code == 200
    await world.send_all()
    async with world.sessions.begin() as session:
        effect = await take_mail(session, status_notification(first, action=action, status=status, address=""))
    assert effect.startswith("ignored: sent")
    assert (await world.message(Channel.EMAIL))["status"] == "sent"
    assert await world.rows("select * from notifier.suppressions") == [], "no address was named: which one is dead?"
