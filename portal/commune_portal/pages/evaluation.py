"""Evaluation: a commune rates who served there, a school the communes it served; marks by school and commune."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.menu import ADMIN, COMMUNE, SCHOOL
from commune_portal.view import PersonDep, View

router = APIRouter()
CRITERIA = ("help", "attitude", "skill")


@router.get("/campaigns/{campaign_id}/evaluation", response_class=HTMLResponse)
async def show_evaluation(view: PersonDep, campaign_id: str) -> Response:
    return await render_evaluation(view, campaign_id)


async def render_evaluation(view: View, campaign_id: str, *, refusal: ApiError | None = None) -> Response:
    campaign, summary, given, days = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get("/v1/campaigns/{campaign_id}/evaluations/summary", campaign_id=campaign_id),
        view.api.list_seen("/v1/campaigns/{campaign_id}/evaluations", campaign_id=campaign_id),
        list_served(view, campaign_id),
    )
    return view.render(
        "evaluation.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        summary=summary,
        given=given,
        by_rated={each["rated_id"]: each for each in given},
        to_rate=days,
        criteria=("readiness",) if view.role == SCHOOL else CRITERIA,
        may_release=view.role == ADMIN,
        refusal=refusal,
    )


async def list_served(view: View, campaign_id: str) -> dict[str, str]:
    """Whom this person may rate: {id or code: name}, in the order of the list."""
    if view.role not in {COMMUNE, SCHOOL}:
        return {}
    days = await view.api.list_all("/v1/campaigns/{campaign_id}/attendance", campaign_id=campaign_id)
    if view.role == SCHOOL:
        return {each["commune_code"]: each["commune_name"] for each in days}
    return {each["volunteer_id"]: f"{each['full_name']}, {each['school_name']}" for each in days}


@router.post("/campaigns/{campaign_id}/evaluation")
async def rate(request: Request, view: PersonDep, campaign_id: str) -> Response:
    typed = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    rated, body = typed.get("rated", ""), marks_of(typed)
    try:
        if "release" in typed:
            await view.api.post(
                "/v1/campaigns/{campaign_id}/evaluations/{evaluation_id}/release",
                campaign_id=campaign_id,
                evaluation_id=typed["release"],
            )
        elif view.role == SCHOOL:
            await view.api.put(
                "/v1/campaigns/{campaign_id}/evaluations/communes/{commune_code}",
                body,
                campaign_id=campaign_id,
                commune_code=rated,
            )
        else:
            await view.api.put(
                "/v1/campaigns/{campaign_id}/evaluations/people/{volunteer_id}",
                body,
                campaign_id=campaign_id,
                volunteer_id=rated,
            )
    except ApiError as refusal:
        if refusal.status != 422:
            raise
        return await render_evaluation(view, campaign_id, refusal=refusal)
    return view.go(f"/campaigns/{campaign_id}/evaluation", view.say("Đã ghi. Cảm ơn.", "Recorded. Thank you."))


def marks_of(typed: dict[str, str]) -> dict[str, Any]:
    marks = {name: int(typed[name]) for name in (*CRITERIA, "readiness") if typed.get(name, "").isdigit()}
    return marks | {"words": typed.get("words", "")}
