"""Home Affairs, in a real browser on the real stack: from needs to a published plan and the calls that follow."""

import pytest

from tests.e2e.acting import BY_KEYBOARD, EACH_WAY, ON_A_PHONE, WITHOUT_SCRIPTS, Way
from tests.e2e.conftest import MakeVisitor, Visitor
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]


def ask_for_run(officer: Visitor, running: PortalStack, scenario: str) -> None:
    """Asked for, followed to its end."""
    officer.go(f"/campaigns/{running.campaign_id}/runs")
    officer.write("Tên kịch bản", scenario)
    officer.write("Thời gian tính tối đa", "20")
    officer.press("Bắt đầu tính")
    officer.page.get_by_role("heading", name="Chứng nhận").wait_for(timeout=120_000)


WEIGHED = {BY_KEYBOARD: ("free", "strict"), WITHOUT_SCRIPTS: ("priced", "free"), ON_A_PHONE: ("need", "people")}
"""The settings that each weighs: areas left off, priced, strict; how many people are used."""


@EACH_WAY
def test_home_affairs_go_from_the_needs_to_the_review(visit: MakeVisitor, running: PortalStack, way: Way) -> None:
    declare_need(visit("commune_officer"), running)
    officer = visit("admin", way)
    accept_need(officer, running)
    run_and_read(officer, running, f"Thử {way.name}")
    plan = officer.page.url
    weigh(officer, running, WEIGHED[way])
    officer.page.goto(plan)
    send_somebody_home(officer)
    publish(officer)
    read_the_month(officer)
    assert officer.complaints == []
    assert officer.list_violations() == []


def declare_need(commune: Visitor, running: PortalStack) -> None:
    """By the commune itself, another number than before, so that it waits for Home Affairs."""
    commune.go(f"/campaigns/{running.campaign_id}/needs/{running.commune_code}")
    before = commune.page.get_by_label("Số người: Số hóa hồ sơ").input_value()
    commune.write("Số người: Số hóa hồ sơ", str(1 + int(before or 0) % 4))
    commune.write("Ngày mỗi tuần: Số hóa hồ sơ", "2")
    commune.press("Lưu và gửi Sở Nội vụ")
    commune.see("Đã gửi nhu cầu")


def accept_need(officer: Visitor, running: PortalStack) -> None:
    officer.follow("Chiến dịch")
    officer.hand.touch(officer.page.locator(f"tbody a[href='/campaigns/{running.campaign_id}']"))
    officer.follow("xã, phường đã khai nhu cầu")
    officer.narrow("Tình trạng", "Chờ")
    officer.see("ngày công cần mỗi tuần")
    officer.hand.touch(officer.page.locator(f"a[href$='/needs/{running.commune_code}']"))
    officer.press("Chấp nhận nhu cầu")
    officer.see("Đã chấp nhận")


def run_and_read(officer: Visitor, running: PortalStack, scenario: str) -> None:
    """A run to its end, its map, and one commune with the reasons; ends on the plan."""
    ask_for_run(officer, running, scenario)
    officer.see("Tối ưu, đã chứng minh")
    officer.follow("Xem phương án")
    officer.page.locator("figure.map svg").wait_for()
    assert officer.page.locator("figure.map a").count() >= len(running.campaign.communes)
    plan = officer.page.url
    officer.hand.touch(officer.page.locator("#results a"))
    officer.see("Ai chịu trách nhiệm")
    officer.see("Vì sao không phải trường khác")
    officer.page.goto(plan)


def weigh(officer: Visitor, running: PortalStack, wanted: tuple[str, ...]) -> None:
    """Two settings side by side."""
    officer.go(f"/campaigns/{running.campaign_id}/scenarios")
    for box in officer.page.locator("input[name=wish]").all():
        if box.is_checked() != (box.get_attribute("value") in wanted):
            officer.hand.touch(box)
    officer.write("Thời gian tính tối đa mỗi lần", "5")
    officer.press("Bắt đầu so sánh")
    officer.see("Xem hai bản cạnh nhau", seconds=120)
    officer.hand.touch(officer.page.locator("a[href*='/compare/']"))
    officer.see("So sánh hai kịch bản")
    officer.see("Nếu công bố, ai được báo gì")


def send_somebody_home(officer: Visitor) -> None:
    """A change by hand: the cost first, then the change with its reason."""
    officer.follow("Sửa bằng tay")
    officer.follow("Cho thôi")
    officer.choose("Ai thôi", " · ")
    officer.press("Xem trước")
    officer.see("Nếu sửa như vậy")
    officer.see("quãng đường (km)")
    officer.write("Lý do", "Trường xin đổi người")
    officer.press("Sửa như vậy")  # the preview may show the same reason, of an earlier decision that this replaces
    officer.page.get_by_role("button", name="Hoàn tác lần sửa gần nhất").wait_for()
    officer.see("Trường xin đổi người")


def publish(officer: Visitor) -> None:
    officer.follow("Duyệt, công bố")
    officer.press("Duyệt phương án này")
    officer.see("Chưa ai được báo gì")
    officer.tick("Tôi xác nhận gửi")
    officer.press("Công bố và gửi")
    officer.see("Đã công bố phương án số")


def read_the_month(officer: Visitor) -> None:
    """The board of messages, who came, the report."""
    officer.follow("Tin đã gửi")
    officer.see("tin đã gửi, đã đến")
    officer.hand.touch(officer.page.locator("nav[aria-label] a[href^='/campaigns/']").last)
    officer.follow("Điểm danh")
    officer.page.get_by_role("heading", name="Điểm danh", level=1).wait_for()
    officer.follow("Tổng hợp")
    officer.follow("Báo cáo tổng kết")
    officer.see("Theo xã")


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
