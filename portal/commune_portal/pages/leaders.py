"""The leaders' page: the campaign on one sheet of A4. Totals for whoever leads; names of communes for whoever plans."""

import asyncio
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import find_current, in_force, list_plans
from commune_portal.pages.plans import CommuneRow, list_communes, load_plan
from commune_portal.view import PersonDep, View

router = APIRouter()


@router.get("/leaders", response_class=HTMLResponse)
async def show_leaders(view: PersonDep) -> Response:
    campaign = await find_current(view.api)
    if campaign is None:
        return view.render("leaders.html", campaign=None)
    totals, plans = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}/totals", campaign_id=campaign["id"]),
        list_plans(view.api, campaign["id"]),
    )
    plan = in_force(plans)
    rows = await list_short(view, campaign["id"], plan)
    return view.render("leaders.html", campaign=campaign, totals=totals, plan=plan, rows=rows)


async def list_short(view: View, campaign_id: str, plan: dict[str, Any] | None) -> list[tuple[CommuneRow, bool]]:
    """Communes that are short of people, with whether they lack IT staff: those first, then by how much is short."""
    if plan is None:
        return []
    rows, needs = await asyncio.gather(
        load_plan(view, plan["id"]),
        view.api.list_seen("/v1/campaigns/{campaign_id}/needs", campaign_id=campaign_id, lacks_it_staff="true"),
    )
    lacking = {need["commune_code"] for need in needs}
    short = [(row, row.code in lacking) for row in await list_communes(view, rows) if row.unmet]
    return sorted(short, key=lambda each: (not each[1], -each[0].unmet))
