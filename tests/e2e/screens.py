"""Run by `make screens`: pictures of every screen, in both languages, on a desktop and on a phone, into screens/."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.conftest import DESKTOP, PHONE, launch
from tests.e2e.world import PortalStack, portal_stack

FOLDER = Path("screens")
GUIDE = {"width": 900, "height": 620}


def list_screens(running: PortalStack) -> Iterator[tuple[str, str, str]]:
    """(role, name, path)."""
    campaign, plan = f"/campaigns/{running.campaign_id}", f"/plans/{running.published['id']}"
    lists = f"/schools/{running.school_id}/lists"
    yield from (
        ("admin", "work", "/"),
        ("admin", "campaigns", "/campaigns"),
        ("admin", "campaign", campaign),
        ("admin", "leaders", "/leaders"),
        ("admin", "roles", "/settings/people"),
        ("admin", "needs", f"{campaign}/needs"),
        ("admin", "need", f"{campaign}/needs/{running.commune_code}"),
        ("admin", "runs", f"{campaign}/runs"),
        ("admin", "run", f"/runs/{running.published['run_id']}"),
        ("admin", "plan", plan),
        ("admin", "edit", f"{plan}/edit?kind=move_commune"),
        ("admin", "edit-preview", preview_of(running, plan)),
        ("admin", "plan-commune", f"{plan}/communes/{running.commune_code}"),
        ("admin", "people", f"{plan}/people"),
        ("admin", "decision", f"{plan}/decision"),
        ("admin", "messages", f"{plan}/delivery"),
        ("admin", "answers", f"{plan}/answers"),
        ("admin", "schools", "/schools"),
        ("admin", "volunteers", "/volunteers"),
        ("admin", "communes", "/communes"),
        ("admin", "audit", "/settings/audit"),
        ("admin", "keys", "/settings/keys"),
        ("admin", "publishing", "/settings/publishing"),
        ("admin", "public", "/public/56"),
        ("school_coordinator", "school-work", "/"),
        ("school_coordinator", "lists", lists),
        ("school_coordinator", "invitations", f"/schools/{running.school_id}/invitations"),
        ("school_coordinator", "fill-in", f"/volunteers/{running.incomplete_id}/fill-in"),
        ("commune_officer", "commune-work", "/"),
        ("commune_officer", "week", f"{plan}/week/{running.commune_code}"),
        ("commune_officer", "attendance", f"{campaign}/attendance/{running.commune_code}"),
        ("commune_officer", "blockers", f"{campaign}/blockers"),
        ("commune_officer", "evaluation", f"{campaign}/evaluation"),
    )
    yield from list_office_screens(campaign)


def list_office_screens(campaign: str) -> Iterator[tuple[str, str, str]]:
    """(role, name, path) of settings, money and staff."""
    yield from (
        ("admin", "campaign-settings", f"{campaign}/settings"),
        ("admin", "boundaries", "/settings/boundaries"),
        ("admin", "data-requests", "/settings/data-requests"),
        ("admin", "attendance-totals", f"{campaign}/attendance"),
        ("admin", "review", f"{campaign}/review"),
        ("admin", "papers", f"{campaign}/papers"),
        ("admin", "staff-review", "/staff/review"),
        ("admin", "staff-people", "/staff/people"),
        ("admin", "staff-sheets", "/staff/sheets"),
        ("admin", "staff-runs", "/staff/runs"),
        ("admin", "staff-decisions", "/staff/decisions"),
        ("finance", "finance-work", "/"),
        ("finance", "allowances", f"{campaign}/allowances"),
        ("finance", "rates", "/allowance-rates"),
    )


def preview_of(running: PortalStack, plan: str) -> str:
    """Two communes of the campaign, about to change their schools."""
    one, two = (each.code for each in running.campaign.communes[:2])
    return f"{plan}/edit?kind=swap_communes&commune_code={one}&other_code={two}"


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
        page.goto(f"{running.url}{path}")
        page.evaluate("document.fonts.ready")
        page.screenshot(path=FOLDER / "guide" / f"{name}.png")
        context.close()
    return len(list(list_guide(running)))


def take_all(browser: Browser, running: PortalStack) -> int:
    taken = 0
    for language in ("vi", "en"):
        for width, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
            for role in ("admin", "finance", "school_coordinator", "commune_officer"):
                context = browser.new_context(viewport=viewport)  # type: ignore[arg-type]
                context.add_cookies([{"name": "language", "value": language, "url": running.url}])
                page = context.new_page()
                page.goto(running.sign_in(role))
                for who, name, path in list_screens(running):
                    if who == role:
                        page.goto(f"{running.url}{path}")
                        page.evaluate("document.fonts.ready")
                        page.screenshot(path=FOLDER / f"{name}-{language}-{width}.png", full_page=True)
                        taken += 1
                context.close()
    return taken


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
