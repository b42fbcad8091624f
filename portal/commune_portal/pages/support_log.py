"""The support log: who helped a commune, when, what they did; and how much of it was outside working hours."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import load_places
from commune_portal.client import ApiError
from commune_portal.forms import day_or_none, read_typed
from commune_portal.menu import FOLLOW
from commune_portal.pages.pins import facts_of
from commune_portal.paging import as_query, of_answer
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/campaigns/{campaign_id}/support"


@router.get(PAGE, response_class=HTMLResponse)
async def show_support(request: Request, view: PersonDep, campaign_id: str) -> Response:
    """`commune`: of that commune alone; `blocker`: what the new entry is about."""
    return await render_support(request, view, campaign_id)


async def render_support(
    request: Request,
    view: View,
    campaign_id: str,
    *,
    typed: dict[str, str] | None = None,
    refusal: ApiError | None = None,
) -> Response:
    wanted = request.query_params
    campaign, answer = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get(
            "/v1/campaigns/{campaign_id}/support",
            campaign_id=campaign_id,
            commune_code=wanted.get("commune"),
            **as_query(request),
        ),
    )
    about = {"commune_code": wanted.get("commune", ""), "blocker_id": wanted.get("blocker", "")}
    return view.render(
        "support_log.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        **facts_of(await load_places(view.api, campaign["province_code"])),
        rows=of_answer(request, answer),
        may_log=view.role in FOLLOW,
        typed=typed or about,
        refusal=refusal,
    )


@router.post(PAGE)
async def log_support(request: Request, view: PersonDep, campaign_id: str) -> Response:
    typed = await read_typed(request)
    once = typed.get("once")
    _, refusal = await attempt(
        view.api.post("/v1/campaigns/{campaign_id}/support", entry_of(typed), once=once, campaign_id=campaign_id)
    )
    if refusal:
        return await render_support(request, view, campaign_id, typed=typed, refusal=refusal)
    return view.go(f"/campaigns/{campaign_id}/support", view.say("Đã ghi vào nhật ký.", "It is in the log."))


def entry_of(typed: dict[str, str]) -> dict[str, Any]:
    """Hours as clocks show them here; what is no day or hour goes as it is, to be refused."""
    on = day_or_none(typed.get("on", ""))
    return {
        "commune_code": typed.get("commune_code", ""),
        "blocker_id": typed.get("blocker_id") or None,
        "began_at": f"{on}T{typed.get('began', '')}:00+07:00",
        "ended_at": f"{on}T{typed.get('ended', '')}:00+07:00",
        "words": typed.get("words", ""),
    }
