"""The same need for many communes that sent none: Home Affairs declare in their place, all or none."""

import asyncio
from collections.abc import Sequence
from typing import Any

from commune_schemas.amounts import amount
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.menu import ADMIN
from commune_portal.pages.needs import body_of, list_duties, refuse_half_rows
from commune_portal.record_forms import Values
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/campaigns/{campaign_id}/declare-alike"


@router.get(PAGE, response_class=HTMLResponse)
async def show_declaring_alike(view: PersonDep, campaign_id: str) -> Response:
    return await render_silent(view, campaign_id, {}, ())


async def render_silent(
    view: View, campaign_id: str, values: Values, chosen: Sequence[str], refusal: ApiError | None = None
) -> Response:
    """`values`, `chosen`: the form as it was typed."""
    if view.role != ADMIN:
        raise ApiError(404, {})
    campaign, silent, duties = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        list_silent(view, campaign_id),
        list_duties(view),
    )
    return view.render(
        "declare_alike.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        silent=silent,
        duties=duties,
        values=values,
        chosen=chosen,
        may_change=True,
        refusal=refusal,
    )


@router.post(PAGE)
async def declare_alike(request: Request, view: PersonDep, campaign_id: str) -> Response:
    form = await request.form()
    chosen = [value for value in form.getlist("commune") if isinstance(value, str)]
    typed = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    count, refusal = await attempt(declare(view, campaign_id, chosen, typed))
    if refusal is not None:
        return await render_silent(view, campaign_id, typed, chosen, refusal)
    words = view.say(f"Đã khai thay {count} xã.", f"Declared for {amount(count, 'commune')}.")
    return view.go(f"/campaigns/{campaign_id}/needs", words)


async def declare(view: View, campaign_id: str, chosen: Sequence[str], typed: Values) -> int:
    """Accepted at once, as Home Affairs' own; how many. Without a commune, or asking for nobody, it is refused here."""
    await refuse_half_rows(view, typed)
    need = body_of(dict(typed))
    if typed.get("all") == "yes":
        chosen = [each["commune_code"] for each in await list_silent(view, campaign_id)]
    if not chosen:
        raise refused("Hãy chọn ít nhất một xã.", "Choose at least one commune.")
    if not (need["items"] or need["min_people"] or any(need["presence"])):
        raise refused("Hãy ghi ít nhất một nhiệm vụ hoặc số người.", "Write at least one duty, or how many people.")
    items = [need | {"commune_code": code} for code in chosen]
    await view.api.put("/v1/campaigns/{campaign_id}/needs", {"items": items}, campaign_id=campaign_id)
    return len(items)


async def list_silent(view: View, campaign_id: str) -> list[dict[str, Any]]:
    return await view.api.list_all("/v1/campaigns/{campaign_id}/silent-communes", campaign_id=campaign_id)


def refused(vi: str, en: str) -> ApiError:
    return ApiError(422, {"detail_vi": vi, "detail_en": en})
