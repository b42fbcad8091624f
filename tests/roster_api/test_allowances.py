"""Allowances of a month, worked out by hand: absences, a replacement, two rates, a dispute, and a correction.

October 2025. Rates: a lecturer's day 200,000 until the 15th and 250,000 from the 16th; anybody else's 100,000; 50,000
more from 10 to 50 km; 70,000 more where it is hard to reach (C1); 300,000 for travel from three days on.

An (S1, C1): 6, 7, 13, 20 confirmed, 14 absent, 21 replaced by Bình.
    3 x 200,000 + 250,000 + 4 x 50,000 + 4 x 70,000 + 300,000 = 1,630,000
Bình (S1, C1): 6, 13, 20 confirmed, and 21 for An; 27 not confirmed.
    4 x 100,000 + 4 x 50,000 + 4 x 70,000 + 300,000 = 1,180,000
Dũng (S2, C2): 8 confirmed, 15 disputed, 22 absent.
    200,000 + 50,000 = 250,000
Giang (S2, C3): 10 not confirmed, 17 absent: nothing.

Then An's 20th turns out an absence (-250,000 - 50,000 - 70,000; three days are left, the travel stays) and Bình's 27th
is confirmed (100,000 + 50,000 + 70,000): the correction is -370,000 + 220,000 = -150,000.
"""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import httpx
import openpyxl
import pytest
import sqlalchemy as sa
from roster_api.allowances.models import AllowanceLine
from roster_api.attendance.models import ServiceDay
from roster_api.communes.models import Commune
from sqlalchemy.exc import IntegrityError

from tests.roster_api.planning_world import World, planning_world

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)), (5, "C3", (4,)))
AN, BINH, DUNG, GIANG = 0, 1, 3, 5
PLANNED = {AN: (6, 7, 13, 14, 20, 21), BINH: (6, 13, 20, 27), DUNG: (8, 15, 22), GIANG: (10, 17)}
PRESENT = {AN: (6, 7, 13, 20), BINH: (6, 13, 20), DUNG: (8, 15)}
ABSENT = {AN: (14,), DUNG: (22,), GIANG: (17,)}
MONTH = "2025-10-01"
BASIS = "Nghị quyết 01/2025/NQ-HĐND"
RATES: list[dict[str, Any]] = [
    {"component": "service_day", "role": "lecturer", "amount_vnd": 200_000, "valid_until": "2025-10-15"},
    {"component": "service_day", "role": "lecturer", "amount_vnd": 250_000, "valid_from": "2025-10-16"},
    {"component": "service_day", "amount_vnd": 100_000},
    {"component": "distance_day", "amount_vnd": 50_000, "from_m": 10_000, "to_m": 50_000},
    {"component": "remote_day", "amount_vnd": 70_000},
    {"component": "travel_month", "amount_vnd": 300_000, "min_days": 3},
]


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with allowances_world(roster_database_url) as made:
        yield made


@asynccontextmanager
async def allowances_world(url: str) -> AsyncIterator[World]:
    async with planning_world(url) as made:
        plan_id = await made.make_published(PLACES)
        async with made.session() as session:
            await session.execute(sa.delete(ServiceDay))
            await session.execute(sa.update(Commune).where(Commune.code == "C1").values(is_remote=True))
            session.add_all(list_days(made, plan_id))
        yield made


def list_days(world: World, plan_id: str) -> list[ServiceDay]:
    communes = {number: commune for number, commune, _ in PLACES}
    schools = {number: world.school_ids["S1" if number < 3 else "S2"] for number in PLANNED}
    days = []
    for number, planned in PLANNED.items():
        for day in planned:
            made = ServiceDay(
                campaign_id=world.campaign_id, volunteer_id=world.volunteer_ids[number], serves_on=date(2025, 10, day),
                plan_id=plan_id, school_id=schools[number], commune_code=communes[number],
            )  # fmt: skip
            if day in PRESENT.get(number, ()):
                made.outcome, made.served_by_volunteer_id = "present", made.volunteer_id
            elif day in ABSENT.get(number, ()):
                made.outcome = "absent"
            made.is_disputed = (number, day) == (DUNG, 15)
            days.append(made)
            if (number, day) == (AN, 21):
                made.outcome, made.served_by_volunteer_id = "replaced", world.volunteer_ids[BINH]
    return days


async def set_rates(world: World, rates: list[dict[str, Any]]) -> list[httpx.Response]:
    common = {"province_code": "56", "valid_from": MONTH, "legal_basis": BASIS}
    return [await world.as_("finance").post("/v1/allowance-rates", json=common | rate) for rate in rates]


async def compute(world: World) -> dict[str, Any]:
    path = f"/v1/campaigns/{world.campaign_id}/allowance-statements"
    answer = await world.as_("finance").post(path, json={"month": MONTH})
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def list_statements(world: World, who: str = "finance") -> list[dict[str, Any]]:
    answer = await world.as_(who).get(
        f"/v1/campaigns/{world.campaign_id}/allowance-statements", params={"month": MONTH}
    )
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def move(world: World, who: str, statement: dict[str, Any], action: str) -> httpx.Response:
    path = f"/v1/allowance-statements/{statement['id']}"
    etag = (await world.as_(who).get(path)).headers.get("ETag", "*")
    return await world.as_(who).post(f"{path}/{action}", headers={"If-Match": etag})


