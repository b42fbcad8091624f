"""Communes are found by what they were called before the merger."""

from collections.abc import AsyncIterator

import pytest
from roster_api.provinces.old_names import read_old_names
from roster_api.provinces.source import read_communes

from tests.roster_api.reference_world import World, shared_reference_world

CAM_LAM = "22453"
VAN_NINH = "22489"


@pytest.fixture
async def world(module_roster_database_url: str) -> AsyncIterator[World]:
    async with shared_reference_world(module_roster_database_url) as made:
        yield made


@pytest.mark.parametrize(
    ("asked", "code"),
    [("Vạn Giã", VAN_NINH), ("van gia", VAN_NINH), ("Cam Hải Tây", CAM_LAM), ("thị trấn cam đức", CAM_LAM)],
)
async def test_an_old_name_finds_the_commune_of_today(world: World, asked: str, code: str) -> None:
    found = (await world.as_("admin").get("/v1/communes", params={"q": asked, "province_code": "56"})).json()
    assert code in [commune["code"] for commune in found["items"]]
    assert found["total"] <= 3


async def test_an_entry_names_what_it_is_made_of_and_importing_again_changes_nothing(world: World) -> None:
    admin = world.as_("admin")
    commune = (await admin.get(f"/v1/communes/{VAN_NINH}")).json()
    assert "Thị trấn Vạn Giã (Huyện Vạn Ninh, Tỉnh Khánh Hòa)" in commune["old_names"]
    again = (await admin.post("/v1/provinces/56/communes/import")).json()
    assert (again["same"], again["updated"], again["created"]) == (65, 0, 0)
    by_district = (await admin.get("/v1/communes", params={"q": "huyện vạn ninh", "province_code": "56"})).json()
    assert VAN_NINH in [found["code"] for found in by_district["items"]]


@pytest.mark.parametrize("province", ["56", "11", "46", "48"])
def test_every_commune_of_today_has_old_names(province: str) -> None:
    today = {commune.code for commune in read_communes(province)}
    assert today - read_old_names(province).keys() <= {"20333", "22736"}
