"""Needs by a sheet: the workbook says what is declared as the reader reads it, and what is sent is looked at."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from commune_portal.need_workbook import write_workbook
from roster_api.registers.declarations import NEEDS, columns_of_duties
from roster_api.rosters.reading.declared import read_declared
from roster_api.rosters.reading.opening import open_sheets

from tests.portal.test_editing import CAMPAIGN
from tests.portal.test_need_pages import DUTY, NEED
from tests.portal.test_records import COMMUNE, OTHER
from tests.portal.test_staff_pages import SHEET, SHEET_ID
from tests.portal.world import ADMIN, ASSIGNMENT, ME, ORIGIN, PortalWorld, portal_world

PAGE = "/campaigns/c1/needs-table"
LEADER = ME | {"assignments": [ASSIGNMENT | {"role": "leader", "scope_kind": "province", "scope_id": "56"}]}
KPI = DUTY | {"code": "kpi", "name_vi": "Đánh giá KPI", "name_en": "KPI"}
COMMUNES = [COMMUNE, OTHER, COMMUNE | {"code": "03127", "full_name": "=1+1"}]


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/duties"): (200, {"items": [DUTY], "total": 1}),
            ("GET", "/v1/communes"): (200, {"items": COMMUNES, "total": 3}),
            ("GET", "/v1/campaigns/c1"): (200, CAMPAIGN | {"id": "c1", "province_code": "56"}),
            ("GET", "/v1/campaigns/c1/needs"): (200, {"items": [NEED], "total": 1}),
        }
        yield made


async def send(world: PortalWorld, typed: dict[str, str], content: bytes) -> httpx.Response:
    files = {"file": ("n.xlsx", content)}
    return await world.client.post("/campaigns/c1/needs-sheet", data=typed, files=files, headers={"Origin": ORIGIN})


def need(**changes: Any) -> dict[str, Any]:
    items = [{"duty_code": DUTY["code"], "people": 2, "days_per_week": 3}]
    return {"lacks_it_staff": True, "presence": [1, 0, 0, 0, 2], "min_people": 4, "items": items} | changes


def test_the_workbook_is_read_back_as_what_was_declared() -> None:
    duties = [DUTY, KPI]
    known = {COMMUNES[0]["code"]: need(), COMMUNES[2]["code"]: need(items=[], min_people=None, presence=[0] * 5)}
    kind, sheets = open_sheets(write_workbook(COMMUNES, duties, known))
    names = [{name: duty[name] for name in ("code", "name_vi", "name_en")} for duty in duties]
    declared, silent, nobody = read_declared(sheets, (*NEEDS, *columns_of_duties(names))).rows
    assert (kind, declared.findings) == ("xlsx", [])
    duty = f"duty.{DUTY['code']}"
    assert (declared.values["commune"], declared.values[duty], declared.values["duty.kpi"]) == (
        COMMUNES[0]["code"],
        [2, 3],
        None,
    )
    assert [declared.values[day] for day in ("monday", "tuesday", "friday")] == [1, None, 2]
    assert (declared.values["min_people"], declared.values["lacks_it_staff"]) == (4, True)
    assert {name for name, value in silent.values.items() if value is not None} == {"commune", "commune_again"}
    assert (nobody.values["commune"], nobody.values["commune_again"], nobody.values[duty]) == ("03127", "=1+1", 0)


async def test_a_sheet_is_sent_for_its_campaign_and_looked_at_row_by_row(world: PortalWorld) -> None:
    assert "/campaigns/c1/needs-sheet.xlsx" in (await world.client.get(PAGE)).text
    workbook = await world.client.get("/campaigns/c1/needs-sheet.xlsx")
    assert workbook.content[:2] == b"PK"
    world.answers["POST", "/v1/provinces/56/registers/needs"] = (202, {"id": SHEET_ID})
    typed = await world.form_of(PAGE)
    sent = await send(world, typed, workbook.content)
    assert sent.headers["location"] == f"/staff/sheets/{SHEET_ID}"
    [asked] = [each for each in world.asked if each.method == "POST"]
    assert asked.url.params["campaign_id"] == "c1"
    items = [{"duty_code": DUTY["code"], "people": 2, "days_per_week": 3}]
    row = {
        "sheet": "DS", "row": 2, "status": "changed", "code": "22366", "name": "Phường Nha Trang", "findings": [],
        "values": need(items=items), "changes": {"items": [[], items]},
    }  # fmt: skip
    upload = SHEET | {
        "status": "in_review", "register_name": "needs", "campaign_id": "c1", "counts": {"changed": 1}, "refusal": None,
        "columns": [{"meaning": f"duty.{DUTY['code']}", "label": "Số hóa hồ sơ", "is_required": False}],
    }  # fmt: skip
    world.answers["GET", f"/v1/register-uploads/{SHEET_ID}"] = (200, upload)
    world.answers["GET", f"/v1/register-uploads/{SHEET_ID}/rows"] = (200, {"items": [row], "total": 1})
    page = re.sub(r"\s+", " ", (await world.client.get(f"/staff/sheets/{SHEET_ID}")).text)
    assert "Số hóa hồ sơ 2 × 3 <span" in page
    assert "trước đây: không cần ai" in page
    assert "/campaigns/c1/needs" in page


async def test_the_workbook_is_for_home_affairs(world: PortalWorld) -> None:
    world.answers["GET", "/v1/me"] = (200, LEADER)
    assert (await world.client.get("/campaigns/c1/needs-sheet.xlsx")).status_code == 404


async def test_a_refused_sheet_is_explained(world: PortalWorld) -> None:
    words = {"detail_vi": "Chiến dịch đã đóng.", "detail_en": "Closed.", "errors": []}
    world.answers["POST", "/v1/provinces/56/registers/needs"] = (409, words)
    typed = await world.form_of(PAGE)
    refused = await send(world, typed, b"x")
    assert (refused.status_code, "Chiến dịch đã đóng." in refused.text) == (409, True)
