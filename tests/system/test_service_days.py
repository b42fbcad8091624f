"""Days end to end: what is declared is frozen, planned around by the real worker, and told alike in every place.

Real Postgres, the real application over ASGI, the real worker job with its solver children; the mail is written by
notifier's own code.
"""

import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import openpyxl
import pytest
import sqlalchemy as sa
from commune_demo.sinks import calendar_dates
from commune_schemas.notices import PersonNotice
from matching_worker.jobs.run import solve_matching_run
from matching_worker.settings import Settings as WorkerSettings
from notifier.email_content import write_email
from roster_api.campaigns.models import Campaign
from roster_api.needs.models import NeedDeclaration, NeedItem
from roster_api.volunteers.models import Volunteer

from tests.roster_api.planning_world import World, planning_world
from tests.system.case_world import WorkersClient

pytestmark = pytest.mark.long

STARTS, ENDS = date(2026, 11, 9), date(2026, 12, 4)  # Monday to Friday, four weeks on
TEACHERS_DAY = date(2026, 11, 20)  # a Friday, worked
CULTURE_DAY = date(2026, 11, 24)  # a Tuesday, a holiday
WEDNESDAYS = [date(2026, 11, day) for day in (11, 18, 25)] + [date(2026, 12, 2)]
EXAMS = [date(2026, 11, 11), date(2026, 11, 25)]
FIRST, SECOND = 0, 3
"""A lecturer of each school."""

PERSON_NOTICE = PersonNotice.model_fields.keys()


@dataclass
class Office:
    """The small province of the planning tests, with the real worker."""

    world: World
    worker: WorkersClient
    runs: list[str] = field(default_factory=list)

    async def put(self, path: str, *items: dict[str, Any]) -> None:
        answer = await self.world.as_("admin").put(path, json={"items": items})
        assert answer.status_code == 200, answer.text

    async def absent(self, number: int, *days: date, kind: str = "exam") -> None:
        path = f"/v1/volunteers/{self.world.volunteer_ids[number]}/absences"
        await self.put(path, *({"starts_on": day.isoformat(), "kind": kind} for day in days))

    async def close_days(self, *days: date) -> None:
        exceptions = ({"on": day.isoformat(), "kind": "closed", "reason": "Bão số 13"} for day in days)
        await self.put(f"/v1/campaigns/{self.world.campaign_id}/calendar-exceptions", *exceptions)

    async def free_on(self, number: int, weekdays: Sequence[int], *, max_days: int) -> None:
        async with self.world.session() as session:
            person = sa.update(Volunteer).where(Volunteer.id == self.world.volunteer_ids[number])
            await session.execute(person.values(free_weekdays=list(weekdays), max_days=max_days))

    async def plan(self) -> str:
        """A run solved by the worker's own job; the id of its draft."""
        run_id = await self.world.request_run(options={"time_limit_seconds": 10, "theta_pct": 1000})
        settings = WorkerSettings(matching_name="test", matching_memory_mb=2048)
        await solve_matching_run(UUID(run_id), roster=self.worker, settings=settings)
        self.runs.append(run_id)
        run = await self.get(f"/v1/matching-runs/{run_id}")
        assert run["status"] == "succeeded", (run["failure"], run["conflict"])
        return str(run["plan_id"])

    async def plan_and_publish(self) -> str:
        plan_id = await self.plan()
        answer = await self.world.publish(plan_id)
        assert answer.status_code == 200, answer.text
        return plan_id

    async def get(self, path: str) -> dict[str, Any]:
        answer = await self.world.as_("admin").get(path)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def placement(self, plan_id: str, number: int) -> dict[str, Any]:
        person = self.world.volunteer_ids[number]
        page = await self.get(f"/v1/plans/{plan_id}/placements?volunteer_id={person}")
        placed: list[dict[str, Any]] = page["items"]
        assert len(placed) == 1
        return placed[0]

    async def notices(self, plan_id: str) -> dict[UUID, PersonNotice]:
        """By volunteer, as they are written: with the personal link."""
        items = [
            PersonNotice.model_validate({name: value for name, value in notice.items() if name in PERSON_NOTICE})
            for notice in await self.world.notices(plan_id)
        ]
        return {UUID(notice.recipient.id): notice for notice in items}


@pytest.fixture
async def office(roster_database_url: str) -> AsyncIterator[Office]:
    async with planning_world(roster_database_url) as world:
        async with world.session() as session:
            await session.execute(sa.update(Campaign).values(starts_on=STARTS, ends_on=ENDS))
            await session.execute(sa.update(NeedDeclaration).values(presence=[0, 0, 0, 0, 0]))
        worker = WorkersClient(world.app, world.keys["solver"])
        made = Office(world, worker)
        for number in range(6):
            await made.free_on(number, [1, 4], max_days=2)
        yield made
        await worker.close()


