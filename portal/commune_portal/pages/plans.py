"""A plan: map and table, and one commune of it with why, why not, and who comes."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from commune_portal.campaign_view import (
    NAMES_SECONDS,
    NEWS_SECONDS,
    SETTLED_SECONDS,
    Places,
    find_current,
    in_force,
    list_plans,
    load_places,
)
from commune_portal.downloads import pass_on
from commune_portal.map.drawing import Picture, colours_of, draw_map
from commune_portal.map.shapes import Shapes, load_shapes
from commune_portal.menu import PLANNERS, READ_PLACEMENTS
from commune_portal.paging import holds, sort_people, vietnamese_order
from commune_portal.view import PersonDep, View

router = APIRouter()


@dataclass
class CommuneRow:
    """One commune of the plan: its lead and supports, and what is short, in person-days a week."""

    code: str
    name: str
    lead: str = ""
    supports: list[str] = field(default_factory=list)
    distance_m: int = 0
    reason: str = ""
    unmet: int = 0


@dataclass(frozen=True)
class PlanView:
    """A plan with the names that stand on its pages."""

    plan: dict[str, Any]
    campaign: dict[str, Any]
    places: Places

    @property
    def base(self) -> str:
        return f"/plans/{self.plan['id']}"

    def title(self, view: View) -> str:
        if self.plan["version"]:
            return view.say(
                f"Phương án công bố {self.plan['version']}", f"Published plan, version {self.plan['version']}"
            )
        return view.say(f"Dự thảo {self.plan['draft_number']}", f"Draft {self.plan['draft_number']}")


async def load_plan(view: View, plan_id: str, *, may_be_kept: bool = False) -> PlanView:
    """`may_be_kept`: of a page that asks something else of the plan each time, and is refused there."""
    if may_be_kept:
        plan = await view.api.get_kept("/v1/plans/{plan_id}", seconds=NEWS_SECONDS, plan_id=plan_id)
    else:
        plan = await view.api.get("/v1/plans/{plan_id}", plan_id=plan_id)
    campaign = await view.api.get_kept(
        "/v1/campaigns/{campaign_id}", seconds=NEWS_SECONDS, campaign_id=plan["campaign_id"]
    )
    return PlanView(plan, campaign, await load_places(view.api, campaign["province_code"]))


async def list_communes(view: View, shown: PlanView) -> list[CommuneRow]:
    """Every commune this person sees, in the alphabet's order."""
    responsibilities, shortfalls = await asyncio.gather(
        list_responsibilities(view, shown.plan), list_shortfalls(view, shown.plan)
    )
    rows: dict[str, CommuneRow] = {}
    for each in responsibilities:
        row = rows.setdefault(each["commune_code"], CommuneRow(each["commune_code"], each["commune_name"]))
        if each["is_lead"]:
            row.lead, row.distance_m = each["school_code"], each["distance_m"]
            row.reason = view.pick(each, "reason")
        else:
            row.supports.append(each["school_code"])
    for each in shortfalls:
        row = rows.setdefault(each["commune_code"], CommuneRow(each["commune_code"], each["commune_name"]))
        row.unmet += each["unmet_days"]
    return sorted(rows.values(), key=lambda row: vietnamese_order(row.name.split(" ", 1)[-1]))


async def list_responsibilities(view: View, plan: dict[str, Any]) -> list[dict[str, Any]]:
    seconds = SETTLED_SECONDS if plan["published_at"] else 0
    return await view.api.list_kept("/v1/plans/{plan_id}/responsibilities", seconds=seconds, plan_id=plan["id"])


async def list_shortfalls(view: View, plan: dict[str, Any]) -> list[dict[str, Any]]:
    seconds = SETTLED_SECONDS if plan["published_at"] else 0
    return await view.api.list_kept("/v1/plans/{plan_id}/shortfalls", seconds=seconds, plan_id=plan["id"])


def draw_plan(view: View, shown: PlanView, rows: list[CommuneRow], schools: list[str], shapes: Shapes) -> Markup:
    drawn = draw_map(
        shown.campaign["province_code"],
        shapes,
        {row.code: row.lead for row in rows},
        Picture(
            tuple(schools),
            address=f"{shown.base}/communes/{{code}}",
            label=view.say("Bản đồ trường phụ trách xã", "Map of which school answers for which commune"),
            marked=frozenset(row.code for row in rows if row.unmet)
            if view.request.query_params.get("show")
            else frozenset(),
        ),
    )
    return Markup(drawn)  # noqa: S704 - every text in it was escaped where it was drawn


