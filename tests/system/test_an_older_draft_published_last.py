"""Two drafts, the younger published first, then the older: roster-api and notifier together tell everyone concerned."""

from collections import Counter
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from commune_schemas.notices import SourceKind
from commune_stack.mail_sink import MailSink
from commune_stack.serving import served
from commune_stack.sms_gateway import SmsGateway
from icalendar import Calendar
from notifier.prepare import prepare_notices
from notifier.roster_client import RosterClient

from tests.notifier.world import World as Notifier
from tests.notifier.world import notifier_world
from tests.roster_api.planning_world import World as Office
from tests.roster_api.planning_world import planning_world

YOUNGER = ((0, "C1", (0, 1)), (1, "C2", (0,)), (4, "C3", (4,)))
OLDER = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)))
CONCERNED = (1, 3, 4)
"""By the older plan one is sent elsewhere, one is new, one is sent home; person 0 stays."""


@pytest.fixture
async def office(roster_database_url: str) -> AsyncIterator[Office]:
    async with planning_world(roster_database_url) as made:
        yield made


@pytest.fixture
async def notifier(notifier_database_url: str, smtp_sink: MailSink, sms_gateway: SmsGateway) -> AsyncIterator[Notifier]:
    async with notifier_world(notifier_database_url, mail=smtp_sink, sms=sms_gateway) as made:
        yield made


async def publish_and_tell(office: Office, notifier: Notifier, plan_id: str, *, roster_port: int) -> None:
    """By the notices of the real roster-api, as far as the sinks."""
    assert (await office.publish(plan_id)).status_code == 200
    outbox_id = UUID(await office.outbox_id_of(plan_id))
    roster = notifier.client = RosterClient(f"http://127.0.0.1:{roster_port}", key=office.keys["notifier"])
    try:
        await prepare_notices(
            outbox_id=outbox_id,
            kind=SourceKind.PLAN,
            source_id=UUID(plan_id),
            roster=roster,
            sessions=notifier.sessions,
        )
        await notifier.send_all()
    finally:
        await roster.close()


def sequences(notifier: Notifier) -> dict[str, list[int]]:
    """By address, the SEQUENCE of each calendar file in the order of arrival."""
    found: dict[str, list[int]] = {}
    for mail in notifier.mail.messages:
        (part,) = (part for part in mail.walk() if part.get_content_type() == "text/calendar")
        (event,) = Calendar.from_ical(part.get_content()).walk("VEVENT")
        found.setdefault(str(mail["To"]), []).append(int(str(event["SEQUENCE"])))
    return found


async def test_an_older_draft_over_a_newer_version_tells_each_person_concerned_once_by_each_channel(
    office: Office, notifier: Notifier
) -> None:
    async with served(office.app) as port:
        older, younger = await office.make_plan(OLDER), await office.make_plan(YOUNGER)
        await publish_and_tell(office, notifier, younger, roster_port=port)
        mails, texts = len(notifier.mail.messages), len(notifier.sms.texts)
        assert (mails, texts) == (3, 3)
        await publish_and_tell(office, notifier, older, roster_port=port)
    told = Counter(str(mail["To"]) for mail in notifier.mail.messages[mails:])
    assert told == {f"person{number}@example.vn": 1 for number in CONCERNED}
    texted = Counter(text.to for text in notifier.sms.texts[texts:])
    assert texted == {f"+8495000010{number}": 1 for number in CONCERNED}
    rows = await notifier.rows("select status from notifier.messages where source_id = :plan", plan=UUID(older))
    assert Counter(row["status"] for row in rows) == {"sent": 2 * len(CONCERNED)}
    assert all(numbers == sorted(set(numbers)) for numbers in sequences(notifier).values()), "each one goes up"
    assert {len(numbers) for numbers in sequences(notifier).values()} == {1, 2}
