"""What the officer confirms is what goes: no more and no less than the notifier hands over,
whoever heard what before.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from commune_stack.faults import MailRule, SmsRule
from commune_stack.mail_sink import MailSink
from commune_stack.sms_gateway import SmsGateway
from roster_api.volunteers.models import Volunteer

from tests.roster_api.message_desk import MessageDesk, message_desk
from tests.support.publishing import after_a_look

Places = tuple[tuple[int, str, tuple[int, ...]], ...]
A: Places = ((0, "C1", (0,)),)
B: Places = ((0, "C1", (1,)),)
OUT: Places = ()
STAYS: Places = ((3, "C2", (2,)),)
"""Told by the first version, and unchanged from then on."""
HANDED_OVER = (
    "select count(*) as n from notifier.messages where source_id = :plan"
    " and (status in ('sending', 'sent', 'delivered', 'unknown') or reason_code = 'recipient.bad_address')"
)


@dataclass(frozen=True)
class Step:
    """A version, what it sends to person 0, and what mail server and gateway make of it. `waits`: nothing is sent."""

    places: Places
    messages: int
    mail: int | None = None
    sms: int | None = None
    waits: bool = False
    people: int | None = None
    """Left out: one where something is sent."""


STORIES: dict[str, tuple[dict[str, None], Sequence[Step]]] = {
    "told by both, changed, withdrawn, assigned anew": ({}, [Step(A, 2), Step(B, 2), Step(OUT, 2), Step(A, 2)]),
    "nobody reached, withdrawn": ({}, [Step(A, 2, mail=550, sms=422), Step(OUT, 0)]),
    "nobody reached, withdrawn, assigned anew": ({}, [Step(A, 2, mail=550, sms=422), Step(OUT, 0), Step(A, 2)]),
    "nobody reached, changed": ({}, [Step(A, 2, mail=550, sms=422), Step(B, 2)]),
    "by e-mail alone, withdrawn": ({"phone": None}, [Step(A, 1), Step(OUT, 1), Step(A, 1)]),
    "by e-mail alone and refused, withdrawn": ({"phone": None}, [Step(A, 1, mail=550), Step(OUT, 0), Step(A, 1)]),
    "by text alone, withdrawn": ({"email": None}, [Step(A, 1), Step(OUT, 1), Step(A, 1)]),
    "by text alone and refused, withdrawn": ({"email": None}, [Step(A, 1, sms=422), Step(OUT, 0), Step(A, 1)]),
    "one channel refused, withdrawn": ({}, [Step(A, 2, mail=550), Step(OUT, 2)]),
    "a change that reached nobody, and back": ({}, [Step(A, 2), Step(B, 2, mail=550, sms=422), Step(A, 0), Step(B, 2)]),
    "a change that one channel brought, and back": ({}, [Step(A, 2), Step(B, 2, mail=550), Step(A, 2)]),
    "back to what one channel alone had brought": (
        {},
        [Step(A, 2, mail=550), Step(B, 2, mail=550, sms=422), Step(A, 1)],
    ),
    "by text alone, a change refused, and back": ({"email": None}, [Step(A, 1), Step(B, 1, sms=422), Step(A, 0)]),
    "a withdrawal that reached nobody, and back": ({}, [Step(A, 2), Step(OUT, 2, mail=550, sms=422), Step(A, 0)]),
    "a withdrawal that reached nobody, and elsewhere": ({}, [Step(A, 2), Step(OUT, 2, mail=550, sms=422), Step(B, 2)]),
    "waiting still, withdrawn": ({}, [Step(A, 2, waits=True), Step(OUT, 0)]),
    "waiting still, changed and back": ({}, [Step(A, 2), Step(B, 2, waits=True), Step(A, 0)]),
    "no contact at all, withdrawn": ({"email": None, "phone": None}, [Step(A, 0, people=1), Step(OUT, 0)]),
}


@pytest.fixture
async def desk(
    roster_database_url: str, notifier_database_url: str, smtp_sink: MailSink, sms_gateway: SmsGateway
) -> AsyncIterator[MessageDesk]:
    async with message_desk(roster_database_url, notifier_database_url, mail=smtp_sink, sms=sms_gateway) as made:
        yield made


async def look(desk: MessageDesk, plan_id: str) -> dict[str, Any]:
    changes: dict[str, Any] = (await desk.world.as_("admin").get(f"/v1/plans/{plan_id}/changes")).json()
    return changes


async def publish(desk: MessageDesk, plan_id: str, changes: dict[str, Any]) -> None:
    admin = desk.world.as_("admin")
    await admin.post(f"/v1/plans/{plan_id}/approve", json={"base_plan_id": changes["base_plan_id"]})
    answer = await admin.post(f"/v1/plans/{plan_id}/publish", json=after_a_look(changes))
    assert answer.status_code == 200, answer.text
    await desk.prepare(plan_id)


async def take(desk: MessageDesk, step: Step) -> tuple[int, int, int | None]:
    """People and messages that were confirmed, and messages that were handed over."""
    plan_id = await desk.world.make_plan((*STAYS, *step.places))
    changes = await look(desk, plan_id)
    await publish(desk, plan_id, changes)
    confirmed = changes["confirm"]
    if step.waits:
        return confirmed["people"], confirmed["messages"], None
    await desk.notifier.mail.script([MailRule(action="reply", code=step.mail)] if step.mail else [])
    desk.notifier.sms.script([SmsRule(action="reply", status=step.sms)] if step.sms else [])
    await desk.notifier.send_all()
    (row,) = await desk.notifier.rows(HANDED_OVER, plan=plan_id)
    return confirmed["people"], confirmed["messages"], row["n"]


@pytest.mark.parametrize("story", STORIES)
async def test_each_version_sends_exactly_what_was_confirmed(desk: MessageDesk, story: str) -> None:
    contact, steps = STORIES[story]
    async with desk.world.session() as session:
        person = await session.get_one(Volunteer, desk.world.volunteer_ids[0])
        for name, value in contact.items():
            setattr(person, name, value)
    assert await take(desk, Step(OUT, 2)) == (1, 2, 2), "who stays is told by the first version"
    for step in steps:
        people = step.people if step.people is not None else min(step.messages, 1)
        handed_over = None if step.waits else step.messages
        assert await take(desk, step) == (people, step.messages, handed_over)


async def test_whoever_is_told_nothing_is_not_unreachable(desk: MessageDesk) -> None:
    """The withdrawal of what nobody heard of leaves nobody to be telephoned."""
    await take(desk, Step(OUT, 2))
    await take(desk, Step(A, 2, mail=550, sms=422))
    changes = await look(desk, await desk.world.make_plan(STAYS))
    assert changes["counts"]["withdrawn"] == 1
    assert (changes["unreached"], changes["confirm"]["unreachable"]) == ([], 0)
