"""National runs: many provinces' campaigns solved at once, each province's progress, totals, help across borders."""

import asyncio
from typing import Any

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from commune_portal.campaign_view import LIVE
from commune_portal.client import ApiError
from commune_portal.forms import whole_number
from commune_portal.menu import ADMIN
from commune_portal.pages.plans import load_fields
from commune_portal.paging import as_query, of_answer
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
SECONDS = 5
"""Between two looks at a run that is under way."""


def refuse_others(view: View) -> None:
    """Home Affairs of a province sees its own runs alone."""
    if view.role != ADMIN or view.assignment.get("scope_kind") != "nation":
        raise ApiError(httpx.codes.NOT_FOUND, {})


@router.get("/national", response_class=HTMLResponse)
async def show_national_runs(request: Request, view: PersonDep) -> Response:
    return await render_national_runs(request, view)


async def render_national_runs(
    request: Request, view: View, *, typed: FormData | None = None, refusal: ApiError | None = None
) -> Response:
    refuse_others(view)
    runs, campaigns, provinces = await asyncio.gather(
        view.api.get("/v1/national-runs", **as_query(request)),
        view.api.list_all("/v1/campaigns", status="open"),
        view.api.list_all("/v1/provinces"),
    )
    return view.render(
        "national_runs.html",
        status=refusal.status if refusal else 200,
        rows=of_answer(request, runs),
        campaigns=campaigns,
        provinces={each["code"]: each["full_name"] for each in provinces},
        chosen=[str(each) for each in typed.getlist("campaign")] if typed else [each["id"] for each in campaigns],
        typed=typed or {},
        refusal=refusal,
    )


@router.post("/national")
async def ask_for_national_run(request: Request, view: PersonDep) -> Response:
    form = await request.form()
    kilometres = whole_number(str(form.get("border_km", "")))
    body: dict[str, Any] = {
        "name": str(form.get("name", "")).strip(),
        "campaign_ids": [str(each) for each in form.getlist("campaign")],
        "border_round": form.get("border_round") == "yes",
        "force": form.get("force") == "yes",
        "options": {"time_limit_seconds": whole_number(str(form.get("time_limit_seconds", ""))) or 60},
    }
    if kilometres is not None:
        body["border_distance_m"] = kilometres * 1000 if isinstance(kilometres, int) else kilometres
    once = str(form.get("once") or "") or None
    run, refusal = await attempt(view.api.post("/v1/national-runs", body, once=once))
    if refusal:
        return await render_national_runs(request, view, typed=form, refusal=refusal)
    return view.go(f"/national/{run['id']}")


@router.get("/national/{run_id}", response_class=HTMLResponse)
async def show_national_run(view: PersonDep, run_id: str) -> Response:
    refuse_others(view)
    run = await view.api.get("/v1/national-runs/{national_run_id}", national_run_id=run_id)
    border = None
    if run["border_status"]:
        border = await view.api.get("/v1/national-runs/{national_run_id}/border", national_run_id=run_id)
    page = view.render("national_run.html", run=run, border=border, fields=await load_fields(view))
    if run["status"] in LIVE or run["border_status"] in LIVE:
        page.headers["Refresh"] = str(SECONDS)
    return page


@router.post("/national/{run_id}/cancel")
async def cancel_national_run(view: PersonDep, run_id: str) -> Response:
    await view.api.post("/v1/national-runs/{national_run_id}/cancel", None, national_run_id=run_id)
    words = view.say(
        "Đã yêu cầu dừng các tỉnh chưa xong; tỉnh đã xong giữ phương án.",
        "Asked to stop the provinces that have not ended; those that have keep their plans.",
    )
    return view.go(f"/national/{run_id}", words)
