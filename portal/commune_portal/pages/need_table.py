"""Needs of many communes at once, from a table that is pasted: looked at first, then recorded, all or none."""

import asyncio
from typing import Any

from commune_schemas.amounts import amount
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.forms import read_typed
from commune_portal.menu import ADMIN
from commune_portal.need_tables import NeedTable, names_of_communes, names_of_duties, needs_of, read_table
from commune_portal.pages.needs import list_duties
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/campaigns/{campaign_id}/needs-table"
AT_ONCE = 500
"""The most communes that the API takes in one request."""


@router.get(PAGE, response_class=HTMLResponse)
async def show_need_table(view: PersonDep, campaign_id: str) -> Response:
    return await render_table(view, campaign_id)


async def render_table(
    view: View,
    campaign_id: str,
    *,
    text: str = "",
    needs: list[dict[str, Any]] | None = None,
    refusal: ApiError | None = None,
) -> Response:
    """`needs`: what the text says, to be looked at before it is recorded."""
    if view.role != ADMIN:
        raise ApiError(404, {})
    campaign, duties = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id), list_duties(view)
    )
    communes = await view.api.list_all("/v1/communes", province_code=campaign["province_code"]) if needs else []
    return view.render(
        "need_table.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        duties={each["code"]: view.pick(each, "name") for each in duties},
        communes={each["code"]: each["full_name"] for each in communes},
        text=text,
        needs=needs or [],
        refusal=refusal,
    )


@router.post(PAGE)
async def take_need_table(request: Request, view: PersonDep, campaign_id: str) -> Response:
    typed = await read_typed(request)
    text = typed.get("table", "")
    needs, refusal = await attempt(read_needs(view, campaign_id, text))
    if refusal is not None or typed.get("then") != "keep":
        return await render_table(view, campaign_id, text=text, needs=needs, refusal=refusal)
    done, refusal = await attempt(
        view.api.put("/v1/campaigns/{campaign_id}/needs", {"items": needs}, campaign_id=campaign_id)
    )
    if refusal is not None:
        return await render_table(view, campaign_id, text=text, refusal=refusal)
    words = view.say(
        f"Đã ghi nhu cầu: {done['created']} xã mới, {done['updated']} xã sửa, {done['same']} xã như cũ.",
        f"Needs recorded: {amount(done['created'], 'commune')} new, {done['updated']} changed,"
        f" {done['same']} as before.",
    )
    return view.go(f"/campaigns/{campaign_id}/needs", words)


async def read_needs(view: View, campaign_id: str, text: str) -> list[dict[str, Any]]:
    """ApiError with a line for each row that is wrong."""
    campaign = await view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id)
    communes, duties, known = await asyncio.gather(
        view.api.list_all("/v1/communes", province_code=campaign["province_code"]),
        list_duties(view),
        view.api.list_all("/v1/campaigns/{campaign_id}/needs", campaign_id=campaign_id),
    )
    table = read_table(text, communes=names_of_communes(communes), duties=names_of_duties(duties))
    refuse_wrong(table)
    needs = needs_of(table, {each["commune_code"]: each for each in known})
    if len(needs) > AT_ONCE:
        table.refuse(AT_ONCE + 1, f"nhiều nhất {AT_ONCE} xã một lần.", f"at most {AT_ONCE} communes at once.")
        refuse_wrong(table)
    return needs


def refuse_wrong(table: NeedTable) -> None:
    if table.errors:
        count = len(table.errors)
        raise ApiError(
            422,
            {
                "detail_vi": f"{count} chỗ cần sửa; chưa ghi gì.",
                "detail_en": f"{count} things need mending; nothing is recorded.",
                "errors": table.errors,
            },
        )
