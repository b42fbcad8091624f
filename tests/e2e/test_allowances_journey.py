"""A month's allowances: the commune confirms, Finance sets a rate and computes, the school checks, Finance pays."""

from collections.abc import Iterator
from datetime import date, timedelta

import asyncpg
import pytest

from tests.e2e.conftest import MakeVisitor, Visitor
from tests.e2e.test_commune_journey import come_to_pass
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]


async def move_campaign(running: PortalStack, by: timedelta) -> None:
    database = await asyncpg.connect(running.stack.postgres.owner_url("roster").replace("+asyncpg", ""))
    try:
        await database.execute(
            "update roster.campaigns set starts_on = starts_on + $1::int, ends_on = ends_on + $1::int where id = $2",
            by.days,
            running.campaign_id,
        )
    finally:
        await database.close()


async def forget_words(running: PortalStack) -> None:
    """Nobody has said anything of any day: as the tests that follow upon the same stack expect it."""
    database = await asyncpg.connect(running.stack.postgres.owner_url("roster").replace("+asyncpg", ""))
    try:
        await database.execute("delete from roster.attendance_ticks")
        await database.execute(
            "update roster.service_days set commune_outcome = null, outcome = null, served_by_volunteer_id = null,"
            " confirmed_at = null"
        )
    finally:
        await database.close()


@pytest.fixture
def first_day(running: PortalStack) -> Iterator[date]:
    """Service began twenty weeks earlier, as if the campaign had, too."""
    first = running.loop.do(come_to_pass(running))
    running.loop.do(move_campaign(running, timedelta(days=-140)))
    yield first
    running.loop.do(forget_words(running))
    running.loop.do(move_campaign(running, timedelta(days=140)))


def confirm_the_week(officer: Visitor, running: PortalStack, day: date) -> None:
    officer.go(f"/campaigns/{running.campaign_id}/attendance/{running.commune_code}?on={day}")
    for box in officer.page.locator("input[type=radio][value=present]").all():
        box.check()
    officer.press("Ghi điểm danh")


def test_a_month_is_computed_checked_approved_and_paid(
    visit: MakeVisitor, running: PortalStack, first_day: date
) -> None:
    confirm_the_week(visit("commune_officer"), running, first_day)
    finance = visit("finance", scripts=False)
    finance.go("/allowance-rates")
    finance.page.get_by_label("Mức (đồng)", exact=True).fill("150.000")
    finance.page.get_by_label("Từ ngày (dd/mm/yyyy)").fill("31/02/2026")
    finance.page.get_by_label("Căn cứ pháp lý").fill("Nghị quyết <b>mẫu</b>")
    finance.press("Đặt mức chi")
    assert "Có chỗ cần sửa" in finance.text()
    assert finance.page.get_by_label("Căn cứ pháp lý").input_value() == "Nghị quyết <b>mẫu</b>"
    finance.page.get_by_label("Từ ngày (dd/mm/yyyy)").fill("01/01/2026")
    finance.press("Đặt mức chi")
    assert "150.000" in finance.page.locator("tbody").inner_text()

    month = f"/campaigns/{running.campaign_id}/allowances?month={first_day.replace(day=1)}"
    finance.go(month)
    finance.press("Tính tháng này")
    assert "Đã tính" in finance.text()

    school = visit("school_coordinator")
    school.go(month)
    school.page.locator("#results").get_by_role("link").first.click()
    assert school.list_axe() == []
    assert "Không được chi, vì sao" in school.text() or "150.000" in school.text()
    address = school.page.url.removeprefix(running.url).partition("#")[0]
    school.press("Trường đã kiểm tra, đúng")
    school.page.get_by_text("chờ duyệt").first.wait_for()

    for button, state in (("Duyệt", "chờ chi"), ("Ghi là đã chi", "Đã chi")):
        finance.go(address)
        finance.press(button)
        assert state in finance.text()
    assert finance.page.request.get(f"{running.url}{month.replace('?', '.xlsx?')}").ok
    assert school.list_violations() == []
