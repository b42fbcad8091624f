"""Rates of the allowances: what a day is worth, since when, by which legal basis. A rate is ended, never changed."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.forms import day_or_none, read_typed, whole_number
from commune_portal.menu import FINANCE
from commune_portal.pages.places import find_province
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()
COMPONENTS = ("service_day", "distance_day", "remote_day", "travel_month")
ROLES = ("lecturer", "teacher", "student", "official")


@router.get("/allowance-rates", response_class=HTMLResponse)
async def show_rates(request: Request, view: PersonDep) -> Response:
    return await render_rates(request, view)


async def render_rates(
    request: Request, view: View, *, typed: dict[str, str] | None = None, refusal: ApiError | None = None
) -> Response:
    rates = await view.api.get("/v1/allowance-rates", **as_query(request))
    return view.render(
        "allowance_rates.html",
        status=refusal.status if refusal else 200,
        rows=of_answer(request, rates),
        components=COMPONENTS,
        roles=ROLES,
        may_set=view.role == FINANCE,
        typed=typed or {},
        refusal=refusal,
    )


@router.post("/allowance-rates")
async def set_rate(request: Request, view: PersonDep) -> Response:
    typed = await read_typed(request)
    body: dict[str, Any] = {
        "province_code": await find_province(view),
        "component": typed.get("component", ""),
        "amount_vnd": whole_number(typed.get("amount_vnd", "")),
        "role": typed.get("role") or None,
        "valid_from": day_or_none(typed.get("valid_from", "")),
        "valid_until": day_or_none(typed.get("valid_until", "")),
        "legal_basis": typed.get("legal_basis", ""),
    }
    # Whatever was typed is sent: a bound that is dropped would pay everybody, and the API refuses what does not fit.
    body |= {name: km_as_metres(typed[name]) for name in ("from_m", "to_m") if typed.get(name, "").strip()}
    if typed.get("min_days", "").strip():
        body["min_days"] = whole_number(typed["min_days"])
    try:
        await view.api.post("/v1/allowance-rates", body, once=typed.get("once"))
    except ApiError as refusal:
        if refusal.status not in {409, 422}:
            raise
        return await render_rates(request, view, typed=typed, refusal=refusal)
    return view.go("/allowance-rates", view.say("Đã đặt mức chi.", "The rate is set."))


def km_as_metres(given: str) -> Any:
    """Typed in km, kept in metres; what is no number is left for the API to refuse."""
    number = whole_number(given)
    return number * 1000 if isinstance(number, int) else number


@router.post("/allowance-rates/{rate_id}/end")
async def end_rate(
    request: Request, view: PersonDep, rate_id: str, valid_until: Annotated[str, Form()] = ""
) -> Response:
    try:
        await view.api.post(
            "/v1/allowance-rates/{rate_id}/end", {"valid_until": day_or_none(valid_until)}, rate_id=rate_id
        )
    except ApiError as refusal:
        if refusal.status not in {409, 422}:
            raise
        return await render_rates(request, view, typed={"valid_until_end": valid_until}, refusal=refusal)
    return view.go("/allowance-rates", view.say("Đã đặt ngày cuối của mức chi.", "The rate's last day is set."))
