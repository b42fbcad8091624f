"""From the plan in force to the next version in three calls, and what a certificate says of a plan changed by hand."""

from typing import Any

import httpx
import pytest

from tests.roster_api.editing_world import EditingWorld, editing_world

SEEN: list[tuple[str, str]] = []


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with editing_world(roster_database_url) as made:
        SEEN.clear()
        yield made


async def count(request: httpx.Request) -> None:
    SEEN.append((request.method, request.url.path))


async def publish_as_answered(world: EditingWorld, edited: dict[str, Any]) -> dict[str, Any]:
    """Approve and publish with nothing but what the edit's answer said."""
    plan = f"/v1/plans/{edited['plan']['id']}"
    base = {"base_plan_id": edited["base_plan_id"]}
    assert (await world.admin.post(f"{plan}/approve", json=base)).status_code == 200
    answer = await world.admin.post(f"{plan}/publish", json=base | {"confirm": edited["confirm"]})
    assert answer.status_code == 200, answer.text
    published: dict[str, Any] = answer.json()
    return published


async def make_published(world: EditingWorld) -> str:
    plan_id = await world.plan()
    assert (await world.world.publish(plan_id)).status_code == 200
    world.admin.event_hooks["request"] = [count]
    SEEN.clear()
    return plan_id


async def test_one_person_moves_or_two_communes_change_schools_in_three_calls(world: EditingWorld) -> None:
    in_force = await make_published(world)
    before = await world.get(f"/v1/plans/{in_force}/placements")
    SEEN.clear()
    edited = (await world.edit(in_force, world.move(0, "C2"))).json()
    published = await publish_as_answered(world, edited)
    assert len(SEEN) == 3
    assert (published["version"], published["copied_from_id"], published["hand_changes"]) == (2, in_force, 1)
    assert await world.get(f"/v1/plans/{in_force}/placements") == before, "what was published stays as it was"
    told = {notice["volunteer_id"]: notice["kind"] for notice in await world.world.notices(published["id"])}
    assert told == {world.person(0): "placement_changed"}, "nobody else is told anything"
    SEEN.clear()
    swap = {"kind": "swap_communes", "commune_code": "C1", "other_code": "C3"}
    third = await publish_as_answered(world, (await world.edit(published["id"], swap)).json())
    assert len(SEEN) == 3
    assert third["version"] == 3
    leads = await world.leads(third["id"])
    assert (leads["C1"], leads["C3"]) == ("S2", "S1")


async def test_a_school_withdraws_in_three_calls_and_its_communes_find_others(world: EditingWorld) -> None:
    in_force = await make_published(world)
    assert set((await world.leads(in_force)).values()) == {"S1", "S2"}
    SEEN.clear()
    path = f"/v1/campaigns/{world.world.campaign_id}/matching-runs"
    unknown = await world.admin.post(path, json={"without_schools": ["S9"]})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/without_schools/0")
    SEEN.clear()
    asked = (
        await world.admin.post(path, json={"without_schools": ["S2"], "options": {"time_limit_seconds": 5}})
    ).json()
    calls = len(SEEN)
    assert asked["scenario"] == "Không có S2"
    await world.solve(asked["id"])
    run = await world.run(asked["id"])
    assert set((await world.leads(run["plan_id"])).values()) == {"S1"}
    assert set(await world.places(run["plan_id"])) <= {0, 1, 2}
    changes = await world.get(f"/v1/plans/{run['plan_id']}/changes")
    SEEN.clear()
    base = {"base_plan_id": changes["base_plan_id"]}
    await world.admin.post(f"/v1/plans/{run['plan_id']}/approve", json=base)
    answer = await world.admin.post(f"/v1/plans/{run['plan_id']}/publish", json=base | {"confirm": changes["confirm"]})
    assert answer.status_code == 200, answer.text
    assert calls + len(SEEN) == 3, "what is read between them aside"


async def test_the_certificate_says_changed_by_hand_and_with_a_run_how_far_from_the_best(world: EditingWorld) -> None:
    plan_id = await world.plan()
    computed = await world.get(f"/v1/plans/{plan_id}/certificate")
    assert (computed["changed_by_hand"], computed["is_verified"], computed["broken"]) == (False, True, [])
    assert all(level["gap"] == 0 for level in computed["levels"])
    await world.edit(plan_id, world.move(0, "C2", weekdays=[2]))
    by_hand = await world.get(f"/v1/plans/{plan_id}/certificate")
    assert (by_hand["changed_by_hand"], by_hand["hand_changes"], by_hand["optimum_run_id"]) == (True, 1, None)
    assert "chưa tính tối ưu" in by_hand["vi"]
    asked = await world.admin.post(f"/v1/plans/{plan_id}/optimum")
    assert asked.status_code == 202, asked.text
    assert "đang tính" in (await world.get(f"/v1/plans/{plan_id}/certificate"))["vi"]
    await world.solve(asked.json()["id"])
    judged = await world.get(f"/v1/plans/{plan_id}/certificate")
    assert (judged["optimum_status"], judged["optimum_is_of_this"]) == ("succeeded", True)
    unmet = next(level for level in judged["levels"] if (level["stage"], level["level"]) == ("B", "unmet"))
    assert unmet["optimum"] < unmet["value"]
    assert unmet["gap"] > 0
    assert "tối ưu" in judged["vi"]
    best = (await world.run(asked.json()["id"]))["plan_id"]
    assert (await world.places(best))[0] == ("C2", [2]), "under the same pins"
    await world.edit(plan_id, world.move(3, "C2"))
    assert not (await world.get(f"/v1/plans/{plan_id}/certificate"))["optimum_is_of_this"]
