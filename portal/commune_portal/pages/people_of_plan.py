"""Who goes where; a commune's week, to print; who has not answered, and whom to call."""

import asyncio
from typing import Annotated, Any

from commune_schemas.amounts import amount, noun
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.pages.plans import PlanView, load_plan
from commune_portal.paging import Rows, as_query, cut, holds, of_answer, sort_people, vietnamese_order
from commune_portal.view import PersonDep, View

router = APIRouter()
PEOPLE = 25
"""On a page: opening their phones and addresses is most of what such a page takes."""


@router.get("/plans/{plan_id}/people", response_class=HTMLResponse)
async def show_people(request: Request, view: PersonDep, plan_id: str) -> Response:
    """As the API orders and pages them, by school and commune; all are read where they are searched or sorted here."""
    wanted = request.query_params
    by = {"school_code": wanted.get("school"), "commune_code": wanted.get("commune")}
    if not any(wanted.get(name) for name in ("q", "weekday", "sort")):
        shown, answer = await asyncio.gather(
            load_plan(view, plan_id, may_be_kept=True),
            view.api.get("/v1/plans/{plan_id}/placements", plan_id=plan_id, **by, **as_query(request, PEOPLE)),
        )
        rows = of_answer(request, answer, PEOPLE)
        return view.render("people_of_plan.html", **facts_of(shown, view), rows=rows)
    shown, placed = await asyncio.gather(
        load_plan(view, plan_id, may_be_kept=True),
        view.api.list_all("/v1/plans/{plan_id}/placements", plan_id=plan_id, **by),
    )
    picked = [
        each
        for each in placed
        if holds(wanted.get("q", ""), each["full_name"], each["commune_name"], shown.places.school(each["school_code"]))
        and (not wanted.get("weekday") or wanted["weekday"] in map(str, each["weekdays"]))
    ]
    rows = cut(request, sort_rows(picked, wanted.get("sort", "")), PEOPLE)
    return view.render("people_of_plan.html", **facts_of(shown, view), rows=rows)


def sort_rows(items: list[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    if by == "commune":
        return sorted(items, key=lambda each: vietnamese_order(each["commune_name"].split(" ", 1)[-1]))
    return sort_people(items)


def facts_of(shown: PlanView, view: View) -> dict[str, Any]:
    return {"shown": shown, "plan": shown.plan, "title": shown.title(view)}


@router.get("/plans/{plan_id}/week/{code}", response_class=HTMLResponse)
async def show_week(view: PersonDep, plan_id: str, code: str, week: int = 0) -> Response:
    """The weeks of the campaign, one a page: each day with who comes, for what."""
    shown, commune, placed = await asyncio.gather(
        load_plan(view, plan_id, may_be_kept=True),
        view.api.get("/v1/communes/{code}", code=code),
        view.api.list_all("/v1/plans/{plan_id}/placements", plan_id=plan_id, commune_code=code),
    )
    calendar = await view.api.get("/v1/campaigns/{campaign_id}/calendar", campaign_id=shown.campaign["id"])
    weeks = into_weeks(calendar["days"], sort_people(placed))
    chosen = max(0, min(week, len(weeks) - 1))
    answers = await find_answers(view, plan_id, code)
    facts = {"commune": commune, "placed": placed, "weeks": weeks, "chosen": chosen, "answers": answers}
    return view.render("week.html", **facts_of(shown, view), **facts)


async def find_answers(view: View, plan_id: str, code: str) -> dict[str, str]:
    """{person: confirmed, cannot_go or none} of a commune's people, for whoever may see them."""
    answers = await view.api.list_seen("/v1/plans/{plan_id}/answers", plan_id=plan_id, commune_code=code)
    return {each["volunteer_id"]: each["answer"] or "none" for each in answers}


def into_weeks(days: list[dict[str, Any]], placed: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The calendar's days by calendar week, each with who serves on that very date."""
    weeks: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for each in days:
        coming = [person for person in placed if each["on"] in person["dates"]]
        weeks.setdefault(iso_week(each["on"]), []).append(each | {"people": coming})
    return list(weeks.values())


def iso_week(on: str) -> tuple[int, int]:
    from datetime import date  # noqa: PLC0415 - used here alone

    year, week, _ = date.fromisoformat(on).isocalendar()
    return year, week


@router.get("/plans/{plan_id}/answers", response_class=HTMLResponse)
async def show_answers(request: Request, view: PersonDep, plan_id: str) -> Response:
    """Who goes, who cannot, who is silent; with phones, as a call list."""
    wanted = request.query_params
    by = {
        name: wanted.get(key)
        for name, key in (("school_code", "school"), ("commune_code", "commune"), ("answer", "answer"))
    }
    shown = await load_plan(view, plan_id, may_be_kept=True)
    if wanted.get("q"):
        people = await view.api.list_all("/v1/plans/{plan_id}/answers", plan_id=plan_id, **by)
        places = shown.places
        picked = [
            each for each in people if holds(wanted["q"], each["full_name"], places.commune(each["commune_code"]))
        ]
        rows = cut(request, sort_people(picked))
        answers = await view.api.get("/v1/plans/{plan_id}/answers", plan_id=plan_id, limit=1)
    else:
        answers = await view.api.get("/v1/plans/{plan_id}/answers", plan_id=plan_id, **by, **as_query(request))
        rows = Rows(sort_people(answers["items"]), answers["total"], of_answer(request, answers).number)
    return view.render("answers.html", **facts_of(shown, view), rows=rows, answers=answers)


@router.post("/plans/{plan_id}/remind")
async def remind(
    view: PersonDep, plan_id: str, once: Annotated[str, Form()] = "", school: Annotated[str, Form()] = ""
) -> Response:
    body = {"school_code": school} if school else {}
    done = await view.api.post("/v1/plans/{plan_id}/reminders", body, once=once, plan_id=plan_id)
    told, before = len(done["reminded"]), len(done["already"])
    words = view.say(
        f"Đã nhắc {told} người. {before} người đã được nhắc trước đó nên không nhắc lại: hãy gọi điện.",
        f"{amount(told, 'person is', 'people are')} reminded. {amount(before, 'was', 'were')} reminded before and"
        f" {noun(before, 'is', 'are')} not again: please call them.",
    )
    return view.go(f"/plans/{plan_id}/answers?answer=none", words)
