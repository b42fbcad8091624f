"""A secondment run as the worker does it: solved in a child, checked, every post explained with who was considered."""

import asyncio
from uuid import uuid4

from commune_schemas.documents import SecondmentDocument, SecondmentSolution
from commune_schemas.leases import ProgressAnswer, RunLease, RunProgress
from commune_schemas.matching import RunStatus
from commune_schemas.secondment import SecondmentProblem, SecondmentResult
from commune_verify.secondment import verify
from matching_worker.jobs.secondment import solve_secondment_run
from matching_worker.settings import Settings

DOCUMENT = SecondmentDocument.model_validate(
    {
        "schema": "mw-secondment/1",
        "id": "two posts",
        "posts": [
            {"id": "VT1", "commune": "c1", "field": "it", "priority": 2},
            {"id": "VT2", "commune": "c2", "field": "land", "priority": 1},
        ],
        "people": [
            {"id": "CB1", "kind": "internal", "unit": "u1", "fields": ["it"]},
            {"id": "CB2", "kind": "province", "unit": "so", "fields": ["it"]},
            {"id": "CB3", "kind": "internal", "unit": "far", "fields": ["it"]},
        ],
        "dist_m": {"u1": {"c1": 9000, "c2": 0}, "so": {"c1": 1000, "c2": 1000}, "far": {"c1": 90_000, "c2": 90_000}},
        "policy": {"max_move_m": 30_000},
    }
)


class Roster:
    """What roster-api answers to one run."""

    def __init__(self) -> None:
        self.problem = SecondmentProblem(run_id=uuid4(), document=DOCUMENT)
        self.token = uuid4()
        self.progress: list[RunProgress] = []
        self.results: list[SecondmentResult] = []

    async def claim(self, _run_id: object, *, worker: str, base: str) -> RunLease:
        assert (bool(worker), base) == (True, "secondment-runs")
        return RunLease(lease_token=self.token, lease_seconds=10, cancel_requested=False)

    async def get_secondment_problem(self, _run_id: object) -> SecondmentProblem:
        return self.problem

    async def put_progress(self, _run_id: object, progress: RunProgress, *, base: str) -> ProgressAnswer:
        assert base == "secondment-runs"
        self.progress.append(progress)
        return ProgressAnswer(cancel_requested=False)

    async def put_secondment_result(self, _run_id: object, result: SecondmentResult) -> None:
        self.results.append(result)


async def test_a_run_is_solved_checked_and_explained_with_everybody_who_was_considered() -> None:
    roster, settings = (
        Roster(),
        Settings.model_validate({"roster_solver_key": "x" * 40, "matching_heartbeat_seconds": 0.1}),
    )
    await asyncio.wait_for(
        solve_secondment_run(roster.problem.run_id, roster=roster, settings=settings),  # type: ignore[arg-type]
        60,
    )
    (result,) = roster.results
    assert (result.status, result.lease_token) == (RunStatus.SUCCEEDED, roster.token)
    plan = SecondmentSolution.model_validate(result.documents.solution)
    assert plan.moves == [("CB1", "VT1")]
    assert verify(DOCUMENT, plan).objective == result.certificate.objective
    assert result.certificate.status == "optimal"
    filled, empty = result.explanations["VT1"], result.explanations["VT2"]
    assert filled.person == "CB1"
    assert [(one.person, one.rule) for one in filled.candidates] == [("CB2", None), ("CB3", "C4")]
    assert filled.candidates[0].change == {"unfilled": 0, "province": 1, "travel_km": -8}
    assert all(one.vi and one.en for one in filled.candidates)
    assert (empty.person, empty.rule, empty.candidates) == (None, "C2", [])
    assert roster.progress, "the lease is renewed while it is solved"
