"""The judge of stage A by itself: small plans whose faults and levels are counted by hand, without a solver."""

from typing import Any

import pytest
from commune_schemas.documents import InstanceDocument, InstanceSolution
from commune_verify.responsibility import count_unstaffed, verify


def make_problem(communes: dict[str, dict[str, Any]] | None = None, **changes: Any) -> InstanceDocument:
    """Communes a - b - c in a line and e without neighbours; S has a lecturer and a student, T a lecturer."""
    person = {"school": "S", "skills": {"it": 1}, "days": [0, 1, 2], "max_days": 2}
    return InstanceDocument.model_validate(
        {
            "schema": "mw-instance/1",
            "id": "judged",
            "fields": ["it", "land"],
            "schools": [{"id": "S"}, {"id": "T", "remote_capable": True}],
            "communes": [{"id": name, "need": {"it": 1}} | (communes or {}).get(name, {}) for name in "abce"],
            "volunteers": [
                person | {"id": "lect", "role": "lecturer", "skills": {"it": 1, "land": 1}},
                person | {"id": "stu", "days": [0]},
                person | {"id": "idle", "skills": {}},
                person | {"id": "tee", "role": "lecturer", "school": "T", "max_days": 5},
            ],
            "dist_m": [[1_499, 9_500], [2_500, 9_000], [3_000, 9_000], [20_000, 5_000]],
            "edges": [["a", "b"], ["c", "b"], ["e", "e"]],
            **changes,
        }
    )


LEADS = {"a": "S", "b": "S", "c": "S", "e": "T"}
FLOW = [("a", "S", "it", 1), ("b", "S", "it", 1), ("c", "S", "it", 1), ("e", "T", "it", 1)]


def violations(plan: dict[str, Any], communes: dict[str, dict[str, Any]] | None = None, **changes: Any) -> list[str]:
    judged = verify(make_problem(communes, **changes), InstanceSolution.model_validate({"lead": LEADS} | plan))
    return list(judged.violations)


def levels(plan: dict[str, Any], communes: dict[str, dict[str, Any]] | None = None, **changes: Any) -> dict[str, int]:
    return dict(verify(make_problem(communes, **changes), InstanceSolution.model_validate(plan)).objective)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ({"flow": FLOW}, []),
        ({"lead": {"x": "S"}}, ["R1: unknown commune x"]),
        ({"lead": {"a": "X"}}, ["R1: unknown school X"]),
        ({"support": [("x", "S")]}, ["R1: unknown commune x"]),
        ({"heads": [("a", "X", 1)]}, ["R1: unknown school X"]),
        ({"flow": [("a", "X", "it", 1)]}, ["R1: unknown school X"]),
        ({"flow": [("a", "S", "art", 1)]}, ["R6: unknown field art"]),
        ({"support": [("a", "T"), ("a", "T")]}, ["R8: support listed twice ('a', 'T')", "R8: a has 2 supports"]),
        ({"lead": {}, "support": [("a", "T")]}, ["R8: support of a commune without lead ('a', 'T')"]),
        ({"support": [("a", "S")]}, ["R8: the lead supports its own commune ('a', 'S')"]),
        ({"support": [("a", "T"), ("b", "T")]}, []),
        ({"flow": [("a", "S", "it", 0)]}, ["R6: 0 days of it from S to a"]),
        ({"flow": [("a", "T", "it", 1)]}, ["R8: T serves a without a relation"]),
        ({"support": [("a", "T")], "flow": [("a", "T", "it", 1)]}, []),
        ({"flow": [("a", "S", "it", 2)]}, ["R6: a gets 2 days of it"]),
        ({"flow": [("a", "S", "land", 1)]}, ["R6: a gets 1 day of land"]),
    ],
)
def test_a_plan_is_accepted_or_told_exactly_what_is_wrong_with_it(plan: dict[str, Any], expected: list[str]) -> None:
    assert violations(plan) == expected


def test_nothing_is_measured_on_names_that_nobody_knows() -> None:
    assert levels({"lead": {"x": "S"}}) == {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"forbid": [("a", "S"), ("b", "T")]}, ["R2: S may not lead a", "R2: T may not support b"]),
        ({"policy": {"max_lead_m": 3_000}}, ["R3: T may not lead e", "R3: T may not support b"]),
        ({"policy": {"max_lead_m": 5_000}}, ["R3: T may not support b"]),
        ({"policy": {"max_lead_m": 9_000}}, []),
    ],
)
def test_forbidden_and_far_schools_neither_lead_nor_support(changes: dict[str, Any], expected: list[str]) -> None:
    assert violations({"support": [("b", "T")]}, **changes) == expected


