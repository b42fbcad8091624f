"""Allowances of a month: computed, checked by the school, approved, paid; corrections; who is paid nothing, and why."""

import asyncio
from datetime import date
from typing import Annotated, Any

from commune_schemas.amounts import amount
from commune_service import clock
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import find_current
from commune_portal.client import ApiError
from commune_portal.downloads import pass_on
from commune_portal.menu import ADMIN, FINANCE, OF_SCHOOLS, SCHOOL
from commune_portal.paging import cut
from commune_portal.view import PersonDep, View

router = APIRouter()
STATES = ("computed", "checked", "approved", "paid")
SEE_AMOUNTS = frozenset({ADMIN, FINANCE}) | OF_SCHOOLS
"""Who sees people's amounts; leaders see the sums."""
STEP_OF = {"computed": (SCHOOL, "check"), "checked": (FINANCE, "approve"), "approved": (FINANCE, "pay")}
"""State: (whose turn it is, what they do)."""


def months_of(campaign: dict[str, Any]) -> list[str]:
    """The first days of the months a campaign touches."""
    month, last = date.fromisoformat(campaign["starts_on"]).replace(day=1), campaign["ends_on"]
    months = []
    while month.isoformat() <= last:
        months.append(month.isoformat())
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return months


def pick_month(months: list[str], wanted: str) -> str:
    """The month asked for; else the newest that has begun."""
    if wanted in months:
        return wanted
    today = clock.today().isoformat()
    return next((month for month in reversed(months) if month <= today), months[0])


@router.get("/allowances")
async def go_to_allowances(view: PersonDep) -> Response:
    """Of the current campaign; to one's own work where there is none."""
    campaign = await find_current(view.api)
    return view.go(f"/campaigns/{campaign['id']}/allowances" if campaign else "/")


@router.get("/campaigns/{campaign_id}/allowances", response_class=HTMLResponse)
async def show_allowances(request: Request, view: PersonDep, campaign_id: str) -> Response:
    return await render_allowances(request, view, campaign_id)


async def render_allowances(
    request: Request, view: View, campaign_id: str, *, month: str = "", refusal: ApiError | None = None
) -> Response:
    campaign = await view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id)
    months = months_of(campaign)
    chosen = pick_month(months, month or request.query_params.get("month", ""))
    state = request.query_params.get("state")
    totals, statements = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}/allowance-totals", campaign_id=campaign_id, month=chosen),
        view.api.list_seen(
            "/v1/campaigns/{campaign_id}/allowance-statements",
            campaign_id=campaign_id,
            month=chosen,
            state=state if state in STATES else None,
        ),
    )
    return view.render(
        "allowances.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        months=months,
        month=chosen,
        totals=totals,
        statements=statements,
        states=STATES,
        sees_amounts=view.role in SEE_AMOUNTS,
        may_compute=view.role == FINANCE,
        refusal=refusal,
    )


@router.post("/campaigns/{campaign_id}/allowances")
async def compute(
    request: Request,
    view: PersonDep,
    campaign_id: str,
    month: Annotated[str, Form()],
    once: Annotated[str, Form()] = "",
) -> Response:
    try:
        totals = await view.api.post(
            "/v1/campaigns/{campaign_id}/allowance-statements", {"month": month}, once=once, campaign_id=campaign_id
        )
    except ApiError as refusal:
        if refusal.status not in {409, 422}:
            raise
        return await render_allowances(request, view, campaign_id, month=month, refusal=refusal)
    schools, people = len(totals["schools"]), totals["people"]
    words = view.say(
        f"Đã tính {people} người của {schools} trường.",
        f"Computed for {amount(people, 'person')} of {amount(schools, 'school')}.",
    )
    return view.go(f"/campaigns/{campaign_id}/allowances?month={month}", words)


@router.get("/campaigns/{campaign_id}/allowances.xlsx")
async def get_workbook(view: PersonDep, campaign_id: str, month: str) -> Response:
    return pass_on(
        await view.api.download("/v1/campaigns/{campaign_id}/allowances.xlsx", campaign_id=campaign_id, month=month)
    )


@router.get("/allowances/{statement_id}", response_class=HTMLResponse)
async def show_statement(request: Request, view: PersonDep, statement_id: str) -> Response:
    return await render_statement(request, view, statement_id)


async def render_statement(
    request: Request, view: View, statement_id: str, *, refusal: ApiError | None = None
) -> Response:
    """After a refusal the newest version is shown: what it holds now is what is decided about next."""
    statement = await view.api.read("/v1/allowance-statements/{statement_id}", statement_id=statement_id)
    campaign = await view.api.get("/v1/campaigns/{campaign_id}", campaign_id=statement["campaign_id"])
    role, then = STEP_OF.get(statement["state"], ("", ""))
    return view.render(
        "allowance_statement.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        statement=statement.content,
        rows=cut(request, statement["persons"]),
        unpaid=statement["unpaid_persons"],
        then=then if role == view.role else "",
        etag=statement.etag,
        refusal=refusal,
    )


@router.post("/allowances/{statement_id}")
async def decide_statement(
    request: Request,
    view: PersonDep,
    statement_id: str,
    then: Annotated[str, Form()],
    etag: Annotated[str, Form()] = "",
    once: Annotated[str, Form()] = "",
) -> Response:
    ids: dict[str, Any] = {"statement_id": statement_id, "once": once, "etag": etag}
    try:
        if then == "check":
            await view.api.post("/v1/allowance-statements/{statement_id}/check", None, **ids)
        elif then == "approve":
            await view.api.post("/v1/allowance-statements/{statement_id}/approve", None, **ids)
        else:
            await view.api.post("/v1/allowance-statements/{statement_id}/pay", None, **ids)
    except ApiError as refusal:
        if refusal.status not in {409, 412, 422}:
            raise
        return await render_statement(request, view, statement_id, refusal=refusal)
    return view.go(f"/allowances/{statement_id}", view.say("Đã ghi.", "Recorded."))
