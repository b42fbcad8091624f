"""The parts of the search on their own: first plans, local search, prices of pairs, and one school of full size."""

from random import Random

import numpy as np
import pytest
from commune_verify.placement import verify
from matching_worker.model.engine.budget import Budget
from matching_worker.model.outcome import SILENT, Limits, Status
from matching_worker.model.placement.problem.costs import choose_weights
from matching_worker.model.placement.problem.problem import read_problem
from matching_worker.model.placement.proof.formulation import Formulation
from matching_worker.model.placement.proof.highs import InfeasibleError, Solver
from matching_worker.model.placement.proof.pricing import price_pairs
from matching_worker.model.placement.search.greedy import find_greedy_plan
from matching_worker.model.placement.search.improve import improve
from matching_worker.model.placement.search.plan import from_solution, to_solution
from matching_worker.model.placement.solve import solve

from tests.matching_worker.placement.tiny import make_tiny
from tests.support.placement_instances import khanh_hoa, large_school


def test_the_first_plan_keeps_every_rule_and_local_search_never_spoils_it() -> None:
    documents = [make_tiny(Random(seed)) for seed in range(60)] + khanh_hoa()[:4]
    for document in documents:
        problem = read_problem(document)
        plan = find_greedy_plan(problem)
        if plan is None:
            continue  # pins, teams or caps are the exact search's to settle
        better = improve(problem, plan, weeks=300)
        for one in (plan, better):
            verdict = verify(document, to_solution(problem, one))
            assert verdict.accepted, verdict.violations
            assert dict(verdict.objective) == one.objective
        assert better.rank(problem) <= plan.rank(problem)


def test_without_decisions_there_is_always_a_first_plan() -> None:
    for seed in range(60):
        assert find_greedy_plan(read_problem(make_tiny(Random(seed), decisions=False))) is not None


def test_no_pair_costs_less_than_its_price() -> None:
    """Forcing a pair raises the relaxation by at least the pair's price: what lets dear pairs be left out."""
    checked = 0
    for document in [khanh_hoa()[4], *(make_tiny(Random(seed), decisions=False) for seed in range(30))]:
        problem = read_problem(document)
        formulation = Formulation(problem)
        cost, _ = formulation.weighted_cost(choose_weights(problem.farthest_km, keep_previous=False))
        root = Solver(formulation, Budget(Limits(), SILENT)).relax(cost)
        assert root is not None
        prices = price_pairs(formulation, cost, root.row_dual)
        priced = list(zip(formulation.pairs, prices, strict=True))
        for pair, price in Random(0).sample(priced, min(15, len(priced))):
            formulation.matrix.lower[pair.column] = 1.0
            try:
                forced = Solver(formulation, Budget(Limits(), SILENT)).relax(cost)
            except InfeasibleError:  # against supervision: infinitely dear
                forced = None
            formulation.matrix.lower[pair.column] = 0.0
            if forced is not None:
                assert forced.value >= root.value + price - 1e-4
                checked += 1
    assert checked > 20


@pytest.mark.parametrize("load", [1, 5])
def test_a_school_of_250_people_and_8_communes_is_proved_in_a_handful_of_nodes(load: int) -> None:
    document = large_school(load=load)
    outcome = solve(document, limits=Limits(work=20))
    assert outcome.status is Status.OPTIMAL
    assert outcome.statistics["mip_pairs"] < 0.3 * outcome.statistics["pairs"]
    assert verify(document, outcome.solution).accepted  # type: ignore[arg-type]
    problem = read_problem(document)
    assert from_solution(problem, outcome.solution).objective == dict(outcome.objective)  # type: ignore[arg-type]


def test_the_weighted_cost_of_a_plan_is_the_weighted_sum_of_its_levels() -> None:
    document = khanh_hoa()[3]
    problem = read_problem(document)
    formulation = Formulation(problem)
    weights = choose_weights(problem.farthest_km, keep_previous=False)
    cost, constant = formulation.weighted_cost(weights)
    nothing = np.zeros(len(cost))
    for column, _ in formulation.unmet_terms:
        nothing[column] = formulation.matrix.upper[column]
    empty = {"unmet": sum(c.priority * sum(c.need.values()) + 3 * sum(c.presence) for c in problem.communes)}
    assert cost @ nothing + constant == weights.of({**empty, "travel_km": 0})
