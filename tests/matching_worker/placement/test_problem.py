"""Documents that are no consistent problem are refused, with a pointer to what is wrong."""

from typing import Any

import pytest
from commune_schemas.documents import PlacementDocument, PlacementSolution
from matching_worker.model.outcome import Limits, ProblemError, Status
from matching_worker.model.placement.solve import solve

COMMUNE = {"id": "c", "need": {"kpi": 1}}
PERSON = {"id": "p", "role": "lecturer", "skills": {"kpi": 1}, "days": [0], "max_days": 1}


def make_document(**changes: Any) -> PlacementDocument:
    base: dict[str, Any] = {"schema": "mw-placement/1", "id": "one", "fields": ["kpi"], "communes": [COMMUNE]}
    return PlacementDocument.model_validate(base | {"volunteers": [PERSON], "dist_m": {"p": {"c": 1000}}} | changes)


@pytest.mark.parametrize(
    ("pointer", "changes"),
    [
        ("/volunteers/1/id", {"volunteers": [PERSON, PERSON]}),
        ("/communes/1/id", {"communes": [COMMUNE, COMMUNE]}),
        ("/communes/0/need/cooking", {"communes": [{"id": "c", "need": {"cooking": 1}}]}),
        ("/volunteers/0/pinned_commune", {"volunteers": [PERSON | {"pinned_commune": "elsewhere"}]}),
        ("/dist_m/p", {"dist_m": {}}),
    ],
)
def test_what_is_wrong_is_pointed_at(pointer: str, changes: dict[str, Any]) -> None:
    with pytest.raises(ProblemError) as raised:
        solve(make_document(**changes), limits=Limits())
    assert raised.value.pointer == pointer
    assert raised.value.vi


NOBODY: dict[str, Any] = {"volunteers": [], "dist_m": {}}


@pytest.mark.parametrize("changes", [NOBODY, {"communes": []}, NOBODY | {"communes": []}])
def test_empty_lists_are_a_problem_with_an_empty_plan(changes: dict[str, Any]) -> None:
    outcome = solve(make_document(**changes), limits=Limits())
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective["travel_km"] == 0


def test_nobody_travels_for_nothing_even_where_the_way_costs_nothing() -> None:
    """A special zone is at distance 0 for a school that can work remotely: who is not needed still stays."""
    people = [PERSON | {"id": f"p{index}"} for index in range(6)]
    distances = {f"p{index}": {"c": 0} for index in range(6)}
    outcome = solve(make_document(volunteers=people, dist_m=distances), limits=Limits())
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == {"unmet": 0, "travel_km": 0}
    assert isinstance(outcome.solution, PlacementSolution)
    assert len(outcome.solution.place) == 1
