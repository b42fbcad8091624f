"""Explanations: what they claim is true, to the kilometre."""

import pytest
from commune_schemas.documents import FieldName, InstanceDocument, InstanceSolution, InstanceVolunteer
from commune_verify.responsibility import verify
from matching_worker.model.outcome import Limits, ProblemError
from matching_worker.model.responsibility.explain.explain import Explainer, explain
from matching_worker.model.responsibility.explain.shortfall import Newcomer
from matching_worker.model.responsibility.problem.costs import LEVELS, as_plan, as_solution
from matching_worker.model.responsibility.problem.problem import build_problem
from matching_worker.model.responsibility.search.flow import best_flow
from matching_worker.model.responsibility.search.moves import Standing
from matching_worker.model.responsibility.solve import solve

from tests.matching_worker.responsibility.test_contiguity import drawn
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


def test_a_move_says_what_it_does_to_areas_that_should_hang_together() -> None:
    for seed in range(8):
        problem = drawn(seed)
        solution = solved(problem)
        before = verify(problem, solution).objective
        for commune in problem.communes:
            told = explain(problem, solution, commune=commune.id)
            for move in (told.move, told.swap):
                if move is None:
                    continue
                lead = {**solution.lead, **move.leads}
                moved = InstanceSolution(lead=lead, flow=[(c, s, "kpi", 1) for c, s in lead.items()])
                assert verify(problem, moved).objective["scattered"] - before["scattered"] == move.change["scattered"]


def test_the_pin_is_the_reason_of_a_pinned_commune() -> None:
    problem = document(pins=[{"commune": "C0", "school": "S1", "reason": "QĐ 12"}])
    told = explain(problem, solved(problem), commune="C0")
    assert told.rule == "R5"
    assert told.lead == "S1"
    assert "QĐ 12" in told.vi
    assert "QĐ 12" in told.en
    assert told.why_not[0].rule == "R5"


def test_a_kept_tie_says_whether_it_is_older_than_the_plan_being_revised() -> None:
    for changes, words in (
        ({"existing": [["C0", "S1"]]}, "từ trước"),
        ({"previous": [["C0", "S1"]]}, "trong phương án trước"),
    ):
        problem = document(dist_m=[[1000, 1000], [3000, 4000]], **changes)
        problem = problem.model_copy(
            update={"volunteers": [v.model_copy(update={"school": "S1"}) for v in problem.volunteers]}
        )
        told = explain(problem, solved(problem), commune="C0")
        assert (told.lead, told.rule) == ("S1", "R12")
        assert words in told.vi


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


def one_more_lecturer(problem: InstanceDocument, newcomer: Newcomer) -> InstanceDocument:
    lecturer = InstanceVolunteer(
        id="new", school=newcomer.school, role="lecturer", skills={newcomer.field: 3}, days=[0, 1, 2, 3, 4]
    )
    return problem.model_copy(update={"volunteers": [*problem.volunteers, lecturer]})


def test_one_more_lecturer_mends_an_unmet_need_as_told() -> None:
    """The plan with the mend done by hand keeps every rule and costs to the unit what was told."""
    led = leaderless = 0
    for seed in range(120):
        problem = make_tiny(seed)
        outcome = solve(problem, limits=Limits())
        if not isinstance(outcome.solution, InstanceSolution):
            continue
        explainer = Explainer(problem, outcome.solution)
        for commune in problem.communes:
            for told in explainer.explain(commune.id).unmet:
                if told.newcomer is None:
                    continue
                grown = one_more_lecturer(problem, told.newcomer)
                after = {level: outcome.objective[level] + n for level, n in told.newcomer.change.items()}
                if commune.id in outcome.solution.lead:
                    mended = add_flow(outcome.solution, commune.id, told.newcomer)
                    verdict = verify(grown, mended)
                    assert verdict.accepted, (seed, verdict.violations)
                    assert verdict.objective == after, seed
                    led += 1
                else:
                    assert after["nolead"] == outcome.objective["nolead"] - 1
                    best = solve(grown, limits=Limits())
                    assert tuple(best.objective.values()) <= tuple(after.values()), seed
                    leaderless += 1
    assert led > 20
    assert leaderless > 5


def add_flow(solution: InstanceSolution, commune: str, newcomer: Newcomer) -> InstanceSolution:
    flow = {(c, s, f): days for c, s, f, days in solution.flow}
    key = (commune, newcomer.school, newcomer.field)
    flow[key] = flow.get(key, 0) + newcomer.mended
    return solution.model_copy(update={"flow": [(*k, days) for k, days in sorted(flow.items())]})


def test_unmet_need_names_the_rule_that_keeps_more_from_being_served() -> None:
    far = document(policy={"max_lead_m": 500})
    assert [reason.rule for reason in explain(far, solved(far), commune="C0").unmet] == ["R3"]
    unknown = document()
    unknown = unknown.model_copy(
        update={"volunteers": [v.model_copy(update={"skills": {"other": 1}}) for v in unknown.volunteers]}
    )
    (reason,) = explain(unknown, solved(unknown), commune="C0").unmet
    assert (reason.rule, reason.newcomer is not None) == ("R6", True)
    assert "không ai ở các trường biết" in reason.vi


def test_shortage_states_by_which_rule_it_is_shared_out() -> None:
    problem = read("A10_duplicates.json")
    solution = solved(problem)
    explainer = Explainer(problem, solution)
    lacking = [told for c in problem.communes if (told := explainer.explain(c.id)).unmet]
    assert lacking
    priorities = {c.id: c.priority for c in problem.communes}
    for told in lacking:
        assert told.fairness is not None
        assert told.fairness.priority == priorities[told.commune]
        assert str(priorities[told.commune]) in told.fairness.vi


def test_words_use_the_names_of_communes_schools_and_fields() -> None:
    problem = read("A10_duplicates.json")
    names = {field: FieldName(vi=f"Tên {field}", en=f"Name of {field}") for field in problem.fields}
    explainer = Explainer(problem.model_copy(update={"field_names": names}), solved(problem))
    unmet = [reason for c in problem.communes for reason in explainer.explain(c.id).unmet]
    assert unmet
    for reason in unmet:
        assert f"“Tên {reason.field}”" in reason.vi
        assert f"“Name of {reason.field}”" in reason.en


def test_only_the_nearest_other_schools_are_told_of_when_asked_so() -> None:
    problem = read("A02_dienbien.json")
    explainer = Explainer(problem, solved(problem))
    commune = problem.communes[3]
    everyone = explainer.explain(commune.id).why_not
    nearest = explainer.explain(commune.id, nearest=3).why_not
    distance = {s.id: (metres + 500) // 1000 for s, metres in zip(problem.schools, problem.dist_m[3], strict=True)}
    assert len(nearest) == 3
    assert max(distance[r.school] for r in nearest) <= min(
        distance[r.school] for r in everyone if r.school not in {n.school for n in nearest}
    )
    assert [r for r in everyone if r in nearest] == list(nearest)


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
