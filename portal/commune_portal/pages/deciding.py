"""Approving and publishing: what would be sent to whom, who cannot be reached, and a confirmation that names it."""

import asyncio
import json
from typing import Annotated, Any

from commune_schemas.amounts import amount
from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.pages.plans import PlanView, load_plan
from commune_portal.view import PersonDep, View

router = APIRouter()


@router.get("/plans/{plan_id}/decide", response_class=HTMLResponse)
async def show_decision(view: PersonDep, plan_id: str) -> Response:
    return await render_decision(view, plan_id)


async def render_decision(view: View, plan_id: str, refusal: ApiError | None = None) -> Response:
    shown, changes = await asyncio.gather(
        load_plan(view, plan_id), view.api.get("/v1/plans/{plan_id}/changes", plan_id=plan_id)
    )
    people = await load_people(view, shown, changes)
    return view.render(
        "decide.html",
        status=refusal.status if refusal else 200,
        shown=shown,
        plan=shown.plan,
        title=shown.title(view),
        changes=changes,
        missing=name_whose(changes["missing"], shown, people),
        moved=list_moved(changes, people),
        refusal=refusal,
    )


async def load_people(view: View, shown: PlanView, changes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Placements of the plan and of the one in force, by the person's id; the plan's own where there are two."""
    people = await view.api.list_all("/v1/plans/{plan_id}/placements", plan_id=shown.plan["id"])
    before = changes["base_plan_id"]
    if before:
        people = await view.api.list_all("/v1/plans/{plan_id}/placements", plan_id=before) + people
    return {each["volunteer_id"]: each for each in people}


def name_whose(
    missing: list[dict[str, Any]], shown: PlanView, people: dict[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    """What keeps a plan from being published, each with whose it is and the page where that is mended."""
    return [
        each | dict(zip(("whose", "path"), find_whose(each["pointer"], shown, people), strict=True)) for each in missing
    ]


def find_whose(pointer: str, shown: PlanView, people: dict[str, dict[str, Any]]) -> tuple[str, str]:
    """Of a pointer as the API writes it: `volunteer:<id>`, `commune:<code>/<field>`, `school:<code>/<field>`."""
    kind, _, rest = pointer.partition(":")
    key = rest.partition("/")[0]
    if kind == "volunteer" and key in people:
        return f"{people[key]['full_name']} ({people[key]['school_code']})", f"/volunteers/{key}"
    if kind == "commune" and key in shown.places.communes:
        return shown.places.commune(key), f"/communes/{key}"
    if kind == "school" and key in shown.places.schools:
        return shown.places.school(key), f"/schools/{shown.places.schools[key]['id']}"
    return "", ""


def list_moved(changes: dict[str, Any], known: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Whoever is told something, with their name, by what changes for them; in the order of the answer."""
    return [
        each
        | {
            "full_name": known[each["volunteer_id"]]["full_name"],
            "school_code": known[each["volunteer_id"]]["school_code"],
        }
        for each in changes["people"]
        if each["volunteer_id"] in known
    ]


def base_of(given: str) -> str | None:
    return given or None


@router.post("/plans/{plan_id}/approve")
async def approve(view: PersonDep, plan_id: str, base_plan_id: Annotated[str, Form()] = "") -> Response:
    try:
        await view.api.post("/v1/plans/{plan_id}/approve", {"base_plan_id": base_of(base_plan_id)}, plan_id=plan_id)
    except ApiError as refusal:
        if refusal.status not in {409, 422}:
            raise
        return await render_decision(view, plan_id, refusal)
    return view.go(
        f"/plans/{plan_id}/decide",
        view.say(
            "Đã duyệt. Chưa ai được báo gì cho đến khi công bố.",
            "Approved. Nobody is told anything until it is published.",
        ),
    )


@router.post("/plans/{plan_id}/discard")
async def discard(view: PersonDep, plan_id: str) -> Response:
    plan = await view.api.post("/v1/plans/{plan_id}/discard", plan_id=plan_id)
    return view.go(f"/campaigns/{plan['campaign_id']}", view.say("Đã bỏ dự thảo.", "The draft is given up."))


@router.post("/plans/{plan_id}/publish")
async def publish(
    view: PersonDep,
    plan_id: str,
    confirm: Annotated[str, Form()],
    base_plan_id: Annotated[str, Form()] = "",
    sure: Annotated[str, Form()] = "",
) -> Response:
    """With the numbers that stood on the page; when they moved meanwhile, the page comes back with today's."""
    if sure != "yes":
        words = {
            "code": "portal.not_sure",
            "detail_vi": "Hãy đánh dấu vào ô xác nhận số người và số tin trước khi công bố.",
            "detail": "Tick the box that confirms how many people and messages before publishing.",
        }
        return await render_decision(view, plan_id, ApiError(422, words))
    numbers = read_numbers(confirm)
    try:
        plan = await view.api.post(
            "/v1/plans/{plan_id}/publish", {"base_plan_id": base_of(base_plan_id), "confirm": numbers}, plan_id=plan_id
        )
    except ApiError as refusal:
        if refusal.status not in {409, 422}:
            raise
        return await render_decision(view, plan_id, refusal)
    messages, people = numbers.get("messages", 0), numbers.get("people", 0)
    going = amount(messages, "message is on its way", "messages are on their way")
    words_of_end = view.say(
        f"Đã công bố phương án số {plan['version']}. {messages} tin đang được gửi đến {people} người.",
        f"Version {plan['version']} is published. {going} to {amount(people, 'person')}.",
    )
    return view.go(f"/plans/{plan_id}/answers", words_of_end)


def read_numbers(given: str) -> dict[str, Any]:
    """The numbers as the page carried them, whichever the API counts; none where something else was written there."""
    try:
        numbers = json.loads(given)
    except ValueError:
        return {}
    return numbers if isinstance(numbers, dict) else {}
