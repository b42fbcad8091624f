"""Settings for Home Affairs: API keys, the audit log, how the province publishes. People and roles are elsewhere."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.menu import ADMIN
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()


@router.get("/settings", response_class=HTMLResponse)
async def show_settings(view: PersonDep) -> Response:
    return view.go("/settings/people")


@router.get("/settings/audit", response_class=HTMLResponse)
async def show_audit(request: Request, view: PersonDep) -> Response:
    wanted = request.query_params
    by = {name: wanted.get(name) for name in ("subject", "action", "actor_key_id", "since", "until")}
    entries = await view.api.get("/v1/audit", **by, **as_query(request))
    return view.render("audit.html", rows=of_answer(request, entries))


@router.get("/settings/keys", response_class=HTMLResponse)
async def show_keys(request: Request, view: PersonDep) -> Response:
    wanted = request.query_params
    keys = await view.api.get("/v1/api-keys", q=wanted.get("q"), revoked=wanted.get("revoked"), **as_query(request))
    return view.render("keys.html", rows=of_answer(request, keys))


@router.post("/settings/keys/{key_id}/revoke")
async def revoke_key(view: PersonDep, key_id: str) -> Response:
    await view.api.post("/v1/api-keys/{key_id}/revoke", key_id=key_id)
    return view.go("/settings/keys", view.say("Đã thu hồi khóa.", "The key is revoked."))


@router.get("/settings/publishing", response_class=HTMLResponse)
async def show_publishing(view: PersonDep) -> Response:
    return await render_publishing(view)


async def render_publishing(view: View, refusal: ApiError | None = None) -> Response:
    province = await view.api.get("/v1/provinces/{code}", code=province_of(view))
    return view.render("publishing.html", status=refusal.status if refusal else 200, province=province, refusal=refusal)


def province_of(view: View) -> str:
    """Of an officer of Home Affairs, who alone decides on this; to anybody else the page is not there."""
    if view.role != ADMIN or view.assignment.get("scope_kind") != "province":
        raise ApiError(404, {})
    return str(view.assignment["scope_id"])


@router.post("/settings/publishing")
async def keep_publishing(
    view: PersonDep,
    four_eyes: Annotated[str, Form()] = "",
    is_plan_public: Annotated[str, Form()] = "",
    sms_price_vnd: Annotated[str, Form()] = "",
) -> Response:
    body = {
        "four_eyes": four_eyes == "yes",
        "is_plan_public": is_plan_public == "yes",
        "sms_price_vnd": int(sms_price_vnd) if sms_price_vnd.strip().isdecimal() else None,
    }
    try:
        await view.api.put("/v1/provinces/{code}/publishing", body, code=province_of(view))
    except ApiError as refusal:
        if refusal.status not in {403, 409, 422}:
            raise
        return await render_publishing(view, refusal)
    return view.go("/settings/publishing", view.say("Đã lưu.", "Saved."))
