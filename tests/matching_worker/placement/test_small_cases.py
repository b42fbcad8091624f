"""The solver against the list of all plans, on hundreds of tiny problems."""

from random import Random

import pytest
from commune_schemas.documents import PlacementDocument
from commune_verify.placement import verify
from matching_worker.model.outcome import Limits, Status
from matching_worker.model.placement.solve import solve

from tests.matching_worker.placement.tiny import find_optimum, make_tiny, with_supervision, with_use

CHUNKS = 6
CASES_A_CHUNK = 60


def assert_best(document: PlacementDocument, seed: int) -> None:
    outcome = solve(document, limits=Limits())
    best = find_optimum(document)
    if best is None:
        assert outcome.status is Status.INFEASIBLE, seed
        assert outcome.conflict, seed
        return
    assert outcome.status is Status.OPTIMAL, seed
    assert tuple(outcome.objective.values()) == best, seed
    assert dict(outcome.bound) == dict(outcome.objective), seed
    verdict = verify(document, outcome.solution)  # type: ignore[arg-type]
    assert verdict.accepted, (seed, verdict.violations)
    assert dict(verdict.objective) == dict(outcome.objective), seed


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_proved_plan_is_the_best_of_all_plans(chunk: int) -> None:
    for seed in range(chunk * CASES_A_CHUNK, (chunk + 1) * CASES_A_CHUNK):
        assert_best(make_tiny(Random(seed), decisions=seed % 3 > 0), seed)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_form_of_supervision_is_kept_at_the_best_of_all_plans(chunk: int) -> None:
    for seed in range(1000 + chunk * 20, 1000 + (chunk + 1) * 20):
        random = Random(seed)
        assert_best(with_supervision(make_tiny(random, decisions=seed % 3 > 0), random), seed)


@pytest.mark.parametrize("chunk", range(20))
def test_heads_and_the_use_of_everyone_are_at_the_best_of_all_plans(chunk: int) -> None:
    for seed in range(2000 + chunk * 25, 2000 + (chunk + 1) * 25):
        random = Random(seed)
        document = with_use(make_tiny(random, decisions=seed % 3 > 0), random)
        assert_best(document if seed % 2 else with_supervision(document, random), seed)
