"""The portal killed, or frozen, while a form is sent: what was typed stays, with words, and is done once afterwards."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import MakeVisitor, Visitor
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]
AWAY = "#portal-away:not([hidden])"


@pytest.fixture
def officer(visit: MakeVisitor, running: PortalStack) -> Iterator[Visitor]:
    """Somebody of a commune about to raise a blocker; the portal answers again afterwards."""
    made = visit("commune_officer")
    made.go(f"/campaigns/{running.campaign_id}/blockers")
    yield made
    running.stack.resume("portal")
    running.loop.do(running.stack.wait_ready())


def raised(running: PortalStack, words: str) -> int:
    """How many blockers say so."""
    path = f"/v1/campaigns/{running.campaign_id}/blockers"
    answer: Any = running.loop.do(running.campaign.roster.get(path, params={"limit": 200}))
    return sum(each["words"] == words for each in answer.json()["items"])


def test_a_cookie_copied_before_signing_out_opens_nothing_after_the_portal_started_anew(
    officer: Visitor, running: PortalStack
) -> None:
    copied = {each["name"]: each["value"] for each in officer.page.context.cookies() if each["name"] == "session"}
    with httpx.Client(base_url=running.url, cookies=copied, timeout=60) as thief:
        assert thief.get("/campaigns").status_code == 200
        officer.press("Đăng xuất")
        officer.page.wait_for_url("**/sign-in")
        running.loop.do(running.stack.kill_and_keep_down("portal"))
        running.loop.do(running.stack.bring_back("portal"))
        again = httpx.get(f"{running.url}/campaigns", cookies=copied, timeout=60)
    assert (again.status_code, again.headers["location"]) == (303, "/sign-in?next=/campaigns")


def test_what_was_typed_stays_while_the_portal_is_down_and_is_done_once_when_it_is_back(
    officer: Visitor, running: PortalStack
) -> None:
    words = "Mất mạng từ sáng: đang gõ thì máy chủ tắt"
    officer.page.locator("#words").fill(words)
    running.loop.do(running.stack.kill_and_keep_down("portal"))
    officer.press("Nêu vướng mắc")
    expect(officer.page.locator(AWAY)).to_contain_text("những gì bạn đã nhập vẫn còn")
    assert officer.page.locator("#words").input_value() == words
    assert raised(running, words) == 0
    running.loop.do(running.stack.bring_back("portal"))
    officer.press("Nêu vướng mắc")
    officer.page.wait_for_url("**/blockers/*-*")
    assert raised(running, words) == 1


def test_a_portal_that_is_silent_is_named_too_and_takes_nothing(officer: Visitor, running: PortalStack) -> None:
    words = "Mất mạng từ sáng: máy chủ không nói gì"
    officer.page.clock.install()
    officer.page.locator("#words").fill(words)
    running.stack.pause("portal")
    with officer.page.expect_request("**/health"):
        officer.press("Nêu vướng mắc")
    officer.page.clock.fast_forward(11_000)
    expect(officer.page.locator(AWAY)).to_be_visible()
    assert officer.page.locator("#words").input_value() == words
    assert raised(running, words) == 0


def test_killed_with_the_form_done_and_not_answered_loading_again_does_it_no_second_time(
    officer: Visitor, running: PortalStack
) -> None:
    words = "Mất mạng từ sáng: đã ghi mà chưa ai trả lời"

    def kill_before_the_answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            running.loop.do(running.stack.kill_and_keep_down("portal"))
            route.abort("connectionreset")
        else:
            route.continue_()

    officer.page.route("**/blockers", kill_before_the_answer)
    officer.page.locator("#words").fill(words)
    with officer.page.expect_event("requestfailed"):
        officer.press("Nêu vướng mắc")
    officer.page.unroute("**/blockers")
    running.loop.do(running.stack.bring_back("portal"))
    officer.page.reload()
    officer.page.wait_for_url("**/blockers/*-*")
    assert raised(running, words) == 1
