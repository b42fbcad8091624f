"""Several people cannot serve any more: who they are and where they are awaited, looked at once, then all or none."""

import asyncio

from commune_schemas.amounts import amount
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import find_current
from commune_portal.client import ApiError
from commune_portal.menu import CALLERS
from commune_portal.pages.person import find_place, find_plan
from commune_portal.paging import sort_people
from commune_portal.refusals import attempt, not_sure
from commune_portal.view import PersonDep, View

router = APIRouter()
MOST = 50
"""At once: a page of the list they are ticked in."""


@router.get("/withdrawals", response_class=HTMLResponse)
async def show_withdrawals(request: Request, view: PersonDep) -> Response:
    """`person`: each who was ticked."""
    return await render_withdrawals(view, request.query_params.getlist("person"))


async def render_withdrawals(
    view: View, ids: list[str], refusal: ApiError | None = None, *, reason: str = ""
) -> Response:
    if view.role not in CALLERS:
        raise ApiError(404, {})
    plan = await find_plan(view, await find_current(view.api))
    people = await asyncio.gather(
        *(view.api.get("/v1/volunteers/{volunteer_id}", volunteer_id=each) for each in dict.fromkeys(ids[:MOST]))
    )
    placed = await asyncio.gather(*(find_place(view, plan, each["id"]) for each in people))
    places = {person["id"]: place for person, place in zip(people, placed, strict=True)}
    facts = {"people": sort_people(people), "places": places, "plan": plan, "refusal": refusal, "reason": reason}
    return view.render("withdrawals.html", status=refusal.status if refusal else 200, **facts)


@router.post("/withdrawals")
async def withdraw_many(request: Request, view: PersonDep) -> Response:
    form = await request.form()
    ids = [str(each) for each in form.getlist("person")]
    reason = str(form.get("reason") or "").strip()
    if form.get("sure") != "yes":
        return await render_withdrawals(view, ids, not_sure(), reason=reason)
    body = {"volunteer_ids": ids, "reason": reason or None}
    done, refusal = await attempt(view.api.post("/v1/volunteers/withdraw", body))
    if refusal:
        return await render_withdrawals(view, ids, refusal, reason=reason)
    number = len(done["items"])
    words = view.say(
        f"Đã ghi {number} người thôi tham gia. Ai còn trong phương án đang có hiệu lực thì cần tìm người thay.",
        f"{amount(number, 'person is', 'people are')} withdrawn."
        " Who still has a place in the plan in force needs somebody to step in.",
    )
    return view.go("/volunteers?status=withdrawn", words)
