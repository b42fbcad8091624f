"""The solver against the list of all plans, on hundreds of tiny problems."""

from random import Random

import pytest
from matching_worker.model.outcome import Limits, Status
from matching_worker.model.placement import solve, verify

from tests.matching_worker.placement.tiny import find_optimum, make_tiny

CHUNKS = 6
CASES_A_CHUNK = 60


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_proved_plan_is_the_best_of_all_plans(chunk: int) -> None:
    for case in range(CASES_A_CHUNK):
        seed = chunk * CASES_A_CHUNK + case
        document = make_tiny(Random(seed), decisions=seed % 3 > 0)
        outcome = solve(document, limits=Limits())
        best = find_optimum(document)
        if best is None:
            assert outcome.status is Status.INFEASIBLE, seed
            assert outcome.conflict, seed
            continue
        assert outcome.status is Status.OPTIMAL, seed
        assert tuple(outcome.objective.values()) == best, seed
        assert dict(outcome.bound) == dict(outcome.objective), seed
        verdict = verify(document, outcome.solution)  # type: ignore[arg-type]
        assert verdict.accepted, (seed, verdict.violations)
        assert dict(verdict.objective) == dict(outcome.objective), seed
