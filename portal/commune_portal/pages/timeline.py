"""A campaign's timeline: what is due when, who is awaited; and what schools and communes agree to begin with."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.client import ApiError
from commune_portal.downloads import pass_on
from commune_portal.forms import day_or_none, read_typed
from commune_portal.meanwhile import NOTHING, differing, is_stale
from commune_portal.menu import ADMIN, COMMUNE, SCHOOL
from commune_portal.pages.needs import list_duties
from commune_portal.paging import as_query, of_answer
from commune_portal.rendering import day
from commune_portal.view import PersonDep, View

router = APIRouter()
PAGE = "/campaigns/{campaign_id}/timeline"
POINTS = "/campaigns/{campaign_id}/starting-points"
POINT = POINTS + "/{code}/{school_id}"
REFUSED = {403, 409, 412, 422}
SIDES = {SCHOOL: "school", COMMUNE: "commune"}


@router.get(PAGE, response_class=HTMLResponse)
async def show_timeline(view: PersonDep, campaign_id: str) -> Response:
    return await render_timeline(view, campaign_id)


async def render_timeline(
    view: View, campaign_id: str, *, typed: dict[str, str] | None = None, refusal: ApiError | None = None
) -> Response:
    campaign, timeline = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.read("/v1/campaigns/{campaign_id}/timeline", campaign_id=campaign_id),
    )
    changes, typed = None, typed or {}
    known = {f"due-{each['step']}": day(each["due_on"]) for each in timeline["steps"]}
    if timeline["follows_id"]:
        changes = await view.api.find("/v1/campaigns/{campaign_id}/wave-changes", campaign_id=campaign_id)
    return view.render(
        "timeline.html", status=refusal.status if refusal else 200, campaign=campaign, timeline=timeline.content,
        etag=typed.get("etag") if refusal and not is_stale(refusal) else timeline.etag, changes=changes, typed=typed,
        meanwhile=differing(view, known, typed) if is_stale(refusal) else NOTHING, refusal=refusal,
    )  # fmt: skip


@router.post(PAGE)
async def change_timeline(request: Request, view: PersonDep, campaign_id: str) -> Response:
    """Due days, the launch, or the wave that follows."""
    typed = await read_typed(request)
    then, once = typed.get("then"), typed.get("once")
    try:
        if then == "launch":
            launched = {"launched_on": day_or_none(typed.get("launched_on", ""))}
            await view.api.post("/v1/campaigns/{campaign_id}/launch", launched, once=once, campaign_id=campaign_id)
        elif then == "wave":
            body: dict[str, Any] = {"name": typed.get("name", "")}
            body |= {name: day_or_none(typed.get(name, "")) for name in ("starts_on", "ends_on")}
            made = await view.api.post(
                "/v1/campaigns/{campaign_id}/next-wave", body, once=once, campaign_id=campaign_id
            )
            words = view.say("Đã lập đợt tiếp theo.", "The next wave is drafted.")
            return view.go(f"/campaigns/{made['campaign_id']}/timeline", words)
        else:
            due = {name.removeprefix("due-"): day for name, day in typed.items() if name.startswith("due-") and day}
            items = [{"step": step, "due_on": day_or_none(day)} for step, day in due.items()]
            await view.api.put(
                "/v1/campaigns/{campaign_id}/timeline", {"items": items}, etag=typed.get("etag"),
                campaign_id=campaign_id,
            )  # fmt: skip
    except ApiError as refusal:
        if refusal.status not in REFUSED:
            raise
        return await render_timeline(view, campaign_id, typed=typed, refusal=refusal)
    return view.go(f"/campaigns/{campaign_id}/timeline", view.say("Đã lưu.", "Saved."))


@router.get(POINTS, response_class=HTMLResponse)
async def show_starting_points(request: Request, view: PersonDep, campaign_id: str) -> Response:
    campaign, points = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get("/v1/campaigns/{campaign_id}/starting-points", campaign_id=campaign_id, **as_query(request)),
    )
    return view.render("starting_points.html", campaign=campaign, rows=of_answer(request, points))


@router.get(POINTS + ".xlsx")
async def get_starting_points(view: PersonDep, campaign_id: str) -> Response:
    return pass_on(await view.api.download("/v1/campaigns/{campaign_id}/starting-points.xlsx", campaign_id=campaign_id))


@router.get(POINT, response_class=HTMLResponse)
async def show_starting_point(view: PersonDep, campaign_id: str, code: str, school_id: str) -> Response:
    return await render_point(view, campaign_id, code, school_id)


async def render_point(
    view: View, campaign_id: str, code: str, school_id: str, *, typed: dict[str, str] | None = None,
    refusal: ApiError | None = None,
) -> Response:  # fmt: skip
    campaign, point, duties = await asyncio.gather(
        view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id),
        view.api.get(
            "/v1/campaigns/{campaign_id}/starting-points/{commune_code}/{school_id}", campaign_id=campaign_id,
            commune_code=code, school_id=school_id,
        ),
        list_duties(view),
    )  # fmt: skip
    return view.render(
        "starting_point.html", status=refusal.status if refusal else 200, campaign=campaign, point=point,
        duties=duties, side=SIDES.get(view.role), may_speak=view.role in {ADMIN, *SIDES}, typed=typed or {},
        refusal=refusal,
    )  # fmt: skip


@router.post(POINT)
async def speak_of_starting_point(
    request: Request, view: PersonDep, campaign_id: str, code: str, school_id: str
) -> Response:
    """Proposes, or says yes to what was read; Home Affairs says on whose word."""
    typed = await read_typed(request)
    duties = [str(each) for each in (await request.form()).getlist("duties")]
    named: dict[str, Any] = {"campaign_id": campaign_id, "commune_code": code, "school_id": school_id}
    side = {"side": typed.get("side") or None} if view.role == ADMIN else {}
    point = "/v1/campaigns/{campaign_id}/starting-points/{commune_code}/{school_id}"
    try:
        if typed.get("then") == "agree":
            number = int(typed["number"]) if typed.get("number", "").isdecimal() else None
            await view.api.post(
                "/v1/campaigns/{campaign_id}/starting-points/{commune_code}/{school_id}/agree",
                {"number": number} | side, once=typed.get("once"), **named,
            )  # fmt: skip
        else:
            body: dict[str, Any] = {"first_visit_on": day_or_none(typed.get("first_visit_on", "")), "duties": duties}
            body |= {name: typed.get(name) or None for name in ("commune_contact", "school_contact")}
            body |= {"words": typed.get("words", "")} | side
            await view.api.put(point, body, **named)
    except ApiError as refusal:
        if refusal.status not in REFUSED:
            raise
        typed["duties"] = " ".join(duties)
        return await render_point(view, campaign_id, code, school_id, typed=typed, refusal=refusal)
    return view.go(f"/campaigns/{campaign_id}/starting-points/{code}/{school_id}", view.say("Đã lưu.", "Saved."))
