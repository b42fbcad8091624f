"""Blockers: raised, who has each and since when, solved, confirmed or reopened."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.menu import ADMIN, COMMUNE, FOLLOW, SCHOOL
from commune_portal.pages.plans import load_fields
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()
RAISERS = frozenset({ADMIN, COMMUNE, SCHOOL})
SOLVERS = FOLLOW | {"secretary_office"}


@router.get("/campaigns/{campaign_id}/blockers", response_class=HTMLResponse)
async def show_blockers(request: Request, view: PersonDep, campaign_id: str) -> Response:
    return await render_blockers(request, view, campaign_id)


async def render_blockers(
    request: Request, view: View, campaign_id: str, *, typed: dict[str, str] | None = None, refusal: Any = None
) -> Response:
    wanted = request.query_params
    campaign, blockers, fields = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get(
            "/v1/campaigns/{campaign_id}/blockers",
            campaign_id=campaign_id,
            state=wanted.get("state") or None,
            level=wanted.get("level") or None,
            commune_code=wanted.get("commune") or None,
            **as_query(request),
        ),
        load_fields(view),
    )
    may_raise, needs_code = view.role in RAISERS, view.role != COMMUNE
    communes = []
    if may_raise and needs_code:
        communes = await view.api.list_seen("/v1/communes", province_code=campaign["province_code"])
    return view.render(
        "blockers.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        rows=of_answer(request, blockers),
        fields=fields,
        may_raise=may_raise,
        needs_code=needs_code,
        communes=communes,
        typed=typed or {},
        refusal=refusal,
    )


@router.post("/campaigns/{campaign_id}/blockers")
async def raise_blocker(request: Request, view: PersonDep, campaign_id: str) -> Response:
    typed = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    body = {
        "words": typed.get("words", ""),
        "commune_code": typed.get("commune_code") or None,
        "field_code": typed.get("field_code") or None,
        "urgency": "urgent" if typed.get("urgent") else "normal",
    }
    try:
        made = await view.api.post(
            "/v1/campaigns/{campaign_id}/blockers", body, once=typed.get("once"), campaign_id=campaign_id
        )
    except ApiError as refusal:
        if refusal.status != 422:
            raise
        return await render_blockers(request, view, campaign_id, typed=typed, refusal=refusal)
    words = view.say("Đã ghi. Ai đang giữ thì được báo bằng email.", "Recorded. Whoever has it is told by e-mail.")
    return view.go(f"/campaigns/{campaign_id}/blockers/{made['id']}", words)


@router.get("/campaigns/{campaign_id}/blockers/{blocker_id}", response_class=HTMLResponse)
async def show_blocker(view: PersonDep, campaign_id: str, blocker_id: str) -> Response:
    return await render_blocker(view, campaign_id, blocker_id)


async def render_blocker(
    view: View, campaign_id: str, blocker_id: str, *, words: str = "", refusal: ApiError | None = None
) -> Response:
    campaign, blocker = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get(
            "/v1/campaigns/{campaign_id}/blockers/{blocker_id}", campaign_id=campaign_id, blocker_id=blocker_id
        ),
    )
    return view.render(
        "blocker.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        blocker=blocker,
        may_solve=view.role in SOLVERS and blocker["state"] == "open",
        may_confirm=view.role in RAISERS and blocker["state"] == "solved",
        words=words,
        refusal=refusal,
    )


@router.post("/campaigns/{campaign_id}/blockers/{blocker_id}")
async def act_on_blocker(
    view: PersonDep,
    campaign_id: str,
    blocker_id: str,
    then: Annotated[str, Form()],
    words: Annotated[str, Form()] = "",
    once: Annotated[str, Form()] = "",
) -> Response:
    ids = {"campaign_id": campaign_id, "blocker_id": blocker_id}
    try:
        if then == "confirm":
            await view.api.post("/v1/campaigns/{campaign_id}/blockers/{blocker_id}/confirm", once=once, **ids)
        elif then == "solve":
            await view.api.post(
                "/v1/campaigns/{campaign_id}/blockers/{blocker_id}/solve", {"words": words}, once=once, **ids
            )
        elif then == "reopen":
            await view.api.post(
                "/v1/campaigns/{campaign_id}/blockers/{blocker_id}/reopen", {"words": words}, once=once, **ids
            )
        else:
            await view.api.post(
                "/v1/campaigns/{campaign_id}/blockers/{blocker_id}/notes", {"words": words}, once=once, **ids
            )
    except ApiError as refusal:
        if refusal.status not in {409, 422}:
            raise
        return await render_blocker(view, campaign_id, blocker_id, words=words, refusal=refusal)
    return view.go(f"/campaigns/{campaign_id}/blockers/{blocker_id}", view.say("Đã ghi.", "Recorded."))
