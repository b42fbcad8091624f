"""A commune's officer: who comes when, who came (the network cut), what one is stuck with, how good the help was."""

from datetime import date

import asyncpg
import pytest

from tests.e2e.conftest import MakeVisitor, Visitor
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]


async def come_to_pass(running: PortalStack) -> date:
    """Days of service were twenty weeks earlier, in the officer's commune; the first of them."""
    database = await asyncpg.connect(running.stack.postgres.owner_url("roster").replace("+asyncpg", ""))
    try:
        await database.execute(
            "update roster.service_days set serves_on = serves_on - 140, commune_code = $1 "
            "where serves_on > (now() at time zone 'Asia/Ho_Chi_Minh')::date",
            running.commune_code,
        )
        first: date = await database.fetchval("select min(serves_on) from roster.service_days")
        return first
    finally:
        await database.close()


async def count_ticks(running: PortalStack) -> int:
    database = await asyncpg.connect(running.stack.postgres.owner_url("roster").replace("+asyncpg", ""))
    try:
        return int(await database.fetchval("select count(*) from roster.attendance_ticks"))
    finally:
        await database.close()


def kept(visitor: Visitor) -> str:
    storage: str = visitor.page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    return storage


def test_what_is_ticked_without_a_network_arrives_once_and_no_name_stays_in_the_browser(
    visit: MakeVisitor, running: PortalStack
) -> None:
    first = running.loop.do(come_to_pass(running))
    officer = visit("commune_officer")
    assert "Điểm danh" in officer.text()
    officer.go(f"/campaigns/{running.campaign_id}/attendance/{running.commune_code}?on={first}")
    assert officer.list_axe() == []
    names = officer.page.locator("tbody th").all_inner_texts()
    present = officer.page.locator("input[type=radio][value=present]")
    ticked = present.count()
    assert ticked > 0, (first, officer.page.url, officer.text())

    officer.page.context.set_offline(True)
    officer.page.locator("input[type=radio][value=absent]").first.check()
    officer.page.get_by_text("Vắng thì cần lý do").wait_for()
    assert kept(officer) == "{}", "no word yet, and the page does not say that everything is sent"
    for number in range(ticked):
        present.nth(number).check()
    officer.page.get_by_text(f"{ticked} lượt chưa gửi").wait_for()
    assert not any(name.split("\n")[0] in kept(officer) for name in names), "no name stays in the browser"
    assert running.loop.do(count_ticks(running)) == 0
    officer.page.context.set_offline(False)
    officer.page.get_by_text("Mọi lượt đã gửi").wait_for()
    assert running.loop.do(count_ticks(running)) == ticked
    assert kept(officer) == "{}"
    officer.page.reload()
    assert officer.page.locator("input[value=present]:checked").count() == ticked
    assert running.loop.do(count_ticks(running)) == ticked


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

    officer.go(f"/campaigns/{running.campaign_id}/evaluation")
    for mark in ("help", "attitude", "skill"):
        officer.page.locator(f"details[open] select[name={mark}]").select_option("5")
    officer.press("Ghi đánh giá")
    officer.page.get_by_text("đã đánh giá").first.wait_for()
    assert officer.list_violations() == []


def test_the_same_is_ticked_without_scripts(visit: MakeVisitor, running: PortalStack) -> None:
    first = running.loop.do(come_to_pass(running))
    officer = visit("commune_officer", scripts=False)
    officer.go(f"/campaigns/{running.campaign_id}/attendance/{running.commune_code}?on={first}")
    officer.page.locator("input[type=radio][value=absent]").first.check()
    officer.press("Ghi điểm danh")
    assert "chưa có lý do" in officer.page.locator("body").inner_text()
    officer.page.locator("input[type=radio][value=absent]").first.check()
    officer.page.locator("input[name^='reason/']").first.fill("Ốm")
    officer.press("Ghi điểm danh")
    assert "Đã ghi 1 lượt" in officer.page.locator("body").inner_text()
