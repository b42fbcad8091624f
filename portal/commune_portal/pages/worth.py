"""What a plan is worth: each level against what was proved, the best plan under the same pins, what k changes buy."""

import asyncio
import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import LIVE, load_places
from commune_portal.client import ApiError
from commune_portal.forms import read_typed
from commune_portal.pages.people_of_plan import facts_of
from commune_portal.pages.plans import load_plan
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
SECONDS = 3
"""Until the page of a question looks whether it is answered."""
USUAL_KS = "0, 1, 2, 5, 10"


@router.get("/plans/{plan_id}/worth", response_class=HTMLResponse)
async def show_worth(view: PersonDep, plan_id: str) -> Response:
    return await render_worth(view, plan_id)


async def render_worth(
    view: View, plan_id: str, *, typed: dict[str, str] | None = None, refusal: ApiError | None = None
) -> Response:
    shown, certificate = await asyncio.gather(
        load_plan(view, plan_id), view.api.get("/v1/plans/{plan_id}/certificate", plan_id=plan_id)
    )
    return view.render(
        "worth.html",
        status=refusal.status if refusal else 200,
        **facts_of(shown, view),
        certificate=certificate,
        typed={"ks": USUAL_KS} | (typed or {}),
        refusal=refusal,
    )


@router.post("/plans/{plan_id}/optimum")
async def ask_for_optimum(request: Request, view: PersonDep, plan_id: str) -> Response:
    typed = await read_typed(request)
    run, refusal = await attempt(
        view.api.post("/v1/plans/{plan_id}/optimum", None, once=typed.get("once"), plan_id=plan_id)
    )
    if refusal:
        return await render_worth(view, plan_id, refusal=refusal)
    return view.go(f"/runs/{run['id']}")


@router.post("/plans/{plan_id}/questions")
async def ask(request: Request, view: PersonDep, plan_id: str) -> Response:
    """`kind` = curve: what k changes buy; explain: why this school leads the commune, and what without it."""
    typed = await read_typed(request)
    plan = await view.api.get("/v1/plans/{plan_id}", plan_id=plan_id)
    question = read_question(typed)
    advice, refusal = await attempt(
        view.api.post("/v1/matching-runs/{run_id}/advice", question, once=typed.get("once"), run_id=plan["run_id"])
    )
    if refusal:
        return await render_worth(view, plan_id, typed=typed, refusal=refusal)
    return view.go(f"/advice/{advice['id']}?plan={plan_id}")


def read_question(typed: dict[str, str]) -> dict[str, Any]:
    school = typed.get("school_code") or None
    if typed.get("kind") == "explain":
        body = {"kind": "explain", "commune_code": typed.get("commune_code", ""), "school_code": school}
        return body | {"resolve": typed.get("resolve") == "yes"}
    ks = [int(each) if each.isdecimal() else each for each in re.split(r"[\s,;]+", typed.get("ks", "")) if each]
    return {"kind": "curve", "stage": "B" if school else "A", "school_code": school, "ks": ks}


@router.get("/advice/{advice_id}", response_class=HTMLResponse)
async def show_advice(view: PersonDep, advice_id: str, plan: str = "") -> Response:
    """A question and its answer, once it is there. `plan`: where it was asked."""
    advice = await view.api.get("/v1/advice/{advice_id}", advice_id=advice_id)
    run = await view.api.get("/v1/matching-runs/{run_id}", run_id=advice["run_id"])
    campaign = await view.api.get("/v1/campaigns/{campaign_id}", campaign_id=run["campaign_id"])
    places = await load_places(view.api, campaign["province_code"])
    points = (advice["data"] or {}).get("points", [])
    facts = {"advice": advice, "run": run, "campaign": campaign, "places": places, "points": points}
    page = view.render("advice.html", **facts, plan_id=plan or run["plan_id"])
    if advice["status"] in LIVE:
        page.headers["Refresh"] = str(SECONDS)
    return page
