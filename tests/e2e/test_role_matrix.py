"""Every page as every role: a page opens for whom the API gives what it shows, and for nobody else.

The portal runs here, in front of the real API; each person's own token asks the API beside it.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from commune_portal.app import make_app
from commune_portal.pages import ROUTERS
from commune_portal.sessions import SessionCipher
from commune_portal.settings import Settings
from fastapi.routing import APIRoute

from tests.e2e.form_reading import fill_in
from tests.e2e.walking import RECORDS
from tests.e2e.world import PortalStack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
NOWHERE = "00000000-0000-4000-8000-000000000000"
PUBLISHING = "/settings/publishing"
ORIGIN = "http://portal.example"
SECRET = "s" * 40
ROLES = (
    "national_admin", "admin", "director",
    "overseer", "group_overseer", "secretary_office", "education_department", "school_coordinator",
    "school_viewer", "unit_officer", "commune_officer", "finance", "leader", "auditor",
)  # fmt: skip
PLANNERS = "admin director overseer"
SCHOOLS = "school_coordinator school_viewer"
PEOPLE = f"{PLANNERS} education_department {SCHOOLS} finance"
PLACED = f"{PEOPLE} commune_officer group_overseer"
READERS = f"{PLACED} secretary_office"
MONEY = "admin finance school_coordinator school_viewer"
TOTALS = f"{PLANNERS} secretary_office education_department finance leader"
PAGES: dict[str, tuple[str, str]] = {
    "/campaigns": ("/v1/campaigns", " ".join(ROLES)),
    "/campaigns/new?province={province}": ("/v1/campaigns", "admin"),
    "/national": ("/v1/national-runs", "national_admin"),
    "/national/{nowhere}": ("/v1/national-runs/{nowhere}", ""),
    "/campaigns/{campaign}": ("/v1/campaigns/{campaign}", READERS),
    "/campaigns/{campaign}/needs": ("/v1/campaigns/{campaign}/needs", READERS),
    "/campaigns/{campaign}/needs/{commune}": (
        "/v1/campaigns/{campaign}/needs",
        READERS.replace(" group_overseer", ""),
    ),
    "/campaigns/{campaign}/needs/{other_commune}": (
        "/v1/campaigns/{campaign}/needs/{other_commune}",
        READERS.replace(" commune_officer group_overseer", ""),
    ),
    "/campaigns/{campaign}/declare-alike": ("/v1/campaigns/{campaign}/silent-communes", "admin"),
    "/campaigns/{campaign}/needs-table": ("/v1/campaigns/{campaign}/needs", "admin"),
    "/campaigns/{campaign}/silent-communes": ("/v1/campaigns/{campaign}/silent-communes", PLANNERS),
    "/campaigns/{campaign}/runs": ("/v1/campaigns/{campaign}/matching-runs", PLANNERS),
    "/campaigns/{campaign}/scenarios": ("/v1/campaigns/{campaign}/scenarios", PLANNERS),
    "/campaigns/{campaign}/scenarios/{set}": ("/v1/campaigns/{campaign}/scenarios/{set}", ""),
    "/campaigns/{campaign}/decisions": ("/v1/campaigns/{campaign}/decisions", PLANNERS),
    "/campaigns/{campaign}/decisions?add=placement_pin&volunteer_id={volunteer}": (
        "/v1/campaigns/{campaign}/decisions?volunteer_id={volunteer}",
        PLANNERS,
    ),
    "/campaigns/{campaign}/relations": ("/v1/campaigns/{campaign}/existing-relations", f"{PLANNERS} {SCHOOLS}"),
    "/plans/{plan}/worth": ("/v1/plans/{plan}/certificate", PLANNERS),
    "/advice/{nowhere}": ("/v1/advice/{nowhere}", ""),
    "/runs/{run}": ("/v1/matching-runs/{run}", PLANNERS),
    "/runs/{run}/inputs": ("/v1/matching-runs/{run}/set-aside", PLANNERS),
    "/campaigns/{campaign}/answerable/{commune}": ("/v1/campaigns/{campaign}/needs", READERS),
    "/runs/{run}/compare/{run}": ("/v1/matching-runs/{run}/compare/{run}", PLANNERS),
    "/plans/{plan}": ("/v1/plans/{plan}", READERS),
    "/plans/{plan}/communes/{commune}": ("/v1/plans/{plan}/responsibilities", READERS),  # people for PLACED alone
    "/plans/{plan}/people": ("/v1/plans/{plan}/placements", PLACED),
    "/plans/{plan}/week/{commune}": (
        "/v1/plans/{plan}/placements?commune_code={commune}",
        PLACED,
    ),
    "/plans/{plan}/edit": ("/v1/plans/{plan}/edits", PLANNERS),
    "/plans/{plan}/decide": ("/v1/plans/{plan}/changes", PLANNERS),
    "/plans/{plan}/decision": ("/v1/plans/{plan}/decision", PLANNERS),
    "/plans/{plan}/delivery": ("/v1/plans/{plan}/messages", "admin school_coordinator"),
    "/call-list": ("/v1/call-list", "admin school_coordinator"),
    "/plans/{plan}/answers": ("/v1/plans/{plan}/answers", "admin school_coordinator commune_officer"),
    "/plans/{plan}/annex.xlsx": ("/v1/plans/{plan}/annex.xlsx", PLACED),
    "/campaigns/{campaign}/attendance": ("/v1/campaigns/{campaign}/attendance/totals", f"{READERS} leader"),
    "/campaigns/{campaign}/attendance/{commune}": (
        "/v1/campaigns/{campaign}/attendance?commune_code={commune}",
        PLACED,
    ),
    "/campaigns/{campaign}/attendance/{commune}/sheet.xlsx?first_on=2025-11-03&last_on=2025-11-07": (
        "/v1/campaigns/{campaign}/attendance/{commune}/sheet.xlsx?first_on=2025-11-03&last_on=2025-11-07",
        "admin commune_officer",
    ),
    "/campaigns/{campaign}/attendance/{commune}/sign-in?first_on=2025-11-03&last_on=2025-11-07": (
        "/v1/campaigns/{campaign}/attendance/{commune}/sign-in.html?first_on=2025-11-03&last_on=2025-11-07",
        "admin commune_officer",
    ),
    "/campaigns/{campaign}/attendance/{commune}/replaced?volunteer_id={volunteer}&on=2025-11-03&q=an": (
        "/v1/campaigns/{campaign}/attendance/{commune}/stand-ins?on=2025-11-03&q=an",
        "admin school_coordinator commune_officer",
    ),
    "/campaigns/{campaign}/duty-counts/{commune}": (
        "/v1/campaigns/{campaign}/duty-counts/{commune}/2027-02-15",
        f"{PLANNERS} commune_officer",
    ),
    "/campaigns/{campaign}/support": (
        "/v1/campaigns/{campaign}/support",
        f"{PLANNERS} group_overseer secretary_office school_coordinator commune_officer",
    ),
    "/campaigns/{campaign}/blockers": (
        "/v1/campaigns/{campaign}/blockers",
        f"{PLANNERS} group_overseer secretary_office school_coordinator commune_officer",
    ),
    "/campaigns/{campaign}/evaluation": (
        "/v1/campaigns/{campaign}/evaluations/summary",
        f"{PLANNERS} group_overseer school_coordinator commune_officer",
    ),
    "/campaigns/{campaign}/timeline": ("/v1/campaigns/{campaign}/timeline", " ".join(ROLES)),
    "/campaigns/{campaign}/starting-points": (
        "/v1/campaigns/{campaign}/starting-points",
        f"{PLANNERS} {SCHOOLS} commune_officer",
    ),
    "/campaigns/{campaign}/starting-points.xlsx": (
        "/v1/campaigns/{campaign}/starting-points.xlsx",
        f"{PLANNERS} {SCHOOLS} commune_officer",
    ),
    "/campaigns/{campaign}/starting-points/{commune}/{nowhere}": (
        "/v1/campaigns/{campaign}/starting-points/{commune}/{nowhere}",
        "",
    ),
    "/campaigns/{campaign}/groups": ("/v1/campaigns/{campaign}/groupings", f"{PLANNERS} group_overseer"),
    "/groupings/{nowhere}": ("/v1/groupings/{nowhere}", ""),
    "/my-communes": ("/v1/campaigns/{campaign}/groupings", "overseer group_overseer"),
    "/training": ("/v1/courses", f"{PLANNERS} school_coordinator commune_officer"),
    "/training/courses/{nowhere}": ("/v1/courses/{nowhere}", ""),
    "/training/courses/{nowhere}/attendance.xlsx": ("/v1/courses/{nowhere}/attendance.xlsx", ""),
    "/training/gaps": ("/v1/provinces/56/training-gaps", PLANNERS),
    "/staff/qualifications": ("/v1/provinces/56/qualification-review", "admin"),
    "/leaders": ("/v1/campaigns/{campaign}/standing", TOTALS),
    "/campaigns/{campaign}/allowances": ("/v1/campaigns/{campaign}/allowance-totals", f"{TOTALS} {SCHOOLS}"),
    "/campaigns/{campaign}/allowances.xlsx?month=2027-02-01": (
        "/v1/campaigns/{campaign}/allowances.xlsx?month=2027-02-01",
        MONEY,
    ),
    "/allowances/{nowhere}": ("/v1/allowance-statements/{nowhere}", ""),
    "/allowance-rates": ("/v1/allowance-rates", MONEY),
    "/campaigns/{campaign}/review": ("/v1/campaigns/{campaign}/review", TOTALS),
    "/campaigns/{campaign}/review.xlsx": ("/v1/campaigns/{campaign}/review.xlsx", TOTALS),
    "/campaigns/{campaign}/review.docx": ("/v1/campaigns/{campaign}/review.docx", TOTALS),
    "/campaigns/{campaign}/papers": ("/v1/campaigns/{campaign}/service-papers", f"admin {SCHOOLS}"),
    "/papers/{nowhere}/paper.docx": ("/v1/service-papers/{nowhere}/paper.docx", ""),
    "/schools": ("/v1/schools", READERS),
    "/schools/{school}": ("/v1/schools/{school}", READERS),
    "/schools/{other_school}": (
        "/v1/schools/{other_school}",
        f"{PLANNERS} group_overseer secretary_office education_department commune_officer finance",
    ),
    "/schools/new": ("/v1/schools", "admin"),
    "/schools/{school}/edit": ("/v1/schools/{school}", "admin school_coordinator"),
    "/schools/{other_school}/edit": ("/v1/schools/{other_school}", "admin"),
    "/schools/{school}/lists": ("/v1/schools/{school}/roster-uploads", "admin school_coordinator"),
    "/schools/{other_school}/lists": ("/v1/schools/{other_school}/roster-uploads", "admin"),
    "/schools/{school}/invitations": ("/v1/schools/{school}/invitations", "admin school_coordinator"),
    "/volunteers/{volunteer}": ("/v1/volunteers/{volunteer}", PEOPLE),
    "/withdrawals?person={volunteer}": ("/v1/schools/{school}/invitations", "admin school_coordinator"),
    "/plans/{plan}/vacancies/{placed}": ("/v1/plans/{plan}/placements", f"{PLANNERS} school_coordinator"),
    "/volunteers/{volunteer}/edit": ("/v1/volunteers/{volunteer}", "admin school_coordinator"),
    "/schools/{school}/volunteers/new": ("/v1/schools/{school}", "admin school_coordinator"),
    "/schools/{other_school}/volunteers/new": ("/v1/schools/{other_school}", "admin"),
    "/volunteers/{volunteer}/fill-in": ("/v1/volunteers/{volunteer}", PEOPLE),
    "/volunteers": ("/v1/volunteers", PEOPLE),
    "/communes": ("/v1/communes", f"{READERS} unit_officer"),
    "/communes/{commune}/edit": ("/v1/communes/{commune}", "admin commune_officer"),
    "/communes/{other_commune}/edit": ("/v1/communes/{other_commune}", "admin"),
    "/duties": ("/v1/duties", " ".join(ROLES)),
    "/duties/new": ("/v1/duties", PLANNERS),
    "/duties/{duty}/edit": ("/v1/duties/{duty}", PLANNERS),
    "/fields/new": ("/v1/fields", PLANNERS),
    "/fields/{field}/edit": ("/v1/fields", PLANNERS),
    "/first-day?province={province}": ("/v1/provinces/56/first-day", "admin"),
    "/first-day/communes?province={province}": ("/v1/provinces/56", "admin"),
    "/staff/units": ("/v1/units", "admin unit_officer"),
    "/staff/people": ("/v1/staff", "admin unit_officer"),
    "/staff/posts": ("/v1/posts", "admin unit_officer"),
    "/staff/{register}/new": ("/v1/units", "admin"),
    "/staff/{register}/{unit}/edit": ("/v1/units/{unit}", "admin"),
    "/staff/people/{member}": ("/v1/staff/{member}", "admin"),
    "/staff/review": ("/v1/provinces/56/staff-review", "admin"),
    "/staff/review.xlsx": ("/v1/provinces/56/staff-review.xlsx", "admin"),
    "/staff/sheets": ("/v1/provinces/56/register-uploads", "admin"),
    "/staff/sheets/{nowhere}": ("/v1/register-uploads/{nowhere}", ""),
    "/staff/sheets/{nowhere}/annotated": ("/v1/register-uploads/{nowhere}/annotated", ""),
    "/staff/runs": ("/v1/provinces/56/secondment-runs", "admin"),
    "/staff/runs/{nowhere}": ("/v1/secondment-runs/{nowhere}", ""),
    "/staff/runs/{nowhere}/selection.xlsx": ("/v1/secondment-runs/{nowhere}/selection.xlsx", ""),
    "/staff/decisions": ("/v1/secondments", "admin unit_officer"),
    "/staff/decisions/{nowhere}/decision.docx": ("/v1/secondments/{nowhere}/decision.docx", ""),
    "/staff/decisions/new": ("/v1/provinces/56/staff-review", "admin"),
    "/staff/decisions/{nowhere}": ("/v1/secondments/{nowhere}", ""),
    "/out-of-use/schools": ("/v1/schools?archived=true", "admin"),
    "/out-of-use/schools/{school}": ("/v1/schools/{school}", "admin"),
    "/data-subjects/volunteer/{volunteer}": ("/v1/volunteers/{volunteer}/consents", "admin school_coordinator"),
    "/data-subjects/commune_contact/{commune}": ("/v1/communes/{commune}", "admin commune_officer"),
    "/data-subjects/volunteer/{volunteer}/everything": ("/v1/volunteers/{volunteer}/data.html", "admin"),
    "/settings/travel?province={province}": ("/v1/provinces/56", "admin"),
    "/settings/people": ("/v1/accounts", "admin director school_coordinator auditor"),
    "/settings/audit": ("/v1/audit", "admin auditor"),
    "/settings/keys": ("/v1/api-keys", "admin auditor"),
    "/settings/audit/export?object_kind=nothing": ("/v1/audit/export?object_kind=nothing", "admin auditor"),
    "/settings/templates": ("/v1/message-templates", "admin"),
    "/settings/templates/words?kind=reserve&channel=sms&words_in=vi": ("/v1/message-templates/reserve/sms/vi", "admin"),
    "/settings/suppressions": ("/v1/suppressions", "admin"),
    "/settings/webhooks": ("/v1/webhooks", "national_admin"),
    "/settings/webhooks/{nowhere}": ("/v1/webhooks/{nowhere}/deliveries", ""),
    "/settings/data-requests": ("/v1/data-requests", "admin school_coordinator"),
    "/settings/data-requests/{nowhere}": ("/v1/data-requests/{nowhere}", ""),
    "/settings/boundaries?province={province}": ("/v1/provinces/56", "admin"),
    "/campaigns/{campaign}/calendar": ("/v1/campaigns/{campaign}/calendar", " ".join(ROLES)),
    "/campaigns/{campaign}/settings": ("/v1/campaigns/{campaign}", "admin"),
    "/settings/publishing?province={province}": ("/v1/provinces/56", "admin"),
    "/public/{province}": ("/v1/public/provinces/{province}/plan", " ".join(ROLES)),
}
"""Page: (what of the API it is about, the roles it opens for). The nation has whatever page a province has."""


def opens_for(roles: str) -> set[str]:
    named = set(roles.split())
    return named | {"national_admin"} if "admin" in named else named


@dataclass
class Person:
    """Somebody signed in: their browser, and the same person asking the API without the portal."""

    browser: httpx.AsyncClient
    api: httpx.AsyncClient
    turns: asyncio.Semaphore
    """Few at once: a busy machine would answer that it cannot just now."""


@asynccontextmanager
async def signed_in(running: PortalStack, app: Any, cipher: SessionCipher, role: str) -> AsyncIterator[Person]:
    where = running.stack.addresses
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, timeout=60) as browser:
        answer = await browser.get("/development/sign-in", params={"account": role, "next": "/settings"})
        async with httpx.AsyncClient(timeout=60) as issuer:
            while (to := answer.headers.get("Location", "/settings")) != "/settings":
                asked = browser if to.startswith(("/", ORIGIN)) else issuer
                answer = await asked.get(to.removeprefix(ORIGIN))
        session = cipher.open(browser.cookies["session"])
        assert session is not None, f"{role} could not sign in"
        headers = {"Authorization": f"Bearer {session['token']}"}
        async with httpx.AsyncClient(base_url=where.roster_api, headers=headers, timeout=60) as api:
            yield Person(browser, api, asyncio.Semaphore(3))


def settings_for(running: PortalStack) -> Settings:
    """Of a portal that runs in the test, in front of the real API."""
    where = running.stack.addresses
    return Settings(
        environment="development", public_url=ORIGIN, roster_url=where.roster_api, issuer_url=where.issuer,
        client_secret="any", session_secret=SECRET,
    )  # fmt: skip


async def list_matrix(running: PortalStack) -> dict[str, dict[str, tuple[int, int]]]:
    """{role: {page: (the page's status, the API's)}}."""
    app, cipher = make_app(settings_for(running)), SessionCipher(SECRET)
    names = await name_objects(running)
    rules = {"four_eyes": False, "is_plan_public": True}
    (await running.campaign.roster.put("/v1/provinces/56/publishing", json=rules)).raise_for_status()
    found: dict[str, dict[str, tuple[int, int]]] = {}
    async with app.router.lifespan_context(app):
        for role in ROLES:
            async with signed_in(running, app, cipher, role) as person:
                asked = (ask(person, page, resource, names) for page, (resource, _) in PAGES.items())
                found[role] = dict(zip(PAGES, await asyncio.gather(*asked), strict=True))
    return found


async def ask(person: Person, page: str, resource: str, names: dict[str, str]) -> tuple[int, int]:
    async with person.turns:
        shown = await person.browser.get(page.format(**names))
        given = await person.api.get(resource.format(**names))
    return shown.status_code, given.status_code


async def add_staff(roster: httpx.AsyncClient) -> tuple[str, str]:
    """(a unit, somebody of it)."""
    unit = {"code": "DV", "province_code": "56", "name": "Đơn vị Mẫu", "kind": "provincial_agency"}
    unit_id = (await roster.post("/v1/units", json=unit)).json()["id"]
    somebody = {"code": "CB", "full_name": "Lê Thị Cán Bộ", "side": "government", "unit_id": unit_id}
    return unit_id, (await roster.post("/v1/staff", json=somebody)).json()["id"]


async def name_objects(running: PortalStack) -> dict[str, str]:
    """What stands in the paths; `other_...` belong to nobody who signs in."""
    roster = running.campaign.roster
    schools = (await roster.get("/v1/schools", params={"province_code": "56", "limit": 200})).json()["items"]
    others = [each["id"] for each in schools if each["id"] != running.school_id]
    communes = [each.code for each in running.campaign.communes if each.code != running.commune_code]
    unit, member = await add_staff(roster)
    people = await roster.get("/v1/volunteers", params={"school_id": running.school_id, "limit": 1})
    duty = (await roster.get("/v1/duties", params={"limit": 1})).json()["items"][0]
    return {
        "placed": running.placed_id,
        "register": "units",
        "unit": unit,
        "member": member,
        "volunteer": people.json()["items"][0]["id"],
        "campaign": running.campaign_id,
        "plan": running.published["id"],
        "run": running.published["run_id"],
        "duty": duty["code"],
        "field": duty["field_code"],
        "set": NOWHERE,
        "nowhere": NOWHERE,
        "province": "56",
        "school": running.school_id,
        "other_school": others[0],
        "commune": running.commune_code,
        "other_commune": communes[0],
    }


LEADS_ON = {
    "/", "/allowances", "/campaigns/*/blockers/*",
    "/campaigns/*/needs-sheet.xlsx", "/communes/*", "/health", "/language/*", "/lists", "/lists/*",
    "/lists/*/annotated", "/plan",
    "/plans/*/decision.docx", "/role", "/roster-template.xlsx", "/runs/*/compare", "/runs/*/events",
    "/settings", "/sign-in", "/staff", "/signed-in", "/development/sign-in",
}  # fmt: skip
"""Pages of nobody's data, those that lead on to others, and those of a list or a paper, which another stands for."""


