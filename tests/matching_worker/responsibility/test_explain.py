"""Explanations: what they claim is true, to the kilometre."""

import pytest
from commune_schemas.documents import InstanceDocument, InstanceSolution
from matching_worker.model.outcome import Limits, ProblemError
from matching_worker.model.responsibility import solve, verify
from matching_worker.model.responsibility.costs import LEVELS, as_plan, as_solution
from matching_worker.model.responsibility.explain import explain
from matching_worker.model.responsibility.flow import best_flow
from matching_worker.model.responsibility.moves import Standing
from matching_worker.model.responsibility.problem import build_problem

from tests.matching_worker.responsibility.test_examples import read
from tests.matching_worker.responsibility.test_problem import document
from tests.matching_worker.responsibility.tiny import make_tiny


def solved(problem: InstanceDocument) -> InstanceSolution:
    solution = solve(problem, limits=Limits()).solution
    assert isinstance(solution, InstanceSolution)
    return solution


def test_a_move_costs_what_a_plan_with_that_move_costs() -> None:
    """Where no supports are, moving a lead and making all flows anew is never dearer than the move, and both agree on
    the levels before unmet need."""
    tried = 0
    for seed in range(60):
        problem = make_tiny(seed)
        outcome = solve(problem, limits=Limits())
        if not isinstance(outcome.solution, InstanceSolution):
            continue
        built = build_problem(problem)
        standing = Standing(built, as_plan(built, outcome.solution))
        for c in range(len(built.communes)):
            move = standing.best_move(c)
            if move is None:
                continue
            assert move.vector >= (0,) * len(LEVELS), "a single move must not beat a proved optimum"
            lead = standing.plan.lead.copy()
            for commune, school in move.leads.items():
                lead[commune] = school
            support = [(k, s) for k, s in standing.plan.support if lead[k] != s]
            remade = best_flow(built, lead, support)
            verdict = verify(problem, as_solution(built, remade))
            assert verdict.accepted, verdict.violations
            claimed = tuple(standing.objective[level] + move.change[level] for level in LEVELS)
            assert tuple(verdict.objective.values()) <= claimed
            tried += 1
    assert tried > 40


def test_the_pin_is_the_reason_of_a_pinned_commune() -> None:
    problem = document(pins=[{"commune": "C0", "school": "S1", "reason": "QĐ 12"}])
    told = explain(problem, solved(problem), commune="C0")
    assert told.rule == "R5"
    assert told.lead == "S1"
    assert "QĐ 12" in told.vi
    assert "QĐ 12" in told.en
    assert told.why_not[0].rule == "R5"


def test_each_other_school_has_its_reason() -> None:
    problem = read("A02_dienbien.json")
    solution = solved(problem)
    told = explain(problem, solution, commune=problem.communes[3].id)
    assert {r.school for r in told.why_not} == {s.id for s in problem.schools} - {told.lead}
    assert all(r.vi and r.en for r in told.why_not)
    assert told.move is not None
    assert told.swap is not None
    assert told.text_vi
    assert told.text_en
    one = explain(problem, solution, commune=problem.communes[3].id, school=told.why_not[0].school)
    assert [r.school for r in one.why_not] == [told.why_not[0].school]


def test_the_full_resolve_is_no_dearer_than_the_best_move() -> None:
    problem = read("A10_duplicates.json")
    told = explain(problem, solved(problem), commune=problem.communes[0].id, resolve=True)
    assert told.move is not None
    assert told.resolve is not None
    assert tuple(told.resolve.change.values()) <= tuple(told.move.change.values())
    assert told.resolve.changed_leads >= 1


def test_one_more_lecturer_mends_an_unmet_need_as_told() -> None:
    problem = read("A10_duplicates.json")
    solution = solved(problem)
    told = next(
        reason for c in problem.communes for reason in explain(problem, solution, commune=c.id).unmet if reason.mended
    )
    newcomer = problem.volunteers[0].model_copy(
        update={
            "id": "new",
            "school": told.school,
            "role": "lecturer",
            "skills": {told.field: 3},
            "days": [0, 1, 2, 3, 4],
            "max_days": 5,
        }
    )
    before = verify(problem, solution).objective["unmet"]
    after = solve(problem.model_copy(update={"volunteers": [*problem.volunteers, newcomer]}), limits=Limits())
    assert after.objective["unmet"] <= before - told.mended


def test_a_commune_nobody_knows_is_refused() -> None:
    problem = document()
    with pytest.raises(ProblemError):
        explain(problem, solved(problem), commune="?")


def test_a_commune_beyond_reach_is_told_so() -> None:
    problem = read("A04_unreachable_commune.json")
    solution = solved(problem)
    missing = next(c.id for c in problem.communes if c.id not in solution.lead)
    told = explain(problem, solution, commune=missing)
    assert told.lead is None
    assert {r.rule for r in told.why_not} == {"R3"}
    assert told.unmet
