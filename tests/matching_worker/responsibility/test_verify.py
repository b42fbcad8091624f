"""verify() accepts the solver's plans and refuses every plan that breaks one rule."""

from collections.abc import Callable

import pytest
from commune_schemas.documents import InstanceDocument, InstanceSolution, Pin
from commune_verify.responsibility import verify
from matching_worker.model.outcome import Limits
from matching_worker.model.responsibility.solve import solve

from tests.matching_worker.responsibility.test_examples import read

Broken = Callable[[InstanceDocument, InstanceSolution], tuple[InstanceDocument, InstanceSolution]]


def _solved(name: str = "A14_replan.json") -> tuple[InstanceDocument, InstanceSolution]:
    problem = read(name)
    solution = solve(problem, limits=Limits()).solution
    assert isinstance(solution, InstanceSolution)
    return problem, solution


@pytest.fixture(scope="module")
def solved() -> tuple[InstanceDocument, InstanceSolution]:
    return _solved()


def _policy(problem: InstanceDocument, **changes: object) -> InstanceDocument:
    return problem.model_copy(update={"policy": problem.policy.model_copy(update=changes)})


def _other_lead(p: InstanceDocument, s: InstanceSolution) -> InstanceSolution:
    first = next(iter(s.lead))
    other = next(x.id for x in p.schools if x.id != s.lead[first] and (first, x.id) not in p.forbid)
    return s.model_copy(update={"lead": {**s.lead, first: other}})


def _more_days(s: InstanceSolution) -> InstanceSolution:
    c, school, f, days = s.flow[0]
    return s.model_copy(update={"flow": [(c, school, f, days + 1), *s.flow[1:]]})


BREAKS: dict[str, tuple[str, Broken]] = {
    "a forbidden lead": ("R2", lambda p, s: (p.model_copy(update={"forbid": [next(iter(s.lead.items()))]}), s)),
    "a lead too far away": ("R3", lambda p, s: (_policy(p, max_lead_m=10), s)),
    "a remote commune led by land": (
        "R4",
        lambda p, s: (
            p.model_copy(update={"communes": [c.model_copy(update={"mode": "remote"}) for c in p.communes]}),
            s,
        ),
    ),
    "a pin not kept": (
        "R5",
        lambda p, s: (
            (p, _other_lead(p, s))
            if p.pins
            else (
                p.model_copy(update={"pins": [Pin(commune=c, school=x) for c, x in list(s.lead.items())[:1]]}),
                _other_lead(p, s),
            )
        ),
    ),
    "more days than needed": ("R6", lambda p, s: (p, _more_days(s))),
    "people the school has not": (
        "R6",
        lambda p, s: (p.model_copy(update={"volunteers": [v for v in p.volunteers if v.school != s.flow[0][1]]}), s),
    ),
    "a lead that supports its own commune": (
        "R8",
        lambda p, s: (p, s.model_copy(update={"support": [*s.support, next(iter(s.lead.items()))]})),
    ),
    "a support listed twice": ("R8", lambda p, s: (p, s.model_copy(update={"support": [*s.support, s.support[0]]}))),
    "more supports than allowed": ("R8", lambda p, s: (_policy(p, max_support=0), s)),
    "a flow without relation": ("R8", lambda p, s: (p, s.model_copy(update={"support": []}))),
    "more communes than lecturers bear": ("R9", lambda p, s: (_policy(p, max_communes_per_lecturer=0.1), s)),
    "more changes than allowed": ("R10", lambda p, s: (_policy(p, max_changes=0), s)),
    "an unknown school": ("R1", lambda p, s: (p, s.model_copy(update={"lead": {**s.lead, p.communes[0].id: "?"}}))),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_plan_is_refused_for(name: str, solved: tuple[InstanceDocument, InstanceSolution]) -> None:
    rule, broken = BREAKS[name]
    assert verify(*solved).accepted
    verdict = verify(*broken(*solved))
    assert not verdict.accepted
    assert any(violation.startswith(rule) for violation in verdict.violations), verdict.violations


def test_leaving_communes_out_is_allowed_and_counted(solved: tuple[InstanceDocument, InstanceSolution]) -> None:
    problem, _ = solved
    verdict = verify(problem, InstanceSolution(lead={}))
    assert verdict.accepted
    assert verdict.objective["nolead"] == len(problem.communes)
    assert verdict.objective["broken"] == len(problem.previous)
    assert verdict.objective["travel_km"] == 0


PROMISES: dict[str, list[tuple[str, str, int]]] = {
    "more than the commune asks for": [("C0", "S0", 3)],
    "more than the school has": [("C0", "S0", 1), ("C1", "S0", 1)],
    "no relation": [("C0", "S1", 1)],
    "nobody": [("C0", "S0", 0)],
    "the same twice": [("C0", "S0", 1), ("C0", "S0", 1)],
}


def make_asking(people: int) -> tuple[InstanceDocument, InstanceSolution]:
    """Two communes that ask for two people each, led by a school that has so many."""
    problem = InstanceDocument.model_validate(
        {
            "schema": "mw-instance/1",
            "id": "asking",
            "fields": ["kpi"],
            "schools": [{"id": "S0"}, {"id": "S1"}],
            "communes": [{"id": c, "min_people": 2, "priority": 3} for c in ("C0", "C1")],
            "volunteers": [
                {"id": f"{k}", "school": "S0", "skills": {"kpi": 1}, "days": [0], "max_days": 1} for k in range(people)
            ],
            "dist_m": [[1000, 2000], [1000, 2000]],
        }
    )
    return problem, InstanceSolution(lead={"C0": "S0", "C1": "S0"})


@pytest.mark.parametrize("name", PROMISES)
def test_promises_of_people_are_refused_for(name: str) -> None:
    problem, solution = make_asking(1 if name == "more than the school has" else 4)
    verdict = verify(problem, solution.model_copy(update={"heads": PROMISES[name]}))
    assert any(found.startswith("R15") for found in verdict.violations), verdict.violations


def test_people_who_are_asked_for_are_promised_as_far_as_there_are_some() -> None:
    problem, _ = make_asking(3)
    outcome = solve(problem, limits=Limits())
    assert outcome.objective["short_people"] == 3 * 1
    assert isinstance(outcome.solution, InstanceSolution)
    assert sum(count for *_, count in outcome.solution.heads) == 3
