"""Units, people and posts of the register, and what is too many or too few."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import NAMES_SECONDS
from commune_portal.downloads import pass_on
from commune_portal.menu import ADMIN
from commune_portal.pages.places import find_province
from commune_portal.pages.plans import load_fields
from commune_portal.paging import as_query, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()
KINDS = ("provincial_agency", "commune_office", "service_centre", "school")
SIDES = ("party", "government")
AVAILABILITIES = ("surplus", "nominated", "none")


@router.get("/staff")
async def go_to_staff(view: PersonDep) -> Response:
    """To what is too many and too few; a unit's officer to the own unit."""
    return view.go("/staff/review" if view.role == ADMIN else "/staff/units")


async def province_or_own(view: View) -> str | None:
    """None for a unit's officer: the API gives them the own unit alone."""
    return await find_province(view) if view.role == ADMIN else None


async def list_units(view: View) -> list[dict[str, Any]]:
    return await view.api.list_kept("/v1/units", seconds=NAMES_SECONDS, province_code=await province_or_own(view))


@router.get("/staff/units", response_class=HTMLResponse)
async def show_units(request: Request, view: PersonDep) -> Response:
    wanted = request.query_params
    units = await view.api.get(
        "/v1/units",
        q=wanted.get("q"),
        kind=wanted.get("kind"),
        province_code=await province_or_own(view),
        **as_query(request),
    )
    return view.render("staff_units.html", rows=of_answer(request, units), kinds=KINDS)


@router.get("/staff/people", response_class=HTMLResponse)
async def show_staff(request: Request, view: PersonDep) -> Response:
    wanted = request.query_params
    by: dict[str, Any] = {name: wanted.get(name) for name in ("q", "unit_id", "side", "availability", "field")}
    province = await province_or_own(view)
    staff, units, fields = await asyncio.gather(
        view.api.get("/v1/staff", province_code=province, **by, **as_query(request)),
        list_units(view),
        load_fields(view),
    )
    return view.render(
        "staff_people.html",
        rows=of_answer(request, staff),
        units={each["id"]: each["name"] for each in units},
        fields=fields,
        sides=SIDES,
        availabilities=AVAILABILITIES,
    )


@router.get("/staff/posts", response_class=HTMLResponse)
async def show_posts(request: Request, view: PersonDep) -> Response:
    wanted = request.query_params
    by: dict[str, Any] = {name: wanted.get(name) for name in ("q", "unit_id", "field", "vacant")}
    province = await province_or_own(view)
    posts, units, fields = await asyncio.gather(
        view.api.get("/v1/posts", province_code=province, **by, **as_query(request)),
        list_units(view),
        load_fields(view),
    )
    names = {each["id"]: each["name"] for each in units}
    return view.render("staff_posts.html", rows=of_answer(request, posts), units=names, fields=fields)


@router.get("/staff/review", response_class=HTMLResponse)
async def show_review(request: Request, view: PersonDep) -> Response:
    review, units, fields = await asyncio.gather(
        view.api.get("/v1/provinces/{code}/staff-review", code=await find_province(view) or "00"),
        list_units(view),
        load_fields(view),
    )
    show = request.query_params.get("show", "")
    return view.render(
        "staff_review.html",
        review=review,
        rows=[each for each in review["units"] if is_wanted(each, show)],
        unit_ids={each["code"]: each["id"] for each in units},
        fields=fields,
    )


def is_wanted(unit: dict[str, Any], show: str) -> bool:
    """A unit beyond its norm, or with an empty post; every unit where nothing is chosen."""
    beyond = unit["party"]["surplus"] > 0 or unit["government"]["surplus"] > 0
    empty = sum(unit["vacancies"].values()) > 0
    return bool({"surplus": beyond, "vacant": empty}.get(show, True))


@router.get("/staff/review.xlsx")
async def get_review_sheet(view: PersonDep) -> Response:
    code = await find_province(view) or "00"
    return pass_on(await view.api.download("/v1/provinces/{code}/staff-review.xlsx", code=code))
