"""Home Affairs changes a plan by hand: the cost first, then the change with its reason; undone, done again."""

import pytest

from tests.e2e.conftest import MakeVisitor, Visitor
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]


def choose_second(officer: Visitor, label: str) -> str:
    """The first choice that is one, by keyboard; returns its words."""
    choice = officer.page.get_by_label(label, exact=True)
    choice.focus()
    choice.press("ArrowDown")
    words: str = choice.evaluate("choice => choice.selectedOptions[0].textContent")
    return words


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_person_is_moved_with_the_cost_shown_first_and_moved_back(
    visit: MakeVisitor, running: PortalStack, scripts: bool
) -> None:
    officer = visit("admin", scripts=scripts)
    officer.go(f"/plans/{running.published['id']}/edit?kind=swap_communes")
    officer.follow("Cho thôi")
    person = choose_second(officer, "Ai thôi").split(" · ")[0]
    officer.press("Xem trước")
    officer.page.get_by_role("heading", name="Nếu sửa như vậy").wait_for()
    assert "quãng đường (km)" in officer.text(), "every level is shown"
    assert person in officer.page.locator("#preview").inner_text()
    assert "Chưa sửa lần nào" in officer.text(), "nothing was changed by looking"
    officer.page.get_by_label("Lý do").fill("Trường xin đổi người")
    officer.press("Sửa như vậy")

    officer.page.get_by_role("status").get_by_text("nên thay đổi nằm ở dự thảo").wait_for()
    assert f"{person} thôi phục vụ" in officer.text()
    assert "Trường xin đổi người" in officer.text()
    officer.press("Hoàn tác lần sửa gần nhất")
    officer.page.get_by_role("status").get_by_text("Đã hoàn tác.").wait_for()
    officer.press("Làm lại")
    officer.page.get_by_role("status").get_by_text("Đã làm lại.").wait_for()
    officer.follow("Duyệt, công bố")
    officer.press("Bỏ dự thảo")
    officer.page.get_by_role("status").get_by_text("Đã bỏ dự thảo.").wait_for()
    assert officer.complaints == []
