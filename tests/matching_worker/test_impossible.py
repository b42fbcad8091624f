"""A claim that there is no plan: refuted by a plain plan, proved by what the pins or the sums alone say."""

from typing import Any

import pytest
from commune_schemas.documents import GroupsDocument, PlacementDocument
from commune_verify.impossible import cannot_be_grouped, clashes_in_pins, find_groups, find_leads, find_places
from matching_worker.campaign.translate import Translation
from roster_api.matching_runs.impossible import is_proved_impossible

from tests.matching_worker.problems import make_infeasible_problem, make_problem


def school(**changes: Any) -> PlacementDocument:
    person = {"id": "p", "school": "S1", "days": [0, 1], "max_days": 1, "max_m": 50_000}
    friend = person | {"id": "q"}
    people = [person | changes.get("person", {}), friend | changes.get("friend", {})]
    return PlacementDocument.model_validate(
        {
            "schema": "mw-placement/1", "id": "b", "fields": [], "communes": [{"id": "C1"}, {"id": "C2"}],
            "volunteers": people, "dist_m": {one: {"C1": 10_000, "C2": 90_000} for one in "pq"},
            "policy": {"supervision": "none"} | changes.get("policy", {}),
        }
    )  # fmt: skip


def test_pinned_and_forbidden_at_once_is_proved_and_nothing_else_is() -> None:
    impossible, possible = make_infeasible_problem(), make_problem()
    document = Translation(impossible).instance()
    assert clashes_in_pins(document)
    assert find_leads(document) is None
    assert is_proved_impossible(impossible)
    assert find_leads(Translation(possible).instance()) is not None
    assert not is_proved_impossible(possible)


@pytest.mark.parametrize(
    ("changes", "exists"),
    [
        ({}, True),
        ({"person": {"pinned_commune": "C1", "team": "t"}, "friend": {"team": "t"}}, True),
        ({"person": {"previous_commune": "C1", "previous_days": [0]}, "policy": {"max_changes": 0}}, True),
        ({"person": {"pinned_commune": "C2"}}, False),
        ({"person": {"pinned_commune": "C1", "forbidden_communes": ["C1"]}}, False),
    ],
)
def test_a_school_has_a_plan_where_nobody_the_pinned_or_the_previous_places_make_one(
    changes: dict[str, Any], exists: bool
) -> None:
    assert (find_places(school(**changes)) is not None) == exists


LINE = {
    "schema": "mw-groups/1", "id": "d", "communes": [{"id": one} for one in "abc"],
    "edges": [["a", "b"], ["b", "c"]], "k": 2, "lo": 1, "hi": 2, "dist_km": {a: dict.fromkeys("abc", 1) for a in "abc"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "impossible"),
    [({}, False), ({"k": 4}, True), ({"k": 1}, True), ({"hi": 1}, True), ({"lo": 3}, True), ({"edges": []}, True)],
)
def test_sums_and_parts_alone_say_that_communes_cannot_be_grouped(changes: dict[str, Any], impossible: bool) -> None:
    assert cannot_be_grouped(GroupsDocument.model_validate(LINE | changes)) == impossible


@pytest.mark.parametrize(
    ("changes", "exists"),
    [
        ({}, True), ({"k": 3}, True), ({"k": 1, "hi": 3}, True), ({"k": 4}, False), ({"lo": 2}, False),
        ({"edges": [["a", "b"]]}, False),
    ],
)  # fmt: skip
def test_communes_are_grouped_plainly_where_all_together_and_the_last_ones_alone_keep_the_rules(
    changes: dict[str, Any], exists: bool
) -> None:
    assert (find_groups(GroupsDocument.model_validate(LINE | changes)) is not None) == exists
