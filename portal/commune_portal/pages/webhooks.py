"""Programs that are told what becomes of messages: made, put aside, told again, given a new secret. The nation's."""

from typing import Any

from commune_schemas.amounts import amount
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.forms import day_or_none, read_typed
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()
OVERLAP_HOURS = 24


@router.get("/settings/webhooks", response_class=HTMLResponse)
async def show_webhooks(view: PersonDep) -> Response:
    return await render_webhooks(view)


@router.post("/settings/webhooks")
async def make_webhook(request: Request, view: PersonDep) -> Response:
    typed = await read_typed(request)
    chosen = [str(value) for value in (await request.form()).getlist("event_types")]
    body = {"url": typed.get("url", ""), "event_types": chosen, "description": typed.get("description", "")}
    try:
        made = await view.api.post("/v1/webhooks", body, once=typed.get("once"))
    except ApiError as refusal:
        if refusal.status not in {403, 409, 422}:
            raise
        return await render_webhooks(view, typed=typed, chosen=chosen, refusal=refusal)
    return await render_webhooks(view, made=made)


async def render_webhooks(
    view: View,
    *,
    typed: dict[str, str] | None = None,
    chosen: list[str] | None = None,
    made: dict[str, Any] | None = None,
    refusal: ApiError | None = None,
) -> Response:
    """`made`: one with its new secret, shown this once; it is kept nowhere."""
    answer = await view.api.get("/v1/webhooks")
    return view.render(
        "webhooks.html",
        status=refusal.status if refusal else 200,
        rows=answer["items"],
        event_types=answer["event_types"],
        typed=typed or {},
        chosen=chosen or [],
        made=made,
        refusal=refusal,
    )


@router.get("/settings/webhooks/{webhook_id}", response_class=HTMLResponse)
async def show_webhook(request: Request, view: PersonDep, webhook_id: str) -> Response:
    return await render_webhook(request, view, webhook_id)


@router.post("/settings/webhooks/{webhook_id}")
async def change_webhook(request: Request, view: PersonDep, webhook_id: str) -> Response:
    typed = await read_typed(request)
    here, then = f"/settings/webhooks/{webhook_id}", typed.get("then", "")
    try:
        if then == "rotate":
            made = await view.api.post(
                "/v1/webhooks/{webhook_id}/rotate", {"overlap_hours": OVERLAP_HOURS}, once=typed.get("once"),
                webhook_id=webhook_id,
            )  # fmt: skip
            return await render_webhooks(view, made=made)
        if then == "replay":
            day = day_or_none(typed.get("since", ""))
            body = {"since": f"{day}T00:00:00+07:00" if day else None}
            told = await view.api.post("/v1/webhooks/{webhook_id}/replay", body, webhook_id=webhook_id)
            words = view.say(
                f"Sẽ báo lại {told['events']} sự kiện.",
                f"{amount(told['events'], 'event is', 'events are')} told again.",
            )
        elif then == "enable":
            await view.api.post("/v1/webhooks/{webhook_id}/enable", webhook_id=webhook_id)
            words = view.say("Đã bật lại.", "It is called again.")
        else:
            await view.api.post("/v1/webhooks/{webhook_id}/disable", webhook_id=webhook_id)
            words = view.say("Đã tạm tắt; sự kiện vẫn chờ ở đây.", "It is called no more; what happens waits.")
    except ApiError as refusal:
        if refusal.status not in {403, 409, 422}:
            raise
        return await render_webhook(request, view, webhook_id, typed=typed, refusal=refusal)
    return view.go(here, words)


async def render_webhook(
    request: Request, view: View, webhook_id: str, *, typed: dict[str, str] | None = None,
    refusal: ApiError | None = None,
) -> Response:  # fmt: skip
    listed = await view.api.get("/v1/webhooks")
    hook = next((each for each in listed["items"] if each["id"] == webhook_id), None)
    if hook is None:
        raise ApiError(404, {})
    status = request.query_params.get("status") or None
    calls = await view.api.get(
        "/v1/webhooks/{webhook_id}/deliveries", webhook_id=webhook_id, status=status, **as_query(request)
    )
    return view.render(
        "webhook.html",
        status=refusal.status if refusal else 200,
        hook=hook,
        rows=of_answer(request, calls),
        event_types={each["type"]: each for each in listed["event_types"]},
        typed=typed or {},
        refusal=refusal,
    )
