"""Scenarios asked for at once: each frozen from one roster, what is in vain is said, all stopped by one word."""

from typing import Any

import pytest

from tests.roster_api.planning_world import World, planning_world


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


def path(world: World) -> str:
    return f"/v1/campaigns/{world.campaign_id}/scenarios"


async def ask(world: World, *, key: str = "k", **body: Any) -> Any:
    return await world.as_("admin").post(path(world), json=body, headers={"Idempotency-Key": key})


async def frozen(world: World, run_id: str) -> dict[str, Any]:
    answer = await world.as_("admin").get(f"/v1/matching-runs/{run_id}/frozen")
    told: dict[str, Any] = answer.json()
    return told


async def test_without_a_list_it_weighs_areas_and_the_use_of_people_and_differs_in_that_alone(world: World) -> None:
    answer = await ask(world, time_limit_seconds=7)
    assert answer.status_code == 202, answer.text
    rows = answer.json()["scenarios"]
    options = [(await frozen(world, row["run_id"]))["options"] for row in rows]
    assert [one["prices"] and one["prices"]["scattered"] for one in options] == [40, 0, None, 40, 40]
    assert [one["contiguity"] for one in options] == [False, False, True, False, False]
    assert [one["use"] for one in options] == ["people", "people", "people", "need", "days"]
    assert {one["time_limit_seconds"] for one in options} == {7}
    assert {row["status"] for row in rows} == {"queued"}
    assert (answer.json()["is_done"], answer.json()["comparisons"]) == (False, [])
    again = await ask(world, time_limit_seconds=7)
    assert again.json()["id"] == answer.json()["id"], "the same request starts nothing again"


async def test_a_set_counts_as_live_runs_until_all_of_it_is_cancelled_by_one_word(world: World) -> None:
    asked = (await ask(world)).json()
    single = await world.as_("admin").post(f"/v1/campaigns/{world.campaign_id}/matching-runs", json={})
    assert (single.status_code, (await ask(world, key="other")).status_code) == (429, 429)
    assert (await ask(world, key="forced", force=True)).status_code == 202
    stopped = await world.as_("admin").post(f"{path(world)}/{asked['id']}/cancel")
    assert stopped.status_code == 200, stopped.text
    assert {row["status"] for row in stopped.json()["scenarios"]} == {"cancelled"}
    assert stopped.json()["is_done"]
    listed = (await world.as_("overseer").get(path(world))).json()
    assert (listed["total"], listed["items"][1]["id"]) == (2, asked["id"])
    assert (await world.as_("s1").get(path(world))).status_code == 403
    assert (await world.as_("admin").get(f"{path(world)}/{world.campaign_id}")).status_code == 404


async def test_areas_asked_for_while_a_plan_is_in_force_are_said_to_be_in_vain(world: World) -> None:
    await world.make_published([(0, "C1", [0]), (3, "C2", [1])])
    wishes = [
        {"name": "Địa bàn bắt buộc", "options": {"prices": None, "contiguity": True}},
        {"name": "Chỉ người cần", "options": {"use": "need"}},
    ]
    from_it = (await ask(world, scenarios=wishes)).json()
    vain = [[one["option"] for one in row["no_effect"]] for row in from_it["scenarios"]]
    assert vain == [["contiguity", "prices"], []]
    assert "start = scratch" in from_it["scenarios"][0]["no_effect"][0]["vi"]
    assert "start from scratch" in from_it["scenarios"][0]["no_effect"][0]["en"]
    assert (await frozen(world, from_it["scenarios"][0]["run_id"]))["previous"]
    anew = (await ask(world, key="anew", scenarios=wishes, start="scratch", force=True)).json()
    assert [row["no_effect"] for row in anew["scenarios"]] == [[], []]
    assert anew["from_scratch"]
    problem = await frozen(world, anew["scenarios"][0]["run_id"])
    assert (problem["previous"], problem["previous_placements"]) == ([], [])


@pytest.mark.parametrize(
    ("options", "vain"),
    [
        ({"contiguity": True}, ["contiguity"]),
        ({"supervision": "none", "students_per_lecturer": 3}, ["students_per_lecturer"]),
        ({"max_communes_per_lecturer": None, "lecturer_bound": "hard"}, ["lecturer_bound"]),
        ({"max_lead_changes": 1, "max_placement_changes": 2}, ["max_lead_changes", "max_placement_changes"]),
        ({"theta_pct": 150, "use": "days"}, []),
    ],
)
async def test_what_can_change_nothing_is_named(world: World, options: dict[str, Any], vain: list[str]) -> None:
    answer = await ask(world, scenarios=[{"name": "a", "options": options}, {"name": "b"}])
    assert answer.status_code == 202, answer.text
    first, second = answer.json()["scenarios"]
    assert [one["option"] for one in first["no_effect"]] == vain
    assert await no_effect_of_run(world, first["run_id"]) == vain
    assert (second["no_effect"], second["options"]) == ([], {})


async def no_effect_of_run(world: World, run_id: str) -> list[str]:
    run = (await world.as_("admin").get(f"/v1/matching-runs/{run_id}")).json()
    return [one["option"] for one in run["no_effect"]]


async def test_a_plain_run_says_which_of_its_options_can_change_nothing(world: World) -> None:
    vain = {"options": {"supervision": "none", "students_per_lecturer": 3, "use": "days"}}
    asked = await world.as_("admin").post(f"/v1/campaigns/{world.campaign_id}/matching-runs", json=vain)
    assert asked.status_code == 202, asked.text
    assert await no_effect_of_run(world, asked.json()["id"]) == ["students_per_lecturer"]
    none = await world.as_("admin").post(f"/v1/campaigns/{world.campaign_id}/matching-runs", json={"force": True})
    assert await no_effect_of_run(world, none.json()["id"]) == []
