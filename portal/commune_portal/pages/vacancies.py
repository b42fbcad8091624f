"""Somebody cannot go: who could step in, best first, and why; one is picked, and a new version goes out with them."""

import asyncio
from typing import Any

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import LIVE
from commune_portal.client import ApiError
from commune_portal.forms import read_typed
from commune_portal.pages.deciding import read_numbers
from commune_portal.pages.people_of_plan import facts_of
from commune_portal.pages.plans import PlanView, load_fields, load_plan
from commune_portal.refusals import attempt
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/plans/{plan_id}/vacancies/{volunteer_id}"
SECONDS = 3
"""Seconds until the page looks whether the answer is there."""


@router.get(PAGE, response_class=HTMLResponse)
async def show_vacancy(view: PersonDep, plan_id: str, volunteer_id: str, advice: str = "") -> Response:
    """`advice`: the question as it was asked a moment ago; without it, the page asks."""
    return await render_vacancy(view, plan_id, volunteer_id, advice)


async def render_vacancy(
    view: View,
    plan_id: str,
    volunteer_id: str,
    advice_id: str,
    *,
    typed: dict[str, str] | None = None,
    confirm: ApiError | None = None,
    refusal: ApiError | None = None,
) -> Response:
    """`confirm`: the API's wish to have confirmed what publishing the pick would send, and whom that leaves out."""
    shown, leaver = await asyncio.gather(load_plan(view, plan_id), find_placed(view, plan_id, volunteer_id))
    advice, problem = await ask_who(view, shown, volunteer_id, advice_id)
    offers = (advice or {}).get("data") or {}
    page = view.render(
        "vacancy.html",
        status=refusal.status if refusal else 200,
        **facts_of(shown, view),
        leaver=leaver,
        advice=advice,
        offers=offers.get("replacements", []),
        people=await load_offered(view, offers.get("replacements", [])),
        fields=await load_fields(view),
        typed=typed or {},
        confirm=confirm.problem["facts"]["confirm"] if confirm else None,
        is_notifier_asked=confirm.problem["facts"].get("is_notifier_asked") if confirm else None,
        left_out=confirm.errors if confirm else [],
        refusal=refusal or problem,
    )
    if advice and advice["status"] in LIVE:
        page.headers["Refresh"] = f"{SECONDS}; url={shown.base}/vacancies/{volunteer_id}?advice={advice['id']}"
    return page


async def find_placed(view: View, plan_id: str, volunteer_id: str) -> dict[str, Any]:
    """Their place in the plan; 404 where they have none there."""
    placed = await view.api.get("/v1/plans/{plan_id}/placements", plan_id=plan_id, volunteer_id=volunteer_id)
    if not placed["items"]:
        raise ApiError(404, {})
    leaver: dict[str, Any] = placed["items"][0]
    return leaver


async def ask_who(
    view: View, shown: PlanView, volunteer_id: str, advice_id: str
) -> tuple[dict[str, Any] | None, ApiError | None]:
    """The answer, so far; raises where this person may not ask. The same question asked twice is computed once; one
    that failed is tried anew when asked."""
    if advice_id:
        return await attempt(view.api.get("/v1/advice/{advice_id}", advice_id=advice_id))
    question = {"kind": "replacements", "volunteer_id": volunteer_id}
    answer, refusal = await attempt(
        view.api.post("/v1/matching-runs/{run_id}/advice", question, run_id=shown.plan["run_id"])
    )
    if refusal is not None and refusal.status == httpx.codes.FORBIDDEN:
        raise refusal
    return answer, refusal


async def load_offered(view: View, offers: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Each person of the offers by id; who left the roster meanwhile is not there."""
    ids = sorted({person for offer in offers for person in offer["people"]})
    found = await asyncio.gather(*(view.api.find("/v1/volunteers/{volunteer_id}", volunteer_id=each) for each in ids))
    return {each["id"]: each for each in found if each}


@router.post(PAGE)
async def fill_vacancy(
    request: Request, view: PersonDep, plan_id: str, volunteer_id: str, advice: str = ""
) -> Response:
    """First without `confirm`: the page comes back with who would be told. Then with it, and with the box ticked."""
    typed = await read_typed(request)
    confirm = typed.get("confirm", "")
    body: dict[str, Any] = {
        "leaver_id": volunteer_id,
        "volunteer_ids": [each for each in typed.get("pick", "").split(",") if each],
        "reason": typed.get("reason", ""),
        "confirm": read_numbers(confirm) if typed.get("sure") == "yes" else None,
    }
    once = typed.get("once") or None
    plan, refusal = await attempt(view.api.post("/v1/plans/{plan_id}/replacements", body, once=once, plan_id=plan_id))
    if refusal is None:
        return view.go(*where_next(view, plan))
    wish = refusal if refusal.code == "plan.confirm" and (refusal.problem.get("facts") or {}).get("confirm") else None
    shown = None if wish and not confirm else refusal
    return await render_vacancy(view, plan_id, volunteer_id, advice, typed=typed, confirm=wish, refusal=shown)


def where_next(view: View, plan: dict[str, Any]) -> tuple[str, str]:
    """(page, words). Where the province wants four eyes, somebody else publishes."""
    if plan["status"] == "published":
        return f"/plans/{plan['id']}/answers", view.say(
            f"Đã thay người: bản công bố {plan['version']} có hiệu lực. Chỉ những người liên quan được báo.",
            f"The place is filled: version {plan['version']} holds. Only those concerned are told.",
        )
    return f"/plans/{plan['id']}/decide", view.say(
        "Đã thay người trong một bản đã duyệt. Tỉnh quy định hai người: người khác công bố.",
        "The place is filled in an approved plan. This province wants four eyes: somebody else publishes it.",
    )
