"""From plans to rows: nothing twice, nothing untrue, and worded by what the person really heard."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

from commune_schemas.notices import Channel, NoticeKind, PersonNotice

from tests.notifier.people import make_notice, make_placement, plan_source
from tests.notifier.world import World

V2 = UUID("00000000-0000-4000-8000-000000000002")
V3 = UUID("00000000-0000-4000-8000-000000000003")
ELSEWHERE = make_placement([1], commune_name="Xã Khánh Sơn", commune_code="22700")


def changed(first: PersonNotice, **changes: Any) -> PersonNotice:
    """The second plan's notice to the same person: sent elsewhere."""
    facts = {
        "source": plan_source(V2, 2),
        "kind": NoticeKind.PLACEMENT_CHANGED,
        "placement": ELSEWHERE,
        "previous": first.placement,
        "calendar_sequence": 1,
    }
    return first.model_copy(update={**facts, **changes})


def withdrawn(first: PersonNotice, **changes: Any) -> PersonNotice:
    return changed(first, **{"kind": NoticeKind.PLACEMENT_WITHDRAWN, "placement": None, **changes})


async def test_preparing_a_plan_twice_adds_nothing(world: World) -> None:
    notices = [make_notice() for _ in range(3)]
    assert await world.prepare(*notices) == 6
    before = await world.rows()
    assert await world.prepare(*notices) == 6
    assert await world.rows() == before
    assert [number for _, number in world.roster.prepared] == [6, 6]


async def test_two_prepares_at_once_make_one_set_of_rows(world: World) -> None:
    notices = [make_notice() for _ in range(5)]
    assert await asyncio.gather(*(world.prepare(*notices) for _ in range(4))) == [10] * 4
    assert len(await world.rows()) == 10


async def test_a_plan_of_many_pages_is_prepared_whole(world: World) -> None:
    assert await world.prepare(*(make_notice() for _ in range(201))) == 402


async def test_a_person_without_an_address_when_it_is_sent_is_not_told_by_that_channel_and_it_says_why(
    world: World,
) -> None:
    await world.prepare(make_notice(email=None))
    assert await world.statuses() == ["pending", "pending"], "an address may come until then"
    await world.send_all()
    email, sms = await world.message(Channel.EMAIL), await world.message(Channel.SMS)
    assert (email["status"], email["reason_code"]) == ("failed", "recipient.no_address")
    assert email["failed_at"] is not None
    assert sms["status"] == "sent"
    assert email["attempts"] == 0


async def test_an_older_plan_that_arrives_late_is_cancelled_on_arrival(world: World) -> None:
    first = make_notice()
    await world.prepare(changed(first))
    await world.prepare(first)
    assert await world.statuses() == ["cancelled", "cancelled", "pending", "pending"]
    assert (await world.message(Channel.SMS))["reason_code"] == "plan.superseded"


async def test_a_new_plan_cancels_what_was_unsent_of_those_it_changes_and_only_that(world: World) -> None:
    moved, stays = make_notice(), make_notice()
    await world.prepare(moved, stays)
    await world.sender(Channel.SMS).send_due()
    await world.prepare(changed(moved))
    query = "select recipient_id, channel, status from notifier.messages where source_version = 1"
    found = {(row["recipient_id"], row["channel"]): row["status"] for row in await world.rows(query)}
    assert found == {
        (moved.recipient.id, "email"): "cancelled",
        (moved.recipient.id, "sms"): "sent",
        (stays.recipient.id, "email"): "pending",
        (stays.recipient.id, "sms"): "sent",
    }
    await world.send_all()
    assert len(world.mail.messages) == 2
    assert len(world.sms.texts) == 3


async def test_what_failed_or_is_unknown_is_closed_too_by_a_newer_plan(world: World) -> None:
    first = make_notice()
    await world.prepare(first)
    await world.change("update notifier.messages set status = 'failed', reason_code = 'recipient.bad_address'")
    await world.prepare(changed(first))
    row = await world.message(Channel.SMS)
    assert row["superseded_at"] is not None
    assert (row["status"], row["reason_code"]) == ("failed", "recipient.bad_address")


async def test_who_never_heard_of_the_first_plan_gets_the_second_worded_as_an_assignment(world: World) -> None:
    first = make_notice()
    await world.prepare(first)
    await world.prepare(changed(first))
    await world.send_all()
    assert [row["told_kind"] for row in await world.rows() if row["status"] == "sent"] == ["placement_assigned"] * 2
    (text,) = world.sms.texts
    assert text.text.startswith("PHAN CONG")


async def test_who_heard_of_the_first_plan_gets_the_second_as_a_change_naming_the_old_place(world: World) -> None:
    first = make_notice()
    await world.prepare(first)
    await world.send_all()
    await world.prepare(changed(first))
    await world.send_all()
    assert world.sms.texts[-1].text.startswith("THAY DOI PHAN CONG")
    body = world.mail.messages[-1].get_body(("plain",))
    assert body is not None
    assert "Xã Tây Khánh Vĩnh" in body.get_content()


async def test_withdrawing_what_nobody_heard_of_tells_nothing(world: World) -> None:
    first = make_notice()
    await world.prepare(first)
    await world.prepare(withdrawn(first))
    await world.send_all()
    assert await world.statuses() == ["cancelled"] * 4
    assert (await world.message(Channel.SMS, version=2))["reason_code"] == "history.nothing_to_tell"
    assert world.sms.texts == []


async def test_a_withdrawal_is_told_when_the_assignment_may_have_been_handed_over(world: World) -> None:
    first = make_notice()
    await world.prepare(first)
    await world.change("update notifier.messages set status = 'claimed', claimed_by = 'other', claimed_at = now()")
    await world.change("update notifier.messages set status = 'sending'")
    await world.prepare(withdrawn(first))
    await world.sweep()  # "other" is dead: its e-mail is unknown, so perhaps the person was told
    await world.send_all()
    assert [text.text.split(":")[0] for text in world.sms.texts] == ["HUY PHAN CONG"]


async def test_a_change_back_to_what_the_person_knows_is_not_told_again(world: World) -> None:
    first = make_notice()
    await world.prepare(first)
    await world.send_all()
    await world.prepare(changed(first))
    back = changed(first, source=plan_source(V3, 3), placement=first.placement, previous=ELSEWHERE)
    await world.prepare(back)
    await world.send_all()
    assert await world.statuses() == ["sent"] * 2 + ["cancelled"] * 4
    assert len(world.sms.texts) == 1


async def test_a_notice_that_lacks_what_a_person_must_know_is_never_sent(world: World) -> None:
    await world.prepare(make_notice(volunteer_id=uuid4(), placement=make_placement(office_address=" ")))
    await world.send_all()
    row = await world.message(Channel.EMAIL)
    assert (row["status"], row["reason_code"]) == ("failed", "template.missing_field")
    assert "office_address" in row["reason_en"]
    assert world.mail.messages == []
