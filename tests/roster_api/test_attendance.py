"""Attendance: ticks arrive once however they are sent, each side has its view, silence is asked about once."""

import asyncio
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from commune_service import clock
from roster_api.attendance.asking import ask_schools
from roster_api.attendance.models import AttendanceQuestion, AttendanceTick
from roster_api.campaigns.schemas import CalendarException
from roster_api.campaigns.working_time import LOCAL, WorkingDays
from roster_api.outbox.models import OutboxRow
from roster_api.privacy.retention import purge

from tests.roster_api.month_world import come_to_pass, count_rows, list_days, results, send, tick
from tests.roster_api.planning_world import FIRST_DAY, World, planning_world

ALL_WEEK = (0, 1, 2, 3, 4)
EVERYONE = [(number, "C1", ALL_WEEK) for number in range(6)]
TWO_COMMUNES = [(0, "C1", (0, 1)), (1, "C1", (0, 1)), (3, "C2", (0, 1))]


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def test_two_hundred_ticks_twice_out_of_order_and_days_late_are_two_hundred_rows(world: World) -> None:
    await world.make_published(EVERYONE)
    await come_to_pass(world)
    days = await list_days(world)
    chance, now = random.Random(7), datetime.now(UTC)
    offline: list[dict[str, Any]] = []
    for number in range(200):
        day, outcome = days[number % 110], chance.choice(["present", "absent"])
        ticked_at = (now - timedelta(days=3, minutes=chance.randint(0, 400), seconds=number % 60)).isoformat()
        offline.append(tick(day, outcome, key=f"t{number}", ticked_at=ticked_at))
    sent = [*offline, *offline]
    chance.shuffle(sent)
    answers = [await send(world, "c1", sent[start : start + 50]) for start in range(0, 400, 50)]
    assert sum(answer.json()["recorded"] for answer in answers) == 200
    assert sum(answer.json()["already"] for answer in answers) == 200
    assert await count_rows(world, AttendanceTick) == 200
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for each in offline:
        key = (each["volunteer_id"], each["serves_on"])
        if key not in last or each["ticked_at"] > last[key]["ticked_at"]:
            last[key] = each
    after = {(str(day.volunteer_id), day.serves_on.isoformat()): day for day in await list_days(world)}
    assert {key: after[key].outcome for key in last} == {key: each["outcome"] for key, each in last.items()}
    assert sum(1 for day in after.values() if day.outcome) == len(last) == 110
    assert all((day.served_by_volunteer_id is None) == (day.outcome != "present") for day in after.values())


