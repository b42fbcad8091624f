"""Who answers for a field of work in a commune, by the plan in force: whom to call, who does it, and the guidance."""

import asyncio
from typing import Any

import httpx
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.pages.plans import load_fields
from commune_portal.view import PersonDep, View

router = APIRouter()


@router.get("/campaigns/{campaign_id}/answerable/{code}", response_class=HTMLResponse)
async def show_answerable(view: PersonDep, campaign_id: str, code: str, field: str = "") -> Response:
    """Of the first field where none is chosen."""
    campaign, commune, fields = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get("/v1/communes/{code}", code=code),
        load_fields(view),
    )
    chosen = field or next(iter(fields), "")
    found = await find_answer(view, campaign_id, code, chosen)
    facts = {"commune": commune, "fields": fields, "chosen": chosen, "answer": found}
    return view.render("answerable.html", campaign=campaign, **facts)


async def find_answer(view: View, campaign_id: str, code: str, field: str) -> dict[str, Any] | None:
    """None while no plan is in force."""
    try:
        found: dict[str, Any] = await view.api.get(
            "/v1/campaigns/{campaign_id}/communes/{commune_code}/answerable",
            campaign_id=campaign_id,
            commune_code=code,
            field_code=field,
        )
    except ApiError as error:
        if error.status != httpx.codes.NOT_FOUND:
            raise
        return None
    return found
