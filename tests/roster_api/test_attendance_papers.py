"""The attendance sheet down and up, and the printed list: every cell is understood, or named and nothing recorded."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from roster_api.attendance.models import AttendanceTick
from roster_api.attendance.sign_in import draw_code

from tests.roster_api.month_world import come_to_pass, count_rows, list_days
from tests.roster_api.planning_world import World, planning_world


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        await made.make_published([(0, "C1", (0, 1)), (1, "C1", (0, 1)), (3, "C2", (0,))])
        await come_to_pass(made)
        yield made


def filled(content: bytes, answers: dict[int, tuple[str, str, str]]) -> bytes:
    """The sheet with (answer, reason, other) in the n-th line."""
    book = openpyxl.load_workbook(BytesIO(content))
    page = book["Điểm danh"]
    for number, texts in answers.items():
        for column, text in enumerate(texts):
            page.cell(5 + number, 5 + column, text)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


async def test_a_sheet_is_filled_in_sent_mended_and_sent_again(world: World) -> None:
    days = await list_days(world, commune_code="C1")
    span = {"first_on": str(days[0].serves_on), "last_on": str(days[-1].serves_on)}
    path = f"/v1/campaigns/{world.campaign_id}/attendance/C1"
    officer = world.as_("c1")
    sheet = (await officer.get(f"{path}/sheet.xlsx", params=span)).content
    page = openpyxl.load_workbook(BytesIO(sheet))["Điểm danh"]
    assert page.max_row == 4 + len(days)
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)

    async def send(content: bytes, who: str = "c1", commune: str = "C1") -> Any:
        address = f"/v1/campaigns/{world.campaign_id}/attendance/{commune}/sheet"
        return await world.as_(who).post(address, files={"file": ("phieu.xlsx", content)})

    wrong = filled(sheet, {0: ("Có", "", ""), 1: ("có lẽ", "", ""), 2: ("Vắng", "", ""), 3: ("Thay", "", "Không Ai")})
    refused = await send(wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, "attendance_sheet.not_understood")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/Điểm danh/E6", "/Điểm danh/F7"]
    unknown = await send(filled(sheet, {3: ("Thay", "", "Không Ai")}))
    assert [error["pointer"] for error in unknown.json()["errors"]] == ["/Điểm danh/G8"]
    assert await count_rows(world, AttendanceTick) == 0, "nothing of a sheet with a fault"
    good = filled(sheet, {0: ("có", "", ""), 1: ("X", "", ""), 2: ("Vắng", "Ốm", ""), 3: ("Thay", "", "Lê Cẩm Châu")})
    assert (await send(good)).json()["recorded"] == 4
    assert (await send(good)).json()["items"] == [], "said before"
    again = (await officer.get(f"{path}/sheet.xlsx", params=span)).content
    assert (await send(filled(again, {2: ("Có", "", "")}))).json()["recorded"] == 1, "one line was mended"
    outcomes = [day.outcome for day in await list_days(world, commune_code="C1")][:4]
    assert sorted(filter(None, outcomes)) == ["present", "present", "present", "replaced"]
    assert (await send(b"a,b\n1,2\n")).json()["code"] == "attendance_sheet.not_ours"
    assert (await send(good, commune="C2")).status_code == 404
    assert (await send(good, who="s1")).status_code == 403


async def test_the_list_to_sign_names_the_days_and_carries_a_code(world: World) -> None:
    days = await list_days(world, commune_code="C1")
    span = {"first_on": str(days[0].serves_on), "last_on": str(days[-1].serves_on)}
    path = f"/v1/campaigns/{world.campaign_id}/attendance"
    page = await world.as_("c1").get(f"{path}/C1/sign-in.html", params=span)
    assert page.status_code == 200
    assert page.text.count("Nguyễn Văn An") == len([d for d in days if d.volunteer_id == world.volunteer_ids[0]])
    assert "<svg" in page.text
    assert "+84" not in page.text
    assert "style-src 'nonce-" in page.headers["content-security-policy"]
    assert (await world.as_("c1").get(f"{path}/C2/sign-in.html", params=span)).status_code == 404
    too_long = await world.as_("c1").get(f"{path}/C1/sheet.xlsx", params=span | {"first_on": "2020-01-01"})
    assert too_long.json()["code"] == "attendance_sheet.too_long"
    assert draw_code("https://cong.example.vn/a") != draw_code("https://cong.example.vn/b")
