"""Heads that communes ask for, and the use of everyone: told in words, and the same plan whatever the order."""

from random import Random
from typing import Any

from commune_schemas.documents import PlacementDocument, PlacementSolution
from matching_worker.model.outcome import Limits
from matching_worker.model.placement.explain.explain import explain_person
from matching_worker.model.placement.explain.replace import replacements
from matching_worker.model.placement.explain.shortfall import explain_unmet
from matching_worker.model.placement.problem.problem import read_problem
from matching_worker.model.placement.search.improve import seat_the_rest
from matching_worker.model.placement.search.plan import from_solution, to_solution
from matching_worker.model.placement.solve import solve

from tests.matching_worker.placement.tiny import make_tiny, with_use


def make_document(use: str, *, asked: int = 2, **lecturer: Any) -> PlacementDocument:
    """One commune that asks for people and needs no work done; two who could come, one of them from far."""
    person = {"role": "lecturer", "skills": {"kpi": 1}, "days": [0, 1, 2], "max_days": 3}
    return PlacementDocument.model_validate(
        {
            "schema": "mw-placement/1",
            "id": "heads",
            "fields": ["kpi"],
            "communes": [{"id": "ca-na", "name": "Xã Cà Ná", "min_people": asked, "priority": 1}],
            "volunteers": [{"id": "near", **person}, {"id": "far", **person, "max_m": 30_000, **lecturer}],
            "dist_m": {"near": {"ca-na": 5_000}, "far": {"ca-na": 40_000}},
            "policy": {"use": use},
        }
    )


def solved(document: PlacementDocument) -> tuple[dict[str, int], PlacementSolution]:
    outcome = solve(document, limits=Limits())
    assert isinstance(outcome.solution, PlacementSolution)
    return dict(outcome.objective), outcome.solution


def test_a_commune_that_is_one_person_short_is_told_why_and_what_would_mend_it() -> None:
    document = make_document("need")
    objective, plan = solved(document)
    assert objective == {"short_people": 1, "unmet": 0, "travel_km": 5}
    (reason,) = explain_unmet(document, plan, "ca-na")
    assert (reason.missing, reason.rule) == (1, "P1" if reason.placed_elsewhere else "P2")
    assert "Xã Cà Ná thiếu 1 người so với 2 người đã đề nghị" in reason.vi
    assert "Xã Cà Ná is 1 person short of the 2 it asked for" in reason.en
    assert reason.newcomer.effect["short_people"] == -1


def test_who_is_kept_away_by_distance_is_named_with_that_rule() -> None:
    document = make_document("people", asked=1)
    assert solved(document)[0] == {"short_people": 0, "unmet": 0, "unused": 1, "uneven": 0, "travel_km": 5}
    nearer = make_document("people", asked=1, max_m=60_000)
    objective, plan = solved(nearer)
    assert objective == {"short_people": 0, "unmet": 0, "unused": 0, "uneven": 3, "travel_km": 45}
    home = next(a for a in explain_person(nearer, plan, "far").alternatives if a.commune is None)
    assert home.effect == {"short_people": 0, "unmet": 0, "unused": 1, "uneven": -3, "travel_km": -40}
    assert "people or days unused +1" in home.en


def test_who_was_left_at_home_by_a_search_cut_short_is_seated_where_there_is_room() -> None:
    for use, seated in (("people", 2), ("need", 0)):
        compiled = read_problem(make_document(use, asked=1, max_m=60_000))
        nobody = from_solution(compiled, PlacementSolution(place=[]))
        plan = seat_the_rest(compiled, nobody)
        assert len(to_solution(compiled, plan).place) == seated
        assert plan.rank(compiled) <= nobody.rank(compiled)


def test_where_days_are_to_be_used_everybody_comes_as_often_as_they_can() -> None:
    document = make_document("days", asked=1, max_m=60_000)
    objective, plan = solved(document)
    assert objective["unused"] == 0
    assert {person: days for person, _, days in plan.place} == {"near": [0, 1, 2], "far": [0, 1, 2]}


def test_replacements_say_what_they_do_to_heads() -> None:
    document = make_document("need", asked=1, max_m=60_000)
    _, plan = solved(document)
    best, *_ = replacements(document, plan, vacancy="near")
    assert (best.people, best.effect["short_people"]) == (("far",), 0)


def test_permuted_lists_give_the_same_plan() -> None:
    for seed in range(3000, 3030):
        random = Random(seed)
        document = with_use(make_tiny(random), random)
        mixed = document.model_copy(
            update={
                "communes": random.sample(document.communes, len(document.communes)),
                "volunteers": random.sample(document.volunteers, len(document.volunteers)),
            }
        )
        assert solve(document, limits=Limits()).solution == solve(mixed, limits=Limits()).solution, seed
