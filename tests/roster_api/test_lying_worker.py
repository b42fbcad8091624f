"""A worker that lies is refused with the number of the rule it broke, whatever its certificate says."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from commune_schemas.documents import InstanceSolution
from commune_schemas.matching import MatchingProblem
from commune_verify.responsibility import verify
from matching_worker.campaign.translate import Translation
from roster_api.communes.models import Commune
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


async def hand_in(world: World, change: Lie) -> tuple[Any, dict[str, Any]]:
    """(answer, the run as it is then) of a new run and one result of it."""
    run_id = await world.request_run()
    token = (await world.claim(run_id)).json()["lease_token"]
    result = world.result(token, PLACES)
    change(result)
    answer = await world.as_("solver").put(f"{run_path(run_id)}/result", json=result)
    run = (await world.as_("admin").get(f"/v1/matching-runs/{run_id}")).json()
    again = await world.as_("solver").put(f"{run_path(run_id)}/result", json=result)
    assert again.status_code == 204, "the same again changes nothing"
    claimed = await world.claim(run_id)
    assert claimed.json()["code"] == "run.finished", "nobody solves it again in vain"
    return answer, run


async def test_every_lie_fails_its_run_at_once_by_its_rule_and_the_truth_is_taken_then(world: World) -> None:
    await decide(world, "placement_forbid", "C2", volunteer_id=world.volunteer_ids[1])
    await decide(world, "responsibility_forbid", "C3", school_id=world.school_ids["S1"])
    person = f"/v1/volunteers/{world.volunteer_ids[0]}"
    changed = await world.as_("admin").patch(person, json={"free_weekdays": [0, 1]}, headers={"If-Match": "*"})
    assert changed.status_code == 200, changed.text
    for name, (rule, lie) in LIES.items():
        refused, run = await hand_in(world, lie)
        assert (refused.status_code, refused.json()["code"]) == (422, "result.rule_broken"), name
        assert f"rule.{rule}" in {error["code"] for error in refused.json()["errors"]}, name
        assert (run["status"], run["plan_id"], run["failure"]["kind"]) == ("failed", None, "verification"), name
        assert rule in run["failure"]["en"], name
    answer, run = await hand_in(world, lambda _result: None)
    assert (answer.status_code, run["status"]) == (204, "succeeded")


LEADS = {"C1": "S1", "C2": "S2", "C3": "S2"}


async def with_documents(world: World) -> dict[str, Any]:
    """Stage A's document as a worker makes it of the problem, with its solution and what that comes to."""
    run_id = await world.request_run()
    frozen = (await world.as_("admin").get(f"/v1/matching-runs/{run_id}/frozen")).json()
    document = Translation(MatchingProblem.model_validate(frozen)).instance()
    assert (await world.as_("admin").post(f"/v1/matching-runs/{run_id}/cancel")).status_code == 200
    verdict = verify(document, InstanceSolution(lead=LEADS))
    assert verdict.accepted, verdict.violations
    dumped = document.model_dump(mode="json", by_alias=True)
    return {"problem": dumped, "solution": {"lead": LEADS}, "objective": dict(verdict.objective)}


def told(documents: dict[str, Any], **changes: Any) -> Lie:
    """The documents with some changed: `problem` and `solution` by their fields, `objective` as it stands."""

    def change(result: dict[str, Any]) -> None:
        problem = documents["problem"] | changes.get("problem", {})
        solution = documents["solution"] | changes.get("solution", {})
        result["stage_a"] = {"problem": problem, "solution": solution}
        result["certificate"]["stages"][0]["objective"] = documents["objective"] | changes.get("objective", {})

    return change


