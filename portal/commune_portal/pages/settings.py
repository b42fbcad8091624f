"""Settings for Home Affairs: API keys and the audit log. People and roles have pages of their own."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep

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
