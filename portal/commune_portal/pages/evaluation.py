"""Evaluation: a commune rates who served there and their schools, a school the communes it served; and the marks."""

import asyncio
from typing import Any

from commune_service import clock
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import NAMES_SECONDS
from commune_portal.client import ApiError
from commune_portal.meanwhile import NOTHING, differing, is_stale
from commune_portal.menu import ADMIN, COMMUNE, SCHOOL
from commune_portal.view import PersonDep, View

router = APIRouter()
CRITERIA = ("help", "attitude", "skill")
OF_SCHOOL = "school:"


@router.get("/campaigns/{campaign_id}/evaluation", response_class=HTMLResponse)
async def show_evaluation(view: PersonDep, campaign_id: str) -> Response:
    return await render_evaluation(view, campaign_id)


async def render_evaluation(
    view: View, campaign_id: str, *, typed: dict[str, str] | None = None, refusal: ApiError | None = None
) -> Response:
    campaign, summary, given, days = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get("/v1/campaigns/{campaign_id}/evaluations/summary", campaign_id=campaign_id),
        view.api.list_seen("/v1/campaigns/{campaign_id}/evaluations", campaign_id=campaign_id),
        list_served(view, campaign_id),
    )
    by_rated = {key_of(each): each for each in given}
    recorded = set(by_rated)
    meanwhile = NOTHING
    if typed:
        rated = typed.get("rated", "")
        now = by_rated.get(rated)
        if now and is_stale(refusal):
            meanwhile = differing(view, fields_of(now), typed)
        own = {"marks": marks_of(typed), "words": typed.get("words", "")}
        by_rated[rated] = own | {"row_version": now["row_version"] if now else ""}
    return view.render(
        "evaluation.html",
        status=refusal.status if refusal else 200,
        campaign=campaign,
        summary=summary,
        given=given,
        by_rated=by_rated,
        recorded=recorded,
        open_at=(typed or {}).get("rated"),
        meanwhile=meanwhile,
        to_rate=days,
        criteria=("readiness",) if view.role == SCHOOL else CRITERIA,
        may_release=view.role == ADMIN,
        refusal=refusal,
    )


def key_of(evaluation: dict[str, Any]) -> str:
    """By which the form names whom or what it is about: a school apart from a person."""
    return f"{OF_SCHOOL}{evaluation['rated_id']}" if evaluation["rated"] == "school" else str(evaluation["rated_id"])


def fields_of(evaluation: dict[str, Any]) -> dict[str, str]:
    """As the form has them."""
    return {name: str(mark) for name, mark in evaluation["marks"].items()} | {"words": evaluation["words"]}


async def list_served(view: View, campaign_id: str) -> dict[str, str]:
    """Whom this person may rate: {id or code: name}, in the order of the list."""
    if view.role not in {COMMUNE, SCHOOL}:
        return {}
    days = await view.api.list_all(
        "/v1/campaigns/{campaign_id}/attendance", campaign_id=campaign_id, last_on=clock.today().isoformat()
    )
    if view.role == SCHOOL:
        return {each["commune_code"]: each["commune_name"] for each in days}
    codes = {each["school_code"] for each in days}
    schools = await view.api.list_kept("/v1/schools", seconds=NAMES_SECONDS)
    served = {f"{OF_SCHOOL}{each['id']}": str(each["name"]) for each in schools if each["code"] in codes}
    planned = {each["volunteer_id"]: f"{each['full_name']}, {each['school_name']}" for each in days}
    instead = {each["served_by_volunteer_id"]: each["replaced_by_name"] for each in days if each["replaced_by_name"]}
    return served | instead | planned


@router.post("/campaigns/{campaign_id}/evaluation")
async def rate(request: Request, view: PersonDep, campaign_id: str) -> Response:
    typed = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    rated, body, version = typed.get("rated", ""), marks_of(typed), typed.get("version")
    seen: dict[str, Any] = {"etag": f'"{version}"' if version else None, "is_new": not version}
    try:
        if "release" in typed:
            await view.api.post(
                "/v1/campaigns/{campaign_id}/evaluations/{evaluation_id}/release",
                campaign_id=campaign_id,
                evaluation_id=typed["release"],
            )
        elif view.role == SCHOOL:
            await view.api.put(
                "/v1/campaigns/{campaign_id}/evaluations/communes/{commune_code}",
                body,
                campaign_id=campaign_id,
                commune_code=rated,
                **seen,
            )
        elif rated.startswith(OF_SCHOOL):
            await view.api.put(
                "/v1/campaigns/{campaign_id}/evaluations/schools/{school_id}",
                body,
                campaign_id=campaign_id,
                school_id=rated.removeprefix(OF_SCHOOL),
                **seen,
            )
        else:
            await view.api.put(
                "/v1/campaigns/{campaign_id}/evaluations/people/{volunteer_id}",
                body,
                campaign_id=campaign_id,
                volunteer_id=rated,
                **seen,
            )
    except ApiError as refusal:
        if refusal.status not in {412, 422}:
            raise
        return await render_evaluation(view, campaign_id, typed=typed, refusal=refusal)
    return view.go(f"/campaigns/{campaign_id}/evaluation", view.say("Đã ghi. Cảm ơn.", "Recorded. Thank you."))


def marks_of(typed: dict[str, str]) -> dict[str, Any]:
    marks = {name: int(typed[name]) for name in (*CRITERIA, "readiness") if typed.get(name, "").isdigit()}
    return marks | {"words": typed.get("words", "")}
