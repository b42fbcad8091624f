"""Run by `make screens`: pictures of every screen, in both languages, on a desktop and on a phone, into screens/."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.conftest import DESKTOP, PHONE, launch
from tests.e2e.walking import kind_of, walk
from tests.e2e.world import ROLES, PortalStack, portal_stack

FOLDER = Path("screens")
GUIDE = {"width": 900, "height": 620}


def preview_of(running: PortalStack) -> str:
    """Two communes of the campaign, about to change their schools."""
    one, two = (each.code for each in running.campaign.communes[:2])
    return f"/plans/{running.published['id']}/edit?kind=swap_communes&commune_code={one}&other_code={two}"


def list_guide(running: PortalStack) -> Iterator[tuple[str, str, str]]:
    """(role, name, path) of the pictures in docs/guide, which are committed."""
    plan = f"/plans/{running.published['id']}"
    yield "school_coordinator", "lists", f"/schools/{running.school_id}/lists"
    yield "school_coordinator", "answers", f"{plan}/answers"
    yield "commune_officer", "need", f"/campaigns/{running.campaign_id}/needs/{running.commune_code}"
    yield "admin", "week", f"{plan}/week/{running.campaign.communes[0].code}"


def take_guide(browser: Browser, running: PortalStack) -> int:
    """What one sees without scrolling, in Vietnamese; small enough to be printed in a column."""
    (FOLDER / "guide").mkdir()
    for role, name, path in list_guide(running):
        context = browser.new_context(viewport=GUIDE)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(running.sign_in(role))
        for _ in range(2):  # what explains the screen is folded at the second visit
            page.goto(f"{running.url}{path}")
        page.evaluate("document.fonts.ready")
        page.screenshot(path=FOLDER / "guide" / f"{name}.png")
        context.close()
    return len(list(list_guide(running)))


def take_all(browser: Browser, running: PortalStack) -> int:
    """One page of each kind that links lead somebody of each role to; a page that several see is taken once."""
    taken: set[str] = set()
    for language in ("vi", "en"):
        for width, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
            for role in ROLES:
                context = browser.new_context(viewport=viewport)  # type: ignore[arg-type]
                context.add_cookies([{"name": "language", "value": language, "url": running.url}])
                page = context.new_page()
                page.goto(running.sign_in(role))
                for path, _ in walk(page, running.url):
                    taken |= take(page, f"{name_of(path, role)}-{language}-{width}", taken=taken)
                if role == "admin":
                    page.goto(f"{running.url}{preview_of(running)}")
                    taken |= take(page, f"edit-preview-{language}-{width}", taken=taken)
                context.close()
    return len(taken)


def name_of(path: str, role: str) -> str:
    """Of the picture: the address, "one" for what differs from object to object; each role has its own first page."""
    return kind_of(path).strip("/").replace("*", "one").replace("/", "-") or f"work-of-{role}"


def take(page: Page, name: str, *, taken: set[str]) -> set[str]:
    if name in taken:
        return set()
    page.evaluate("document.fonts.ready")
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)
    return {name}


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with portal_stack() as running, sync_playwright() as driver:
        browser = launch(driver)
        taken = take_all(browser, running) + take_guide(browser, running)
        browser.close()
    print(f"{taken} pictures in {FOLDER}/")  # noqa: T201 - what the command is for


if __name__ == "__main__":
    main()
