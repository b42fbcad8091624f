"""Duties done in a week at a commune, by person: what the review counts, declared by the commune."""

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from commune_service import clock
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError, Versioned
from commune_portal.forms import read_typed, whole_number
from commune_portal.meanwhile import NOTHING, differing, is_stale
from commune_portal.menu import ADMIN, COMMUNE
from commune_portal.pages.attendance import week_of
from commune_portal.pages.needs import list_duties
from commune_portal.paging import sort_key
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/campaigns/{campaign_id}/duty-counts/{code}"


@router.get(PAGE, response_class=HTMLResponse)
async def show_counts(view: PersonDep, campaign_id: str, code: str, on: str = "") -> Response:
    return await render_counts(view, campaign_id, code, week_of(on))


async def render_counts(
    view: View,
    campaign_id: str,
    code: str,
    monday: date,
    *,
    typed: dict[str, str] | None = None,
    refusal: ApiError | None = None,
) -> Response:
    campaign, commune, week, duties = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get("/v1/communes/{code}", code=code),
        view.api.read(
            "/v1/campaigns/{campaign_id}/duty-counts/{commune_code}/{week_on}",
            campaign_id=campaign_id,
            commune_code=code,
            week_on=monday.isoformat(),
        ),
        list_duties(view),
    )
    known = values_of(week)
    return view.render(
        "duty_counts.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        commune=commune,
        people=dict(sorted(week["people"].items(), key=lambda each: sort_key(each[1]))),
        duties=duties,
        values=typed if typed is not None else known,
        version=week.etag,
        meanwhile=see_meanwhile(view, known, typed or {}) if is_stale(refusal) else NOTHING,
        monday=monday.isoformat(),
        sunday=(monday + timedelta(days=6)).isoformat(),
        before=(monday - timedelta(days=7)).isoformat(),
        after=(monday + timedelta(days=7)).isoformat(),
        may_change=monday <= clock.today()
        and (view.role == ADMIN or (view.role == COMMUNE and view.commune_code == code)),
        is_to_come=monday > clock.today(),
        refusal=refusal,
    )


def values_of(week: Versioned) -> dict[str, str]:
    """As the form's fields have it."""
    return {f"count/{each['volunteer_id']}/{each['duty_code']}": str(each["number"]) for each in week["items"]}


def see_meanwhile(view: View, saved: dict[str, str], typed: dict[str, str]) -> Mapping[str, str]:
    """Also of what is not counted any more."""
    counted = (name for name in typed if name.startswith("count/"))
    return differing(view, dict.fromkeys(counted, "") | saved, typed)


@router.post(PAGE)
async def keep_counts(request: Request, view: PersonDep, campaign_id: str, code: str) -> Response:
    """The week whole: what is empty was not done."""
    typed = await read_typed(request)
    monday = week_of(typed.get("monday", ""))
    _, refusal = await attempt(
        view.api.put(
            "/v1/campaigns/{campaign_id}/duty-counts/{commune_code}/{week_on}",
            {"items": items_of(typed)},
            campaign_id=campaign_id,
            commune_code=code,
            week_on=monday.isoformat(),
            etag=typed.get("version"),
        )
    )
    if refusal:
        return await render_counts(view, campaign_id, code, monday, typed=typed, refusal=refusal)
    address = f"/campaigns/{campaign_id}/duty-counts/{code}?on={monday.isoformat()}"
    return view.go(address, view.say("Đã ghi việc làm trong tuần.", "The week's duties are recorded."))


def items_of(typed: dict[str, str]) -> list[dict[str, Any]]:
    items = []
    for name, number in typed.items():
        kind, _, rest = name.partition("/")
        person, _, duty = rest.partition("/")
        if kind == "count" and number not in {"", "0"}:
            items.append({"volunteer_id": person, "duty_code": duty, "number": whole_number(number)})
    return items
