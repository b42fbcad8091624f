"""The page behind a personal link, as the link in a person's mail opens it: no sign-in, no script, one light page."""

from collections.abc import Iterator

import httpx
import pytest
from commune_demo.officer import find_answer_link
from commune_demo.sinks import read_inbox
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import AXE, PHONE
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(280)]
PAGE_BYTES = 30_000


@pytest.fixture
def links(running: PortalStack) -> list[str]:
    """Of everybody who was told, once all of it is out."""
    running.loop.do(running.campaign.wait_for_messages(running.published))
    return [link for mail in read_inbox(running.stack.inbox) if (link := find_answer_link(mail))]


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone whose browser runs no scripts."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def test_a_person_reads_where_and_when_and_confirms_without_scripts(phone: Page, links: list[str]) -> None:
    phone.goto(links[0])
    words = phone.locator("main").inner_text()
    assert all(part in words for part in ("Nơi đến", "Các ngày", "Liên hệ xã", "Liên hệ trường"))
    assert phone.locator("a[href^='tel:']").count() >= 2
    phone.get_by_role("button", name="Tôi xác nhận sẽ đi").click()
    phone.get_by_text("Bạn đã xác nhận sẽ đi").wait_for()


def test_a_person_who_cannot_go_says_why(phone: Page, links: list[str]) -> None:
    phone.goto(links[1])
    phone.get_by_text("Tôi không đi được").click()
    phone.get_by_label("Lý do").fill("Trùng lịch thi")
    phone.get_by_role("button", name="Báo không đi được").click()
    phone.get_by_text("Bạn đã báo không đi được").wait_for()


def test_the_page_is_light_and_axe_finds_nothing(browser: Browser, links: list[str]) -> None:
    assert len(httpx.get(links[2]).content) <= PAGE_BYTES
    context = browser.new_context(viewport=PHONE, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(links[2])
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [f"{rule['id']}: {node['html'][:120]}" for rule in found["violations"] for node in rule["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 1
    context.close()


def test_a_person_answers_by_keyboard_alone(browser: Browser, links: list[str]) -> None:
    page = browser.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
    page.goto(links[3])
    for _ in range(40):
        page.keyboard.press("Tab")
        if "Tôi xác nhận sẽ đi" in page.evaluate("document.activeElement.innerText"):
            break
    page.keyboard.press("Enter")
    page.get_by_text("Bạn đã xác nhận sẽ đi").wait_for()
    page.context.close()
