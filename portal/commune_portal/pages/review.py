"""The review of a campaign: what it came to, each number leading to its rows; the report to edit and sign."""

import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.downloads import pass_on
from commune_portal.menu import READ_PEOPLE, READ_PLANS
from commune_portal.office_tasks import HAVE_BLOCKERS
from commune_portal.paging import cut
from commune_portal.view import PersonDep

router = APIRouter()
PAGES = (
    (r"/attendance\?commune_code=(\w+)$", r"/attendance/\1", READ_PEOPLE),
    (r"/attendance(?:\?.*)?$", "/attendance", None),
    (r"/needs$", "/needs", READ_PLANS),
    (r"/blockers(?:\?.*)?$", "/blockers", HAVE_BLOCKERS),
    (r"/allowance-statements$", "/allowances", None),
    (r"/duty-counts/(\w+)/[\d-]+$", r"/attendance/\1", READ_PEOPLE),
    (r"/responsibilities$", "", READ_PLANS),
    (r"/shortfalls$", "?show=short", READ_PLANS),
)
"""(the rows' address in the API, the same rows' page, for whom it is; None: for everybody who reads the review)."""


def page_of_rows(rows: str, role: str) -> str:
    """Where this role finds the rows behind a number; '' where they are for others."""
    for pattern, page, roles in PAGES:
        if re.search(pattern, rows):
            return re.sub(pattern, page, rows).removeprefix("/v1") if roles is None or role in roles else ""
    return ""


@router.get("/campaigns/{campaign_id}/review", response_class=HTMLResponse)
async def show_review(request: Request, view: PersonDep, campaign_id: str) -> Response:
    review = await view.api.get("/v1/campaigns/{campaign_id}/review", campaign_id=campaign_id)
    return view.render(
        "review.html", review=review, duties=cut(request, add_up(review["duties"])), to_rows=page_of_rows
    )


def add_up(duties: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By duty and commune, over the weeks."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for each in duties:
        row = found.setdefault((each["duty_code"], each["commune_code"]), each | {"number": 0})
        row["number"] += each["number"]
    return list(found.values())


@router.get("/campaigns/{campaign_id}/review.docx")
async def get_report(view: PersonDep, campaign_id: str) -> Response:
    return pass_on(await view.api.download("/v1/campaigns/{campaign_id}/review.docx", campaign_id=campaign_id))


@router.get("/campaigns/{campaign_id}/review.xlsx")
async def get_tables(view: PersonDep, campaign_id: str) -> Response:
    return pass_on(await view.api.download("/v1/campaigns/{campaign_id}/review.xlsx", campaign_id=campaign_id))
