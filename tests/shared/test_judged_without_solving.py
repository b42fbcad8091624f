"""Figures of a plan, and plain plans against a claim that there is none: counted by hand, without a solver."""

from typing import Any

import pytest
from commune_schemas.documents import (
    GroupsDocument,
    InstanceDocument,
    InstanceSolution,
    PlacementDocument,
)
from commune_verify.figures import count_figures, list_parts
from commune_verify.impossible import cannot_be_grouped, clashes_in_pins, find_groups, find_leads, find_places

KNOWS = {"skills": {"it": 1}, "days": [0, 1, 2]}


def make_province(**changes: Any) -> InstanceDocument:
    """Communes a - b - c - d in a line and e alone; schools S and T with people, U with none who can do anything."""
    return InstanceDocument.model_validate(
        {
            "schema": "mw-instance/1",
            "id": "province",
            "fields": ["it"],
            "schools": [{"id": one} for one in "STU"],
            "communes": [{"id": one, "need": {"it": 2}} for one in "abcde"],
            "volunteers": [
                {"id": "s1", "school": "S", "max_days": 2, **KNOWS},
                {"id": "s2", "school": "S", "max_days": 5, **KNOWS},
                {"id": "t1", "school": "T", "max_days": 3, **KNOWS},
                {"id": "u1", "school": "U", "days": [0, 1]},
            ],
            "dist_m": [[1_499, 9_000, 0], [2_500, 9_000, 0], [3_000, 9_000, 0], [4_000, 9_500, 0], [5_000, 9_000, 0]],
            "edges": [["a", "b"], ["c", "b"], ["c", "d"], ["e", "e"]],
            **changes,
        }
    )


def test_the_figures_of_a_plan_are_kilometres_pieces_far_leads_and_loads() -> None:
    plan = InstanceSolution(
        lead={"a": "S", "b": "T", "c": "S", "d": "S", "e": "T"},
        support=[("b", "S")],
        flow=[("a", "S", "it", 2), ("b", "S", "it", 1), ("d", "T", "it", 2)],
    )
    figures = count_figures(make_province(), plan)
    assert figures.travel_km == (1 + 9 + 3 + 4 + 9) + 2 * 1 + 1 * 3 + 2 * 10
    assert (figures.led, figures.pieces, figures.scattered, figures.farthest_lead_km) == (5, 3, 1, 9)
    mean = 10 / (2 + 3 + 3)
    assert figures.loads == {"S": 3 / 5 / mean, "T": 2 / 3 / mean}
    assert (figures.fullest, figures.emptiest) == (2 / 3 / mean, 3 / 5 / mean)


def test_areas_fall_into_the_parts_that_borders_join() -> None:
    plan = InstanceSolution(lead={"d": "S", "c": "S", "a": "S", "b": "T", "e": "T"})
    assert list_parts(make_province(), plan) == {"S": [{"a"}, {"c", "d"}], "T": [{"b"}]}
    joined = InstanceSolution(lead=dict.fromkeys("abcd", "S"))
    assert list_parts(make_province(), joined) == {"S": [set("abcd")]}


def test_the_figures_of_nothing_are_zero() -> None:
    nothing = count_figures(make_province(), InstanceSolution(lead={}))
    assert (nothing.travel_km, nothing.led, nothing.pieces, nothing.scattered, nothing.farthest_lead_km) == (0,) * 5
    assert nothing.loads == {"S": 0.0, "T": 0.0}
    empty = count_figures(make_province(volunteers=[]), InstanceSolution(lead={"a": "S"}))
    assert (empty.fullest, empty.emptiest, empty.loads) == (0.0, 0.0, {})
    no_need = make_province(communes=[{"id": one} for one in "abcde"])
    assert count_figures(no_need, InstanceSolution(lead={"a": "S"})).loads == {"S": 0.0, "T": 0.0}


PREVIOUS = [("a", "S"), ("b", "S")]


@pytest.mark.parametrize(
    ("changes", "lead"),
    [
        ({}, {}),
        ({"pins": [{"commune": "a", "school": "T"}]}, {"a": "T"}),
        ({"previous": PREVIOUS, "policy": {"max_changes": 0}}, {"a": "S", "b": "S"}),
        (
            {"previous": PREVIOUS, "policy": {"max_changes": 1}, "pins": [{"commune": "a", "school": "T"}]},
            {"a": "T", "b": "S"},
        ),
        ({"previous": PREVIOUS, "policy": {"max_changes": 1}, "forbid": [("a", "S")]}, {"b": "S"}),
        ({"previous": PREVIOUS, "policy": {"max_changes": 0}, "forbid": [("a", "S")]}, None),
        ({"pins": [{"commune": "a", "school": "T"}], "forbid": [("a", "T")]}, None),
    ],
)
def test_the_pins_and_the_previous_leads_that_fit_refute_that_there_is_no_plan(
    changes: dict[str, Any], lead: dict[str, str] | None
) -> None:
    plan = find_leads(make_province(**changes))
    assert (plan.lead if plan else None) == lead


