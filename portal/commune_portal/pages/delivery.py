"""The delivery board: who was told, who was not reached and why, by school and commune, with numbers to call."""

import asyncio
from typing import Annotated, Any

from commune_schemas.amounts import amount
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.pages.people_of_plan import facts_of
from commune_portal.pages.plans import load_plan
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep

router = APIRouter()
TO_OLD = "to_old_contact"
"""Chosen among the states: what went to another number or address than its person has now."""


@router.get("/plans/{plan_id}/delivery", response_class=HTMLResponse)
async def show_delivery(request: Request, view: PersonDep, plan_id: str) -> Response:
    wanted = request.query_params
    to_old = wanted.get("status") == TO_OLD
    shown, answer = await asyncio.gather(
        load_plan(view, plan_id),
        view.api.get(
            "/v1/plans/{plan_id}/messages",
            plan_id=plan_id,
            status=None if to_old else wanted.get("status"),
            to_old_contact="true" if to_old else None,
            channel=wanted.get("channel"),
            school_code=wanted.get("school"),
            commune_code=wanted.get("commune"),
            **as_query(request),
        ),
    )
    return view.render("delivery.html", **facts_of(shown, view), rows=of_answer(request, answer), board=answer)


@router.post("/plans/{plan_id}/delivery/resend")
async def send_again(
    request: Request,
    view: PersonDep,
    plan_id: str,
    reason: Annotated[str, Form()],
    message_id: Annotated[str, Form()] = "",
    confirm: Annotated[str, Form()] = "",
    once: Annotated[str, Form()] = "",
) -> Response:
    """One message, or every one that the board's filter shows: then `confirm` is how many that are."""
    wanted = request.query_params
    if message_id:
        body: dict[str, Any] = {"message_ids": [message_id], "reason": reason}
        ordered = await view.api.post("/v1/message-orders", body, once=once)
    else:
        body = {
            **({"to_old_contact": True} if wanted.get("status") == TO_OLD else {"status": wanted.get("status")}),
            "channel": wanted.get("channel") or None,
            "school_code": wanted.get("school") or None,
            "commune_code": wanted.get("commune") or None,
            "confirm": int(confirm) if confirm.isdecimal() else confirm,
            "reason": reason,
        }
        ordered = await view.api.post("/v1/plans/{plan_id}/message-orders", body, once=once, plan_id=plan_id)
    to = next((each["to"] for each in ordered["items"] if each["to"]), "")
    going = amount(ordered["messages"], "message is", "messages are")
    words = view.say(
        f"Đang gửi lại {ordered['messages']} tin{f', đến {to}' if message_id else ''}.",
        f"{going} being sent again{f', to {to}' if message_id else ''}.",
    )
    return view.go(f"/plans/{plan_id}/delivery?status={wanted.get('status') or ''}", words)
