"""A run of oversight groups as the worker does it: solved in a child, checked, explained; or what clashes."""

import asyncio
from uuid import uuid4

import pytest
from commune_schemas.documents import GroupsDocument, GroupsSolution
from commune_schemas.groups import GroupsProblem, GroupsResult
from commune_schemas.leases import ProgressAnswer, RunLease, RunProgress
from commune_schemas.matching import RunStatus
from commune_verify.groups import verify
from matching_worker.jobs.groups import solve_group_run
from matching_worker.settings import Settings

CODES = ("c1", "c2", "c3", "c4")
ROW = {
    "schema": "mw-groups/1",
    "id": "four in a row",
    "communes": [{"id": code, "name": f"Xã {code}", "weight": 1} for code in CODES],
    "edges": [["c1", "c2"], ["c2", "c3"], ["c3", "c4"]],
    "k": 2,
    "lo": 2,
    "hi": 2,
    "dist_km": {a: {b: 10 * abs(CODES.index(a) - CODES.index(b)) for b in CODES} for a in CODES},
}


class Roster:
    """What roster-api answers to one run."""

    def __init__(self, document: GroupsDocument) -> None:
        self.problem = GroupsProblem(run_id=uuid4(), document=document)
        self.token = uuid4()
        self.progress: list[RunProgress] = []
        self.results: list[GroupsResult] = []

    async def claim(self, _run_id: object, *, worker: str, base: str) -> RunLease:
        assert (bool(worker), base) == (True, "group-runs")
        return RunLease(lease_token=self.token, lease_seconds=10, cancel_requested=False)

    async def get_groups_problem(self, _run_id: object) -> GroupsProblem:
        return self.problem

    async def put_progress(self, _run_id: object, progress: RunProgress, *, base: str) -> ProgressAnswer:
        assert base == "group-runs"
        self.progress.append(progress)
        return ProgressAnswer(cancel_requested=False)

    async def put_groups_result(self, _run_id: object, result: GroupsResult) -> None:
        self.results.append(result)


@pytest.mark.parametrize(("lo", "status"), [(2, RunStatus.SUCCEEDED), (3, RunStatus.INFEASIBLE)])
async def test_a_run_is_solved_checked_and_explained_or_says_what_clashes(lo: int, status: RunStatus) -> None:
    document = GroupsDocument.model_validate(ROW | {"lo": lo, "hi": lo})
    roster = Roster(document)
    settings = Settings.model_validate({"roster_solver_key": "x" * 40, "matching_heartbeat_seconds": 0.1})
    await asyncio.wait_for(
        solve_group_run(roster.problem.run_id, roster=roster, settings=settings),  # type: ignore[arg-type]
        60,
    )
    (result,) = roster.results
    assert (result.status, result.lease_token) == (status, roster.token)
    if status is RunStatus.INFEASIBLE:
        conflict = result.documents.solution["conflict"]
        assert conflict
        assert all(one["rule"] and one["vi"] and one["en"] for one in conflict)
        return
    plan = GroupsSolution.model_validate(result.documents.solution)
    assert plan.group["c1"] == plan.group["c2"] != plan.group["c3"] == plan.group["c4"]
    assert verify(document, plan).objective == result.certificate.objective
    assert result.certificate.status == "optimal"
    assert list(result.explanations) == list(CODES)
    assert all(why.vi and why.en and why.rule for why in result.explanations.values())
    assert roster.progress, "the lease is renewed while it is solved"