async def test_the_same_batch_sent_five_times_at_once_is_kept_once(world: World) -> None:
    await world.make_published(EVERYONE)
    await come_to_pass(world)
    batch = [tick(day, key=f"t{number}") for number, day in enumerate((await list_days(world))[:20])]
    answers = await asyncio.gather(*(send(world, "c1", random.Random(n).sample(batch, 20)) for n in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert sum(answer.json()["recorded"] for answer in answers) == 20
    assert await count_rows(world, AttendanceTick) == 20


async def test_a_commune_ticks_its_own_people_and_both_sides_see_where_they_disagree(world: World) -> None:
    await world.make_published(TWO_COMMUNES)
    await come_to_pass(world)
    own, foreign = (await list_days(world, commune_code="C1"))[0], (await list_days(world, commune_code="C2"))[0]
    school = "s1" if own.school_id == world.school_ids["S1"] else "s2"
    nobody = tick(own, key="k3", volunteer_id=str(world.campaign_id))
    assert await results(world, "c1", tick(own, key="k1"), tick(foreign, key="k2"), nobody) == [
        "recorded",
        "attendance.not_planned",
        "attendance.not_planned",
    ]
    assert await results(world, "c1", tick(own, "absent", key="k1")) == ["attendance.key_used"]
    assert await results(world, school, tick(own, "absent", key="k1")) == ["recorded"], "keys are each sender's own"
    path = f"/v1/campaigns/{world.campaign_id}/attendance"
    for who in ("c1", school, "admin", "overseer"):
        (day,) = (await world.as_(who).get(path, params={"state": "disputed"})).json()["items"]
        assert {side: view["outcome"] for side, view in day["views"].items()} == {
            "commune": "present",
            "school": "absent",
        }
        assert (day["outcome"], day["is_disputed"]) == ("present", True), "the commune's word counts"
    assert await results(world, "admin", tick(own, "absent", key="k1")) == ["recorded"]
    totals = (await world.as_("c1").get(f"{path}/totals")).json()
    assert (totals["total"]["absent"], totals["total"]["disputed"]) == (1, 0), "the province settled it"
    assert [row["commune_code"] for row in totals["communes"]] == ["C1"]
    other = "s2" if school == "s1" else "s1"
    seen = (await world.as_(other).get(path)).json()["items"]
    assert {row["school_code"] for row in seen} <= {other.upper()}


async def test_who_came_instead_counts_once_a_day_unless_the_earlier_word_is_mended(world: World) -> None:
    await world.make_published(EVERYONE[:2])
    await come_to_pass(world)
    days = await list_days(world)
    first, second = [day for day in days if day.serves_on == days[0].serves_on]
    stand_in, colleague = str(world.volunteer_ids[2]), str(first.volunteer_id)
    instead = {"replaced_by_volunteer_id": stand_in}
    both = [tick(first, "replaced", key="a", **instead), tick(second, "replaced", key="b", **instead)]
    assert await results(world, "c1", *both) == ["recorded", "attendance.stand_in_counted"]
    planned = tick(second, "replaced", key="c", replaced_by_volunteer_id=colleague)
    assert await results(world, "c1", planned) == ["attendance.stand_in_counted"], "who is to serve there themselves"
    mended = [tick(first, "absent", key="d", reason="ốm"), tick(second, "replaced", key="e", **instead)]
    assert await results(world, "c1", *mended) == ["recorded", "recorded"]


async def test_what_cannot_be_is_refused_with_words_and_keeps_nothing_else_back(world: World) -> None:
    await world.make_published(EVERYONE[:2])
    await come_to_pass(world, before=FIRST_DAY + timedelta(days=14))
    past, future = (await list_days(world))[0], (await list_days(world))[-1]
    stand_in = str(world.volunteer_ids[2])
    found = await world.as_("c1").get(
        f"/v1/campaigns/{world.campaign_id}/attendance/C1/stand-ins", params={"on": str(past.serves_on), "q": "cham"}
    )
    assert [person["volunteer_id"] for person in found.json()] in ([], [stand_in])
    replaced = tick(past, "replaced", key="r", replaced_by_volunteer_id=stand_in)
    unknown = tick(past, "replaced", key="u", replaced_by_volunteer_id=str(world.campaign_id))
    assert await results(world, "c1", tick(future, key="f"), unknown, replaced) == [
        "attendance.too_early",
        "attendance.stand_in_unknown",
        "recorded",
    ]
    (day,) = await list_days(world, outcome="replaced")
    assert str(day.served_by_volunteer_id) == stand_in
    for wrong in (
        tick(past, "absent", key="x", reason=""),
        tick(past, "replaced", key="x"),
        tick(past, key="x", replaced_by_volunteer_id=stand_in),
    ):
        assert (await send(world, "c1", [wrong])).status_code == 422
    for who in ("finance", "overseer"):
        assert (await send(world, who, [tick(past, key="x")])).status_code == 403
    clock.shift_by((future.serves_on - clock.today()).days * 86400)  # the same day comes
    try:
        assert await results(world, "c1", tick(future, key="f")) == ["recorded"]
    finally:
        clock.shift_by(0)


def end_of_third_working_day(day: date) -> datetime:
    for _ in range(3):
        day += timedelta(days=1)
        while not WorkingDays([]).is_worked(day):
            day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=LOCAL)


async def test_a_school_is_asked_once_after_three_working_days_and_then_its_word_counts(world: World) -> None:
    await world.make_published(TWO_COMMUNES)
    await come_to_pass(world)
    days = await list_days(world)
    first = min(day.serves_on for day in days)
    asked_on = end_of_third_working_day(first)
    async with world.session() as session:
        assert await ask_schools(session, now=asked_on) == 0, "the third working day is not over"
    next_day = asked_on + timedelta(minutes=2)

    async def ask() -> int:
        async with world.session() as session:
            return await ask_schools(session, now=next_day)

    of_first = [day for day in days if day.serves_on == first]
    assert sorted([sum(await asyncio.gather(ask(), ask())), await ask()]) == [0, len(of_first)]
    assert await count_rows(world, AttendanceQuestion) == len({day.school_id for day in of_first})
    async with world.session() as session:
        rows = (await session.scalars(sa.select(OutboxRow.args))).all()
        asked = [args["source_id"] for args in rows if args.get("source_kind") == "attendance_question"]
    assert len(asked) == len({day.school_id for day in of_first})
    notices = [
        (await world.as_("notifier").get(f"/v1/internal/sources/attendance_question/{one}/notices")).json()["items"]
        for one in asked
    ]
    assert {items[0]["recipient"]["id"] for items in notices} == {str(day.school_id) for day in of_first}
    assert sum(row["days"] for items in notices for row in items[0]["communes"]) == len(of_first)
    mine = next(day for day in of_first if day.commune_code == "C1")
    school = "s1" if mine.school_id == world.school_ids["S1"] else "s2"
    assert await results(world, school, tick(mine, key="s")) == ["recorded"]
    (now,) = await list_days(world, volunteer_id=mine.volunteer_id, serves_on=first)
    assert now.outcome == "present"
    assert await results(world, "c1", tick(mine, "absent", key="late")) == ["recorded"]
    (now,) = await list_days(world, volunteer_id=mine.volunteer_id, serves_on=first)
    assert (now.outcome, now.is_disputed) == ("absent", True)


async def test_a_later_version_moves_days_to_come_and_leaves_those_that_were(world: World) -> None:
    first = await world.make_published([(0, "C1", (0, 1)), (1, "C1", (0, 1))])
    await come_to_pass(world, before=FIRST_DAY + timedelta(days=14))
    person = world.volunteer_ids[0]
    served = [day.serves_on for day in await list_days(world, volunteer_id=person) if day.serves_on < FIRST_DAY]
    second = await world.make_published([(0, "C2", (0, 1))])
    days = await list_days(world, volunteer_id=person)
    assert [(day.commune_code, str(day.plan_id)) for day in days if day.serves_on in served] == [("C1", first)] * len(
        served
    )
    assert {(day.commune_code, str(day.plan_id)) for day in days if day.serves_on not in served} == {("C2", second)}
    gone = await list_days(world, volunteer_id=world.volunteer_ids[1])
    assert {day.serves_on for day in gone} == set(served), "who was withdrawn keeps the days that were"


async def test_duties_done_are_counted_by_week_for_who_was_there(world: World) -> None:
    await world.make_published(TWO_COMMUNES)
    await come_to_pass(world)
    day = (await list_days(world, commune_code="C1"))[0]
    monday = day.serves_on - timedelta(days=day.serves_on.weekday())
    path = f"/v1/campaigns/{world.campaign_id}/duty-counts"
    item = {"volunteer_id": str(day.volunteer_id), "duty_code": "digitise", "number": 120}
    put = await world.as_("c1").put(f"{path}/C1/{monday}", json={"items": [item]})
    assert [(row["duty_code"], row["number"]) for row in put.json()["items"]] == [("digitise", 120)]
    again = await world.as_("c1").put(f"{path}/C1/{monday}", json={"items": [item | {"number": 80}]})
    assert [row["number"] for row in again.json()["items"]] == [80]
    foreign = {"items": [item | {"volunteer_id": str(world.volunteer_ids[3]), "duty_code": "none"}]}
    refused = await world.as_("c1").put(f"{path}/C1/{monday}", json=foreign)
    assert [error["code"] for error in refused.json()["errors"]] == ["duty.unknown", "duty_counts.not_there"]
    assert (await world.as_("c1").put(f"{path}/C2/{monday}", json={"items": []})).status_code == 404
    assert (await world.as_("c1").get(f"{path}/C1/{monday + timedelta(days=1)}")).status_code == 422
    assert (await world.as_("overseer").get(f"{path}/C1/{monday}")).json()["items"][0]["number"] == 80


@pytest.mark.parametrize(
    ("day", "number", "before"),
    [
        ("2025-11-13", 3, "2025-11-10"),
        ("2025-11-17", 3, "2025-11-12"),  # over a weekend
        ("2026-02-25", 2, "2026-02-13"),  # Tết: 14 to 23 February, the last by decree
        ("2026-01-05", 1, "2026-01-03"),  # a Saturday worked for 2 January
        ("2026-01-05", 2, "2025-12-31"),
    ],
)
def test_working_days_leave_out_weekends_holidays_and_what_was_decreed(day: str, number: int, before: str) -> None:
    decreed = [
        CalendarException.model_validate({"on": "2026-01-02", "kind": "closed", "reason": "Hoán đổi"}),
        CalendarException.model_validate({"on": "2026-01-03", "kind": "open", "reason": "Làm bù", "weekday": 4}),
        CalendarException.model_validate({"on": "2026-02-23", "kind": "closed", "reason": "Nghỉ Tết"}),
    ]
    assert WorkingDays(decreed).nth_before(date.fromisoformat(day), number) == date.fromisoformat(before)


async def test_why_somebody_was_absent_goes_when_its_time_is_over_and_that_they_were_stays(world: World) -> None:
    await world.make_published(TWO_COMMUNES)
    await come_to_pass(world)
    own = (await list_days(world, commune_code="C1"))[0]
    assert await results(world, "c1", tick(own, "absent", key="a1")) == ["recorded"]
    async with world.session() as session:
        assert (await purge(session, world.app.state.settings))["reasons why people were absent"] == 0
        await session.execute(sa.text("update roster.campaigns set starts_on = '2015-01-05', ends_on = '2015-02-01'"))
        assert (await purge(session, world.app.state.settings))["reasons why people were absent"] == 1
        kept = (await session.execute(sa.text("select outcome, reason from roster.attendance_ticks"))).all()
    assert [tuple(row) for row in kept] == [("absent", None)]
