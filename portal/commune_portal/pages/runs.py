"""Matching runs: asked for, followed live, proved, compared."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from commune_portal.campaign_view import LIVE, load_places
from commune_portal.client import ApiError
from commune_portal.pages.needs import whole
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()


@router.get("/campaigns/{campaign_id}/runs", response_class=HTMLResponse)
async def show_runs(request: Request, view: PersonDep, campaign_id: str) -> Response:
    return await render_runs(request, view, campaign_id)


async def render_runs(
    request: Request,
    view: View,
    campaign_id: str,
    typed: dict[str, str] | None = None,
    refusal: ApiError | None = None,
) -> Response:
    campaign, runs = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get("/v1/campaigns/{campaign_id}/matching-runs", campaign_id=campaign_id, **as_query(request)),
    )
    rows = of_answer(request, runs)
    facts = {"rows": rows, "typed": typed or {}, "refusal": refusal}
    return view.render("runs.html", status=refusal.status if refusal else 200, campaign=campaign, **facts)


@router.post("/campaigns/{campaign_id}/runs")
async def ask_for_run(request: Request, view: PersonDep, campaign_id: str) -> Response:
    form = await request.form()
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    options: dict[str, Any] = {"time_limit_seconds": whole(typed.get("time_limit_seconds") or "60")}
    for name in ("max_lead_changes", "max_placement_changes"):
        if typed.get(name, "").strip():
            options[name] = whole(typed[name])
    if typed.get("contiguity") == "yes":
        options["contiguity"] = True
    body = {
        "scenario": typed.get("scenario", "").strip() or None,
        "note": typed.get("note", "").strip() or None,
        "force": typed.get("force") == "yes",
        "options": options,
    }
    try:
        run = await view.api.post(
            "/v1/campaigns/{campaign_id}/matching-runs", body, once=typed.get("once"), campaign_id=campaign_id
        )
    except ApiError as refusal:
        if refusal.status not in {409, 422, 429}:
            raise
        return await render_runs(request, view, campaign_id, typed, refusal)
    return view.go(f"/runs/{run['id']}")


@router.get("/runs/{run_id}", response_class=HTMLResponse)
async def show_run(view: PersonDep, run_id: str) -> Response:
    run = await view.api.get("/v1/matching-runs/{run_id}", run_id=run_id)
    campaign, others = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=run["campaign_id"]),
        view.api.get("/v1/campaigns/{campaign_id}/matching-runs", campaign_id=run["campaign_id"], limit=20),
    )
    comparable = [each for each in others["items"] if each["plan_id"] and each["id"] != run["id"]]
    places = await load_places(view.api, campaign["province_code"])
    is_live = run["status"] in LIVE
    notes = list_notes(run["certificate"], places.school)
    facts = {"run": run, "is_live": is_live, "others": comparable, "places": places, "notes": notes}
    page = view.render("run.html", campaign=campaign, **facts)
    if is_live:
        page.headers["Refresh"] = "5"  # for who has no JavaScript: the island takes it over
    return page


def list_notes(certificate: dict[str, Any] | None, school_name: Callable[[str], str]) -> list[str]:
    """What a certificate could not prove, or what it lacks: of the whole run, then of each step, by its school."""
    if certificate is None:
        return []
    of_steps = [
        f"{school_name(stage['school_code'])}: {note}" if stage["school_code"] else note
        for stage in certificate["stages"]
        for note in stage["notes"]
    ]
    return list(dict.fromkeys([*certificate["notes"], *of_steps]))


@router.get("/runs/{run_id}/events")
async def pass_events(request: Request, view: PersonDep, run_id: str) -> Response:
    """The API's event stream, handed on as it comes: the browser has no token of its own."""
    last = request.headers.get("last-event-id", "0")
    stream = view.api.stream("/v1/matching-runs/{run_id}/events", headers={"Last-Event-ID": last}, run_id=run_id)

    async def each() -> AsyncIterator[bytes]:
        with contextlib.suppress(httpx.TransportError):  # the page asks again by itself
            async with stream as answer:
                async for part in answer.aiter_bytes():
                    yield part

    return StreamingResponse(each(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.post("/runs/{run_id}/cancel")
async def cancel_run(view: PersonDep, run_id: str) -> Response:
    await view.api.post("/v1/matching-runs/{run_id}/cancel", run_id=run_id)
    words = view.say(
        "Đã yêu cầu dừng; phương án tốt nhất đến lúc này được giữ lại.", "Asked to stop; the best plan so far is kept."
    )
    return view.go(f"/runs/{run_id}", words)
