"""Scenarios are asked for as they were ticked; two plans stand side by side, with names and whom each would tell."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import shapely
from shapely.geometry import mapping

from tests.portal.world import ADMIN, EMPTY, PortalWorld, portal_world

RUN: dict[str, Any] = {"id": "r1", "campaign_id": "c1", "plan_id": "p1", "scenario": "Tính giá"}
PLACE = {"volunteer_id": "v1", "full_name": "Lê Thị Hoa"}
CHANGES = {"counts": {"new": 7, "changed": 2, "withdrawn": 1, "unchanged": 5}, "confirm": {"messages": 18}}
COMPARED = {
    "levels": [],
    "communes": [{"commune_code": "22366", "left_lead": "S1", "right_lead": "S2", "left_people": 1, "right_people": 2,
                  "left_unmet_days": 0, "right_unmet_days": 0}],
    "schools": [],
    "people": [{"volunteer_id": "v1", "school_code": "S1", "left_commune": "22366", "right_commune": None,
                "left_weekdays": [0], "right_weekdays": []}],
}  # fmt: skip


def page_of(*items: dict[str, Any]) -> tuple[int, Any]:
    return 200, EMPTY | {"items": list(items), "total": len(items)}


def led_by(school: str) -> tuple[int, Any]:
    return page_of({"commune_code": "22366", "school_code": school, "is_lead": True})


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        cells = {"22366": "Xã Một", "22390": "Xã Hai"}
        shapes = {
            "schematic": True,
            "features": [
                {"properties": {"code": code, "name": name, "is_remote": False},
                 "geometry": mapping(shapely.box(109 + 0.1 * index, 12, 109.1 + 0.1 * index, 12.1))}
                for index, (code, name) in enumerate(cells.items())
            ],
        }  # fmt: skip
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/campaigns/c1"): (200, {"id": "c1", "name": "Đợt 1", "province_code": "56"}),
            ("GET", "/v1/matching-runs/r1"): (200, RUN),
            ("GET", "/v1/matching-runs/r2"): (200, RUN | {"id": "r2", "plan_id": "p2"}),
            ("GET", "/v1/matching-runs/r1/compare/r2"): (200, COMPARED),
            ("GET", "/v1/schools"): page_of({"code": "S1", "name": "Trường Một"}, {"code": "S2", "name": "Trường Hai"}),
            ("GET", "/v1/provinces/56/boundaries"): (200, shapes),
            ("GET", "/v1/plans/p1/responsibilities"): led_by("S1"),
            ("GET", "/v1/plans/p2/responsibilities"): led_by("S2"),
            ("GET", "/v1/plans/p1/changes"): (200, CHANGES),
            ("GET", "/v1/plans/p2/changes"): (200, CHANGES | {"confirm": None}),
            ("GET", "/v1/plans/p1/placements"): page_of(PLACE),
        }
        yield made


async def test_two_maps_say_who_leads_and_the_page_names_people_and_messages(world: PortalWorld) -> None:
    page = (await world.client.get("/runs/r1/compare/r2")).text
    assert re.findall(r"<title>(Xã Một: [^<]*)</title>", page) == ["Xã Một: Trường Một", "Xã Một: Trường Hai"]
    assert len(re.findall(r'stroke="#b3152b" stroke-width="3"', page)) == 2, "on both maps the commune that differs"
    assert 'href="#map-22366"' in page, "the second map uses the outlines of the first"
    assert "Lê Thị Hoa" in page
    assert ("A · Tính giá" in page, "B · Tính giá" in page) == (True, True)
    assert "đã quyết định" in page
    assert 'value="http://portal.example/runs/r1/compare/r2"' in page


async def test_ticked_settings_become_scenarios_and_a_refusal_keeps_the_ticks(world: PortalWorld) -> None:
    fields: dict[str, Any] = await world.form_of("/campaigns/c1/scenarios")
    fields |= {"wish": ["free", "need", "drop"], "start": "scratch", "time_limit_seconds": "30"}
    world.answers["POST", "/v1/campaigns/c1/scenarios"] = (429, {"code": "run.live", "detail_vi": "Đang có lần khác"})
    refused = await world.post("/campaigns/c1/scenarios", fields)
    assert (refused.status_code, "Đang có lần khác" in refused.text) == (429, True)
    assert re.findall(r'name="wish" value="(\w+)" checked', refused.text) == ["free", "need"]
    sent = json.loads(next(each for each in world.asked if each.method == "POST").content)
    assert sent["scenarios"] == [
        {"name": "Địa bàn tự do", "options": {"prices": {"overcap": 10, "scattered": 0}}},
        {"name": "Chỉ người cần", "options": {"use": "need"}},
    ]
    assert (sent["start"], sent["time_limit_seconds"], sent["force"]) == ("scratch", 30, False)


async def test_a_run_shows_what_its_certificate_notes_of_each_step_and_says_that_it_was_stopped(
    world: PortalWorld,
) -> None:
    stage = {
        "stage": "B",
        "school_code": "S1",
        "status": "feasible",
        "objective": {},
        "bound": {},
        "gap": {},
        "verified": True,
    }
    at = {"requested_at": "2026-11-02T03:00:00Z", "requested_by": "Sở", "timings": {"solving_seconds": None}}
    nothing: dict[str, Any] = {"failure": None, "note": None, "conflict": [], "left_out": []}
    ended = RUN | at | nothing | {"status": "succeeded", "unkept_pins": [], "duplicates": [], "no_effect": []}
    certificate = {"status": "feasible", "notes": ["Chưa có giải thích."], "stages": [stage | {"notes": ["Chưa hết."]}]}
    world.answers["GET", "/v1/matching-runs/r1"] = (200, ended | {"certificate": certificate})
    page = (await world.client.get("/runs/r1")).text
    assert ("Chưa có giải thích." in page, "Trường Một: Chưa hết." in page) == (True, True)
    assert "Đã dừng trước khi" not in page
    stopped = ended | {"status": "cancelled", "plan_id": None, "certificate": None}
    world.answers["GET", "/v1/matching-runs/r1"] = (200, stopped)
    assert "Đã dừng trước khi" in (await world.client.get("/runs/r1")).text
