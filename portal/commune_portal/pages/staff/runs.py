"""Secondment runs: asked for by stated criteria, followed, and why each was or was not chosen."""

import asyncio
from typing import Any

from commune_schemas.amounts import amount
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import LIVE
from commune_portal.client import ApiError
from commune_portal.downloads import pass_on
from commune_portal.forms import day_or_none, read_typed, whole_number
from commune_portal.pages.places import find_province
from commune_portal.pages.plans import load_fields
from commune_portal.pages.staff.register import list_units
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()
CONDUCTS = ("not_completed", "completed", "good", "excellent")
NUMBERS = ("max_move_km", "min_level", "min_service_years")
TABS = ("filled", "empty", "people")
"""What the page of a run lists: filled posts, empty ones, everybody considered."""


@router.get("/staff/runs", response_class=HTMLResponse)
async def show_runs(request: Request, view: PersonDep) -> Response:
    return await render_runs(request, view)


async def render_runs(
    request: Request, view: View, *, typed: dict[str, str] | None = None, refusal: ApiError | None = None
) -> Response:
    code = await find_province(view) or "00"
    runs = await view.api.get("/v1/provinces/{code}/secondment-runs", code=code, **as_query(request))
    return view.render(
        "staff_runs.html",
        status=refusal.status if refusal else 200,
        rows=of_answer(request, runs),
        conducts=CONDUCTS,
        typed=typed or {},
        refusal=refusal,
    )


@router.post("/staff/runs")
async def ask_for_run(request: Request, view: PersonDep) -> Response:
    typed = await read_typed(request)
    body: dict[str, Any] = {
        "from_on": day_or_none(typed.get("from_on", "")),
        "until_on": day_or_none(typed.get("until_on", "")),
        "refused_conduct": [each for each in CONDUCTS if typed.get(f"refuse-{each}")],
    }
    body |= {name: whole_number(typed[name]) for name in NUMBERS if typed.get(name)}
    try:
        run = await view.api.post(
            "/v1/provinces/{code}/secondment-runs",
            body,
            once=typed.get("once"),
            code=await find_province(view) or "00",
        )
    except ApiError as refusal:
        if refusal.status not in {409, 422, 429}:
            raise
        return await render_runs(request, view, typed=typed, refusal=refusal)
    return view.go(f"/staff/runs/{run['id']}")


@router.get("/staff/runs/{run_id}", response_class=HTMLResponse)
async def show_run(request: Request, view: PersonDep, run_id: str) -> Response:
    return await render_run(request, view, run_id)


async def render_run(
    request: Request,
    view: View,
    run_id: str,
    *,
    typed: dict[str, str] | None = None,
    refusal: ApiError | None = None,
) -> Response:
    run = await view.api.get("/v1/secondment-runs/{secondment_run_id}", secondment_run_id=run_id)
    is_live = run["status"] in LIVE
    tab = request.query_params.get("tab", "")
    tab = tab if tab in TABS else "filled"
    rows, units, fields = await asyncio.gather(
        list_of_tab(request, view, run, tab), list_units(view), load_fields(view)
    )
    page = view.render(
        "staff_run.html",
        status=refusal.status if refusal else 200,
        run=run,
        is_live=is_live,
        tab=tab,
        rows=rows,
        units={each["code"]: each["name"] for each in units},
        fields=fields,
        typed=typed or {},
        refusal=refusal,
    )
    if is_live:
        page.headers["Refresh"] = "3"
    return page


async def list_of_tab(request: Request, view: View, run: dict[str, Any], tab: str) -> Any:
    """A page of posts or of people; None before there is a result."""
    if run["status"] != "succeeded":
        return None
    if tab == "people":
        considered = await view.api.get(
            "/v1/secondment-runs/{secondment_run_id}/considered", secondment_run_id=run["id"], **as_query(request)
        )
        return of_answer(request, considered)
    posts = await view.api.get(
        "/v1/secondment-runs/{secondment_run_id}/vacancies",
        secondment_run_id=run["id"],
        empty="true" if tab == "empty" else "false",
        **as_query(request),
    )
    return of_answer(request, posts)


@router.get("/staff/runs/{run_id}/selection.xlsx")
async def get_selection(view: PersonDep, run_id: str) -> Response:
    return pass_on(
        await view.api.download("/v1/secondment-runs/{secondment_run_id}/selection.xlsx", secondment_run_id=run_id)
    )


@router.post("/staff/runs/{run_id}")
async def act_on_run(request: Request, view: PersonDep, run_id: str) -> Response:
    """Stops it, or drafts a decision for each move."""
    typed = await read_typed(request)
    once = typed.get("once")
    try:
        if typed.get("then") == "cancel":
            await view.api.post(
                "/v1/secondment-runs/{secondment_run_id}/cancel", None, once=once, secondment_run_id=run_id
            )
            return view.go(f"/staff/runs/{run_id}", view.say("Đã yêu cầu dừng.", "Asked to stop."))
        body = {
            "from_on": day_or_none(typed.get("from_on", "")),
            "until_on": day_or_none(typed.get("until_on", "")),
            "internal_until_on": day_or_none(typed.get("internal_until_on", "")),
            "legal_basis": typed.get("legal_basis", ""),
            "number": typed.get("number") or None,
            "signer": typed.get("signer", ""),
        }
        made = await view.api.post(
            "/v1/secondment-runs/{secondment_run_id}/decisions", body, once=once, secondment_run_id=run_id
        )
    except ApiError as refusal:
        if refusal.status not in {409, 422}:
            raise
        return await render_run(request, view, run_id, typed=typed, refusal=refusal)
    words = view.say(
        f"Đã soạn {made['drafted']} quyết định dự thảo.",
        f"{amount(made['drafted'], 'decision is', 'decisions are')} drafted.",
    )
    return view.go(f"/staff/decisions?run_id={run_id}", words)
