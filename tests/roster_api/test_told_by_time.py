"""What is told by time alone: the silent, then their school, then Home Affairs; who begins soon; the day's mails."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from commune_schemas.notices import Recipient, RecipientKind
from roster_api.answers.due_reminders import LOCAL, remind_by_time
from roster_api.office_notices.models import OfficeNotice
from roster_api.office_notices.service import Words, send_digests, tell_office
from roster_api.outbox.models import OutboxRow

from tests.roster_api.planning_world import FIRST_DAY, World, planning_world
from tests.roster_api.test_notices import pin
from tests.roster_api.test_vacancies import answer

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)))
WORDS = Words(
    about="Đợt 1", heading="Việc cần làm", sentences=["Xin xem hệ thống."], english="Please look.", rows=["a"]
)


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def look(world: World, now: datetime) -> int:
    async with world.session() as session:
        return await remind_by_time(session, now=now)


async def sources(world: World, kind: str) -> list[str]:
    async with world.session() as session:
        rows = await session.scalars(sa.select(OutboxRow).order_by(OutboxRow.created_at))
        return [row.args["source_id"] for row in rows if row.args.get("source_kind") == kind]


async def notices_of(world: World, kind: str, source_id: str) -> list[dict[str, Any]]:
    page = await world.as_("notifier").get(f"/v1/internal/sources/{kind}/{source_id}/notices")
    assert page.status_code == 200, page.text
    items: list[dict[str, Any]] = page.json()["items"]
    return items


async def keys(world: World) -> list[str]:
    async with world.session() as session:
        silent = sa.select(OfficeNotice.key).where(OfficeNotice.key.startswith("silent/"))
        return [key.rsplit("/", 1)[1] for key in await session.scalars(silent)]


async def test_the_silent_are_reminded_once_after_two_days_then_the_school_then_home_affairs(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    await answer(world, plan_id, 1, answer="confirmed")
    published = datetime.now(UTC)
    assert await look(world, published + timedelta(hours=47)) == 0
    assert await look(world, published + timedelta(hours=49)) == 2
    assert await look(world, published + timedelta(hours=60)) == 0, "each once"
    (reminder,) = await sources(world, "reminder")
    told = await notices_of(world, "reminder", reminder)
    assert {each["kind"] for each in told} == {"placement_reminder"}
    assert {UUID(each["recipient"]["id"]) for each in told} == {world.volunteer_ids[0], world.volunteer_ids[3]}
    await answer(world, plan_id, 3, answer="confirmed")
    for hours in (73, 80):
        await look(world, published + timedelta(hours=hours))
    assert await keys(world) == [str(world.school_ids["S1"])], "the school of who is silent still"


async def test_who_begins_in_two_days_is_told_once_and_not_who_cannot_go(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    await answer(world, plan_id, 1)
    begin = datetime.combine(FIRST_DAY, time(8), tzinfo=LOCAL)
    assert await look(world, begin - timedelta(days=4)) >= 0
    for days in range(8):
        await look(world, begin + timedelta(days=days - 2))
    people = [
        each
        for source in await sources(world, "reminder")
        for each in await notices_of(world, "reminder", source)
        if each["kind"] == "first_day"
    ]
    told = [UUID(each["recipient"]["id"]) for each in people]
    assert sorted(told) == sorted((world.volunteer_ids[0], world.volunteer_ids[3]))
    assert all(each["placement"]["dates"] for each in people)


async def test_who_said_no_and_was_pinned_since_is_told_of_their_first_day_too(world: World) -> None:
    await answer(world, await world.make_published(PLACES), 1)
    await pin(world, 1, "C2")
    await world.make_published(((0, "C1", (0, 1)), (1, "C2", (0,)), (3, "C2", (2,))))
    begin = datetime.combine(FIRST_DAY, time(8), tzinfo=LOCAL)
    for days in range(8):
        await look(world, begin + timedelta(days=days - 2))
    told = {
        UUID(each["recipient"]["id"])
        for source in await sources(world, "reminder")
        for each in await notices_of(world, "reminder", source)
        if each["kind"] == "first_day"
    }
    assert told == {world.volunteer_ids[number] for number in (0, 1, 3)}


async def test_nobody_gets_two_reminders_on_a_day_and_everybody_silent_gets_both(world: World) -> None:
    """Nobody looked before: on the first morning the silent are due to be reminded, and some begin within two days."""
    plan_id = await world.make_published(PLACES)
    first = min(notice["placement"]["dates"][0] for notice in await world.notices(plan_id))
    begin = datetime.combine(date.fromisoformat(first), time(8), tzinfo=LOCAL)
    seen: set[str] = set()
    days: list[list[tuple[str, str]]] = []
    for day in range(-2, 8):
        for hours in (0, 1, 9):
            await look(world, begin + timedelta(days=day, hours=hours))
        new = [source for source in await sources(world, "reminder") if source not in seen]
        seen |= set(new)
        told = [each for source in new for each in await notices_of(world, "reminder", source)]
        days.append([(each["recipient"]["id"], each["kind"]) for each in told])
    for reminders in days:
        people = [person for person, _ in reminders]
        assert len(people) == len(set(people)), reminders
    every = sorted(reminder for reminders in days for reminder in reminders)
    people = sorted(str(world.volunteer_ids[number]) for number in (0, 1, 3))
    assert every == [(person, kind) for person in people for kind in ("first_day", "placement_reminder")]
    assert {kind for reminders in days[:1] for _, kind in reminders} >= {"placement_reminder"}


async def test_offices_hear_what_a_version_means_for_them_and_only_the_newest_words(world: World) -> None:
    async def headings() -> dict[str, str]:
        async with world.session() as session:
            rows = await session.scalars(sa.select(OfficeNotice))
            return {row.recipient_id: row.heading for row in rows}

    await world.make_published(PLACES)
    schools = {code: str(school_id) for code, school_id in world.school_ids.items()}
    assert await headings() == {
        "C1": "2 người được cử đến xã",
        "C2": "1 người được cử đến xã",
        schools["S1"]: "2 người của trường được phân công",
        schools["S2"]: "1 người của trường được phân công",
    }
    await world.make_published(((0, "C1", (0, 1)), (3, "C2", (2,))))
    after = await headings()
    assert (after["C1"], after[schools["S1"]]) == ("1 người được cử đến xã", "1 người của trường được phân công")
    assert after["C2"] == "1 người được cử đến xã", "not told yet, and told with the newest version"
    async with world.session() as session:
        assert len((await session.scalars(sa.select(OfficeNotice))).all()) == 4


async def test_an_office_gets_one_mail_a_day_and_what_is_urgent_at_once(world: World) -> None:
    school = Recipient(kind=RecipientKind.SCHOOL, id=str(world.school_ids["S1"]))
    commune = Recipient(kind=RecipientKind.COMMUNE, id="C1")
    async with world.session() as session:
        for key, is_urgent in (("a", False), ("b", False), ("a", False), ("c", True)):
            await tell_office(session, key=key, recipient=school, words=WORDS, is_urgent=is_urgent)
        await tell_office(session, key="d", recipient=commune, words=WORDS)
    (urgent,) = await sources(world, "office_notice")
    (notice,) = await notices_of(world, "office_notice", urgent)
    assert (notice["to"], notice["kind"], len(notice["parts"])) == ("Cô Hoa", "office_notice", 1)
    morning = datetime.now(LOCAL).replace(hour=8, minute=0) + timedelta(days=1)

    async def digest(now: datetime) -> int:
        async with world.session() as session:
            return await send_digests(session, now=now)

    assert await digest(morning.replace(hour=6)) == 0, "nobody is written to before the day begins"
    assert [await digest(morning), await digest(morning.replace(hour=15))] == [2, 0]
    async with world.session() as session:
        await tell_office(session, key="e", recipient=school, words=WORDS)
    assert [await digest(morning.replace(hour=16)), await digest(morning + timedelta(days=1))] == [0, 1]
    digests = [await notices_of(world, "office_digest", source) for source in await sources(world, "office_digest")]
    shown = sorted((each[0]["recipient"]["kind"], len(each[0]["parts"])) for each in digests)
    assert shown == [("commune", 1), ("school", 1), ("school", 2)]
