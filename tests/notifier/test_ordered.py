"""An officer's order, handed over by roster-api: each message is sent again once, and roster-api hears of it."""

from uuid import UUID, uuid4

import pytest
from commune_schemas.notices import Channel
from commune_schemas.resending import ResendOrder
from commune_stack.faults import MailRule
from notifier.ordered import carry_out_order
from notifier.roster_client import RosterAway

from tests.notifier.people import change_contact, make_notice
from tests.notifier.world import World


async def order(world: World, *message_ids: UUID) -> UUID:
    order_id = uuid4()
    world.roster.orders[order_id] = ResendOrder(order_id=order_id, message_ids=list(message_ids), reason="Đã sửa")
    return order_id


async def test_an_order_carried_out_twice_sends_each_message_once_and_says_what_became_of_it(world: World) -> None:
    failed, gone, sent = make_notice(phone=None), make_notice(email=None, phone=None), make_notice(phone=None)
    await world.mail.script([MailRule(action="reply", code=550, times=1)])
    await world.prepare(failed, gone, sent)
    await world.sender(Channel.EMAIL).send_due()
    rows = await world.rows("select id, status, recipient_id from notifier.messages where channel = 'email'")
    refused = next(row for row in rows if row["status"] == "failed" and row["recipient_id"] != gone.recipient.id)
    ids = [row["id"] for row in rows]
    await world.mail.script([])
    order_id = await order(world, *ids, uuid4())
    before = len(world.mail.messages)
    for _ in range(2):
        await carry_out_order(order_id=order_id, roster=world.client, sessions=world.sessions)
        await world.send_all()
    assert len(world.mail.messages) == before + 1
    outcomes = {item.message_id: item for item in world.roster.done_orders[0].items}
    assert outcomes[refused["id"]].to == "n***@example.vn"
    codes = {item.code for item in outcomes.values()}
    assert codes == {None, "recipient.no_address", "message.contact_unchanged", "not_found"}
    entries = await world.rows("select subjects from notifier.audit_entries where route = 'resend_messages'")
    assert any(str(refused["id"]) in entry["subjects"] for entry in entries)


async def test_while_roster_api_is_away_the_order_waits(world: World) -> None:
    notice = make_notice(email=None)
    await world.prepare(notice)
    await world.sender(Channel.EMAIL).send_due()
    change_contact(notice, email="moi@example.vn")
    world.roster.is_away = True
    order_id = await order(world, (await world.message(Channel.EMAIL))["id"])
    with pytest.raises(RosterAway):
        await carry_out_order(order_id=order_id, roster=world.client, sessions=world.sessions)
    assert world.roster.done_orders == []
    world.roster.is_away = False
    await carry_out_order(order_id=order_id, roster=world.client, sessions=world.sessions)
    await world.sender(Channel.EMAIL).send_due()
    assert (await world.message(Channel.EMAIL))["status"] == "sent"
