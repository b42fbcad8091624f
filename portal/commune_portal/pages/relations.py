"""Schools that already serve a commune: ties worth keeping, recorded before plans are made."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import load_places
from commune_portal.client import ApiError
from commune_portal.forms import read_typed
from commune_portal.pages.pins import facts_of
from commune_portal.paging import as_query, of_answer
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/campaigns/{campaign_id}/relations"


@router.get(PAGE, response_class=HTMLResponse)
async def show_relations(request: Request, view: PersonDep, campaign_id: str) -> Response:
    return await render_relations(request, view, campaign_id)


async def render_relations(
    request: Request,
    view: View,
    campaign_id: str,
    *,
    typed: dict[str, str] | None = None,
    refusal: ApiError | None = None,
) -> Response:
    campaign, answer = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get(
            "/v1/campaigns/{campaign_id}/existing-relations",
            campaign_id=campaign_id,
            q=request.query_params.get("q"),
            **as_query(request),
        ),
    )
    places = await load_places(view.api, campaign["province_code"])
    return view.render(
        "relations.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        **facts_of(places),
        rows=of_answer(request, answer),
        typed=typed or {},
        refusal=refusal,
    )


@router.post(PAGE)
async def change_relations(request: Request, view: PersonDep, campaign_id: str) -> Response:
    """One more; or, with `then` = strike, one less."""
    typed = await read_typed(request)
    commune_code, school_id = typed.get("commune_code", ""), typed.get("school_id", "")
    if typed.get("then") == "strike":
        deed = view.api.delete(
            "/v1/campaigns/{campaign_id}/existing-relations/{commune_code}/{school_id}",
            campaign_id=campaign_id,
            commune_code=commune_code,
            school_id=school_id,
        )
    else:
        body = {"commune_code": commune_code, "school_id": school_id or None, "note": typed.get("note", "")}
        once = typed.get("once")
        deed = view.api.post("/v1/campaigns/{campaign_id}/existing-relations", body, once=once, campaign_id=campaign_id)
    _, refusal = await attempt(deed)
    if refusal:
        return await render_relations(request, view, campaign_id, typed=typed, refusal=refusal)
    return view.go(f"/campaigns/{campaign_id}/relations", view.say("Đã ghi.", "Recorded."))
