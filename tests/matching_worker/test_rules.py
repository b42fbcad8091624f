"""The rules and the price list that models are built from: each function at its limits, without a solver."""

from typing import Any

import pytest
from commune_schemas.documents import InstanceDocument, ResponsibilityPolicy
from matching_worker.model.border.rules import may_help
from matching_worker.model.placement.problem import costs
from matching_worker.model.placement.problem import rules as placement
from matching_worker.model.responsibility.problem import rules as responsibility
from matching_worker.model.secondment.rules import may_move


def test_help_comes_from_another_province_no_farther_than_either_limit() -> None:
    assert may_help(same_province=False, metres=10, max_m=10, own_max_m=20)
    assert may_help(same_province=False, metres=10, max_m=20, own_max_m=10)
    assert not may_help(same_province=False, metres=11, max_m=10, own_max_m=20)
    assert not may_help(same_province=False, metres=11, max_m=20, own_max_m=10)
    assert not may_help(same_province=True, metres=10, max_m=10, own_max_m=10)
    assert not may_help(same_province=False, metres=None, max_m=10, own_max_m=10)


def test_a_secondment_is_near_or_from_the_province_and_never_a_forbidden_one() -> None:
    def may(unit: str, kind: str, metres: int) -> bool:
        return may_move(unit, "c", kind=kind, metres=metres, max_move_m=10, forbidden={("barred", "c"), ("near", "d")})

    assert may("near", "internal", 10)
    assert not may("near", "internal", 11)
    assert may("near", "province", 11)
    assert not may("barred", "province", 1)
    assert not may("barred", "internal", 1)


def test_who_supervises_and_who_needs_it_are_lecturers_and_all_others_unless_the_document_says() -> None:
    assert placement.supervises("lecturer", None)
    assert not placement.supervises("teacher", None)
    assert placement.supervises("teacher", ["teacher"])
    assert not placement.supervises("lecturer", ["teacher"])
    assert not placement.supervises("lecturer", [])
    assert placement.is_supervised("student", None, supervises=False)
    assert not placement.is_supervised("lecturer", None, supervises=True)
    assert placement.is_supervised("official", ["official"], supervises=True)
    assert not placement.is_supervised("student", ["official"], supervises=False)


def test_a_person_serves_free_days_up_to_the_most_and_works_known_fields_up_to_the_need() -> None:
    assert (placement.days_limit({0, 1, 4}, 2), placement.days_limit({0}, 2), placement.days_limit(set(), 2)) == (
        2,
        1,
        0,
    )
    assert placement.work_limit(3, 2, knows=True) == 2
    assert placement.work_limit(1, 2, knows=True) == 1
    assert placement.work_limit(3, 2, knows=False) == 0


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({}, True),
        ({"distance_m": 11}, False),
        ({"forbidden": ["d"]}, True),
        ({"forbidden": ["c"]}, False),
        ({"pinned": "c"}, True),
        ({"pinned": "d"}, False),
        ({"pinned": "c", "forbidden": ["c"]}, False),
        ({"pinned": "c", "distance_m": 11}, False),
    ],
)
def test_a_person_may_go_where_it_is_near_not_forbidden_and_no_pin_says_otherwise(
    changes: dict[str, Any], allowed: bool
) -> None:
    terms: dict[str, Any] = {"distance_m": 10, "max_m": 10, "commune": "c", "forbidden": [], "pinned": None}
    assert placement.may_go(**(terms | changes)) is allowed


def test_each_supervisor_takes_so_many() -> None:
    assert placement.supervision_margin(2, 5, 3) == 1
    assert placement.supervision_margin(1, 5, 3) == -2


def test_levels_of_placement_are_those_that_the_document_has_in_their_order() -> None:
    assert costs.levels(asks_people=False, uses_all=False, keep_previous=False) == ("unmet", "travel_km")
    assert costs.levels(asks_people=True, uses_all=False, keep_previous=False) == ("short_people", "unmet", "travel_km")
    assert costs.levels(asks_people=False, uses_all=True, keep_previous=False) == (
        "unmet",
        "unused",
        "uneven",
        "travel_km",
    )
    assert costs.levels(asks_people=False, uses_all=False, keep_previous=True) == ("unmet", "changed", "travel_km")


