"""The public page: no session, no cookie, kept by caches, the same for whoever asks; the switch that shows it."""

import json
from collections.abc import AsyncIterator

import pytest
import shapely
from shapely.geometry import mapping

from tests.portal.world import ADMIN, PortalWorld, portal_world

COMMUNE = {"code": "22366", "name": "Xã Một", "lead": "S1", "supports": [], "people": 3, "person_days": 6,
           "unmet_days": 2}  # fmt: skip
PLAN = {
    "province_code": "56", "province_name": "Tỉnh Khánh Hòa", "campaign_name": "Đợt 1", "starts_on": "2026-11-02",
    "ends_on": "2026-11-29", "version": 2, "published_at": "2026-11-01T03:00:00Z",
    "schools": [{"code": "S1", "name": "Trường Một", "communes": 1}], "communes": [COMMUNE],
}  # fmt: skip
SHAPES = {
    "schematic": True,
    "features": [
        {"properties": {"code": "22366", "name": "Xã Một", "is_remote": False},
         "geometry": mapping(shapely.box(109, 12, 109.1, 12.1))}
    ],
}  # fmt: skip
PROVINCE = {
    "code": "56", "full_name": "Tỉnh Khánh Hòa", "four_eyes": True, "sms_price_vnd": 350, "pays_on_school_word": False,
}  # fmt: skip


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.answers |= {
            ("GET", "/v1/public/provinces/56/plan"): (200, PLAN),
            ("GET", "/v1/public/provinces/56/boundaries"): (200, SHAPES),
        }
        yield made


async def test_everybody_sees_map_and_list_and_a_cache_may_keep_them(world: PortalWorld) -> None:
    page = await world.client.get("/public/56")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "public, max-age=300")
    assert "Set-Cookie" not in page.headers
    assert 'href="#row-22366"' in page.text
    assert 'id="row-22366"' in page.text
    assert not [request for request in world.asked if "authorization" in request.headers]
    again = await world.client.get("/public/56", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await world.client.head("/public/56")).headers["ETag"] == page.headers["ETag"]
    world.sign_in()
    assert (await world.client.get("/public/56")).text == page.text, "whoever is signed in sees the same"
    assert "Commune" in (await world.client.get("/public/56?lang=en")).text
    assert "No commune matches" in (await world.client.get("/public/56?lang=en&q=khac")).text


async def test_where_the_province_shows_nothing_there_is_no_page(world: PortalWorld) -> None:
    world.answers["GET", "/v1/public/provinces/56/plan"] = (404, {"code": "not_found"})
    page = await world.client.get("/public/56")
    assert page.status_code == 404
    assert "no-store" in page.headers["Cache-Control"]


async def test_the_switch_sends_all_rules_as_they_stand_on_the_page(world: PortalWorld) -> None:
    world.sign_in()
    world.answers["GET", "/v1/me"] = (200, ADMIN)
    world.answers["GET", "/v1/provinces/56"] = (200, PROVINCE | {"is_plan_public": False})
    page = (await world.client.get("/settings/publishing")).text
    assert 'name="four_eyes" value="yes" checked' in page
    fields = await world.form_of("/settings/publishing")
    fields |= {"four_eyes": "yes", "is_plan_public": "yes", "sms_price_vnd": "1.350", "pays_on_school_word": "yes"}
    world.answers["PUT", "/v1/provinces/56/publishing"] = (200, PROVINCE | {"is_plan_public": True})
    assert (await world.post("/settings/publishing", fields)).status_code == 303
    sent = json.loads(next(each for each in world.asked if each.method == "PUT").content)
    assert sent == {
        "four_eyes": True, "is_plan_public": True, "pays_on_school_word": True, "sms_price_vnd": 1350,
    }  # fmt: skip
