"""Pins and forbids of a campaign: whose they are, why, whether the newest run keeps them; made here, withdrawn here."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import QueryParams

from commune_portal.campaign_view import Places, load_places
from commune_portal.client import ApiError
from commune_portal.forms import read_typed
from commune_portal.paging import as_query, of_answer, sort_people, vietnamese_order
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/campaigns/{campaign_id}/decisions"
OF_SCHOOLS = ("responsibility_pin", "responsibility_forbid")
KINDS = (*OF_SCHOOLS, "placement_pin", "placement_forbid")
MOST_PEOPLE = 100
"""To choose from; a name that is searched for narrows them."""


@router.get(PAGE, response_class=HTMLResponse)
async def show_decisions(request: Request, view: PersonDep, campaign_id: str) -> Response:
    """`add`: the kind whose form is open; `commune_code`, `volunteer_id`: what both list and form are about."""
    return await render_decisions(request, view, campaign_id)


async def render_decisions(
    request: Request,
    view: View,
    campaign_id: str,
    *,
    typed: dict[str, str] | None = None,
    refusal: ApiError | None = None,
) -> Response:
    wanted, typed = request.query_params, typed or {}
    withdrawn = wanted.get("withdrawn") == "true"
    by = {name: wanted.get(name) for name in ("kind", "commune_code", "school_id", "volunteer_id")} | as_query(request)
    campaign, answer = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get("/v1/campaigns/{campaign_id}/decisions", campaign_id=campaign_id, withdrawn=withdrawn, **by),
    )
    places = await load_places(view.api, campaign["province_code"])
    kind = typed.get("kind") or wanted.get("add", "")
    people = await list_candidates(view, wanted, typed.get("volunteer_id", "")) if kind in KINDS[2:] else []
    return view.render(
        "pins.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        **facts_of(places),
        names=await name_people(view, answer["items"]),
        rows=of_answer(request, answer),
        withdrawn=withdrawn,
        kinds=KINDS,
        of_schools=OF_SCHOOLS,
        kind=kind if kind in KINDS else "",
        people=people,
        typed={name: value for name, value in wanted.items() if value} | typed,
        refusal=refusal,
    )


def facts_of(places: Places) -> dict[str, Any]:
    """What a form of communes and schools chooses from."""
    communes = sorted(places.communes.values(), key=lambda each: vietnamese_order(each["name"]))
    schools = {each["id"]: each["name"] for each in places.schools.values()}
    return {"places": places, "communes": communes, "schools": schools}


async def list_candidates(view: View, wanted: QueryParams, chosen: str) -> list[dict[str, Any]]:
    """The person the address or the form names; otherwise those whom a search finds."""
    person_id = chosen or wanted.get("volunteer_id")
    if person_id:
        person = await view.api.find("/v1/volunteers/{volunteer_id}", volunteer_id=person_id)
        return [person] if person else []
    if not wanted.get("who"):
        return []
    found = await view.api.get("/v1/volunteers", q=wanted["who"], status="active", limit=MOST_PEOPLE)
    return sort_people(found["items"])


async def name_people(view: View, decisions: list[dict[str, Any]]) -> dict[str, str]:
    ids = sorted({each["volunteer_id"] for each in decisions if each["volunteer_id"]})
    found = await asyncio.gather(*(view.api.find("/v1/volunteers/{volunteer_id}", volunteer_id=each) for each in ids))
    return {each["id"]: each["full_name"] for each in found if each}


@router.post(PAGE)
async def decide(request: Request, view: PersonDep, campaign_id: str) -> Response:
    typed = await read_typed(request)
    names = ("kind", "commune_code", "school_id", "volunteer_id", "reason")
    body = {name: typed[name] for name in names if typed.get(name)}
    once = typed.get("once")
    _, refusal = await attempt(
        view.api.post("/v1/campaigns/{campaign_id}/decisions", body, once=once, campaign_id=campaign_id)
    )
    if refusal:
        return await render_decisions(request, view, campaign_id, typed=typed, refusal=refusal)
    words = view.say(
        "Đã ghi; lần tính sau giữ đúng điều này. Phương án đã lập không đổi.",
        "Recorded; the next run keeps to it. Plans already made stay as they are.",
    )
    return view.go(f"/campaigns/{campaign_id}/decisions", words)


@router.post(PAGE + "/{decision_id}/withdraw")
async def withdraw(request: Request, view: PersonDep, campaign_id: str, decision_id: str) -> Response:
    _, refusal = await attempt(
        view.api.post(
            "/v1/campaigns/{campaign_id}/decisions/{decision_id}/withdraw",
            None,
            campaign_id=campaign_id,
            decision_id=decision_id,
        )
    )
    if refusal:
        return await render_decisions(request, view, campaign_id, refusal=refusal)
    words = view.say("Không còn hiệu lực; vẫn lưu ai đã quyết định.", "It no longer holds; it stays on record.")
    return view.go(f"/campaigns/{campaign_id}/decisions", words)
