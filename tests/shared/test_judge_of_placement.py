"""The judge of stage B by itself: small plans whose faults and levels are counted by hand, without a solver."""

from typing import Any

import pytest
from commune_schemas.documents import PlacementDocument, PlacementSolution
from commune_verify.placement import list_changed, verify

Place = tuple[str, str, list[int]]
Work = tuple[str, str, str, int]


def make_problem(
    people: dict[str, dict[str, Any]] | None = None, communes: dict[str, dict[str, Any]] | None = None, **policy: Any
) -> PlacementDocument:
    """A lecturer and two students of one school, communes c and d; `people` and `communes` change them by id."""
    plain = {"role": "student", "skills": {"it": 1}, "days": [0, 1, 2, 3], "max_days": 2, "max_m": 50_000}
    volunteers = {"lect": plain | {"role": "lecturer"}, "stu": plain, "two": plain}
    for name, changes in (people or {}).items():
        volunteers[name] = volunteers.get(name, plain) | changes
    known: dict[str, dict[str, Any]] = {"c": {"need": {"it": 4}, "priority": 3}, "d": {}}
    return PlacementDocument.model_validate(
        {
            "schema": "mw-placement/1",
            "id": "judged",
            "fields": ["it", "land"],
            "communes": [{"id": name} | known[name] | (communes or {}).get(name, {}) for name in "cd"],
            "volunteers": [{"id": name} | person for name, person in volunteers.items()],
            "dist_m": {name: {"c": 1_500, "d": 50_000} for name in volunteers},
            "policy": policy,
        }
    )


def plan(place: list[Place], work: list[Work] | None = None) -> PlacementSolution:
    return PlacementSolution(place=place, work=work or [])


LECT, STU = ("lect", "c", [0, 1]), ("stu", "c", [1, 2])


@pytest.mark.parametrize(
    ("place", "work", "violations"),
    [
        ([LECT, STU], [("stu", "c", "it", 2)], ()),
        ([LECT, ("lect", "d", [0])], [], ("P1 lect is placed twice",)),
        ([("lect", "c", [])], [], ("P2 lect is placed on no day",)),
        ([("lect", "c", [4])], [], ("P2 lect is placed on a day that is not free",)),
        ([("lect", "c", [1, 1])], [], ("P2 lect is placed on a day that is not free",)),
        ([("lect", "c", [0, 1, 2])], [], ("P2 lect is present on more than 2 days",)),
        ([("lect", "d", [0])], [], ()),
        ([LECT], [("stu", "c", "it", 1)], ("P4 stu works at c without being placed there",)),
        ([LECT], [("lect", "d", "it", 1)], ("P4 lect works at d without being placed there",)),
        ([LECT], [("lect", "c", "land", 1)], ("P4 lect does not know land",)),
        ([LECT], [("lect", "c", "it", 0)], ("P4 lect works 0 days in it",)),
        ([LECT], [("lect", "c", "it", 3)], ("P4 lect works 3 days and is present on fewer",)),
        ([LECT], [("lect", "c", "it", 1)] * 3, ("P4 lect works 3 days and is present on fewer",)),
        ([STU], [], ("P5 c has 1 supervised person and 0 supervisors",)),
        ([LECT, ("stu", "d", [1])], [], ("P5 d has 1 supervised person and 0 supervisors",)),
    ],
)
def test_a_plan_is_accepted_or_told_exactly_what_is_wrong_with_it(
    place: list[Place], work: list[Work], violations: tuple[str, ...]
) -> None:
    assert verify(make_problem(), plan(place, work)).violations == violations


def test_names_that_nobody_knows_are_named_and_nothing_further_is_measured() -> None:
    verdict = verify(make_problem(), plan([LECT, ("who", "c", [1])], [("lect", "x", "it", 1), ("who", "x", "it", 1)]))
    assert verdict.violations == (
        "unknown person or commune: who, c",
        "unknown person or commune: lect, x",
        "unknown person or commune: who, x",
    )
    assert verdict.objective == {}


def test_a_person_goes_no_farther_than_they_say_and_nowhere_forbidden() -> None:
    near = make_problem({"lect": {"max_m": 1_500, "forbidden_communes": ["d"]}})
    assert verify(near, plan([LECT])).violations == ()
    assert verify(near, plan([("lect", "d", [0])])).violations == (
        "P3 lect is farther from d than max_m",
        "P7 lect is forbidden to go to d",
    )
    unmeasured = make_problem().model_copy(update={"dist_m": {"lect": {"c": 1_500}}})
    assert verify(unmeasured, plan([("lect", "d", [0])])).violations == ("P3 lect is farther from d than max_m",)
    assert verify(unmeasured, plan([LECT, STU])).violations == ("P3 stu is farther from c than max_m",)


@pytest.mark.parametrize(
    ("policy", "roles", "violations"),
    [
        ({"students_per_lecturer": 1}, {}, ("P5 c has 2 supervised people and 1 supervisor",)),
        ({"students_per_lecturer": 2}, {}, ()),
        ({"supervision": "none", "students_per_lecturer": 0}, {}, ()),
        ({"supervised": ["official"], "students_per_lecturer": 0}, {}, ()),
        ({"supervised": ["student"], "students_per_lecturer": 1}, {"two": "official"}, ()),
        ({"supervisors": ["official"]}, {"two": "official"}, ()),
        ({"supervisors": ["teacher"]}, {}, ("P5 c has 3 supervised people and 0 supervisors",)),
        ({"supervisors": ["lecturer", "teacher"], "students_per_lecturer": 1}, {"two": "teacher"}, ()),
    ],
)
def test_who_is_supervised_by_whom_is_the_policys(
    policy: dict[str, Any], roles: dict[str, str], violations: tuple[str, ...]
) -> None:
    problem = make_problem({name: {"role": role} for name, role in roles.items()}, **policy)
    assert verify(problem, plan([LECT, STU, ("two", "c", [3])])).violations == violations


