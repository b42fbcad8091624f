"""Real boundaries: every commune once and valid, overlaps named, neighbours from them; schematic cells until then."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from commune_schemas.matching import MatchingProblem
from matching_worker.campaign.ways import list_edges, measure_ways
from roster_api.boundaries.models import MeasuredTravel, ProvinceBoundaries

from tests.roster_api.planning_world import World as PlanningWorld
from tests.roster_api.planning_world import planning_world
from tests.roster_api.reference_world import NHA_TRANG, TRUONG_SA, World, shared_reference_world

PATH = "/v1/provinces/56/boundaries"


@pytest.fixture
async def world(module_roster_database_url: str) -> AsyncIterator[World]:
    async with shared_reference_world(module_roster_database_url) as made:
        yield made


@pytest.fixture
async def planning(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def get_cells(world: World) -> dict[str, Any]:
    answer = await world.as_("admin").get(PATH)
    assert answer.headers["content-type"] == "application/geo+json"
    content: dict[str, Any] = answer.json()
    return content


def with_shapes(content: dict[str, Any]) -> dict[str, Any]:
    return content | {"features": [feature for feature in content["features"] if feature["geometry"]]}


def find(content: dict[str, Any], code: str) -> dict[str, Any]:
    return next(feature for feature in content["features"] if feature["properties"]["code"] == code)


async def test_without_boundaries_cells_round_the_places_are_given_out_with_an_etag(world: World) -> None:
    content = await get_cells(world)
    assert (content["schematic"], len(content["features"])) == (True, 65)
    assert find(content, TRUONG_SA)["geometry"] is None
    assert find(content, NHA_TRANG)["properties"]["name"] == "Phường Nha Trang"
    first = await world.as_("officer").get(PATH)
    again = await world.as_("officer").get(PATH, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await world.as_("other_admin").get(PATH)).status_code == 404


async def test_what_is_not_complete_valid_and_of_this_province_is_refused_fault_by_fault(world: World) -> None:
    admin, whole = world.as_("admin"), with_shapes(await get_cells(world))
    features = whole["features"]
    bow_tie = {"type": "Polygon", "coordinates": [[[109, 12], [109.1, 12.1], [109.1, 12], [109, 12.1], [109, 12]]]}
    exchanged = {"type": "Polygon", "coordinates": [[[12, 109], [12.1, 109], [12.1, 109.1], [12, 109]]]}
    deep: Any = [12.0, 109.0]
    for _ in range(60):
        deep = [deep]
    cases: list[tuple[list[dict[str, Any]], str]] = [
        (features[1:], "boundary.missing"),
        ([*features, features[0]], "boundary.twice"),
        ([*features, features[0] | {"properties": {"code": "03127"}}], "commune.unknown"),
        ([features[0] | {"geometry": bow_tie}, *features[1:]], "boundary.invalid"),
        ([features[0] | {"geometry": exchanged}, *features[1:]], "boundary.invalid"),
        ([features[0] | {"geometry": {"type": "Polygon", "coordinates": deep}}, *features[1:]], "boundary.too_large"),
        ([features[0] | {"geometry": {"type": "Polygon", "coordinates": [["x"]]}}, *features[1:]], "boundary.invalid"),
    ]
    for sent, code in cases:
        refused = await admin.put(PATH, json=whole | {"features": sent})
        assert (refused.status_code, refused.json()["code"]) == (422, "boundaries.faulty")
        assert code in {error["code"] for error in refused.json()["errors"]}, code
    other = await admin.put(PATH, json={"type": "FeatureCollection", "features": [{"type": "Feature"}]})
    assert other.status_code == 422
    assert (await world.as_("overseer").put(PATH, json=whole)).status_code == 403
    assert (await get_cells(world))["schematic"], "nothing was kept"


async def test_what_is_imported_is_given_out_and_says_who_overlaps_and_who_are_neighbours(world: World) -> None:
    admin, whole = world.as_("admin"), with_shapes(await get_cells(world))
    grown = next(feature for feature in whole["features"] if feature["geometry"]["type"] == "Polygon")
    code, ring = grown["properties"]["code"], grown["geometry"]["coordinates"][0]
    x, y = (sum(values) / len(ring) for values in zip(*ring, strict=True))
    larger = [[[x + 1.2 * (east - x), y + 1.2 * (north - y)] for east, north in ring]]
    features = [
        feature | {"geometry": {"type": "Polygon", "coordinates": larger}} if feature is grown else feature
        for feature in whole["features"]
    ]
    overlapping = (await admin.put(PATH, json=whole | {"features": features})).json()
    assert any(code in (one["commune_code"], one["other_code"]) for one in overlapping["overlaps"])
    imported = await admin.put(PATH, json=whole)
    assert imported.status_code == 200, imported.text
    report = imported.json()
    assert (report["communes"], report["missing_remote"], report["overlaps"]) == (64, [TRUONG_SA], [])
    assert report["points_kept"] <= report["points_sent"]
    assert 100 < report["neighbours"] < 200, "three or so a commune, as a map has"
    given = await admin.get(PATH)
    assert (given.json()["schematic"], given.headers["etag"]) == (False, f'"{report["content_sha256"]}"')
    async with world.session() as session:
        await session.delete(await session.get(ProvinceBoundaries, "56"))


async def test_a_run_is_told_borders_measured_ways_and_road_factors_and_reckons_by_them(
    planning: PlanningWorld,
) -> None:
    async with planning.session() as session:
        session.add(
            ProvinceBoundaries(
                province_code="56",
                content="{}",
                content_sha256="x",
                neighbours=[["C1", "C3"]],
                report={},
                imported_by="t",
            )
        )
        session.add(MeasuredTravel(commune_code="C1", school_id=planning.school_ids["S1"], metres=77_000))
    run_id = await planning.request_run()
    frozen = (await planning.as_("admin").get(f"/v1/matching-runs/{run_id}/frozen")).json()
    problem = MatchingProblem.model_validate(frozen)
    straight = measure_ways(problem.model_copy(update={"measured_ways": []}))
    winding = [commune.model_copy(update={"road_factor": 1.5}) for commune in problem.communes]
    ways = measure_ways(problem.model_copy(update={"communes": winding}))
    assert ways["C1", "S1"] == 77_000, "what was measured is authoritative"
    assert ways["C2", "S1"] == pytest.approx(1.5 * straight["C2", "S1"], abs=1)
    assert list_edges(problem) == [("C1", "C3")]
    assert list_edges(problem.model_copy(update={"neighbours": None})) != [("C1", "C3")]


async def test_a_table_of_travel_is_kept_whole_or_not_at_all(world: World) -> None:
    admin, path = world.as_("admin"), "/v1/provinces/56/travel"
    row = {"commune_code": NHA_TRANG, "school_code": "DHKH"}
    bad = [row | {"km": 3}, row | {"km": 4}, row | {"school_code": "X", "km": 1}, row | {"commune_code": TRUONG_SA}]
    refused = await admin.put(path, json={"items": bad})
    assert [error["code"] for error in refused.json()["errors"]] == ["travel.twice", "travel.unknown", "travel.unit"]
    kept = await admin.put(path, json={"items": [row | {"minutes": 30}], "km_per_hour": 50})
    assert kept.json() == {"pairs": 1, "communes": 1, "schools": 1}
    async with world.session() as session:
        found = await session.get(MeasuredTravel, (NHA_TRANG, world.ids["school"]))
        assert (found.metres, found.minutes) == (25_000, 30)
    assert (await admin.put(path, json={"items": []})).json()["pairs"] == 0
    commune = (await world.patch(f"/v1/communes/{NHA_TRANG}", {"reach_band": 2, "road_factor": 1.4})).json()
    assert (commune["reach_band"], commune["road_factor"]) == (2, 1.4)