def test_only_pins_that_break_a_rule_by_themselves_prove_that_there_is_no_plan() -> None:
    pinned = {"pins": [{"commune": "a", "school": "T"}]}
    assert clashes_in_pins(make_province(**pinned, forbid=[("a", "T")]))
    assert not clashes_in_pins(make_province(**pinned))
    capped = {"previous": [("a", "S")], "policy": {"max_changes": 0}}
    assert not clashes_in_pins(make_province(**pinned, **capped)), "the cap on changes is another matter"
    far = {"policy": {"max_lead_m": 5_000, "max_changes": 0}}
    assert clashes_in_pins(make_province(**pinned, **far)), "the other rules of the policy count"


def make_school(*people: dict[str, Any], **policy: Any) -> PlacementDocument:
    """People p, q, ... of one school; commune C1 is near everybody, C2 is too far."""
    person = {"school": "S", "days": [3, 0, 1], "max_days": 2, "max_m": 50_000}
    volunteers = [person | {"id": name} | given for name, given in zip("pqr", people, strict=False)]
    return PlacementDocument.model_validate(
        {
            "schema": "mw-placement/1",
            "id": "school",
            "fields": [],
            "communes": [{"id": "C1"}, {"id": "C2"}],
            "volunteers": volunteers,
            "dist_m": {one["id"]: {"C1": 10_000, "C2": 90_000} for one in volunteers},
            "policy": {"supervision": "none"} | policy,
        }
    )


BEFORE = {"previous_commune": "C1", "previous_days": [1, 2, 3]}


@pytest.mark.parametrize(
    ("people", "policy", "places"),
    [
        ([{}, {}], {}, []),
        ([{"pinned_commune": "C1"}, {}], {}, [("p", "C1", [0, 1])]),
        (
            [{"pinned_commune": "C1", "team": "t"}, {"team": "t"}, {"team": "u"}],
            {},
            [("p", "C1", [0, 1]), ("q", "C1", [0, 1])],
        ),
        ([BEFORE | {"previous_days": [1, 3]}, {}], {"max_changes": 0}, [("p", "C1", [1, 3])]),
        ([BEFORE, {"pinned_commune": "C1"}], {"max_changes": 2}, [("q", "C1", [0, 1])]),
        ([{"pinned_commune": "C2"}, {}], {}, None),
    ],
)
def test_nobody_the_pinned_or_the_previous_places_refute_that_a_school_has_no_plan(
    people: list[dict[str, Any]], policy: dict[str, Any], places: list[Any] | None
) -> None:
    plan = find_places(make_school(*people, **policy))
    assert (sorted(plan.place) if plan else None) == places


def weighing(*weights: int) -> list[dict[str, Any]]:
    return [{"id": one, "weight": weight} for one, weight in zip("abcd", weights, strict=True)]


def make_line(**changes: Any) -> GroupsDocument:
    line = {
        "schema": "mw-groups/1",
        "id": "line",
        "communes": [{"id": one, "weight": 2} for one in "cabd"],
        "edges": [["a", "b"], ["c", "b"], ["c", "d"]],
        "k": 2,
        "lo": 2,
        "hi": 6,
        "dist_km": {a: dict.fromkeys("abcd", 1) for a in "abcd"},
    }
    return GroupsDocument.model_validate(line | changes)


@pytest.mark.parametrize(
    ("changes", "group"),
    [
        ({}, {"a": 1, "b": 0, "c": 0, "d": 0}),
        ({"k": 1, "hi": 8}, dict.fromkeys("abcd", 0)),
        ({"k": 3}, {"a": 2, "b": 0, "c": 0, "d": 1}),
        ({"k": 4}, {"a": 3, "b": 1, "c": 0, "d": 2}),
        ({"k": 5}, None),
        ({"lo": 3}, None),
        ({"edges": [["a", "b"]]}, None),
    ],
)
def test_the_communes_that_lie_last_alone_and_all_others_together_refute_that_there_is_no_grouping(
    changes: dict[str, Any], group: dict[str, int] | None
) -> None:
    plan = find_groups(make_line(**changes))
    assert (plan.group if plan else None) == group


@pytest.mark.parametrize(
    ("changes", "impossible"),
    [
        ({}, False),
        ({"k": 4}, False),
        ({"k": 5, "lo": 0}, True),
        ({"lo": 4}, False),
        ({"lo": 5}, True),
        ({"hi": 4}, False),
        ({"hi": 3}, True),
        ({"edges": [["a", "b"], ["c", "d"]]}, False),
        ({"edges": [["a", "b"]]}, True),
        ({"k": 4, "hi": 2, "communes": weighing(2, 2, 2, 3)}, True),
        ({"k": 3, "lo": 0, "hi": 3, "communes": weighing(1, 1, 1, 4)}, True),
    ],
)
def test_numbers_weights_and_parts_prove_that_communes_cannot_be_grouped(
    changes: dict[str, Any], impossible: bool
) -> None:
    assert cannot_be_grouped(make_line(**changes)) is impossible