def test_remote_communes_are_for_schools_that_can_however_far() -> None:
    remote = {name: {"mode": "remote"} for name in "ae"}
    assert violations({}, remote, policy={"max_lead_m": 3_000}) == ["R4: S may not lead a"]


def test_pins_lecturers_and_the_cap_on_changes_bind() -> None:
    assert violations({}, pins=[{"commune": "a", "school": "S"}, {"commune": "b", "school": "T"}]) == [
        "R5: b is pinned to T"
    ]
    assert violations({}, policy={"max_communes_per_lecturer": 3.0}) == []
    assert violations({}, policy={"max_communes_per_lecturer": 2.9}) == ["R9: S leads 1 commune beyond its bound"]
    assert violations({}, policy={"max_communes_per_lecturer": 0.5}) == [
        "R9: S leads 3 communes beyond its bound",
        "R9: T leads 1 commune beyond its bound",
    ]
    assert violations({}, policy={"max_communes_per_lecturer": 0.5, "lecturer_bound": "level"}) == []
    students = {"max_communes_per_lecturer": 3.0, "supervisors": ["student"]}
    assert violations({}, policy=students) == ["R9: T leads 1 commune beyond its bound"]
    previous = [("a", "T"), ("b", "T"), ("c", "S")]
    assert violations({}, previous=previous, policy={"max_changes": 2}) == []
    assert violations({}, previous=previous, policy={"max_changes": 1}) == ["R10: 2 leads changed, 1 may"]


def test_a_school_staffs_what_it_promises_day_by_day() -> None:
    needy = {"a": {"need": {"it": 4, "land": 3}}}
    assert violations({"flow": [("a", "S", "it", 2), ("a", "S", "land", 1)]}, needy) == []
    assert violations({"flow": [("a", "S", "it", 2), ("a", "S", "land", 2)]}, needy) == [
        "R6: S cannot staff 1 of 4 person-days"
    ]
    assert violations({"flow": [("a", "S", "it", 4)]}, needy) == ["R6: S cannot staff 1 of 4 person-days"]


@pytest.mark.parametrize(
    ("groups", "load", "missing"),
    [
        ({"i": 2}, {"i": 2}, 0),
        ({"i": 2}, {"i": 3}, 1),
        ({"i": 2}, {"l": 2}, 2),
        ({"il": 1, "i": 1}, {"i": 1, "l": 1}, 0),
        ({"il": 1, "l": 1}, {"i": 1, "l": 1}, 0),
        ({"il": 2, "lm": 1, "i": 1}, {"i": 2, "l": 1, "m": 1}, 0),
        ({"il": 1, "lm": 1, "m": 1}, {"i": 1, "l": 1, "m": 1}, 0),
        ({"il": 3}, {"i": 2, "l": 2}, 1),
        ({"il": 1, "lm": 1}, {"i": 1, "l": 1, "m": 1}, 1),
        ({}, {"i": 1}, 1),
        ({"i": 1}, {}, 0),
    ],
)
def test_days_are_moved_between_fields_until_no_more_can_be_covered(
    groups: dict[str, int], load: dict[str, int], missing: int
) -> None:
    assert count_unstaffed({frozenset(group): days for group, days in groups.items()}, load) == missing


ASKED = {"a": {"min_people": 2, "priority": 3}, "b": {"min_people": 1}}


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        ([("a", "S", 2)], []),
        ([("a", "S", 1), ("b", "S", 1)], []),
        ([("a", "S", 1), ("a", "T", 1)], ["R15: T promises a 1 person without a relation, or none"]),
        ([("a", "S", 0)], ["R15: S promises a 0 people without a relation, or none"]),
        ([("a", "S", 1), ("a", "S", 1)], ["R15: people are promised twice for one commune by one school"]),
        ([("b", "S", 2)], ["R15: b is promised 2 people and asks for 1"]),
        ([("c", "S", 1)], ["R15: c is promised 1 person and asks for 0"]),
        ([("a", "S", 2), ("b", "S", 1)], ["R15: S promises 3 people and has 2"]),
    ],
)
def test_people_are_promised_along_a_relation_no_more_than_asked_for_or_there(
    heads: list[Any], expected: list[str]
) -> None:
    assert violations({"heads": heads}, ASKED) == expected


