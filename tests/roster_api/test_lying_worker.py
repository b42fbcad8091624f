"""A worker that lies is refused with the number of the rule it broke, whatever its certificate says."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from roster_api.decisions.models import Decision

from tests.roster_api.planning_world import World, planning_world, run_path

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)))
Lie = Callable[[dict[str, Any]], None]


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


def placed(number: int, **changes: Any) -> Lie:
    return lambda result: result["placements"][number].update(changes)


def again(result: dict[str, Any]) -> None:
    result["placements"].append(dict(result["placements"][0], commune_code="C2"))


def second_lead(result: dict[str, Any]) -> None:
    result["responsibilities"].append(dict(result["responsibilities"][0], school_code="S2"))


def forbidden_pair(result: dict[str, Any]) -> None:
    result["responsibilities"][2]["school_code"] = "S1"


LIES: dict[str, tuple[str, Lie]] = {
    "a person on two communes": ("P1", again),
    "a day on which somebody is not free": ("P2", placed(0, weekdays=[4], work_days={"digitise": 1})),
    "the same day twice": ("P2", placed(0, weekdays=[0, 0], work_days={"digitise": 1})),
    "work that somebody does not know": ("P4", placed(0, work_days={"kpi": 1})),
    "more work than days": ("P4", placed(1, work_days={"digitise": 3})),
    "where somebody must not go": ("P7", placed(1, commune_code="C2")),
    "two leads": ("R1", second_lead),
    "a school that must not lead": ("R2", forbidden_pair),
}


async def decide(world: World, kind: str, commune_code: str, **about: UUID) -> None:
    made = {"campaign_id": world.campaign_id, "reason": "thử", "decided_by": "test", **about}
    async with world.session() as session:
        session.add(Decision(kind=kind, commune_code=commune_code, **made))


async def test_every_lie_is_refused_by_its_rule_and_the_truth_is_taken_then(world: World) -> None:
    await decide(world, "placement_forbid", "C2", volunteer_id=world.volunteer_ids[1])
    await decide(world, "responsibility_forbid", "C3", school_id=world.school_ids["S1"])
    person = f"/v1/volunteers/{world.volunteer_ids[0]}"
    changed = await world.as_("admin").patch(person, json={"free_weekdays": [0, 1]}, headers={"If-Match": "*"})
    assert changed.status_code == 200, changed.text
    run_id = await world.request_run()
    token = (await world.claim(run_id)).json()["lease_token"]
    path = f"{run_path(run_id)}/result"
    for name, (rule, lie) in LIES.items():
        result = world.result(token, PLACES)
        lie(result)
        refused = await world.as_("solver").put(path, json=result)
        assert (refused.status_code, refused.json()["code"]) == (422, "result.rule_broken"), name
        assert {error["code"] for error in refused.json()["errors"]} == {f"rule.{rule}"}, name
        assert rule in refused.json()["detail"]
    run = (await world.as_("admin").get(f"/v1/matching-runs/{run_id}")).json()
    assert (run["status"], run["plan_id"]) == ("running", None)
    assert (await world.as_("solver").put(path, json=world.result(token, PLACES))).status_code == 204
