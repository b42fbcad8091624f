"""Whom no channel reached: why, which number to telephone, and who was reached by telephone."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep

router = APIRouter()
SHOWN: dict[str, str | None] = {"": "false", "reached": "true", "all": None}
"""What the list is narrowed to, and how the API is asked for it."""


@router.get("/call-list", response_class=HTMLResponse)
async def show_call_list(request: Request, view: PersonDep) -> Response:
    wanted = request.query_params
    answer = await view.api.get(
        "/v1/call-list",
        school_code=wanted.get("school") or None,
        commune_code=wanted.get("commune") or None,
        is_reached=SHOWN.get(wanted.get("show", ""), "false"),
        **as_query(request),
    )
    return view.render("call_list.html", rows=of_answer(request, answer), calls=answer)


@router.post("/call-list/{message_id}")
async def keep_call(
    request: Request,
    view: PersonDep,
    message_id: str,
    outcome: Annotated[str, Form()],
    once: Annotated[str, Form()] = "",
) -> Response:
    path = "/v1/call-list/{message_id}/calls"
    await view.api.post(path, {"outcome": outcome}, once=once, message_id=message_id)
    words = {
        "reached": ("Đã ghi: đã báo qua điện thoại.", "Kept: told by telephone."),
        "not_reached": ("Đã ghi: gọi chưa được.", "Kept: called, not reached."),
    }.get(outcome, ("Đã ghi.", "Kept."))
    query = f"?{request.url.query}" if request.url.query else ""
    return view.go(f"/call-list{query}", view.say(*words))
