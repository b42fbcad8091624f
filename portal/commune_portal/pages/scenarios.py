"""Several settings weighed against each other: started together, then one table of what each comes to."""

import asyncio
from itertools import combinations
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import LIVE
from commune_portal.client import ApiError
from commune_portal.view import PersonDep, View

router = APIRouter()
PRICED = {"overcap": 10, "scattered": 40}
WISHES: dict[str, dict[str, Any]] = {
    "priced": {"prices": PRICED},
    "free": {"prices": PRICED | {"scattered": 0}},
    "strict": {"prices": None, "contiguity": True},
    "need": {"use": "need"},
    "people": {"use": "people"},
    "days": {"use": "days"},
}
"""What an officer weighs: areas priced, left off or strict; whom to use beyond the need. Words in wording.py."""
CHOSEN_FIRST = ("priced", "free", "strict")


@router.get("/campaigns/{campaign_id}/scenarios", response_class=HTMLResponse)
async def show_sets(view: PersonDep, campaign_id: str) -> Response:
    return await render_sets(view, campaign_id, CHOSEN_FIRST)


async def render_sets(
    view: View,
    campaign_id: str,
    chosen: tuple[str, ...],
    typed: dict[str, str] | None = None,
    refusal: ApiError | None = None,
) -> Response:
    campaign, sets = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get("/v1/campaigns/{campaign_id}/scenarios", campaign_id=campaign_id, limit=50),
    )
    return view.render(
        "scenarios.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        sets=sets["items"],
        wishes=WISHES,
        chosen=chosen,
        typed=typed or {},
        refusal=refusal,
    )


@router.post("/campaigns/{campaign_id}/scenarios")
async def ask_for_scenarios(request: Request, view: PersonDep, campaign_id: str) -> Response:
    form = await request.form()
    chosen = tuple(str(each) for each in form.getlist("wish") if each in WISHES)
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    seconds = typed.get("time_limit_seconds", "")
    body = {
        "scenarios": [{"name": view.word("wish", each), "options": WISHES[each]} for each in dict.fromkeys(chosen)],
        "start": "scratch" if typed.get("start") == "scratch" else "plan_in_force",
        "note": typed.get("note", "").strip() or None,
        "time_limit_seconds": int(seconds) if seconds.isdecimal() else None,
        "force": typed.get("force") == "yes",
    }
    try:
        asked = await view.api.post(
            "/v1/campaigns/{campaign_id}/scenarios", body, once=typed.get("once"), campaign_id=campaign_id
        )
    except ApiError as refusal:
        if refusal.status not in {409, 422, 429}:
            raise
        return await render_sets(view, campaign_id, chosen, typed, refusal)
    return view.go(f"/campaigns/{campaign_id}/scenarios/{asked['id']}")


@router.get("/campaigns/{campaign_id}/scenarios/{set_id}", response_class=HTMLResponse)
async def show_set(view: PersonDep, campaign_id: str, set_id: str) -> Response:
    campaign, asked = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get("/v1/campaigns/{campaign_id}/scenarios/{set_id}", campaign_id=campaign_id, set_id=set_id),
    )
    planned = [each for each in asked["scenarios"] if each["plan_id"]]
    page = view.render(
        "scenario_set.html",
        campaign=campaign,
        asked=asked,
        pairs=list(combinations(planned, 2)),
        is_live=any(each["status"] in LIVE for each in asked["scenarios"]),
    )
    if not asked["is_done"]:
        page.headers["Refresh"] = "5"
    return page


@router.post("/campaigns/{campaign_id}/scenarios/{set_id}/cancel")
async def cancel_set(view: PersonDep, campaign_id: str, set_id: str) -> Response:
    await view.api.post("/v1/campaigns/{campaign_id}/scenarios/{set_id}/cancel", campaign_id=campaign_id, set_id=set_id)
    words = view.say("Đã yêu cầu dừng; phương án đã có vẫn giữ.", "Asked to stop; plans already made stay.")
    return view.go(f"/campaigns/{campaign_id}/scenarios/{set_id}", words)
