"""The review: each number is recomputed from the rows it names, by other code, and equals it."""

import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from docx2python import docx2python
from roster_api.attendance.models import DutyCount, ServiceDay
from roster_api.blockers.models import Blocker
from roster_api.evaluations.models import Evaluation

from tests.roster_api.planning_world import World, planning_world
from tests.roster_api.test_allowances import AN, PLACES, RATES, compute, list_days, set_rates

MARKS = ((5, 5, 4), (5, 3, 4), (3, 4, 3))
CHECKED = {
    "evaluations_given", "duties_done", "allowances_vnd", "unmet_days", "communes_in_need", "communes_led",
}  # fmt: skip
COUNTS = (("digitise", 6, 120), ("digitise", 13, 80), ("kpi", 6, 3))


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        plan_id = await made.make_published(PLACES)
        async with made.session() as session:
            await session.execute(sa.delete(ServiceDay))
            session.add_all(list_days(made, plan_id))
            common = {"campaign_id": made.campaign_id, "volunteer_id": made.volunteer_ids[AN], "counted_by": "x"}
            session.add_all(
                DutyCount(**common, commune_code="C1", duty_code=duty, week_on=date(2025, 10, day), number=count)
                for duty, day, count in COUNTS
            )
            session.add_all(list_blockers(made))
            session.add_all(list_evaluations(made))
        yield made


def list_evaluations(world: World) -> list[Evaluation]:
    """Three people rated by their communes, one commune rated by a school."""
    common = {"campaign_id": world.campaign_id, "school_id": world.school_ids["S1"], "words": "", "rated_by": "x"}
    people = [
        Evaluation(
            rater="commune", rater_id="C1", rated="person", rated_id=str(world.volunteer_ids[number]),
            commune_code="C1", volunteer_id=world.volunteer_ids[number],
            marks=dict(zip(("help", "attitude", "skill"), marks, strict=True)), **common,
        )
        for number, marks in enumerate(MARKS)
    ]  # fmt: skip
    return [
        *people,
        Evaluation(
            rater="school", rater_id=str(world.school_ids["S1"]), rated="commune", rated_id="C1", commune_code="C1",
            marks={"readiness": 2}, **common,
        ),
    ]  # fmt: skip


def list_blockers(world: World) -> list[Blocker]:
    """Solved after 5 and after 8 hours, one of them by the Secretary's office; one still open."""
    raised = datetime(2025, 10, 6, 8, tzinfo=UTC)
    return [
        Blocker(
            campaign_id=world.campaign_id, commune_code="C1", words="Mất mạng", urgency="normal", level_since=raised,
            raised_at=raised, raised_by="x", state="closed" if hours else "open",
            level="secretary_office" if hours == 8 else "overseer",
            solved_at=raised + timedelta(hours=hours) if hours else None,
        )
        for hours in (5, 8, 0)
    ]  # fmt: skip


def recount(rows: list[dict[str, Any]]) -> dict[str, int]:
    """From days as the attendance route lists them, by no code of the review."""
    served = [row for row in rows if row["served_by_volunteer_id"] and not row["is_disputed"]]
    return {
        "people_planned": len({row["volunteer_id"] for row in rows}),
        "people_came": len({row["served_by_volunteer_id"] for row in served}),
        "days_planned": len(rows),
        "days_served": len(served),
        "days_absent": sum(row["outcome"] == "absent" and not row["is_disputed"] for row in rows),
        "days_unconfirmed": sum(row["outcome"] is None and not row["is_disputed"] for row in rows),
        "days_disputed": sum(row["is_disputed"] for row in rows),
    }


BLOCKER_KEYS = (
    "blockers_raised", "blockers_open", "blockers_solved", "blockers_at_secretary", "blocker_hours",
    "blocker_working_hours",
)  # fmt: skip
OPEN_MINUTES = {*range(7 * 60 + 30, 11 * 60 + 30), *range(13 * 60 + 30, 17 * 60)}


def count_minutes(start: datetime, end: datetime) -> int:
    """Minute by minute, in Vietnam; the test's days are no holidays."""
    minutes = (start + timedelta(hours=7, minutes=n) for n in range(int((end - start) / timedelta(minutes=1))))
    return sum(each.weekday() < 5 and each.hour * 60 + each.minute in OPEN_MINUTES for each in minutes)


def recount_blockers(rows: list[dict[str, Any]]) -> list[int]:
    solved = [row for row in rows if row["state"] != "open"]
    spans = [(datetime.fromisoformat(row["raised_at"]), datetime.fromisoformat(row["solved_at"])) for row in solved]
    hours = [(end - start) / timedelta(hours=1) for start, end in spans]
    worked = sum(count_minutes(start, end) for start, end in spans)
    at_the_top = sum(row["level"] == "secretary_office" for row in rows)
    return [
        len(rows),
        len(rows) - len(solved),
        len(solved),
        at_the_top,
        int(sum(hours) / len(hours)),
        worked // 60 // len(hours),
    ]


async def read(world: World, path: str) -> Any:
    answer = await world.as_("admin").get(path)
    assert answer.status_code == 200, (path, answer.text)
    return answer.json()


