"""Somebody cannot go: Home Affairs picks who steps in, sees who is told, and a version goes out, without scripts."""

from typing import Any

import pytest

from tests.e2e.conftest import MakeVisitor
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]


async def publish_with_reserves(running: PortalStack) -> dict[str, Any]:
    """A plan in weeks of its own that leaves people at home, and somebody whom one of them could replace."""
    campaign = running.campaign
    campaign_id = await campaign.open_campaign()
    roster = campaign.roster
    read = await roster.get(f"/v1/campaigns/{campaign_id}")
    policy = read.json()["policy"] | {"use": "need"}
    changed = await roster.patch(
        f"/v1/campaigns/{campaign_id}", json={"policy": policy}, headers={"If-Match": read.headers["ETag"]}
    )
    changed.raise_for_status()
    run = await campaign.wait_for_run(await campaign.ask_for_run(campaign_id))
    return await campaign.publish(run["id"])


def test_a_vacancy_is_filled_and_only_those_concerned_are_told(visit: MakeVisitor, running: PortalStack) -> None:
    plan = running.loop.do(publish_with_reserves(running))
    officer = visit("admin", scripts=False)
    officer.go(f"/plans/{plan['id']}/people")
    officer.page.locator("main table tbody th a").first.click()
    leaver = officer.page.get_by_role("heading", level=1).inner_text()
    officer.go(f"/plans/{plan['id']}/vacancies/{officer.page.url.rpartition('/')[2]}")
    officer.page.get_by_role("radio").first.wait_for(timeout=60_000)
    assert f"Tìm người thay {leaver}" in officer.text()
    newcomer = officer.page.locator("label:has(input[type=radio])").first.inner_text().partition(". ")[2]
    officer.page.get_by_role("radio").first.check()
    officer.page.get_by_label("Lý do").fill("Ốm; người thay đã đồng ý")
    officer.press("Tiếp: xem ai được báo")
    officer.page.get_by_text(f"{newcomer} thay {leaver}").wait_for()
    officer.page.get_by_role("checkbox").check()
    officer.press("Thay người và gửi tin")
    officer.page.get_by_role("status").get_by_text("bản công bố 2 có hiệu lực").wait_for()
    officer.page.get_by_role("searchbox").fill(newcomer)
    officer.press("Lọc")
    assert newcomer in officer.text()
    assert officer.complaints == []
