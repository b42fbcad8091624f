"""API keys of other programs: made, shown once, when last used, when they end, rotated, revoked."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.forms import day_or_none, end_of_day, read_typed, whole_number
from commune_portal.menu import ADMIN
from commune_portal.pages.accounts import ROLES
from commune_portal.pages.places import find_province
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()


@router.get("/settings/keys", response_class=HTMLResponse)
async def show_keys(request: Request, view: PersonDep) -> Response:
    return await render_keys(request, view)


async def render_keys(
    request: Request,
    view: View,
    *,
    typed: dict[str, str] | None = None,
    made: dict[str, Any] | None = None,
    refusal: ApiError | None = None,
) -> Response:
    """`made`: a new key, shown this once; it is kept nowhere."""
    wanted = request.query_params
    keys = await view.api.get("/v1/api-keys", q=wanted.get("q"), revoked=wanted.get("revoked"), **as_query(request))
    return view.render(
        "keys.html",
        status=refusal.status if refusal else 200,
        rows=of_answer(request, keys),
        roles=[role for role in ROLES if role not in {"school_coordinator", "school_viewer", "commune_officer"}],
        may_change=view.role == ADMIN,
        typed=typed or {},
        made=made,
        refusal=refusal,
    )


@router.post("/settings/keys")
async def make_key(request: Request, view: PersonDep) -> Response:
    typed = await read_typed(request)
    body = {
        "label": typed.get("label", ""),
        "role": typed.get("role", ""),
        "province_code": await find_province(view),
        "is_read_only": typed.get("is_read_only") == "yes",
        "instead_of_account": typed.get("instead_of_account") == "yes",
        "expires_at": end_of_day(day_or_none(typed.get("expires_on", ""))),
    }
    try:
        made = await view.api.post("/v1/api-keys", body, once=typed.get("once"))
    except ApiError as refusal:
        if refusal.status not in {403, 409, 422}:
            raise
        return await render_keys(request, view, typed=typed, refusal=refusal)
    return await render_keys(request, view, made=made)


@router.post("/settings/keys/{key_id}/rotate")
async def rotate_key(request: Request, view: PersonDep, key_id: str) -> Response:
    typed = await read_typed(request)
    body: dict[str, Any] = {"overlap_hours": whole_number(typed.get("overlap_hours", "")) or 0}
    try:
        made = await view.api.post("/v1/api-keys/{key_id}/rotate", body, once=typed.get("once"), key_id=key_id)
    except ApiError as refusal:
        if refusal.status not in {403, 409, 422}:
            raise
        return await render_keys(request, view, refusal=refusal)
    return await render_keys(request, view, made=made)


@router.post("/settings/keys/{key_id}/revoke")
async def revoke_key(view: PersonDep, key_id: str) -> Response:
    await view.api.post("/v1/api-keys/{key_id}/revoke", key_id=key_id)
    return view.go("/settings/keys", view.say("Đã thu hồi khóa.", "The key is revoked."))
