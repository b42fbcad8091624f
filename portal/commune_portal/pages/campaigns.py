"""Campaigns: the list, and one with everything that belongs to it."""

import asyncio

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import in_force, list_plans
from commune_portal.menu import PLANNERS
from commune_portal.view import PersonDep

router = APIRouter()


@router.get("/campaigns", response_class=HTMLResponse)
async def show_campaigns(view: PersonDep) -> Response:
    campaigns = await view.api.list_all("/v1/campaigns")
    return view.render("campaigns.html", campaigns=campaigns)


@router.get("/campaigns/{campaign_id}", response_class=HTMLResponse)
async def show_campaign(view: PersonDep, campaign_id: str) -> Response:
    campaign = await view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id)
    needs, plans, calendar = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}/needs", campaign_id=campaign_id, limit=1),
        list_plans(view.api, campaign_id),
        view.api.get("/v1/campaigns/{campaign_id}/calendar", campaign_id=campaign_id),
    )
    runs = (
        (await view.api.get("/v1/campaigns/{campaign_id}/matching-runs", campaign_id=campaign_id, limit=10))["items"]
        if view.role in PLANNERS
        else []
    )
    return view.render(
        "campaign.html", campaign=campaign, needs=needs, plans=plans, calendar=calendar, runs=runs, now=in_force(plans)
    )
