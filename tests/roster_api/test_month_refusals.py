"""What cannot be recorded of a month is refused with a reason, and nothing of it is kept."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from roster_api.attendance.models import AttendanceTick, DutyCount, ServiceDay

from tests.roster_api.month_world import come_to_pass, count_rows, list_days
from tests.roster_api.planning_world import World, planning_world
from tests.roster_api.reference_world import MISSING_ID
from tests.support.refusals import check_refusal


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        await made.make_published([(0, "C1", (0, 1)), (1, "C1", (0, 1)), (3, "C2", (0,))])
        await come_to_pass(made)
        yield made


def path(world: World, rest: str) -> str:
    return f"/v1/campaigns/{world.campaign_id}/{rest}"


async def test_a_weeks_counts_are_of_a_monday_that_has_come_and_of_people_and_duties_there_are(world: World) -> None:
    day = (await list_days(world, commune_code="C1"))[0].serves_on
    monday = day - timedelta(days=day.weekday())
    item = {"volunteer_id": str(world.volunteer_ids[0]), "duty_code": "digitise", "number": 3}
    wrong = {"items": [item | {"duty_code": "khong_co"}, item | {"volunteer_id": MISSING_ID}]}
    good = {"items": [item]}
    weeks = (
        (monday + timedelta(days=1), good, "duty_counts.no_monday", "/week_on"),
        (monday + timedelta(weeks=52), good, "duty_counts.too_early", "/week_on"),
        (monday, wrong, "duty_counts.unknown", "/items/0/duty_code"),
        (monday, wrong, "duty_counts.unknown", "/items/1/volunteer_id"),
    )
    for week, body, code, at in weeks:
        answer = await world.as_("c1").put(path(world, f"duty-counts/C1/{week}"), json=body)
        check_refusal(answer, 422, code, at=at)
    assert await count_rows(world, DutyCount) == 0


async def test_a_sheet_with_a_day_that_is_nobodys_any_more_is_refused_at_its_line(world: World) -> None:
    days = await list_days(world, commune_code="C1")
    span = {"first_on": str(days[0].serves_on), "last_on": str(days[-1].serves_on)}
    sheet = await world.as_("c1").get(path(world, "attendance/C1/sheet.xlsx"), params=span)
    book = openpyxl.load_workbook(BytesIO(sheet.content))
    for row in (5, 6):
        book["Điểm danh"].cell(row, 5, "Có")
    filled = BytesIO()
    book.save(filled)
    gone = sa.delete(ServiceDay).where(
        ServiceDay.volunteer_id == days[0].volunteer_id, ServiceDay.serves_on == days[0].serves_on
    )
    async with world.session() as session:
        await session.execute(gone)
    files = {"file": ("phieu.xlsx", filled.getvalue())}
    answer = await world.as_("c1").post(path(world, "attendance/C1/sheet"), files=files)
    refused = check_refusal(answer, 422, "attendance_sheet.refused")
    assert [error["code"] for error in refused["errors"]] == ["attendance_sheet.cell"]
    assert await count_rows(world, AttendanceTick) == 0


@pytest.mark.parametrize(("who", "commune"), [("admin", None), ("admin", "C9"), ("c1", "C2"), ("s1", "C2")])
async def test_a_blocker_is_of_a_commune_that_one_answers_for(world: World, who: str, commune: str | None) -> None:
    body = {"words": "Mất mạng", "commune_code": commune}
    answer = await world.as_(who).post(path(world, "blockers"), json=body)
    check_refusal(answer, 422, "blocker.place", at="/commune_code")


async def test_a_rate_is_not_ended_before_it_holds_nor_later_once_it_has_ended(world: World) -> None:
    finance = world.as_("finance")
    rate = {"province_code": "56", "component": "service_day", "amount_vnd": 100_000, "valid_from": "2025-10-01"}
    made = await finance.post("/v1/allowance-rates", json=rate | {"legal_basis": "Nghị quyết 01"})
    assert made.status_code == 201, made.text
    end = f"/v1/allowance-rates/{made.json()['id']}/end"
    check_refusal(await finance.post(end, json={"valid_until": "2025-09-30"}), 422, "allowance.rate")
    assert (await finance.post(end, json={"valid_until": "2025-10-15"})).status_code == 200
    refused = check_refusal(await finance.post(end, json={"valid_until": "2025-10-31"}), 409, "allowance.rate_ended")
    assert "15/10/2025" in refused["detail_vi"]
