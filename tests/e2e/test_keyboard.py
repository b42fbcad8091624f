"""By keyboard alone: from the front page to a commune of the plan, and back to the top, with the focus always seen."""

import pytest

from tests.e2e.acting import BY_KEYBOARD
from tests.e2e.conftest import MakeVisitor
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]
FOCUS = """() => {
  const on = document.activeElement;
  if (on === document.body) return '';
  return (on.innerText || on.getAttribute('aria-label') || on.labels?.[0]?.innerText || '').trim();
}"""


def test_a_commune_of_the_plan_is_reached_by_keyboard_alone(visit: MakeVisitor, running: PortalStack) -> None:
    officer = visit("admin", BY_KEYBOARD)
    officer.page.keyboard.press("Tab")
    assert officer.page.evaluate(FOCUS) == "Đến nội dung chính", "the first step skips the menu"
    officer.page.keyboard.press("Enter")
    officer.follow("Xem phương án đang có hiệu lực")
    officer.page.locator("figure.map svg").wait_for()
    officer.page.locator("figure.map a").first.focus()
    seen = officer.page.evaluate("() => getComputedStyle(document.activeElement.querySelector('path')).strokeWidth")
    assert seen != "1px", "the commune that has the focus is outlined"
    officer.page.keyboard.press("Enter")
    officer.page.get_by_role("heading", name="Ai chịu trách nhiệm").wait_for()
    assert running.published["version"] == 1


def test_a_list_drawn_anew_leaves_the_keyboard_on_its_row(visit: MakeVisitor, running: PortalStack) -> None:
    officer = visit("admin", BY_KEYBOARD)
    officer.go(f"/campaigns/{running.campaign_id}/needs")
    row = officer.page.locator("#results tbody a").last
    href = row.get_attribute("href")
    row.evaluate("link => { link.id = 'drawn-before'; link.focus(); }")
    officer.page.evaluate("document.querySelector('form.filters').requestSubmit()")
    officer.page.locator("#drawn-before").wait_for(state="detached")
    officer.page.locator(f"#results tbody a[href='{href}']:focus").wait_for()
