"""A commune's officer: who comes when, who came (the network cut), what one is stuck with, how good the help was."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import asyncpg
import pytest

from tests.e2e.acting import EACH_WAY, WAYS, Way
from tests.e2e.conftest import MakeVisitor, Visitor
from tests.e2e.test_province_journey import declare_need
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]
TICKS = 200
SERVICES = ("roster-api", "portal")
NO_NETWORK = "net::ERR_INTERNET_DISCONNECTED"


async def come_to_pass(running: PortalStack) -> date:
    """Days of service were twenty weeks earlier, in the officer's commune, and whoever came in the first week came
    daily; its first day."""
    database = await asyncpg.connect(running.stack.postgres.owner_url("roster").replace("+asyncpg", ""))
    try:
        await database.execute(
            "update roster.service_days set serves_on = serves_on - 140, commune_code = $1 "
            "where serves_on > (now() at time zone 'Asia/Ho_Chi_Minh')::date",
            running.commune_code,
        )
        first: date = await database.fetchval("select min(serves_on) from roster.service_days")
        await database.execute(
            "insert into roster.service_days (campaign_id, volunteer_id, serves_on, plan_id, school_id, commune_code) "
            "select distinct campaign_id, volunteer_id, $1::date + day, plan_id, school_id, commune_code "
            "from roster.service_days, generate_series(0, 4) day where serves_on < $1::date + 5 on conflict do nothing",
            first - timedelta(days=first.weekday()),
        )
        return first
    finally:
        await database.close()


@contextmanager
def both_services_killed(running: PortalStack) -> Iterator[None]:
    """They answer again afterwards."""
    for service in SERVICES:
        running.loop.do(running.stack.kill_and_keep_down(service))
    try:
        yield
    finally:
        for service in SERVICES:
            running.loop.do(running.stack.bring_back(service))


async def count_ticks(running: PortalStack) -> int:
    database = await asyncpg.connect(running.stack.postgres.owner_url("roster").replace("+asyncpg", ""))
    try:
        return int(await database.fetchval("select count(*) from roster.attendance_ticks"))
    finally:
        await database.close()


def kept(visitor: Visitor) -> str:
    storage: str = visitor.page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    return storage


def test_two_hundred_ticks_outlive_the_network_and_both_services_and_no_name_stays_in_the_browser(
    visit: MakeVisitor, running: PortalStack
) -> None:
    first = running.loop.do(come_to_pass(running))
    officer = visit("commune_officer")
    assert "Điểm danh" in officer.text()
    officer.go(f"/campaigns/{running.campaign_id}/attendance/{running.commune_code}?on={first}")
    assert officer.list_axe() == []
    names = officer.page.locator("tbody th").all_inner_texts()
    present = officer.page.locator("input[type=radio][value=present]")
    assert present.count() >= TICKS, (first, officer.page.url)

    officer.page.context.set_offline(True)
    officer.page.locator("input[type=radio][value=absent]").first.check()
    officer.page.get_by_text("Vắng thì cần lý do").wait_for()
    assert kept(officer) == "{}", "no word yet, and the page does not say that everything is sent"
    present.evaluate_all("(boxes, many) => boxes.slice(0, many).forEach(box => box.click())", TICKS)
    officer.see(f"{TICKS} lượt chưa gửi")
    assert not any(name.split("\n")[0] in kept(officer) for name in names), "no name stays in the browser"
    with both_services_killed(running), officer.page.expect_event("requestfailed"):
        officer.page.context.set_offline(False)
        officer.see(f"{TICKS} lượt chưa gửi")
    officer.see("Mọi lượt đã gửi", seconds=60)
    assert running.loop.do(count_ticks(running)) == TICKS
    assert kept(officer) == "{}"
    officer.page.reload()
    assert officer.page.locator("input[value=present]:checked").count() == TICKS
    assert running.loop.do(count_ticks(running)) == TICKS


def test_a_blocker_is_raised_solved_and_confirmed_and_the_help_is_rated(
    visit: MakeVisitor, running: PortalStack
) -> None:
    running.loop.do(come_to_pass(running))
    officer = visit("commune_officer")
    officer.go(f"/campaigns/{running.campaign_id}/blockers")
    officer.page.get_by_label("Vướng gì, từ bao giờ").fill("Máy chủ một cửa không đăng nhập được")
    officer.press("Nêu vướng mắc")
    officer.page.wait_for_url("**/blockers/*-*")
    address = officer.page.url.removeprefix(running.url)
    overseer = visit("overseer")
    overseer.go(address)
    overseer.page.get_by_label("Lời của bạn").fill("Đã cấp lại mật khẩu")
    overseer.press("Đã giải quyết")
    overseer.page.get_by_role("status").get_by_text("Đã ghi").wait_for()
    officer.go(address)
    officer.press("Xác nhận đã xong")
    officer.page.get_by_role("status").wait_for()
    assert "Đã xong" in officer.text()


@EACH_WAY
def test_a_commune_goes_from_its_need_to_its_marks(visit: MakeVisitor, running: PortalStack, way: Way) -> None:
    officer = visit("commune_officer", way)
    declare_need(officer, running)
    officer.follow("Việc của tôi")
    officer.follow("Xem lịch tuần")
    officer.page.get_by_role("heading", name="Ai đến").wait_for()
    monday = running.loop.do(come_to_pass(running)) + timedelta(weeks=1 + WAYS.index(way))
    officer.go(f"/campaigns/{running.campaign_id}/attendance/{running.commune_code}?on={monday}")
    take_attendance(officer, way)
    officer.hand.touch(officer.page.locator("nav.trail a"))
    officer.follow("Vướng mắc")
    officer.write("Vướng gì, từ bao giờ", "Máy chủ một cửa không đăng nhập được")
    officer.press("Nêu vướng mắc")
    officer.see("đang giữ")
    officer.hand.touch(officer.page.locator("nav.trail a"))
    officer.follow("Đánh giá")
    rate(officer, WAYS.index(way))
    assert [words for words in officer.complaints if NO_NETWORK not in words] == []
    assert officer.list_violations() == []


def rate(officer: Visitor, number: int) -> None:
    """One of those who came."""
    rated = officer.page.locator("details:has(select[name=help])").nth(number)
    if rated.get_attribute("open") is None:
        officer.hand.touch(rated.locator("summary"))
    for mark in ("help", "attitude", "skill"):
        officer.hand.choose(rated.locator(f"select[name={mark}]"), "5")
    officer.hand.touch(rated.get_by_role("button"))
    rated.locator("summary").get_by_text("đã đánh giá").wait_for()


def take_attendance(officer: Visitor, way: Way) -> None:
    """Somebody came, somebody did not; with scripts while there is no network, and sent when it is back."""
    absent = officer.page.locator("input[type=radio][value=absent]").nth(1)
    reason = officer.page.locator("input[name^='reason/']").nth(1)
    officer.page.context.set_offline(way.scripts)
    officer.hand.touch(officer.page.locator("input[type=radio][value=present]"))
    officer.hand.touch(absent)
    if not way.scripts:
        officer.press("Ghi điểm danh")
        officer.see("1 lượt vắng chưa có lý do")
        officer.hand.touch(absent)
    officer.hand.write(reason, "Ốm")
    if not way.scripts:
        officer.press("Ghi điểm danh")
        officer.see("Đã ghi 1 lượt")
        return
    officer.page.keyboard.press("Tab")  # the next field, on a phone, too
    officer.see("2 lượt chưa gửi")
    officer.page.context.set_offline(False)
    officer.see("Mọi lượt đã gửi")
