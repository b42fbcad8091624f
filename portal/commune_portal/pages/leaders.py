"""The leaders' page: the campaign on one sheet of A4, by commune: covered, short or stuck, priority communes first."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import find_current, in_force, list_plans
from commune_portal.menu import READ_PEOPLE, READ_PLANS
from commune_portal.office_tasks import HAVE_BLOCKERS, find_standing
from commune_portal.paging import holds
from commune_portal.view import PersonDep, View

router = APIRouter()
SHOWN = {
    "lacking": ("short", "stuck"),
    "short": ("short",),
    "stuck": ("stuck",),
    "silent": ("silent",),
    "covered": ("covered",),
    "all": ("short", "stuck", "silent", "covered"),
}
"""What a filter of the table lets through."""
ON_THE_SHEET = 14
"""Rows of the table that one sheet of A4 has room for; how many more there are is written below them."""


@router.get("/leaders", response_class=HTMLResponse)
async def show_leaders(request: Request, view: PersonDep) -> Response:
    campaign = await find_current(view.api)
    if campaign is None:
        return view.render("leaders.html", campaign=None)
    totals, standing, plan = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}/totals", campaign_id=campaign["id"]),
        find_standing(view, campaign),
        find_plan(view, campaign["id"]),
    )
    show = request.query_params.get("show", "")
    rows = list_rows(request, standing["communes"] if standing else [], show)
    is_whole = show in SHOWN or bool(request.query_params.get("q"))
    return view.render(
        "leaders.html",
        campaign=campaign,
        totals=totals,
        standing=standing,
        plan=plan,
        base=f"/plans/{plan['id']}" if plan else "",
        rows=rows if is_whole else rows[:ON_THE_SHEET],
        more=0 if is_whole else max(0, len(rows) - ON_THE_SHEET),
        links_of_commune=page_of_commune(view, campaign["id"], plan),
        reads_plans=view.role in READ_PLANS,
        reads_people=view.role in READ_PEOPLE and plan is not None,
        has_blockers=view.role in HAVE_BLOCKERS,
    )


async def find_plan(view: View, campaign_id: str) -> dict[str, Any] | None:
    """The plan in force, for whom plans are."""
    return in_force(await list_plans(view.api, campaign_id)) if view.role in READ_PLANS else None


def list_rows(request: Request, communes: list[dict[str, Any]], show: str) -> list[dict[str, Any]]:
    """In the API's order: priority communes first, of those the stuck, the short, the silent."""
    wanted, q = SHOWN.get(show, SHOWN["lacking"]), request.query_params.get("q", "")
    if q and not show:
        wanted = SHOWN["all"]
    return [each for each in communes if each["standing"] in wanted and holds(q, each["commune_name"])]


def page_of_commune(view: View, campaign_id: str, plan: dict[str, Any] | None) -> str:
    """Before the commune's code: where its rows are for this role; '' where they are for others."""
    if plan is not None and view.role in READ_PEOPLE:
        return f"/plans/{plan['id']}/communes/"
    return f"/campaigns/{campaign_id}/needs/" if view.role in READ_PLANS else ""
