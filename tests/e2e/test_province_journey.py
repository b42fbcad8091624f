"""Home Affairs, in a real browser on the real stack: from needs to a published plan and the calls that follow."""

import pytest

from tests.e2e.conftest import MakeVisitor, Visitor
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]


def ask_for_run(officer: Visitor, running: PortalStack, scenario: str) -> None:
    """Asked for, followed to its end."""
    officer.go(f"/campaigns/{running.campaign_id}/runs")
    officer.page.get_by_label("Tên kịch bản").fill(scenario)
    officer.page.get_by_label("Thời gian tính tối đa").fill("20")
    officer.press("Bắt đầu tính")
    officer.page.wait_for_url("**/runs/*")
    officer.page.get_by_role("heading", name="Chứng nhận").wait_for(timeout=120_000)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_plan_is_computed_compared_approved_and_published(
    visit: MakeVisitor, running: PortalStack, scripts: bool
) -> None:
    officer = visit("admin", scripts=scripts)
    officer.go(f"/campaigns/{running.campaign_id}/needs?q=xa")
    assert "ngày công cần mỗi tuần" in officer.text()
    ask_for_run(officer, running, f"Thử {'có' if scripts else 'không'} script")
    assert "Tối ưu, đã chứng minh" in officer.text()
    officer.press("So sánh")
    officer.page.get_by_role("heading", name="So sánh hai kịch bản").wait_for()

    officer.go(f"/campaigns/{running.campaign_id}")
    officer.page.locator("tr", has_text="Dự thảo").first.get_by_role("link").click()
    officer.page.locator("figure.map svg").wait_for()
    assert officer.page.locator("figure.map a").count() >= len(running.campaign.communes)
    officer.page.locator("#results").get_by_role("link").first.click()
    assert "Ai chịu trách nhiệm" in officer.text()
    officer.page.go_back()

    officer.follow("Duyệt, công bố")
    officer.press("Duyệt phương án này")
    officer.page.get_by_text("Chưa ai được báo gì").wait_for()
    officer.page.get_by_label("Tôi xác nhận gửi").check()
    officer.press("Công bố và gửi")
    officer.page.get_by_role("status").get_by_text("Đã công bố phương án số").wait_for()
    assert "chưa trả lời" in officer.text()
    assert officer.complaints == []


def test_a_run_shows_itself_live_and_can_be_stopped(visit: MakeVisitor, running: PortalStack) -> None:
    """The worker stands still meanwhile: a small campaign is solved sooner than anybody presses a button."""
    officer = visit("admin")
    running.stack.pause("matching-worker-1")
    try:
        officer.go(f"/campaigns/{running.campaign_id}/runs")
        officer.page.get_by_label("Tên kịch bản").fill("Theo dõi trực tiếp")
        officer.press("Bắt đầu tính")
        officer.page.wait_for_url("**/runs/*")
        officer.page.get_by_role("heading", name="Đang tính").wait_for()
        officer.press("Dừng, giữ phương án tốt nhất")
        officer.page.get_by_role("status").wait_for()
    finally:
        running.stack.resume("matching-worker-1")
    officer.page.locator("div.head .tag", has_text="Đã dừng").wait_for(timeout=60_000)
    assert ("Xem phương án" in officer.text()) != ("Đã dừng trước khi tìm được phương án nào" in officer.text())


def test_publishing_needs_the_box_that_names_the_numbers(visit: MakeVisitor, running: PortalStack) -> None:
    """Without JavaScript and without the browser's own check, too."""
    officer = visit("admin", scripts=False)
    ask_for_run(officer, running, "Chưa đánh dấu")
    officer.follow("Xem phương án")
    officer.follow("Duyệt, công bố")
    officer.press("Duyệt phương án này")
    officer.page.locator("form[action$='/publish']").evaluate("form => form.noValidate = true")
    officer.press("Công bố và gửi")
    assert "Hãy đánh dấu vào ô xác nhận" in officer.text()
