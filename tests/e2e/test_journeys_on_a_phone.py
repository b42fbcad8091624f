"""On a phone of 360 px: a commune declares and reads its week, a school sends its list, Home Affairs reads a plan."""

import pytest

from tests.e2e.conftest import MakeVisitor, Visitor
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def fits(visitor: Visitor) -> bool:
    """Nothing is to be scrolled sideways to."""
    return int(visitor.page.evaluate(OVERFLOW)) <= 1


def test_a_commune_declares_its_need_and_reads_who_comes(visit: MakeVisitor, running: PortalStack) -> None:
    officer = visit("commune_officer", phone=True)
    officer.go(f"/campaigns/{running.campaign_id}/needs/{running.commune_code}")
    officer.page.get_by_label("Số người: Số hóa hồ sơ").fill("2")
    officer.page.get_by_label("Ngày mỗi tuần: Số hóa hồ sơ").fill("2")
    assert fits(officer)
    officer.press("Lưu và gửi Sở Nội vụ")
    officer.page.get_by_role("status").get_by_text("Đã gửi nhu cầu").wait_for()
    officer.follow("Việc của tôi")
    assert fits(officer)
    officer.follow("Xem lịch tuần")
    officer.page.get_by_role("heading", name="Ai đến").wait_for()
    assert fits(officer)
    officer.go(f"/campaigns/{running.campaign_id}/blockers")
    officer.page.get_by_label("Vướng gì, từ bao giờ").fill("Máy in hỏng")
    officer.press("Nêu vướng mắc")
    officer.page.wait_for_url("**/blockers/*-*")
    assert fits(officer)
    assert officer.complaints == []


def test_a_school_sends_its_list_and_opens_the_call_list(visit: MakeVisitor, running: PortalStack) -> None:
    school = visit("school_coordinator", phone=True)
    school.follow("Danh sách")
    school.page.set_input_files("#file", str(next(running.rosters.glob("HVHQ.*"))))
    school.press("Gửi và xem trước")
    school.page.wait_for_url("**/lists/*-*")
    school.page.get_by_role("heading", name="Xem trước từng dòng").wait_for()
    assert fits(school)
    school.go(f"/plans/{running.published['id']}/answers")
    assert school.page.locator("a[href^='tel:']").count() > 0
    assert fits(school)


def test_home_affairs_read_the_plan_and_who_is_told(visit: MakeVisitor, running: PortalStack) -> None:
    office = visit("admin", phone=True)
    for page in ("", "/people", "/delivery", "/worth", "/decision"):
        office.go(f"/plans/{running.published['id']}{page}")
        assert fits(office), page
    office.go(f"/plans/{running.published['id']}/communes/{running.campaign.communes[0].code}")
    office.page.get_by_role("heading", name="Ai chịu trách nhiệm").wait_for()
    assert fits(office)
