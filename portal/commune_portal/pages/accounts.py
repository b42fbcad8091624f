"""People and roles: who was let in, inviting somebody, taking a role away."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.forms import day_or_none, end_of_day, read_typed
from commune_portal.menu import ADMIN, SCHOOL
from commune_portal.pages.places import find_province
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()
ROLES = (
    "admin",
    "director",
    "overseer",
    "secretary_office",
    "education_department",
    "school_coordinator",
    "school_viewer",
    "unit_officer",
    "commune_officer",
    "finance",
    "leader",
    "auditor",
)
GIVES = {ADMIN: ROLES, "director": ("overseer",), SCHOOL: ("school_coordinator", "school_viewer")}
"""Which roles each may give; the API decides."""
BOUND_BY = {
    "school_coordinator": "school_id",
    "school_viewer": "school_id",
    "commune_officer": "commune_code",
    "unit_officer": "unit_code",
}
"""What a role is bound to beside the province."""


@router.get("/settings/people", response_class=HTMLResponse)
async def show_accounts(request: Request, view: PersonDep) -> Response:
    return await render_accounts(request, view, wished(request))


def wished(request: Request) -> dict[str, str]:
    """Whom another page leads here to let in: `?give=school_coordinator&school_id=...` fills the form in."""
    wanted = request.query_params
    given = {name: wanted.get(name, "") for name in BOUND_BY.values()}
    return {"role": wanted["give"], **given} if wanted.get("give") else {}


async def render_accounts(
    request: Request, view: View, typed: dict[str, str] | None = None, refusal: ApiError | None = None
) -> Response:
    wanted = request.query_params
    province = await find_province(view)
    accounts, schools, communes = await asyncio.gather(
        view.api.get("/v1/accounts", q=wanted.get("q"), role=wanted.get("role"), **as_query(request)),
        view.api.list_seen("/v1/schools", province_code=province),
        view.api.list_seen("/v1/communes", province_code=province),
    )
    gives = GIVES.get(view.role, ())
    facts = {"gives": gives, "schools": schools, "communes": communes, "typed": typed or {}, "refusal": refusal}
    rows = of_answer(request, accounts)
    return view.render("accounts.html", status=refusal.status if refusal else 200, rows=rows, roles=ROLES, **facts)


@router.post("/settings/people")
async def invite(request: Request, view: PersonDep) -> Response:
    typed = await read_typed(request)
    role = typed.get("role", "")
    body: dict[str, Any] = {
        "email": typed.get("email", ""),
        "display_name": typed.get("display_name", ""),
        "role": role,
    }
    try:
        body |= await bounds_of(view, typed)
        made = await view.api.post("/v1/accounts", body, once=typed.get("once"))
    except ApiError as refusal:
        if refusal.status not in {403, 409, 422}:
            raise
        return await render_accounts(request, view, typed, refusal)
    return view.go("/settings/people", view.pick(made, "say"))


async def bounds_of(view: View, typed: dict[str, str]) -> dict[str, Any]:
    """What a role is bound to, and until when it holds. 422 for a place that the role is not bound to: it would be
    dropped, and the role given for the whole province."""
    bound = BOUND_BY.get(typed.get("role", ""))
    if any(typed.get(name) for name in {*BOUND_BY.values()} - {bound}):
        vi = "Vai trò này không gắn với trường, xã hay đơn vị đã chọn. Hãy đổi vai trò, hoặc bỏ chọn nơi đó."
        en = "This role is not bound to the place that is chosen. Choose another role, or take the place away."
        raise ApiError(422, {"detail_vi": vi, "detail": en})
    bounds: dict[str, Any] = {bound: typed.get(bound) or None} if bound else {}
    if bound in {None, "unit_code"}:
        bounds["province_code"] = await find_province(view)
    until = end_of_day(day_or_none(typed.get("until", "")))
    return bounds | ({"until": until} if until else {})


@router.post("/settings/people/{account_id}/roles")
async def grant(request: Request, view: PersonDep, account_id: str) -> Response:
    """A further role for somebody who has an account."""
    typed = await read_typed(request)
    try:
        body = {"role": typed.get("role", "")} | await bounds_of(view, typed)
        await view.api.post(
            "/v1/accounts/{account_id}/assignments", body, once=typed.get("once"), account_id=account_id
        )
    except ApiError as refusal:
        if refusal.status not in {403, 409, 422}:
            raise
        return await render_accounts(request, view, typed | {"account": account_id}, refusal)
    return view.go("/settings/people", view.say("Đã cấp vai trò; có hiệu lực ngay.", "The role is given, from now on."))


@router.post("/settings/people/{account_id}/{assignment_id}/revoke")
async def revoke(view: PersonDep, account_id: str, assignment_id: str) -> Response:
    await view.api.post(
        "/v1/accounts/{account_id}/assignments/{assignment_id}/revoke",
        account_id=account_id,
        assignment_id=assignment_id,
    )
    words = view.say("Đã thu hồi vai trò; có hiệu lực ngay.", "The role is taken away, from now on.")
    return view.go("/settings/people", words)