async def set_outcome(world: World, number: int, day: int, outcome: str) -> None:
    person = world.volunteer_ids[number]
    async with world.session() as session:
        key = {"campaign_id": world.campaign_id, "volunteer_id": person, "serves_on": date(2025, 10, day)}
        row = await session.get_one(ServiceDay, key)
        row.outcome, row.served_by_volunteer_id = outcome, person if outcome == "present" else None


def sums(statement: dict[str, Any]) -> dict[str, int]:
    return {person["full_name"].rsplit(" ", 1)[-1]: person["total_vnd"] for person in statement["persons"]}


async def test_a_month_comes_to_what_was_worked_out_by_hand_and_a_change_after_approval_is_a_correction(
    world: World,
) -> None:
    assert [answer.status_code for answer in await set_rates(world, RATES)] == [201] * len(RATES)
    totals = await compute(world)
    assert (totals["total_vnd"], totals["people"], totals["service_days"]) == (3_060_000, 3, 9)
    assert {school["school_code"]: school["total_vnd"] for school in totals["schools"]} == {
        "S1": 2_810_000,
        "S2": 250_000,
    }
    by_code = {row["school_code"]: row for row in await list_statements(world)}
    path = f"/v1/allowance-statements/{by_code['S1']['id']}"
    first = (await world.as_("finance").get(path)).json()
    assert sums(first) == {"An": 1_630_000, "Bình": 1_180_000}
    assert first["unpaid_persons"] == []
    second = (await world.as_("finance").get(f"/v1/allowance-statements/{by_code['S2']['id']}")).json()
    assert sums(second) == {"Dũng": 250_000}
    assert [(each["full_name"], each["vi"]) for each in second["unpaid_persons"]] == [
        ("Đỗ Giang", "1 ngày xã chưa xác nhận; 1 ngày vắng")
    ]
    assert "phone" not in str(first) + str(second)

    await approve_the_first(world, by_code["S1"])
    await set_outcome(world, AN, 20, "absent")
    await set_outcome(world, BINH, 27, "present")
    assert (await compute(world))["total_vnd"] == 3_060_000 - 150_000
    one, two = [row for row in await list_statements(world) if row["school_code"] == "S1"]
    assert [(row["number"], row["state"], row["total_vnd"]) for row in (one, two)] == [
        (1, "approved", 2_810_000),
        (2, "computed", -150_000),
    ]
    correction = (await world.as_("s1").get(f"/v1/allowance-statements/{two['id']}")).json()
    assert sums(correction) == {"An": -370_000, "Bình": 220_000}
    assert {line["sign"] for person in correction["persons"] for line in person["lines"]} == {1, -1}
    assert (await move(world, "finance", one, "pay")).json()["state"] == "paid"
    for who, action in (("s1", "check"), ("finance", "approve"), ("finance", "pay")):
        assert (await move(world, who, two, action)).status_code == 200
    assert len([row for row in await list_statements(world) if row["school_code"] == "S1"]) == 2
    assert (await compute(world))["by_state"] == {"computed": 250_000, "paid": 2_660_000}
    await check_workbook(world)


async def approve_the_first(world: World, statement: dict[str, Any]) -> None:
    """In the order of its states, by whoever may, as it is now; then it stays as it is."""
    assert await list_statements(world, "s1") == [statement]
    assert (await move(world, "finance", statement, "approve")).json()["code"] == "allowance.state"
    assert (await move(world, "s2", statement, "check")).status_code == 404
    assert (await move(world, "s1", statement, "check")).json()["state"] == "checked"
    await set_outcome(world, AN, 7, "absent")
    assert (await move(world, "finance", statement, "approve")).json()["code"] == "allowance.stale"
    await set_outcome(world, AN, 7, "present")
    approved = await move(world, "finance", statement, "approve")
    assert (approved.json()["state"], approved.json()["approved_by"]) == ("approved", "finance")
    with pytest.raises(IntegrityError, match="is approved"):
        async with world.session() as session:
            await session.execute(sa.delete(AllowanceLine))