def kind_of(path: str) -> str:
    return re.sub(RECORDS, "*", re.sub(r"{[^}]*}", "*", path))


def test_a_page_opens_for_whom_the_api_gives_what_it_shows_and_for_nobody_else(running: PortalStack) -> None:
    matrix = running.loop.do(list_matrix(running), seconds=500)
    shown_though_refused, otherwise = [], []
    for page, (_, roles) in PAGES.items():
        opens = {role for role in ROLES if matrix[role][page][0] == httpx.codes.OK}
        shown_though_refused += [(page, role) for role in opens if matrix[role][page][1] != httpx.codes.OK]
        otherwise += [(page, sorted(unlike))] if (unlike := opens ^ opens_for(roles)) else []
        strange = {matrix[role][page][0] for role in ROLES} - {200, 403, 404}
        otherwise += [(page, sorted(map(str, strange)))] if strange else []
    assert shown_though_refused == []
    assert otherwise == []


async def publish_openly(running: PortalStack) -> dict[str, str]:
    """The nation's administrator opens a province's page without saying which, then says it, and changes the rules."""
    app, cipher = make_app(settings_for(running)), SessionCipher(SECRET)
    async with app.router.lifespan_context(app), signed_in(running, app, cipher, "national_admin") as person:
        seen = {path: (await person.browser.get(path)).text for path in (PUBLISHING, f"{PUBLISHING}?province=99")}
        changed = {"is_plan_public": "yes", "sms_price_vnd": "731"}
        seen["changed"] = (await fill_in(person.browser, f"{PUBLISHING}?province=46", changed)).text
        provinces = [(await person.api.get(f"/v1/provinces/{code}")).json() for code in ("46", "56")]
        return seen | {"prices": str([each["sms_price_vnd"] for each in provinces])}


def test_the_nations_administrator_says_which_province_a_page_is_about(running: PortalStack) -> None:
    seen = running.loop.do(publish_openly(running))
    assert all("Trang này của tỉnh nào?" in seen[path] for path in (PUBLISHING, f"{PUBLISHING}?province=99"))
    assert "731" in seen["changed"]
    assert "Huế" in seen["changed"], "the page that follows is of the same province, by its name"
    assert seen["prices"] == "[731, None]"


def test_no_page_is_left_out_of_the_table() -> None:
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    pages = {kind_of(route.path) for route in routes if "GET" in (route.methods or ())}
    assert len(pages) > 30
    assert pages - {kind_of(page.partition("?")[0]) for page in PAGES} - LEADS_ON == set()
