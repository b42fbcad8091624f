"""Decisions on secondment: draft, approved, published, and their life: begun, extended, ended early, returned."""

from typing import Any

from commune_schemas.amounts import amount
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.downloads import pass_on
from commune_portal.forms import day_or_none, read_typed
from commune_portal.menu import ADMIN
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()
STATES = ("draft", "approved", "published", "started", "returned", "ended_early", "discarded")
REFUSED = {403, 409, 412, 422}


@router.get("/staff/decisions", response_class=HTMLResponse)
async def show_decisions(request: Request, view: PersonDep) -> Response:
    return await render_decisions(request, view)


async def render_decisions(
    request: Request, view: View, *, chosen: frozenset[str] = frozenset(), refusal: ApiError | None = None
) -> Response:
    wanted = request.query_params
    by: dict[str, Any] = {name: wanted.get(name) for name in ("q", "run_id", "unit_id", "status")}
    decisions = await view.api.get("/v1/secondments", **by, **as_query(request))
    return view.render(
        "staff_decisions.html",
        status=refusal.status if refusal else 200,
        rows=of_answer(request, decisions),
        states=STATES,
        run_id=wanted.get("run_id", ""),
        chosen=chosen,
        may_decide=view.role == ADMIN,
        refusal=refusal,
    )


@router.post("/staff/decisions")
async def decide_many(request: Request, view: PersonDep) -> Response:
    """Those ticked, or every decision of a run."""
    form, typed = await request.form(), await read_typed(request)
    chosen = [value for value in form.getlist("chosen") if isinstance(value, str)]
    run_id = typed.get("run_id") if typed.get("whole_run") else None
    body: dict[str, Any] = {"run_id": run_id} if run_id else {"secondment_ids": chosen}
    once, then = typed.get("once"), typed.get("then")
    back = f"/staff/decisions?{request.url.query}" if request.url.query else "/staff/decisions"
    if not run_id and not chosen:
        return view.go(back, view.say("Chưa chọn quyết định nào.", "No decision is chosen."))
    try:
        if then == "approve":
            moved = await view.api.post("/v1/secondments/approve", body, once=once)
        elif then == "publish":
            moved = await view.api.post("/v1/secondments/publish", body, once=once)
        else:
            moved = await view.api.post("/v1/secondments/discard", body, once=once)
    except ApiError as refusal:
        if refusal.status not in REFUSED:
            raise
        return await render_decisions(request, view, chosen=frozenset(chosen), refusal=refusal)
    words = view.say(
        f"{moved['changed']} quyết định đã chuyển, {moved['already']} đã như vậy từ trước.",
        f"{amount(moved['changed'], 'decision')} moved, {moved['already']} stood so already.",
    )
    return view.go(back, words)


@router.get("/staff/decisions/{decision_id}", response_class=HTMLResponse)
async def show_decision(view: PersonDep, decision_id: str) -> Response:
    return await render_decision(view, decision_id)


async def render_decision(
    view: View, decision_id: str, *, typed: dict[str, str] | None = None, refusal: ApiError | None = None
) -> Response:
    decision = await view.api.read("/v1/secondments/{secondment_id}", secondment_id=decision_id)
    return view.render(
        "staff_decision.html",
        status=refusal.status if refusal else 200,
        decision=decision.content,
        etag=decision.etag,
        may_decide=view.role == ADMIN,
        typed=typed or {},
        refusal=refusal,
    )


@router.post("/staff/decisions/{decision_id}")
async def act_on_decision(request: Request, view: PersonDep, decision_id: str) -> Response:
    typed = await read_typed(request)
    try:
        await change(view, decision_id, typed)
    except ApiError as refusal:
        if refusal.status not in REFUSED:
            raise
        return await render_decision(view, decision_id, typed=typed, refusal=refusal)
    return view.go(f"/staff/decisions/{decision_id}", view.say("Đã ghi.", "Recorded."))


async def change(view: View, decision_id: str, typed: dict[str, str]) -> None:
    """The one thing that the form's button names."""
    ids: dict[str, Any] = {"secondment_id": decision_id, "once": typed.get("once")}
    on, reason = day_or_none(typed.get("on", "")), typed.get("reason", "")
    match typed.get("then"):
        case "extend":
            body = {"until_on": on, "legal_basis": typed.get("legal_basis", ""), "reason": reason}
            await view.api.post("/v1/secondments/{secondment_id}/extend", body, **ids)
        case "end":
            await view.api.post("/v1/secondments/{secondment_id}/end", {"on": on, "reason": reason}, **ids)
        case "return":
            await view.api.post("/v1/secondments/{secondment_id}/return", {"on": on}, **ids)
        case "review":
            days = [day for day in range(5) if typed.get(f"weekday-{day}")]
            following = day_or_none(typed.get("next_review_on", ""))
            term = {"on": on, "next_review_on": following, "weekdays": days or None, "reason": reason}
            await view.api.post("/v1/secondments/{secondment_id}/review", term, **ids)
        case "ask":
            await view.api.post("/v1/secondments/{secondment_id}/ask-change", {"reason": reason}, **ids)
        case "start":
            await view.api.post("/v1/secondments/{secondment_id}/start", {"on": on}, **ids)
        case _:
            # What was emptied is sent as empty: without an end, or to be refused; left out it would stay as it was.
            facts: dict[str, Any] = {name: typed[name] for name in ("legal_basis", "signer") if name in typed}
            facts |= {name: day_or_none(typed[name]) for name in ("from_on", "until_on") if name in typed}
            facts["number"] = typed.get("number") or None
            await view.api.patch(
                "/v1/secondments/{secondment_id}", facts, etag=typed.get("etag", ""), secondment_id=decision_id
            )


@router.get("/staff/decisions/{secondment_id}/decision.docx")
async def download_decision(view: PersonDep, secondment_id: str) -> Response:
    """Of all who were published together, with its annexes."""
    return pass_on(
        await view.api.download("/v1/secondments/{secondment_id}/decision.docx", secondment_id=secondment_id)
    )
