"""Communes, schools and the people on the schools' rosters: lists with filters, and one of each."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from commune_portal.campaign_view import find_current, in_force, list_plans
from commune_portal.lacking import ACCOUNT, CONTACT, keep_lacking
from commune_portal.menu import ADMIN, COMMUNE, SCHOOL
from commune_portal.pages.plans import load_fields
from commune_portal.paging import as_query, cut, of_answer
from commune_portal.view import PersonDep, View

router = APIRouter()


async def find_province(view: View) -> str | None:
    """The own one, the one that the nation's administrator names, or the one that the current campaign is in."""
    if view.assignment.get("scope_kind") == "province":
        return str(view.assignment["scope_id"])
    if view.named_province:
        return view.named_province
    campaign = await find_current(view.api)
    return campaign["province_code"] if campaign else None


@router.get("/communes", response_class=HTMLResponse)
async def show_communes(request: Request, view: PersonDep) -> Response:
    wanted = request.query_params
    by = {"q": wanted.get("q"), "kind": wanted.get("kind"), "province_code": await find_province(view)}
    if view.role == ADMIN and wanted.get("lacks") in {CONTACT, ACCOUNT}:
        every = await view.api.list_all("/v1/communes", **by)
        lacking = await keep_lacking(view, every, wanted["lacks"], role=COMMUNE, by="code")
        return view.render("communes.html", rows=cut(request, lacking))
    communes = await view.api.get("/v1/communes", **by, **as_query(request))
    return view.render("communes.html", rows=of_answer(request, communes))


@router.get("/communes/{code}", response_class=HTMLResponse)
async def show_commune(view: PersonDep, code: str) -> Response:
    """To its page in the plan in force; before there is one, to its need."""
    campaign = await find_current(view.api)
    if campaign is None:
        return view.render("commune.html", commune=await view.api.get("/v1/communes/{code}", code=code))
    plan = in_force(await list_plans(view.api, campaign["id"]))
    return view.go(f"/plans/{plan['id']}/communes/{code}" if plan else f"/campaigns/{campaign['id']}/needs/{code}")


@router.get("/schools", response_class=HTMLResponse)
async def show_schools(request: Request, view: PersonDep) -> Response:
    wanted = request.query_params
    by = {"q": wanted.get("q"), "kind": wanted.get("kind"), "province_code": await find_province(view)}
    if view.role == ADMIN and wanted.get("lacks") in {CONTACT, ACCOUNT}:
        every = await view.api.list_all("/v1/schools", **by)
        lacking = await keep_lacking(view, every, wanted["lacks"], role=SCHOOL, by="id")
        return view.render("schools.html", rows=cut(request, lacking))
    schools = await view.api.get("/v1/schools", **by, **as_query(request))
    return view.render("schools.html", rows=of_answer(request, schools))


@router.get("/schools/{school_id}", response_class=HTMLResponse)
async def show_school(view: PersonDep, school_id: str) -> Response:
    school, people = await asyncio.gather(
        view.api.get("/v1/schools/{school_id}", school_id=school_id),
        view.api.find("/v1/volunteers", school_id=school_id, limit=1),
    )
    campaign = await find_current(view.api)
    plan = in_force(await list_plans(view.api, campaign["id"])) if campaign else None
    return view.render("school.html", school=school, people=people["total"] if people else None, plan=plan)


@router.get("/volunteers", response_class=HTMLResponse)
async def show_volunteers(request: Request, view: PersonDep) -> Response:
    wanted = request.query_params
    by: dict[str, Any] = {name: wanted.get(name) for name in ("q", "role", "status", "field", "weekday")}
    people, schools, fields = await asyncio.gather(
        view.api.get("/v1/volunteers", school_id=view.school_id or wanted.get("school"), **by, **as_query(request)),
        view.api.list_seen("/v1/schools"),
        load_fields(view),
    )
    names = {each["id"]: each["name"] for each in schools}
    return view.render("volunteers.html", rows=of_answer(request, people), schools=names, fields=fields)
