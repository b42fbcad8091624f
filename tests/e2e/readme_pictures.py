"""Run by `make pictures` beside a `make demo` that is up: the README's pictures of the portal, into docs/images."""

import json
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.conftest import PHONE, launch

PORTAL = Path("demo-output/portal.json")
IMAGES = Path("docs/images")
WIDE = {"width": 1180, "height": 860}


def take(browser: Browser, name: str, *, sign_in: str, link: str | None, viewport: dict[str, int]) -> None:
    """Where signing in leads, or a link of the front page: as somebody sees it who was there before."""
    context = browser.new_context(viewport=viewport)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(sign_in)
    if link:
        page.goto(page.url.removesuffix(urlsplit(page.url).path))
        page.get_by_role("link", name=link).first.click()
        page.wait_for_load_state()
    page.goto(page.url)  # what explains the screen is folded now
    page.evaluate("document.fonts.ready")
    page.screenshot(path=IMAGES / f"{name}.png")
    context.close()


def main() -> None:
    roles = json.loads(PORTAL.read_text(encoding="utf-8"))["roles"]
    with sync_playwright() as driver:
        browser = launch(driver)
        take(browser, "portal", sign_in=roles["admin"]["sign_in"], link=None, viewport=WIDE)
        officer = roles["commune_officer"]["sign_in"]
        take(browser, "phone", sign_in=officer, link="Xem lịch tuần", viewport=PHONE)
        browser.close()


if __name__ == "__main__":
    main()