async def check_workbook(world: World) -> None:
    answer = await world.as_("finance").get(
        f"/v1/campaigns/{world.campaign_id}/allowances.xlsx", params={"month": MONTH}
    )
    assert answer.headers["content-disposition"] == 'attachment; filename="kinh-phi-2025-10.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Theo trường", "Danh sách chi", "Chi tiết", "Không chi", "Chỉ trường xác nhận"]
    rows = {name: list(book[name].iter_rows(min_row=5, values_only=True)) for name in book.sheetnames}
    for name in ("Theo trường", "Danh sách chi"):
        *rows[name], _, words, _day, signers = rows[name]
        assert words[1] == "Số tiền bằng chữ: Hai triệu chín trăm mười nghìn đồng."
        assert [each for each in signers if each] == ["NGƯỜI LẬP BIỂU", "KẾ TOÁN TRƯỞNG", "THỦ TRƯỞNG ĐƠN VỊ"]
    assert rows["Theo trường"][-1][1::6] == ("Tổng cộng", 2_910_000)
    people = {str(row[1]).rsplit(" ", 1)[-1]: row[5] for row in rows["Danh sách chi"]}
    assert people == {"An": 1_260_000, "Bình": 1_400_000, "Dũng": 250_000, "cộng": 2_910_000}
    assert rows["Chi tiết"][-1][7] == 2_910_000
    assert sum(int(str(row[7])) for row in rows["Chi tiết"][:-1]) == 2_910_000
    assert [row[1] for row in rows["Không chi"]] == ["Đỗ Giang"]
    assert not any(str(cell).startswith("=") for own in rows.values() for row in own for cell in row)


async def test_rates_never_overlap_are_ended_rather_than_changed_and_missing_ones_are_named(world: World) -> None:
    (made,) = await set_rates(world, RATES[:1])
    (clash,) = await set_rates(world, [RATES[0] | {"amount_vnd": 1, "valid_from": "2025-10-15"}])
    assert (clash.status_code, clash.json()["code"]) == (409, "allowance.rate_overlaps")
    path = f"/v1/campaigns/{world.campaign_id}/allowance-statements"
    lacking = await world.as_("finance").post(path, json={"month": MONTH})
    assert lacking.json()["code"] == "allowance.no_rate"
    assert {error["pointer"] for error in lacking.json()["errors"]} >= {
        "role:student/day:2025-10-06",
        "role:lecturer/day:2025-10-20",
    }
    ended = await world.as_("finance").post(
        f"/v1/allowance-rates/{made.json()['id']}/end", json={"valid_until": "2025-10-10"}
    )
    assert (ended.json()["valid_until"], ended.json()["ended_by"]) == ("2025-10-10", "finance")
    assert [answer.status_code for answer in await set_rates(world, [RATES[0] | {"valid_from": "2025-10-11"}])] == [201]
    wrong = await set_rates(world, [RATES[2] | {"amount_vnd": 1.5}, RATES[2] | {"amount_vnd": -1}])
    assert [answer.status_code for answer in wrong] == [422, 422]
    assert (await world.as_("s1").get("/v1/allowance-rates")).json()["total"] == 2
    assert (await world.as_("c1").get("/v1/allowance-rates")).status_code == 403


async def test_days_that_only_the_school_confirmed_stand_apart_and_are_paid_by_the_provinces_policy_alone(
    world: World,
) -> None:
    """Giang's 10th: the commune was silent, and the school said that Giang was there."""
    await set_rates(world, RATES)
    await set_outcome(world, GIANG, 10, "present")
    async with world.session() as session:
        key = {"volunteer_id": world.volunteer_ids[GIANG], "serves_on": date(2025, 10, 10)}
        silent = await session.get_one(ServiceDay, {"campaign_id": world.campaign_id} | key)
        silent.school_outcome = "present"
    assert (await compute(world))["total_vnd"] == 3_060_000, "as if it were not confirmed"
    by_code = {row["school_code"]: row["id"] for row in await list_statements(world)}
    path = f"/v1/allowance-statements/{by_code['S2']}"
    statement = (await world.as_("finance").get(path)).json()
    assert [(each["full_name"], each["days"], each["is_paid"]) for each in statement["school_word_days"]] == [
        ("Đỗ Giang", ["2025-10-10"], False)
    ]
    assert statement["unpaid_persons"][0]["vi"] == "1 ngày chỉ trường xác nhận, xã chưa trả lời; 1 ngày vắng"
    rules = {"four_eyes": False, "pays_on_school_word": True}
    assert (await world.as_("admin").put("/v1/provinces/56/publishing", json=rules)).status_code == 200
    assert (await compute(world))["total_vnd"] == 3_060_000 + 100_000 + 50_000
    statement = (await world.as_("finance").get(path)).json()
    assert [each["is_paid"] for each in statement["school_word_days"]] == [True]
    assert statement["unpaid_persons"] == []
    workbook = f"/v1/campaigns/{world.campaign_id}/allowances.xlsx?month={MONTH}"
    book = openpyxl.load_workbook(io.BytesIO((await world.as_("finance").get(workbook)).content))
    rows = [[cell.value for cell in row] for row in book["Chỉ trường xác nhận"].iter_rows(min_row=5)]
    assert rows[0] == [1, "Đỗ Giang", "Trường Cao đẳng Y tế", "10/10", 1, "Có"]
    async with world.session() as session:
        said = await session.get_one(ServiceDay, {"campaign_id": world.campaign_id} | key)
        said.commune_outcome = "present"
    await world.as_("admin").put("/v1/provinces/56/publishing", json=rules | {"pays_on_school_word": False})
    assert (await compute(world))["total_vnd"] == 3_210_000, "the commune confirmed it late: paid, whatever the policy"
    assert (await world.as_("finance").get(path)).json()["school_word_days"] == []