def test_a_school_as_a_whole_counts_supervisors_who_stay_at_home() -> None:
    problem = make_problem(supervision="school", students_per_lecturer=1)
    assert verify(problem, plan([STU])).violations == ()
    assert verify(problem, plan([STU, ("two", "d", [0])])).violations == (
        "P5 the school has 2 supervised people and 1 supervisor",
    )


def test_a_person_may_serve_on_every_free_day() -> None:
    assert verify(make_problem({"lect": {"days": [0, 1]}}), plan([LECT])).violations == ()


def test_pins_and_teams_are_kept() -> None:
    problem = make_problem({"lect": {"pinned_commune": "c"}, "stu": {"team": "t"}, "two": {"team": "t"}})
    assert verify(problem, plan([LECT])).violations == ()
    assert verify(problem, plan([LECT, STU, ("two", "c", [0])])).violations == ()
    assert verify(problem, plan([("lect", "d", [0])])).violations == ("P6 lect is pinned to c",)
    assert verify(problem, plan([])).violations == ("P6 lect is pinned to c",)
    assert verify(problem, plan([LECT, STU])).violations == ("P8 team t is split",)


BEFORE = {"previous_commune": "c", "previous_days": [0, 1], "previous_fields": ["it"], "change_weight": 3}


@pytest.mark.parametrize(
    ("before", "place", "work", "changed"),
    [
        ({}, [LECT], [], []),
        ({"lect": BEFORE}, [("lect", "c", [1, 0])], [("lect", "c", "it", 1)], []),
        ({"lect": BEFORE}, [("lect", "c", [0, 2])], [("lect", "c", "it", 1)], ["lect"]),
        ({"lect": BEFORE}, [LECT], [], ["lect"]),
        ({"lect": BEFORE | {"previous_fields": []}}, [LECT], [], []),
        ({"lect": BEFORE | {"previous_fields": None}}, [LECT], [("lect", "c", "it", 1)], []),
        ({"lect": BEFORE | {"previous_days": []}}, [("lect", "c", [3])], [("lect", "c", "it", 1)], []),
        ({"lect": BEFORE}, [("lect", "d", [0, 1])], [("lect", "d", "it", 1)], ["lect"]),
        ({"lect": BEFORE}, [], [], ["lect"]),
        ({"lect": BEFORE}, [LECT, STU], [("lect", "c", "it", 1)], ["stu"]),
    ],
)
def test_a_person_is_changed_by_another_place_other_days_or_other_fields_of_work(
    before: dict[str, dict[str, Any]], place: list[Place], work: list[Work], changed: list[str]
) -> None:
    assert [person.id for person in list_changed(make_problem(before), plan(place, work))] == changed


def test_no_more_people_change_than_may_and_a_change_weighs_what_it_says() -> None:
    moved = plan([("lect", "d", [0]), ("stu", "d", [0])])
    assert verify(make_problem({"lect": BEFORE}, max_changes=2), moved).violations == ()
    capped = verify(make_problem({"lect": BEFORE}, max_changes=1, keep_previous=True), moved)
    assert capped.violations == ("P9 more than 1 person changed",)
    assert capped.objective["changed"] == 3 + 1
    assert "changed" not in verify(make_problem({"lect": BEFORE}, max_changes=1), moved).objective
    assert verify(make_problem({"lect": BEFORE}, max_changes=0), plan([LECT], [("lect", "c", "it", 1)])).accepted


def test_unmet_days_weigh_their_priority_missing_presence_three_and_days_travel_whole_kilometres() -> None:
    problem = make_problem(communes={"c": {"presence": [1, 2, 0, 0, 1]}, "d": {"need": {"land": 2}}})
    verdict = verify(problem, plan([LECT, STU], [("stu", "c", "it", 2), ("lect", "c", "it", 1)]))
    assert verdict.objective == {"unmet": 3 * 1 + 1 * 2 + 3 * 1, "travel_km": 4 * 2}
    too_much = verify(make_problem(communes={"c": {"need": {"it": 1}}}), plan([LECT, STU], [("lect", "c", "it", 2)]))
    assert too_much.objective == {"unmet": 0, "travel_km": 8}
    unmeasured = make_problem().model_copy(update={"dist_m": {}})
    assert verify(unmeasured, plan([LECT])).objective == {"unmet": 12, "travel_km": 0}


def test_heads_unused_people_or_days_and_unevenness_are_levels_where_they_are_asked_for() -> None:
    asking = {"c": {"min_people": 3}, "d": {"min_people": 1, "priority": 1}}
    here = plan([LECT, STU])
    assert list(verify(make_problem(communes=asking), here).objective) == ["short_people", "unmet", "travel_km"]
    assert verify(make_problem(communes=asking), here).objective["short_people"] == 3 * 1 + 1
    assert verify(make_problem(communes={"c": {"min_people": 1}}), here).objective["short_people"] == 0
    people = verify(make_problem({"lect": BEFORE}, communes={"c": {"min_people": 1}}, use="people"), here).objective
    assert (people["unused"], people["uneven"]) == (1, 2)
    days = verify(make_problem({"two": {"days": [0]}}, use="days", keep_previous=True), here).objective
    assert list(days) == ["unmet", "unused", "changed", "uneven", "travel_km"]
    assert (days["unused"], days["uneven"]) == (2 + 2 + 1 - 4, 2 + 4)
    low = make_problem(communes={"c": {"priority": 2}}, use="people")
    assert verify(low, here).objective["uneven"] == 2 + 4 + 2
    assert verify(low, plan([])).objective["uneven"] == 0
