"""A province may show its plan to everybody: schools and numbers by commune, cached; otherwise it is not there."""

from typing import Any

import httpx
import pytest

from tests.roster_api.planning_world import NAMES, PROVINCE, PUBLIC_URL, World, planning_world

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)))
PLAN, SHAPES = f"/v1/public/provinces/{PROVINCE}/plan", f"/v1/public/provinces/{PROVINCE}/boundaries"


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def show(world: World, *, is_plan_public: bool = True) -> None:
    body = {"four_eyes": False, "is_plan_public": is_plan_public}
    answer = await world.as_("admin").put(f"/v1/provinces/{PROVINCE}/publishing", json=body)
    assert (answer.status_code, answer.json()["is_plan_public"]) == (200, is_plan_public)


async def test_everybody_reads_schools_and_numbers_and_nobody_reads_a_name(world: World) -> None:
    everybody = world.as_("nobody")
    await world.make_published(PLACES)
    for path in (PLAN, SHAPES, PLAN.replace(PROVINCE, "11"), PLAN.replace(PROVINCE, "99")):
        hidden = await everybody.get(path)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "not_found"), path
    await show(world)
    answer = await everybody.get(PLAN)
    plan = answer.json()
    assert (plan["version"], plan["campaign_name"]) == (1, "Đợt 1")
    numbers = {
        each["code"]: (each["name"], each["lead"], each["people"], each["person_days"], each["unmet_days"])
        for each in plan["communes"]
    }
    assert list(numbers) == ["C3", "C2", "C1"], "by name: M, N, T"
    assert numbers == {
        "C1": ("Xã Tây Khánh Vĩnh", "S1", 2, 3, 0),
        "C2": ("Xã Ninh Phước", "S2", 1, 1, 0),
        "C3": ("Xã Mỹ Sơn", "S2", 0, 0, 1),
    }
    assert {each["code"]: each["communes"] for each in plan["schools"]} == {"S1": 1, "S2": 2}
    assert not any(word in answer.text for word in (*NAMES, "@", "+84", "Cô Hoa", "Anh Nam", "1 Trần Phú"))
    assert (await everybody.get(SHAPES)).json()["schematic"] is True


async def test_caches_may_keep_it_some_minutes_and_are_told_when_it_is_the_same(world: World) -> None:
    await world.make_published(PLACES)
    await show(world)
    for path in (PLAN, SHAPES):
        first = await world.as_("nobody").get(path)
        assert first.headers["Cache-Control"] == "public, max-age=300"
        again = await world.as_("nobody").get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    etag = (await world.as_("nobody").get(PLAN)).headers["ETag"]
    await world.make_published(((0, "C1", (0, 1)),))
    changed = await world.as_("nobody").get(PLAN, headers={"If-None-Match": etag})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)


async def test_the_switch_off_again_hides_it_and_a_credential_changes_nothing(world: World) -> None:
    plan_id = await world.make_plan(PLACES)
    await show(world)
    assert (await world.as_("nobody").get(PLAN)).status_code == 404, "a draft is nobody's business"
    assert (await world.publish(plan_id)).status_code == 200
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=world.app), base_url=PUBLIC_URL) as stranger:
        wrong = {"X-Api-Key": "of-nobody"}
        assert (await stranger.get(PLAN, headers=wrong)).status_code == 200
    await show(world, is_plan_public=False)
    assert (await world.as_("admin").get(PLAN)).status_code == 404