def test_who_has_no_free_weekday_or_knows_nothing_asked_about_is_promised_to_nobody() -> None:
    person: dict[str, Any] = {"school": "S", "skills": {"it": 1}, "days": [0], "max_days": 1}
    unable: list[dict[str, Any]] = [{"days": []}, {"max_days": 0}, {"skills": {"art": 1}}, {}]
    people = [person | {"id": str(number)} | change for number, change in enumerate(unable)]
    assert violations({"heads": [("a", "S", 2)]}, ASKED, volunteers=people) == ["R15: S promises 2 people and has 1"]


def test_levels_count_leads_unmet_days_changes_supports_load_and_kilometres() -> None:
    plan = {"lead": {"a": "S", "b": "T"}, "support": [("a", "T")], "flow": [("a", "S", "it", 1), ("a", "T", "it", 2)]}
    communes = {"a": {"need": {"it": 4, "land": 1}, "priority": 3}}
    changes = {"existing": [("a", "S"), ("b", "S"), ("c", "T")], "previous": [("a", "T"), ("b", "T")]}
    assert levels(plan, communes, **changes) == {
        "nolead": 2,
        "unmet": 3 * (1 + 1) + 1 + 1 + 1,
        "broken": 10 * 2 + 1,
        "supports": 1,
        "overcap": 0,
        "travel_km": (1 + 9) + (1 * 1 + 2 * 10),
    }
    free = levels(plan, communes, **changes, policy={"keep_previous": False})
    assert free["broken"] == 20


def test_overlead_and_short_people_are_levels_where_they_are_asked_for() -> None:
    level = {"max_communes_per_lecturer": 1.0, "lecturer_bound": "level"}
    asked = levels({"lead": LEADS, "heads": [("a", "S", 1)]}, ASKED, policy=level)
    assert list(asked) == ["nolead", "short_people", "unmet", "overlead", "broken", "supports", "overcap", "travel_km"]
    assert (asked["overlead"], asked["short_people"]) == (2, 3 * 1 + 1)
    hard = levels({"lead": LEADS}, policy={"max_communes_per_lecturer": 1.0})
    assert "overlead" not in hard
    assert "short_people" not in hard


@pytest.mark.parametrize(
    ("theta", "communes", "over"),
    [
        (100, {}, 1000 - 667),  # 4 of 6 days needed; S gives all of its 3
        (115, {}, 1000 - 767),
        (200, {}, 0),
        (100, {"e": {"need": {"it": 3}}}, 0),
        (100, {"e": {"need": {}}}, 1000 - 500),
    ],
)
def test_the_fullest_school_is_held_against_the_fair_load(
    theta: int, communes: dict[str, dict[str, Any]], over: int
) -> None:
    plan = {"lead": LEADS, "flow": FLOW[:3]}
    assert levels(plan, communes, policy={"theta_pct": theta})["overcap"] == over


def test_without_people_no_load_is_unfair() -> None:
    assert levels({"lead": LEADS}, volunteers=[])["overcap"] == 0
    idle = [{"id": "x", "school": "S", "skills": {"it": 1}, "days": [], "max_days": 1}]
    assert levels({"lead": LEADS}, volunteers=idle)["overcap"] == 0


def test_communes_apart_from_their_schools_area_are_a_level_or_have_a_price() -> None:
    apart = {"lead": {"a": "S", "b": "T", "c": "S", "e": "S"}}
    whole = {"lead": {"a": "S", "b": "S", "c": "S", "e": "S"}}
    contiguous = {"contiguity": True}
    assert (levels(apart, policy=contiguous)["scattered"], levels(whole, policy=contiguous)["scattered"]) == (1, 0)
    assert list(levels(apart, policy=contiguous))[-3:] == ["overcap", "scattered", "travel_km"]
    assert "scattered" not in levels(apart, policy=contiguous, edges=[])
    assert "scattered" not in levels(apart)
    priced = {"prices": {"overcap": 2, "scattered": 40}, "theta_pct": 100}
    assert levels(apart, policy=priced)["cost_km"] == (1 + 9 + 3 + 20) + 40
    full = {"lead": LEADS, "flow": FLOW[:3]}
    assert levels(full, policy=priced)["cost_km"] == (1 + 3 + 3 + 5) + (1 + 3 + 3) + 2 * 333
    assert list(levels(full, policy=priced))[-1] == "cost_km"