async def check_places(world: World, review: dict[str, Any], keys: list[str]) -> None:
    """Each commune and school from its own rows; their sums are the figures."""
    figures = {row["key"]: row["value"] for row in review["figures"]}
    for row in review["communes"]:
        assert {key: row[key] for key in keys} == recount((await read(world, row["rows"] + "&limit=200"))["items"])
    for row in review["schools"]:
        own = (await read(world, row["rows"] + "&limit=200"))["items"]
        there = {day["volunteer_id"] for day in own
                 if day["served_by_volunteer_id"] == day["volunteer_id"] and not day["is_disputed"]}  # fmt: skip
        assert {key: row[key] for key in keys} == recount(own) | {"people_came": len(there)}
    for key in set(keys) - {"people_planned", "people_came"}:
        assert sum(row[key] for row in review["communes"]) == sum(row[key] for row in review["schools"]) == figures[key]


async def check_evaluation(world: World, review: dict[str, Any], figure: dict[str, Any]) -> None:
    """Means and distributions from single evaluations."""
    given = (await read(world, figure["rows"]))["items"]
    assert figure["value"] == len(given) == len(MARKS) + 1
    for row in review["evaluation"]:
        marks = [each["marks"][row["criterion"]] for each in given if each["rated"] == row["rated"]]
        assert row["evaluations"] == len(marks)
        expected_mean = round(sum(marks) / len(marks), 2) if len(marks) >= 3 else None
        assert (row["mean"], row["counts"]) == (
            expected_mean, [marks.count(mark) for mark in range(1, 6)] if len(marks) >= 3 else None,
        )  # fmt: skip
    assert [row["mean"] for row in review["evaluation"]] == [4.33, 4.0, 3.67, None], "one mark tells no mean"


async def test_every_number_of_the_review_is_recomputed_from_the_rows_it_names(world: World) -> None:
    await set_rates(world, RATES)
    await compute(world)
    campaign = f"/v1/campaigns/{world.campaign_id}"
    review = await read(world, f"{campaign}/review")
    figures = {row["key"]: row for row in review["figures"]}
    numbers = {key: row["value"] for key, row in figures.items()}
    days = (await read(world, figures["days_planned"]["rows"] + "?limit=200"))["items"]
    expected = recount(days)
    assert {key: numbers[key] for key in expected} == expected
    assert (expected["days_served"], expected["days_disputed"], expected["people_came"]) == (9, 1, 3)
    await check_places(world, review, list(expected))

    done: Counter[str] = Counter()
    for row in review["duties"]:
        items = (await read(world, row["rows"]))["items"]
        assert row["number"] == sum(item["number"] for item in items if item["duty_code"] == row["duty_code"])
        done[row["duty_code"]] += row["number"]
    assert (dict(done), numbers["duties_done"]) == ({"digitise": 200, "kpi": 3}, 203)
    blockers = (await read(world, figures["blockers_raised"]["rows"]))["items"]
    assert [numbers[key] for key in BLOCKER_KEYS] == recount_blockers(blockers) == [3, 1, 2, 1, 6, 2]
    statements = (await read(world, figures["allowances_vnd"]["rows"]))["items"]
    assert numbers["allowances_vnd"] == sum(row["total_vnd"] for row in statements) == 2_500_000
    money = {row["code"]: row["allowance_vnd"] for row in review["schools"]}
    assert money == {row["school_code"]: row["total_vnd"] for row in statements}
    lacking = (await read(world, figures["unmet_days"]["rows"]))["items"]
    assert numbers["unmet_days"] == sum(row["unmet_days"] for row in lacking) == 1
    assert numbers["communes_in_need"] == (await read(world, figures["communes_in_need"]["rows"]))["total"] == 3
    leads = (await read(world, figures["communes_led"]["rows"]))["items"]
    assert numbers["communes_led"] == sum(row["is_lead"] for row in leads)
    await check_evaluation(world, review, figures["evaluations_given"])
    assert set(numbers) == CHECKED | set(expected) | set(BLOCKER_KEYS), "every number is recomputed above"
    assert "Đã xác nhận 9 trên 15 ngày công theo kế hoạch (60,0%)" in " ".join(review["text_vi"])
    assert not any(name in str(review) for name in ("Nguyễn Văn An", "phone"))


async def test_the_review_is_read_back_as_a_docx_and_a_workbook(world: World) -> None:
    campaign = f"/v1/campaigns/{world.campaign_id}"
    review = await read(world, f"{campaign}/review")
    paper = await world.as_("overseer").get(f"{campaign}/review.docx")
    with docx2python(io.BytesIO(paper.content)) as opened:
        text = opened.text
    assert all(paragraph in text for paragraph in review["text_vi"])
    assert (await world.as_("admin").get(f"{campaign}/review.docx")).content == paper.content
    book = openpyxl.load_workbook(io.BytesIO((await world.as_("admin").get(f"{campaign}/review.xlsx")).content))
    shown = [row[1:] for row in book["Chỉ tiêu"].iter_rows(min_row=2, values_only=True)]
    assert shown == [(row["value"], row["rows"]) for row in review["figures"]]
    assert [row[0] for row in book["Theo xã"].iter_rows(min_row=2, values_only=True)] == [
        row["code"] for row in review["communes"]
    ]
    for who in ("s1", "c1", "nobody"):
        assert (await world.as_(who).get(f"{campaign}/review")).status_code in {401, 403}