def test_people_beyond_what_was_asked_for_count_more_each_and_more_where_staff_is_there_already() -> None:
    assert [costs.cost_of_extra(number, 3) for number in (1, 2, 3)] == [2, 4, 6]
    assert [costs.cost_of_extra(number, 2) for number in (1, 2)] == [3, 5]
    assert costs.unevenness(5, 3, 3) == 2 + 4
    assert costs.unevenness(4, 3, 1) == 3
    assert costs.unevenness(3, 3, 3) == costs.unevenness(2, 3, 3) == 0


def test_one_weighted_number_puts_unmet_days_before_changes_and_both_before_kilometres() -> None:
    plain, replanned = (costs.choose_weights(50, keep_previous=keep) for keep in (False, True))
    assert plain == costs.Weights(unmet=1600, changed=0)
    assert replanned == costs.Weights(unmet=32_000, changed=1600)
    assert plain.of({"unmet": 2, "travel_km": 7}) == 3207
    assert replanned.of({"unmet": 1, "changed": 3, "travel_km": 7}) == 32_000 + 4800 + 7
    assert costs.Weights(unmet=1, changed=5).of({"unmet": 0, "travel_km": 0}) == 0


def make_instance(**policy: Any) -> InstanceDocument:
    return InstanceDocument.model_validate(
        {
            "schema": "mw-instance/1",
            "id": "rules",
            "fields": [],
            "schools": [{"id": "S"}, {"id": "T", "remote_capable": True}],
            "communes": [{"id": "road"}, {"id": "island", "mode": "remote"}],
            "volunteers": [
                {"id": name, "school": school, "role": role}
                for name, school, role in (
                    ("1", "S", "lecturer"),
                    ("2", "S", "lecturer"),
                    ("3", "T", "teacher"),
                    ("4", "T", "lecturer"),
                    ("5", "S", "student"),
                )
            ],
            "dist_m": [[10, 11], [900, 900]],
            "policy": policy,
        }
    )


def test_a_school_reaches_near_communes_and_remote_ones_only_if_it_can() -> None:
    limited, free = make_instance(max_lead_m=10), make_instance()
    reached = [(commune, school) for commune in (0, 1) for school in (0, 1)]
    assert [responsibility.reaching_rule(limited, *pair) for pair in reached] == [None, "R3", "R4", None]
    assert [responsibility.reaching_rule(free, *pair) for pair in reached] == [None, None, "R4", None]
    assert [responsibility.is_allowed(limited, *pair) for pair in reached] == [True, False, False, True]


@pytest.mark.parametrize(
    ("theta", "need", "capacity", "cap"),
    [(115, 400, 1000, 460), (115, 401, 1000, 462), (100, 1, 3, 334), (115, 900, 1000, 1000), (115, 5, 0, 1000)],
)
def test_the_fair_load_is_a_share_of_the_average_rounded_up_and_never_above_all(
    theta: int, need: int, capacity: int, cap: int
) -> None:
    assert responsibility.fairness_cap(ResponsibilityPolicy(theta_pct=theta), need, capacity) == cap


def test_the_supervisors_of_a_school_are_its_lecturers_or_those_that_the_policy_names() -> None:
    document = make_instance()
    assert responsibility.supervisors_by_school(document.policy, document.volunteers) == {"S": 2, "T": 1}
    named = ResponsibilityPolicy(supervisors=["teacher", "student"])
    assert responsibility.supervisors_by_school(named, document.volunteers) == {"S": 1, "T": 1}


def test_supervisors_bound_the_communes_led_as_a_rule_or_as_a_level() -> None:
    free = ResponsibilityPolicy()
    bound = ResponsibilityPolicy(max_communes_per_lecturer=1.5)
    level = ResponsibilityPolicy(max_communes_per_lecturer=1.5, lecturer_bound="level")
    assert [responsibility.led_at_most(free, n, 9) for n in (0, 3)] == [9, 9]
    assert [responsibility.led_at_most(bound, n, 9) for n in (0, 1, 2, 3, 7)] == [0, 1, 3, 4, 9]
    third = ResponsibilityPolicy(max_communes_per_lecturer=1.1)
    assert responsibility.led_at_most(third, 10, 99) == 11, "a float's last digit takes no commune away"
    no_number = ResponsibilityPolicy(lecturer_bound="level")
    assert [responsibility.counts_overlead(policy) for policy in (free, bound, level, no_number)] == [
        False,
        False,
        True,
        False,
    ]