def days_in(placement: dict[str, Any]) -> list[date]:
    return [date.fromisoformat(day) for day in placement["dates"]]


def mail_of(notice: PersonNotice) -> Any:
    return write_email(notice, stamped_at=datetime.now(UTC), organizer_email="so@example.vn")


@pytest.mark.timeout(120)
async def test_exams_on_two_wednesdays_leave_the_other_wednesdays_everywhere(office: Office) -> None:
    await office.free_on(FIRST, [2], max_days=1)
    await office.absent(FIRST, *EXAMS)
    plan_id = await office.plan_and_publish()
    expected = [day for day in WEDNESDAYS if day not in EXAMS]

    placement = await office.placement(plan_id, FIRST)
    assert days_in(placement) == expected
    assert [(one["on"], one["reason"], one["made_up_on"]) for one in placement["lost"]] == [
        (day.isoformat(), "exam", None) for day in EXAMS
    ]
    notice = (await office.notices(plan_id))[office.world.volunteer_ids[FIRST]]
    assert notice.placement is not None
    assert notice.placement.dates == expected
    mail = mail_of(notice)
    assert calendar_dates(mail.calendar) == set(expected)
    for text in (mail.text, mail.html):
        assert "11/11/2026 bận thi, không có ngày làm bù" in text
        assert "T4 18/11" in text
        assert "T4 25/11" not in text
    rows = await annex_rows(office, plan_id)
    (mine,) = [row for row in rows if row["Họ và tên"] == "Nguyễn Văn An"]
    assert mine["Số ngày"] == len(expected)
    assert "25/11/2026 bận thi" in mine["Ngoại lệ"]


async def annex_rows(office: Office, plan_id: str) -> list[dict[str, Any]]:
    answer = await office.world.as_("admin").get(f"/v1/plans/{plan_id}/annex.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Danh sách"]
    heads, *rows = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=4))
    return [dict(zip(heads, row, strict=True)) for row in rows]


@pytest.mark.timeout(120)
async def test_a_holiday_and_a_closed_day_disappear_for_everybody_and_the_20th_of_november_does_not(
    office: Office,
) -> None:
    storm = date(2026, 11, 27)
    await office.close_days(storm)
    plan_id = await office.plan_and_publish()
    notices = await office.notices(plan_id)
    assert notices
    told = [notice.placement for notice in notices.values() if notice.placement]
    for placement in told:
        assert not {CULTURE_DAY, storm} & set(placement.dates)
        assert {one.on for one in placement.lost} <= {CULTURE_DAY, storm}
    assert any(TEACHERS_DAY in placement.dates for placement in told)
    reasons = {one.vi for placement in told for one in placement.lost}
    assert reasons == {
        "24/11/2026 nghỉ lễ (Ngày Văn hóa Việt Nam)",
        "27/11/2026 nghỉ theo quyết định (Bão số 13)",
    }


@pytest.mark.timeout(120)
async def test_a_day_lost_to_teaching_is_made_up_on_another_free_day_and_every_message_says_so(office: Office) -> None:
    await office.free_on(FIRST, [1, 2], max_days=1)
    first = await office.plan_and_publish()
    lost = days_in(await office.placement(first, FIRST))[1]
    await office.absent(FIRST, lost, kind="teaching")
    second = await office.plan_and_publish()
    placement = await office.placement(second, FIRST)
    (taken,) = [one for one in placement["lost"] if one["reason"] == "teaching"]
    made_up = date.fromisoformat(taken["made_up_on"])
    assert taken["on"] == lost.isoformat()
    assert 0 < (made_up - lost).days <= 7
    assert made_up.weekday() in {1, 2}
    assert (lost in days_in(placement), made_up in days_in(placement)) == (False, True)
    mail = mail_of((await office.notices(second))[office.world.volunteer_ids[FIRST]])
    assert f"{lost:%d/%m/%Y} bận dạy, làm bù ngày {made_up:%d/%m/%Y}" in mail.text
    assert f"Thôi ngày: {lost:%d/%m/%Y}" in mail.text
    assert f"Thêm ngày: {made_up:%d/%m/%Y}" in mail.text
    assert calendar_dates(mail.calendar) == set(days_in(placement))


