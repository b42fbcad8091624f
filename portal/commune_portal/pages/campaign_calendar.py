"""A campaign's days: which are worked, which are not and why; Home Affairs declares closed days and worked holidays."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from commune_portal.client import ApiError
from commune_portal.forms import day_or_none
from commune_portal.meanwhile import is_stale
from commune_portal.menu import ADMIN
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/campaigns/{campaign_id}/calendar"
COLUMNS = ("on", "kind", "weekday", "reason")
EMPTY_ROWS = 3


@router.get(PAGE, response_class=HTMLResponse)
async def show_calendar(view: PersonDep, campaign_id: str) -> Response:
    return await render_calendar(view, campaign_id)


async def render_calendar(
    view: View, campaign_id: str, *, typed: FormData | None = None, refusal: ApiError | None = None
) -> Response:
    campaign, calendar = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.read("/v1/campaigns/{campaign_id}/calendar", campaign_id=campaign_id),
    )
    return view.render(
        "campaign_calendar.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        calendar=calendar.content,
        is_stale=typed is not None and is_stale(refusal),
        etag=str(typed.get("etag", ""))
        if typed and not is_stale(refusal)
        else calendar.etag or f'"{calendar["row_version"]}"',
        rows=rows_typed(typed) if typed else rows_known(calendar["exceptions"]),
        is_typed=typed is not None,
        may_change=view.role == ADMIN,
        refusal=refusal,
    )


def rows_known(exceptions: list[dict[str, Any]]) -> list[dict[str, str]]:
    known = [
        {name: "" if each.get(name) is None else str(each[name]) for name in COLUMNS}
        for each in sorted(exceptions, key=lambda each: str(each["on"]))
    ]
    return [*known, *({"on": "", "kind": "closed", "weekday": "", "reason": ""} for _ in range(EMPTY_ROWS))]


def rows_typed(form: FormData) -> list[dict[str, str]]:
    columns = [[str(value).strip() for value in form.getlist(name)] for name in COLUMNS]
    return [dict(zip(COLUMNS, row, strict=True)) for row in zip(*columns, strict=False)]


@router.post(PAGE)
async def keep_calendar(request: Request, view: PersonDep, campaign_id: str) -> Response:
    """All exceptions at once; a row without a day and a reason is none."""
    form = await request.form()
    items = [
        {
            "on": day_or_none(row["on"]),
            "kind": row["kind"],
            "reason": row["reason"],
            "weekday": int(row["weekday"]) if row["kind"] == "open" and row["weekday"].isdecimal() else None,
        }
        for row in rows_typed(form)
        if row["on"] or row["reason"]
    ]
    _, refusal = await attempt(
        view.api.put(
            "/v1/campaigns/{campaign_id}/calendar-exceptions",
            {"items": items},
            etag=str(form.get("etag", "")),
            campaign_id=campaign_id,
        )
    )
    if refusal:
        return await render_calendar(view, campaign_id, typed=form, refusal=refusal)
    words = view.say(
        "Đã lưu. Phương án đã lập không đổi; lần tính sau theo lịch này.",
        "Saved. Plans already made stay as they are; the next run keeps to it.",
    )
    return view.go(f"/campaigns/{campaign_id}/calendar", words)
