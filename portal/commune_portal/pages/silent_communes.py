"""Communes that submitted no need, and reminding them; what communes ask for against what schools offer."""

import asyncio
from typing import Any

from commune_schemas.amounts import amount
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.forms import read_typed
from commune_portal.paging import as_query, of_answer
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/campaigns/{campaign_id}/silent-communes"


@router.get(PAGE, response_class=HTMLResponse)
async def show_silent(request: Request, view: PersonDep, campaign_id: str) -> Response:
    return await render_silent(request, view, campaign_id)


async def render_silent(request: Request, view: View, campaign_id: str, refusal: ApiError | None = None) -> Response:
    campaign, answer, totals = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get("/v1/campaigns/{campaign_id}/silent-communes", campaign_id=campaign_id, **as_query(request)),
        view.api.get("/v1/campaigns/{campaign_id}/need-totals", campaign_id=campaign_id),
    )
    facts = {"rows": of_answer(request, answer), "totals": totals, "refusal": refusal}
    return view.render("silent_communes.html", status=refusal.status if refusal else 200, campaign=campaign, **facts)


@router.post(PAGE)
async def remind(request: Request, view: PersonDep, campaign_id: str) -> Response:
    """Everybody who is silent; or the one commune that is named."""
    typed = await read_typed(request)
    code = typed.get("commune_code")
    done, refusal = await attempt(
        view.api.post(
            "/v1/campaigns/{campaign_id}/need-reminders",
            {"commune_codes": [code]} if code else {},
            once=typed.get("once"),
            campaign_id=campaign_id,
        )
    )
    if refusal:
        return await render_silent(request, view, campaign_id, refusal)
    return view.go(f"/campaigns/{campaign_id}/silent-communes", words_of(view, done))


def words_of(view: View, done: dict[str, Any]) -> str:
    reminded, already, without = (len(done[name]) for name in ("reminded", "already", "without_email"))
    return view.say(
        f"Đã nhắc {reminded} xã; {already} xã vừa được nhắc trước đó; {without} xã không có email: hãy gọi điện.",
        f"{amount(reminded, 'commune is', 'communes are')} reminded; {amount(already, 'was', 'were')} just before;"
        f" {amount(without, 'has', 'have')} no e-mail: telephone them.",
    )
