"""The delivery board: who was told, who was not reached and why, by school and commune, with numbers to call."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.pages.people_of_plan import facts_of
from commune_portal.pages.plans import load_plan
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep

router = APIRouter()


@router.get("/plans/{plan_id}/delivery", response_class=HTMLResponse)
async def show_delivery(request: Request, view: PersonDep, plan_id: str) -> Response:
    wanted = request.query_params
    shown, answer = await asyncio.gather(
        load_plan(view, plan_id),
        view.api.get(
            "/v1/plans/{plan_id}/messages",
            plan_id=plan_id,
            status=wanted.get("status"),
            channel=wanted.get("channel"),
            school_code=wanted.get("school"),
            commune_code=wanted.get("commune"),
            **as_query(request),
        ),
    )
    return view.render("delivery.html", **facts_of(shown, view), rows=of_answer(request, answer), board=answer)
