"""Two runs side by side: two maps under one pointer, what differs by level, commune, school and person, who is told."""

import asyncio
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from commune_portal.campaign_view import Places, load_places
from commune_portal.map.drawing import Picture, Sharing, colours_of, draw_map
from commune_portal.map.shapes import Shapes, load_shapes
from commune_portal.paging import sort_people
from commune_portal.view import PersonDep, View

router = APIRouter()


@router.get("/runs/{run_id}/compare", response_class=HTMLResponse)
async def choose_comparison(view: PersonDep, run_id: str, other: str) -> Response:
    return view.go(f"/runs/{run_id}/compare/{other}")


@router.get("/runs/{run_id}/compare/{other_id}", response_class=HTMLResponse)
async def show_comparison(view: PersonDep, run_id: str, other_id: str) -> Response:
    left, right, compared = await asyncio.gather(
        view.api.get("/v1/matching-runs/{run_id}", run_id=run_id),
        view.api.get("/v1/matching-runs/{run_id}", run_id=other_id),
        view.api.get("/v1/matching-runs/{run_id}/compare/{other_id}", run_id=run_id, other_id=other_id),
    )
    campaign = await view.api.get("/v1/campaigns/{campaign_id}", campaign_id=left["campaign_id"])
    places, shapes, people, *sides = await asyncio.gather(
        load_places(view.api, campaign["province_code"]),
        load_shapes(view, campaign["province_code"]),
        list_people(view, left, right),
        *(load_side(view, run) for run in (left, right)),
    )
    names = names_of(left, right)
    schools = [code for code in places.every_school if any(code in side["leads"].values() for side in sides)]
    differing = frozenset(
        each["commune_code"] for each in compared["communes"] if each["left_lead"] != each["right_lead"]
    )
    return view.render(
        "compare.html",
        names=names,
        left=left,
        right=right,
        compared=compared,
        places=places,
        campaign=campaign,
        people=sort_people([each | people.get(each["volunteer_id"], NOBODY) for each in compared["people"]]),
        sides=sides,
        maps=[
            draw_side(view, campaign["province_code"], shapes, places, side, schools, differing, sharing)
            for side, sharing in zip(sides, SHARING, strict=True)
        ],
        schools=schools,
        colours=colours_of(schools),
    )


SHARING: tuple[Sharing, Sharing] = ("defines", "uses")
NOBODY = {"full_name": ""}
"""Somebody whom neither plan's list names any more."""


def names_of(left: dict[str, Any], right: dict[str, Any]) -> tuple[str, str]:
    """What the two are called: by their scenario, or A and B where they have none or the same."""
    one, two = left["scenario"] or "A", right["scenario"] or "B"
    return (f"A · {one}", f"B · {two}") if one == two else (one, two)


async def load_side(view: View, run: dict[str, Any]) -> dict[str, Any]:
    """The lead of each commune, and what publishing this run's plan would tell whom; None once it was decided upon."""
    responsibilities, changes = await asyncio.gather(
        view.api.list_all("/v1/plans/{plan_id}/responsibilities", plan_id=run["plan_id"]),
        view.api.get("/v1/plans/{plan_id}/changes", plan_id=run["plan_id"]),
    )
    leads = {each["commune_code"]: each["school_code"] for each in responsibilities if each["is_lead"]}
    return {"plan_id": run["plan_id"], "leads": leads, "changes": changes}


async def list_people(view: View, left: dict[str, Any], right: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Names by volunteer, of whoever one of the two plans places."""
    both = await asyncio.gather(
        *(view.api.list_all("/v1/plans/{plan_id}/placements", plan_id=run["plan_id"]) for run in (left, right))
    )
    return {each["volunteer_id"]: {"full_name": each["full_name"]} for placed in both for each in placed}


def draw_side(
    view: View,
    province_code: str,
    shapes: Shapes,
    places: Places,
    side: dict[str, Any],
    schools: list[str],
    differing: frozenset[str],
    sharing: Sharing,
) -> Markup:
    """One of the two maps; communes that the other gives to another school carry a ring."""
    titles = tuple(
        (code, f"{name}: {places.school(side['leads'].get(code)) or view.say('không có', 'none')}")
        for code, name in shapes.names.items()
    )
    picture = Picture(
        tuple(schools),
        address=f"/plans/{side['plan_id']}/communes/{{code}}",
        label=view.say("Bản đồ trường phụ trách xã", "Map of which school answers for which commune"),
        marked=differing,
        titles=titles,
        sharing=sharing,
    )
    return Markup(draw_map(province_code, shapes, side["leads"], picture))  # noqa: S704 - every text in it was escaped
