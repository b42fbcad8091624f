"""A solver that calls a worse plan optimal is not believed against a better one that was checked."""

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import Answer
from matching_worker.model.engine.model import Model, Result
from matching_worker.model.outcome import Limits, Outcome, Status
from matching_worker.model.placement.problem.problem import read_problem
from matching_worker.model.placement.proof.highs import Searched, Solver
from matching_worker.model.placement.proof.search import Search
from matching_worker.model.placement.search.greedy import find_greedy_plan
from matching_worker.model.placement.search.incumbent import DEARER, Incumbent
from matching_worker.model.placement.solve import solve as place
from matching_worker.model.responsibility.solve import solve as lead

from tests.matching_worker.placement.test_heads import make_document
from tests.matching_worker.placement.tiny import make_tiny as make_placement
from tests.matching_worker.placement.tiny import with_use
from tests.matching_worker.responsibility.tiny import best_objective, make_tiny, with_heads_and_prices


def claim_dearer(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every mixed programme ends with an optimum a hundred dearer than it is."""
    run, search = Model._run, Solver.search

    def lying_run(self: Model, *, presolve: str) -> Result:
        result = run(self, presolve=presolve)
        if not self._integer or result.answer is not Answer.OPTIMAL:
            return result
        return replace(result, objective=result.objective + 100, bound=result.bound + 100)

    def lying_search(self: Solver, *arguments: Any, **named: Any) -> Searched:
        searched = search(self, *arguments, **named)
        return replace(searched, bound=searched.bound + 100_000_000)

    monkeypatch.setattr(Model, "_run", lying_run)
    monkeypatch.setattr(Solver, "search", lying_search)


def is_honest(outcome: Outcome) -> bool:
    """No level is bounded by more than its plan, and what is not proved is not called so."""
    proved = all(outcome.bound[level] >= value for level, value in outcome.objective.items())
    return (outcome.status is Status.OPTIMAL) == proved


def test_leads_known_to_be_better_stay_and_are_not_called_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = [with_heads_and_prices(make_tiny(seed), seed) if seed % 2 else make_tiny(seed) for seed in range(40)]
    known = [(problem, lead(problem, limits=Limits()).solution) for problem in drawn]
    claim_dearer(monkeypatch)
    doubted = 0
    for problem, plan in known:
        if plan is None:
            continue
        outcome = lead(problem, limits=Limits(), warm_start=plan)  # type: ignore[arg-type]
        assert tuple(outcome.objective.values()) == best_objective(problem), problem.id
        assert is_honest(outcome), problem.id
        doubted += outcome.status is Status.FEASIBLE
    assert doubted > 5


def test_placements_known_to_be_better_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = [with_use(make_placement(Random(seed)), Random(seed)) for seed in range(30)]
    known = [(document, place(document, limits=Limits())) for document in drawn]
    claim_dearer(monkeypatch)
    for document, before in known:
        if before.solution is None:
            continue
        outcome = place(document, limits=Limits(), warm_start=before.solution)  # type: ignore[arg-type]
        assert outcome.objective == before.objective
        assert is_honest(outcome)


def test_a_bound_above_a_checked_placement_is_noted_and_not_kept() -> None:
    problem = read_problem(make_document("people", asked=1, max_m=60_000))
    incumbent = Incumbent(problem, Budget())
    assert incumbent.offer(find_greedy_plan(problem))
    assert incumbent.plan is not None
    search = Search(problem, Budget(), incumbent)
    level, worth = problem.levels[0], search.weighted_value()
    assert worth is not None
    before = dict(incumbent.bound)
    incumbent.claim_bound(level, incumbent.plan.objective[level] + 1)
    everything = np.ones(len(search.formulation.pairs), dtype=bool)
    assert search.is_refuted(everything, worth + 1.0)
    assert not search.is_refuted(everything, float(worth))
    assert incumbent.bound == before
    assert [note.endswith(DEARER) for note in incumbent.notes] == [True, True]
