"""By keyboard alone: from the front page to a commune of the plan, and back to the top, with the focus always seen."""

import pytest

from tests.e2e.conftest import MakeVisitor, Visitor
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]
FOCUS = """() => {
  const on = document.activeElement;
  if (on === document.body) return '';
  return (on.innerText || on.getAttribute('aria-label') || on.labels?.[0]?.innerText || '').trim();
}"""
MOST_STEPS = 60


def tab_to(visitor: Visitor, words: str) -> None:
    """Tab until what has the focus says these words; fails when nothing does."""
    page = visitor.page
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if words in page.evaluate(FOCUS):
            return
    raise AssertionError(f"no step of {MOST_STEPS} leads to {words!r}")


def test_a_commune_of_the_plan_is_reached_by_keyboard_alone(visit: MakeVisitor, running: PortalStack) -> None:
    officer = visit("admin")
    officer.page.keyboard.press("Tab")
    assert officer.page.evaluate(FOCUS) == "Đến nội dung chính", "the first step skips the menu"
    officer.page.keyboard.press("Enter")
    tab_to(officer, "Xem phương án đang có hiệu lực")
    officer.page.keyboard.press("Enter")
    officer.page.locator("figure.map svg").wait_for()
    officer.page.locator("figure.map a").first.focus()
    seen = officer.page.evaluate("() => getComputedStyle(document.activeElement.querySelector('path')).strokeWidth")
    assert seen != "1px", "the commune that has the focus is outlined"
    officer.page.keyboard.press("Enter")
    officer.page.get_by_role("heading", name="Ai chịu trách nhiệm").wait_for()
    assert running.published["version"] == 1


def test_a_commune_declares_its_need_by_keyboard_alone(visit: MakeVisitor) -> None:
    officer = visit("commune_officer")
    tab_to(officer, next(words for words in ("Khai và gửi", "Xem hoặc sửa") if words in officer.text()))
    officer.page.keyboard.press("Enter")
    officer.page.get_by_role("heading", name="Nhu cầu của").wait_for()
    tab_to(officer, "Số người: Số hóa hồ sơ")
    officer.page.keyboard.type("2")
    officer.page.keyboard.press("Tab")
    officer.page.keyboard.type("3")
    tab_to(officer, "Lưu và gửi Sở Nội vụ")
    officer.page.keyboard.press("Enter")
    officer.page.get_by_role("status").get_by_text("Đã gửi nhu cầu").wait_for()
    assert officer.list_violations() == []


def test_a_schools_list_is_sent_and_looked_at_by_keyboard_alone(visit: MakeVisitor, running: PortalStack) -> None:
    school = visit("school_coordinator")
    school.go(f"/schools/{running.school_id}/lists")
    tab_to(school, "Gửi danh sách mới")
    with school.page.expect_file_chooser() as chooser:
        school.page.keyboard.press("Enter")
    chooser.value.set_files(next(running.rosters.glob("HVHQ.*")))
    tab_to(school, "Gửi và xem trước")
    school.page.keyboard.press("Enter")
    school.page.wait_for_url("**/lists/*-*")
    school.page.get_by_role("heading", name="Xem trước từng dòng").wait_for()
    tab_to(school, "Việc của tôi")
    school.page.keyboard.press("Enter")
    school.page.get_by_role("heading", name="Việc").first.wait_for()
