"""By keyboard alone: from the front page to a commune of the plan, and back to the top, with the focus always seen."""

import pytest

from tests.e2e.conftest import MakeVisitor, Visitor
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]
FOCUS = "() => (document.activeElement.innerText || document.activeElement.getAttribute('aria-label') || '').trim()"
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
