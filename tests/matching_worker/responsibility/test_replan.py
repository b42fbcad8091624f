"""After a change of circumstances only what must change changes, and more changes never buy less."""

from commune_schemas.documents import InstanceSolution
from commune_verify.responsibility import verify
from matching_worker.model.outcome import Limits, Status
from matching_worker.model.responsibility.explain.replan import count_changes, curve, without_people, without_school
from matching_worker.model.responsibility.problem.costs import LEVELS
from matching_worker.model.responsibility.solve import solve

from tests.matching_worker.responsibility.test_examples import read

QUALITY = [level for level in LEVELS if level != "broken"]


def _published(name: str) -> InstanceSolution:
    solution = solve(read(name), limits=Limits()).solution
    assert isinstance(solution, InstanceSolution)
    return solution


def test_when_a_school_withdraws_only_its_own_communes_change_their_lead() -> None:
    problem, published = read("A07_ties_grid.json"), _published("A07_ties_grid.json")
    school = problem.schools[2].id
    outcome = solve(without_school(problem, school, previous=published), limits=Limits(), warm_start=published)
    assert outcome.status is Status.OPTIMAL
    assert isinstance(outcome.solution, InstanceSolution)
    orphans = {c for c, s in published.lead.items() if s == school}
    changed = {c for c, s in published.lead.items() if outcome.solution.lead.get(c) != s}
    assert changed == orphans


def test_when_a_third_of_the_people_drop_out_each_further_change_buys_no_less() -> None:
    problem, published = read("A14_replan.json"), _published("A14_replan.json")
    gone = [v.id for k, v in enumerate(problem.volunteers) if k % 3 == 0]
    fewer = without_people(problem, gone, previous=published)
    points = curve(fewer, [0, 1, 8], limits=Limits())
    vectors = [tuple(p.outcome.objective[level] for level in QUALITY) for p in points]
    assert vectors == sorted(vectors, reverse=True)
    for point in points:
        assert isinstance(point.outcome.solution, InstanceSolution)
        assert verify(fewer, point.outcome.solution).accepted
        assert point.changes is not None
        assert point.changes == count_changes(fewer, point.outcome.solution) <= point.max_changes


def test_too_few_changes_for_a_closed_school_are_named() -> None:
    problem, published = read("A07_ties_grid.json"), _published("A07_ties_grid.json")
    closed = without_school(problem, problem.schools[0].id, previous=published)
    forced = sum(s == problem.schools[0].id for s in published.lead.values())
    points = curve(closed, [forced - 1, forced], limits=Limits())
    assert [p.outcome.status for p in points] == [Status.INFEASIBLE, Status.OPTIMAL]
    assert points[0].changes is None
    assert points[1].changes == forced
    assert "R10" in {member.rule for member in points[0].outcome.conflict}