@router.get("/plan")
async def go_to_plan_in_force(view: PersonDep) -> Response:
    """The plan that holds now; to one's own work where there is none, or none that one may see."""
    campaign = await find_current(view.api)
    plan = in_force(await list_plans(view.api, campaign["id"])) if campaign else None
    return view.go(f"/plans/{plan['id']}" if plan else "/")


@router.get("/plans/{plan_id}", response_class=HTMLResponse)
async def show_plan(request: Request, view: PersonDep, plan_id: str) -> Response:
    shown = await load_plan(view, plan_id)
    rows = await list_communes(view, shown)
    leads = {row.lead for row in rows if row.lead}
    schools = [code for code in shown.places.every_school if code in leads]
    picked = [row for row in rows if is_wanted(row, shown.places, request)]
    shapes = await load_shapes(view, shown.campaign["province_code"])
    return view.render(
        "plan.html",
        shown=shown,
        plan=shown.plan,
        title=shown.title(view),
        rows=picked,
        total=len(rows),
        schools=schools,
        colours=colours_of(schools),
        led={code: sum(row.lead == code for row in rows) for code in schools},
        map=draw_plan(view, shown, rows, schools, shapes) if len(rows) > 1 else "",
        is_schematic=shapes.is_schematic,
    )


def is_wanted(row: CommuneRow, places: Places, request: Request) -> bool:
    wanted = request.query_params
    school, show = wanted.get("school"), wanted.get("show")
    return (
        holds(wanted.get("q", ""), row.name, places.school(row.lead))
        and (not school or school == row.lead or school in row.supports)
        and (show != "short" or row.unmet > 0)
    )


@router.get("/plans/{plan_id}/communes/{code}", response_class=HTMLResponse)
async def show_commune_of_plan(view: PersonDep, plan_id: str, code: str) -> Response:
    shown = await load_plan(view, plan_id)
    row = next((each for each in await list_communes(view, shown) if each.code == code), None)
    commune, placed, shortfalls, need = await asyncio.gather(
        view.api.get("/v1/communes/{code}", code=code),
        list_placed(view, plan_id, code),
        list_shortfalls(view, shown.plan),
        view.api.find(
            "/v1/campaigns/{campaign_id}/needs/{commune_code}",
            campaign_id=shown.campaign["id"],
            commune_code=code,
        ),
    )
    return view.render(
        "plan_commune.html",
        shown=shown,
        plan=shown.plan,
        title=shown.title(view),
        row=row,
        commune=commune,
        placed=sort_people(placed),
        short=[each for each in shortfalls if each["commune_code"] == code],
        need=need,
        fields=await load_fields(view),
        explanation=await find_explanation(view, shown.plan, code),
    )


async def list_placed(view: View, plan_id: str, code: str) -> list[dict[str, Any]]:
    """Nobody for who may not see people: the page says that it may be so."""
    if view.role not in READ_PLACEMENTS:
        return []
    return await view.api.list_all("/v1/plans/{plan_id}/placements", plan_id=plan_id, commune_code=code)


async def find_explanation(view: View, plan: dict[str, Any], code: str) -> dict[str, Any] | None:
    """Why this school, why not another: for those who may read it."""
    if view.role not in PLANNERS:
        return None
    found = await view.api.find("/v1/matching-runs/{run_id}/explanations", run_id=plan["run_id"], commune=code)
    told: dict[str, Any] | None = found.get(code) if found else None
    return told


async def load_fields(view: View) -> dict[str, str]:
    """Names of the fields of work by code."""
    fields = await view.api.list_kept("/v1/fields", seconds=NAMES_SECONDS)
    return {each["code"]: view.pick(each, "name") or each["code"] for each in fields}


@router.get("/plans/{plan_id}/annex.xlsx")
async def download_annex(view: PersonDep, plan_id: str) -> Response:
    return pass_on(await view.api.download("/v1/plans/{plan_id}/annex.xlsx", plan_id=plan_id))