@pytest.mark.timeout(120)
async def test_nobody_is_planned_on_a_day_on_which_they_serve_under_another_campaign(office: Office) -> None:
    await office.free_on(FIRST, [1, 2, 4], max_days=2)
    here = days_in(await office.placement(await office.plan_and_publish(), FIRST))
    async with office.world.session() as session:
        first = (await session.scalars(sa.select(Campaign))).one()
        columns = {c.name: getattr(first, c.name) for c in Campaign.__table__.columns if c.name != "id"}
        other = Campaign(**columns)
        session.add(other)
        await session.flush()
        session.add_all(make_need(other, code) for code in office.world.communes)
    office.world.campaign_id = other.id
    second = await office.plan_and_publish()
    there = days_in(await office.placement(second, FIRST))
    assert there
    assert not set(here) & set(there)


def make_need(campaign: Campaign, commune_code: str) -> NeedDeclaration:
    item = NeedItem(duty_code="digitise", people=1, days_per_week=3)
    facts = {"lacks_it_staff": False, "presence": [0, 0, 0, 0, 0], "declared_by": "test", "items": [item]}
    return NeedDeclaration(campaign_id=campaign.id, commune_code=commune_code, **facts)


@pytest.mark.timeout(120)
async def test_absences_declared_later_change_what_a_person_is_told_with_the_next_version_only(office: Office) -> None:
    first = await office.plan_and_publish()
    before = await office.notices(first)
    placement = await office.placement(first, SECOND)
    exam = days_in(placement)[0]
    await office.absent(SECOND, exam)
    assert await office.notices(first) == before
    assert await office.placement(first, SECOND) == placement

    second = await office.plan_and_publish()
    told = await office.notices(second)
    assert set(told) == {office.world.volunteer_ids[SECOND]}, "nobody else is told anything"
    notice = told[office.world.volunteer_ids[SECOND]]
    assert notice.kind == "placement_changed"
    assert notice.placement is not None
    assert exam not in notice.placement.dates
    assert f"Thôi ngày: {exam:%d/%m/%Y}" in mail_of(notice).text


@pytest.mark.timeout(120)
async def test_a_plan_made_before_an_absence_or_a_closed_day_is_not_published(office: Office) -> None:
    plan_id = await office.plan()
    days = days_in(await office.placement(plan_id, FIRST))
    await office.absent(FIRST, days[0], kind="leave")
    await office.close_days(days[1])
    answer = await office.world.publish(plan_id)
    assert answer.status_code == 409
    assert {(error["pointer"], error["code"]) for error in answer.json()["errors"]} == {
        (f"volunteer:{office.world.volunteer_ids[FIRST]}", "volunteer.absent"),
        (f"calendar:{days[1]}", "calendar.day_off"),
    }


@pytest.mark.timeout(120)
async def test_a_weekday_of_which_most_dates_fall_out_is_not_promised_and_the_officer_sees_why(office: Office) -> None:
    await office.free_on(FIRST, [2], max_days=1)
    await office.absent(FIRST, *WEDNESDAYS[:3])
    plan_id = await office.plan()
    placed = await office.get(f"/v1/plans/{plan_id}/placements")
    assert str(office.world.volunteer_ids[FIRST]) not in {row["volunteer_id"] for row in placed["items"]}
    shown = await office.get(f"/v1/matching-runs/{office.runs[-1]}/set-aside")
    assert shown["items"] == [
        {
            "volunteer_id": str(office.world.volunteer_ids[FIRST]),
            "full_name": "Nguyễn Văn An",
            "school_code": "S1",
            "weekday": 2,
            "dates": 4,
            "served": 1,
        }
    ]
    certificate = await office.get(f"/v1/matching-runs/{office.runs[-1]}/certificate")
    assert any("1 người có ngày rảnh không được tính" in note for note in certificate["stages"][0]["notes"])


@pytest.mark.timeout(120)
async def test_the_frozen_problem_carries_the_days_and_no_notes(office: Office) -> None:
    await office.close_days(date(2026, 11, 27))
    path = f"/v1/volunteers/{office.world.volunteer_ids[FIRST]}/absences"
    await office.put(path, {"starts_on": "2026-10-01", "ends_on": "2026-11-11", "kind": "leave", "note": "Ốm"})
    await office.plan_and_publish()
    frozen = await office.get(f"/v1/matching-runs/{office.runs[-1]}/frozen")
    assert [(day["on"], day["kind"]) for day in frozen["days_off"]] == [
        ("2026-11-24", "holiday"),
        ("2026-11-27", "closed"),
    ]
    assert frozen["absences"] == [
        {
            "volunteer_id": str(office.world.volunteer_ids[FIRST]),
            "starts_on": "2026-10-01",
            "ends_on": "2026-11-11",
            "kind": "leave",
        }
    ]
