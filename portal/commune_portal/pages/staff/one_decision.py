"""A decision on somebody without a selection run: a secondment, or concurrent duty on some weekdays."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData, QueryParams

from commune_portal.client import ApiError
from commune_portal.forms import day_or_none
from commune_portal.menu import ADMIN
from commune_portal.pages.staff.register import list_units, province_or_own
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/staff/decisions/new"
WORDS = ("reason", "legal_basis", "signer", "number")
DAYS = ("from_on", "until_on", "review_on")


@router.get(PAGE, response_class=HTMLResponse)
async def show_new_decision(request: Request, view: PersonDep) -> Response:
    """`staff_id`: whom it is about."""
    return await render_new_decision(view, request.query_params)


async def render_new_decision(
    view: View, typed: QueryParams | FormData, *, refusal: ApiError | None = None
) -> Response:
    if view.role != ADMIN:
        raise ApiError(404, {})
    posts, units = await asyncio.gather(
        view.api.list_all("/v1/posts", province_code=await province_or_own(view)), list_units(view)
    )
    staff_id = str(typed.get("staff_id") or "")
    member = await view.api.get("/v1/staff/{staff_id}", staff_id=staff_id) if staff_id else None
    names = {each["id"]: each["name"] for each in units}
    return view.render(
        "staff_one_decision.html",
        status=refusal.status if refusal else 200,
        member=member,
        posts=[(each["id"], f"{names.get(each['unit_id'], '')}: {each['title']}", each) for each in posts],
        days={str(day) for day in typed.getlist("weekdays")},
        typed=typed,
        refusal=refusal,
    )


@router.post(PAGE)
async def draft_decision(request: Request, view: PersonDep) -> Response:
    form = await request.form()
    body: dict[str, Any] = {name: str(form.get(name) or "").strip() or None for name in WORDS}
    body |= {name: day_or_none(str(form.get(name) or "")) for name in DAYS}
    body |= {name: str(form.get(name) or "") for name in ("staff_id", "post_id")}
    weekdays = [int(str(day)) for day in form.getlist("weekdays") if str(day) in "01234" and day]
    body["weekdays"] = weekdays or None
    once = str(form.get("once") or "") or None
    made, refusal = await attempt(view.api.post("/v1/secondments", body, once=once))
    if refusal:
        return await render_new_decision(view, form, refusal=refusal)
    words = view.say("Đã lập dự thảo; chưa ai được báo.", "It is drafted; nobody is told anything yet.")
    return view.go(f"/staff/decisions/{made['id']}", words)
