"""Training: courses, whom communes send, who was there; who lacks what; who fits the post they hold."""

import asyncio
from typing import Any

from commune_schemas.amounts import amount
from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import NAMES_SECONDS
from commune_portal.client import ApiError
from commune_portal.downloads import pass_on
from commune_portal.forms import day_or_none, read_typed, whole_number
from commune_portal.menu import ADMIN, COMMUNE, PLANNERS
from commune_portal.pages.places import find_province
from commune_portal.pages.plans import load_fields
from commune_portal.paging import Rows, as_query, cut, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()
COURSE = "/training/courses/{course_id}"
MODES = ("online", "in_person")
REFUSED = {403, 409, 413, 422}


@router.get("/training", response_class=HTMLResponse)
async def show_courses(request: Request, view: PersonDep) -> Response:
    return await render_courses(request, view)


async def render_courses(
    request: Request, view: View, *, typed: dict[str, str] | None = None, refusal: ApiError | None = None
) -> Response:
    courses, fields = await asyncio.gather(view.api.get("/v1/courses", **as_query(request)), load_fields(view))
    return view.render(
        "training.html", status=refusal.status if refusal else 200, rows=of_answer(request, courses), fields=fields,
        modes=MODES, may_add=view.role in PLANNERS, typed=typed or {}, refusal=refusal,
    )  # fmt: skip


@router.post("/training")
async def add_course(request: Request, view: PersonDep) -> Response:
    typed = await read_typed(request)
    days = [day_or_none(line) for line in typed.get("sessions", "").splitlines() if line.strip()]
    body: dict[str, Any] = {name: typed.get(name, "") for name in ("code", "topic", "field_code", "mode", "trainer")}
    body |= {"province_code": await find_province(view), "capacity": whole_number(typed.get("capacity", ""))}
    body["sessions"] = [{"held_on": day} for day in days]
    try:
        course = await view.api.post("/v1/courses", body, once=typed.get("once"))
    except ApiError as refusal:
        if refusal.status not in REFUSED:
            raise
        return await render_courses(request, view, typed=typed, refusal=refusal)
    return view.go(f"/training/courses/{course['id']}", view.say("Đã thêm khóa học.", "The course is added."))


@router.get(COURSE, response_class=HTMLResponse)
async def show_course(request: Request, view: PersonDep, course_id: str) -> Response:
    return await render_course(request, view, course_id)


async def render_course(request: Request, view: View, course_id: str, *, refusal: ApiError | None = None) -> Response:
    """To a commune its own people: those nominated, and those it may nominate."""
    commune = view.commune_code if view.role == COMMUNE else None
    course, people, fields, lacking = await asyncio.gather(
        view.api.get("/v1/courses/{course_id}", course_id=course_id),
        view.api.find("/v1/courses/{course_id}/participants", course_id=course_id, **as_query(request)),
        load_fields(view),
        list_own_staff(view),
    )
    rows = of_answer(request, people) if people else Rows([], 0, 1)
    return view.render(
        "course.html", status=refusal.status if refusal else 200, course=course, rows=rows, fields=fields,
        commune=commune, staff=lacking, sees_people=people is not None, may_certify=view.role in PLANNERS,
        refusal=refusal,
    )  # fmt: skip


async def list_own_staff(view: View) -> list[dict[str, Any]]:
    """Whom somebody may nominate: of the register, as the API shows it to them."""
    return await view.api.list_seen("/v1/staff") if view.role in {ADMIN, COMMUNE} else []


@router.post(COURSE)
async def act_on_course(request: Request, view: PersonDep, course_id: str, file: UploadFile | None = None) -> Response:
    """The sheet filled in, whom a commune sends, or a code for everybody who passed."""
    typed = await read_typed(request)
    then, once = typed.get("then"), typed.get("once")
    try:
        if then == "certify":
            made = await view.api.post("/v1/courses/{course_id}/certificates", None, course_id=course_id)
            words = view.say(
                f"Đã cấp {made['issued']} chứng nhận.",
                f"{amount(made['issued'], 'certificate is', 'certificates are')} issued.",
            )
        elif then == "nominate":
            chosen = [str(each) for each in (await request.form()).getlist("staff")]
            body: dict[str, Any] = {"staff_ids": chosen}
            body |= {"commune_code": typed["commune_code"]} if typed.get("commune_code") else {}
            made = await view.api.put("/v1/courses/{course_id}/nominations", body, course_id=course_id)
            words = view.say(
                f"Đã cử {made['nominated']} người.",
                f"{amount(made['nominated'], 'person is', 'people are')} nominated.",
            )
        else:
            sheet = (file.filename or "khoa-hoc.xlsx", await file.read()) if file else ("khoa-hoc.xlsx", b"")
            made = await view.api.upload("/v1/courses/{course_id}/sheet", sheet, once=once, course_id=course_id)
            words = view.say(
                f"Đã ghi {made['recorded']} lượt có mặt, bỏ {made['taken_back']} lượt, {made['results']} kết quả.",
                f"Attendances recorded: {made['recorded']}, taken back: {made['taken_back']}; results:"
                f" {made['results']}.",
            )
    except ApiError as refusal:
        if refusal.status not in REFUSED:
            raise
        return await render_course(request, view, course_id, refusal=refusal)
    return view.go(f"/training/courses/{course_id}", words)


@router.get(COURSE + "/attendance.xlsx")
async def get_course_sheet(view: PersonDep, course_id: str) -> Response:
    return pass_on(await view.api.download("/v1/courses/{course_id}/attendance.xlsx", course_id=course_id))


@router.get("/training/gaps", response_class=HTMLResponse)
async def show_gaps(request: Request, view: PersonDep) -> Response:
    """By commune and field; those of one commune by name."""
    wanted = request.query_params
    code, commune, field = await find_province(view) or "00", wanted.get("commune"), wanted.get("field")
    totals, gaps, fields, communes = await asyncio.gather(
        view.api.get("/v1/provinces/{code}/training", code=code),
        view.api.get("/v1/provinces/{code}/training-gaps", code=code, commune_code=commune, field=field),
        load_fields(view),
        view.api.list_kept("/v1/communes", seconds=NAMES_SECONDS, province_code=code),
    )
    people = None
    if commune and field:
        people = await view.api.get(
            "/v1/provinces/{code}/training-gaps/people", code=code, commune_code=commune, field=field
        )
    gaps = [each for each in gaps if each["lacking"]] if wanted.get("show") != "all" else gaps
    return view.render(
        "training_gaps.html", totals=totals, rows=cut(request, gaps), fields=fields, communes=communes, people=people
    )


@router.get("/staff/qualifications", response_class=HTMLResponse)
async def show_qualifications(request: Request, view: PersonDep) -> Response:
    """Data for whoever decides: nothing about a person follows from it."""
    wanted = request.query_params
    code = await find_province(view) or "00"
    review, fields, communes = await asyncio.gather(
        view.api.get(
            "/v1/provinces/{code}/qualification-review", code=code, commune_code=wanted.get("commune"),
            field=wanted.get("field"), limit=1000,
        ),
        load_fields(view),
        view.api.list_kept("/v1/communes", seconds=NAMES_SECONDS, province_code=code),
    )  # fmt: skip
    people = [each for each in review["people"] if wanted.get("fit") in {None, "", each["fit"]}]
    return view.render(
        "qualifications.html", review=review, rows=cut(request, people), fields=fields, communes=communes
    )
