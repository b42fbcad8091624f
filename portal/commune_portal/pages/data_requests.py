"""What people ask of their own data: seen, corrected, erased; the clock of each, and the answer."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.forms import read_typed
from commune_portal.menu import ADMIN
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()
STATES = ("open", "erasing", "done", "refused", "withdrawn")
KINDS = ("access", "correction", "erasure")


@router.get("/settings/data-requests", response_class=HTMLResponse)
async def show_requests(request: Request, view: PersonDep) -> Response:
    wanted = request.query_params
    by: dict[str, Any] = {name: wanted.get(name) for name in ("state", "kind", "late")}
    requests = await view.api.get("/v1/data-requests", **by, **as_query(request))
    return view.render("data_requests.html", rows=of_answer(request, requests), states=STATES, kinds=KINDS)


@router.get("/settings/data-requests/{request_id}", response_class=HTMLResponse)
async def show_request(view: PersonDep, request_id: str) -> Response:
    return await render_request(view, request_id)


async def render_request(view: View, request_id: str, *, reason: str = "", refusal: ApiError | None = None) -> Response:
    asked = await view.api.get("/v1/data-requests/{request_id}", request_id=request_id)
    return view.render(
        "data_request.html",
        status=refusal.status if refusal else 200,
        asked=asked,
        may_decide=view.role == ADMIN and asked["state"] == "open",
        reason=reason,
        refusal=refusal,
    )


@router.post("/settings/data-requests/{request_id}")
async def decide_request(request: Request, view: PersonDep, request_id: str) -> Response:
    typed = await read_typed(request)
    try:
        if typed.get("then") == "refuse":
            await view.api.post(
                "/v1/data-requests/{request_id}/refuse",
                {"reason": typed.get("reason", "")},
                once=typed.get("once"),
                request_id=request_id,
            )
        else:
            await view.api.post(
                "/v1/data-requests/{request_id}/carry-out", None, once=typed.get("once"), request_id=request_id
            )
    except ApiError as refusal:
        if refusal.status not in {409, 422}:
            raise
        return await render_request(view, request_id, reason=typed.get("reason", ""), refusal=refusal)
    return view.go(f"/settings/data-requests/{request_id}", view.say("Đã ghi.", "Recorded."))