def no_plan(problem: dict[str, Any], *, of_school: bool = False, **solution: Any) -> Lie:
    """A result that says there is no plan: with stage A's document or a school's as the one without, and no other."""
    clash = {"rule": "R5", "subject": ["C1", "S1"], "vi": "x", "en": "x"}

    def change(result: dict[str, Any]) -> None:
        conflict = solution.get("conflict", [clash])
        documents = {"problem": problem, "solution": solution.get("solution", {"conflict": conflict})}
        school = {"problem": result["stage_b"]["S1"]["problem"], "solution": {"conflict": conflict}}
        result |= {"status": "infeasible", "responsibilities": [], "placements": [], "conflict": conflict}
        result |= {"stage_a": None, "stage_b": {"S1": school}} if of_school else {"stage_a": documents, "stage_b": {}}
        result["certificate"]["stages"][0] |= {"status": "infeasible", "objective": {}, "bound": {}, "gap": {}}

    return change


async def test_the_documents_of_a_stage_are_judged_like_any_finished_plan(world: World) -> None:
    documents = await with_documents(world)
    people = documents["problem"]["volunteers"]
    never = [people[0] | {"skills": {"digitise": 2, "kpi": 3}}, *people[1:]]
    nobody = [people[0] | {"id": "00000000-0000-4000-8000-00000000dead"}, *people[1:]]
    lies: dict[str, tuple[str, Lie]] = {
        "a school that leads and supports": ("R8", told(documents, solution={"support": [["C1", "S1"]]})),
        "other leads than those handed in": ("R1", told(documents, solution={"lead": LEADS | {"C3": "S1"}})),
        "better than it is": ("A", told(documents, objective={"unled": -1})),
        "a field that somebody does not know": ("P2", told(documents, problem={"volunteers": never})),
        "somebody who is not in the problem": ("A", told(documents, problem={"volunteers": nobody})),
        "no document of the stage": ("A", told(documents, problem={"communes": 7})),
        "a document of no schema": ("A", lambda result: result["stage_a"]["problem"].pop("schema")),
        "a document of a school of no schema": ("B", lambda result: result["stage_b"]["S1"]["problem"].pop("schema")),
        "no documents of the leads": ("A", lambda result: result.pop("stage_a")),
        "no documents of the people": ("B", lambda result: result.pop("stage_b")),
        "no plan, of which a plain one exists": ("A", no_plan(documents["problem"])),
        "no plan of a school that nothing binds": ("B", no_plan(documents["problem"], of_school=True)),
        "no plan and nothing that clashes": ("A", no_plan(documents["problem"], conflict=[])),
        "no plan and no document without one": ("A", no_plan(documents["problem"], solution={"lead": LEADS})),
    }
    for name, (rule, lie) in lies.items():
        refused, run = await hand_in(world, lie)
        assert refused.status_code == 422, (name, refused.text)
        assert f"rule.{rule}" in {error["code"] for error in refused.json()["errors"]}, name
        assert (run["status"], run["failure"]["kind"]) == ("failed", "verification"), name
    answer, run = await hand_in(world, told(documents))
    assert (answer.status_code, run["status"]) == (204, "succeeded"), answer.text


async def test_a_claim_that_there_is_no_plan_is_proved_here_or_called_a_claim(world: World) -> None:
    """A pin on a remote commune clashes by itself; how far a way is only the solver's document says."""
    documents = await with_documents(world)
    far = documents["problem"] | {
        "pins": [{"commune": "C1", "school": "S1"}],
        "dist_m": [[90_000, 90_000]] * 3,
        "policy": documents["problem"]["policy"] | {"max_lead_m": 50_000},
    }
    await decide(world, "responsibility_pin", "C1", school_id=world.school_ids["S1"])
    answer, claimed = await hand_in(world, no_plan(far))
    assert (answer.status_code, claimed["status"], claimed["is_conflict_proved"]) == (204, "infeasible", False)
    assert not claimed["certificate"]["stages"][0]["verified"], "whatever the worker says of it"
    async with world.session() as session:
        (await session.get_one(Commune, "C1")).is_remote = True
    answer, proved = await hand_in(world, no_plan(far))
    assert (answer.status_code, proved["status"], proved["is_conflict_proved"]) == (204, "infeasible", True)
    assert proved["certificate"]["stages"][0]["verified"]
