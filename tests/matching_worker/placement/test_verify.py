"""verify() refuses every broken rule by its number, and computes the levels as the judge does."""

from pathlib import Path
from typing import Any

import pytest
from commune_schemas.documents import PlacementDocument, PlacementSolution
from commune_verify.placement import verify
from matching_worker.model.placement.problem.rules import RULES

GOOD: dict[str, Any] = {
    "place": [("lecturer", "near", [0, 2]), ("student", "near", [0])],
    "work": [("lecturer", "near", "kpi", 2), ("student", "near", "pasc", 1)],
}


def make_document(policy: dict[str, Any] | None = None, **student: Any) -> PlacementDocument:
    return PlacementDocument.model_validate(
        {
            "schema": "mw-placement/1",
            "id": "two people",
            "fields": ["kpi", "pasc"],
            "communes": [
                {"id": "near", "need": {"kpi": 3, "pasc": 1}, "presence": [2, 0, 1, 0, 1], "priority": 2},
                {"id": "far", "need": {"kpi": 1}, "priority": 3},
            ],
            "volunteers": [
                {"id": "lecturer", "skills": {"kpi": 1}, "days": [0, 2, 4], "max_days": 2, "team": "t"}
                | {"role": "lecturer"},
                {"id": "student", "skills": {"pasc": 2}, "days": [0, 1], "max_days": 1, "max_m": 40_000, "team": "t"}
                | student,
                {"id": "other", "role": "teacher", "skills": {}, "days": [1], "max_days": 1},
            ],
            "dist_m": {
                "lecturer": {"near": 10_499, "far": 50_000},
                "student": {"near": 10_500, "far": 50_000},
                "other": {"near": 1_000, "far": 1_000},
            },
            "policy": {"students_per_lecturer": 1} | (policy or {}),
        }
    )


def test_the_levels_are_counted_as_the_judge_counts_them() -> None:
    verdict = verify(make_document(), PlacementSolution(**GOOD))
    assert verdict.accepted
    assert verdict.objective == {"unmet": 2 * 1 + 3 * 1 + 3 * 1, "travel_km": 2 * 10 + 11}


def test_changed_people_are_a_level_when_the_policy_asks_for_it() -> None:
    document = make_document({"keep_previous": True}, previous_commune="near", previous_days=[1])
    assert verify(document, PlacementSolution(**GOOD)).objective["changed"] == 2
    unchanged = make_document({"keep_previous": True}, previous_commune="near", previous_days=[0])
    assert verify(unchanged, PlacementSolution(**GOOD)).objective["changed"] == 1


def test_a_first_plan_changes_nobody() -> None:
    verdict = verify(make_document({"keep_previous": True, "max_changes": 0}), PlacementSolution(**GOOD))
    assert verdict.accepted
    assert verdict.objective["changed"] == 0


BREAKS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "P1": ({"place": [*GOOD["place"], ("student", "near", [1])]}, {}),
    "P2 off-day": ({"place": [("lecturer", "near", [0, 2]), ("student", "near", [3])]}, {}),
    "P2 no day": ({"place": [("lecturer", "near", [0, 2]), ("student", "near", [])], "work": []}, {}),
    "P2 twice the same day": ({"place": [("lecturer", "near", [0, 0]), ("student", "near", [0])]}, {}),
    "P2 too many days": ({"place": [("lecturer", "near", [0, 2, 4]), ("student", "near", [0])]}, {}),
    "P3": ({"place": [("lecturer", "far", [0]), ("student", "far", [0])], "work": []}, {}),
    "P4 not there": ({"work": [("student", "far", "pasc", 1)]}, {}),
    "P4 unknown field": ({"work": [("student", "near", "kpi", 1)]}, {}),
    "P4 no days": ({"work": [("student", "near", "pasc", 0)]}, {}),
    "P4 more than present": ({"work": [("student", "near", "pasc", 2)]}, {}),
    "P5": ({"place": [*GOOD["place"], ("other", "near", [1])]}, {}),
    "P6": ({}, {"pinned_commune": "far"}),
    "P7": ({}, {"forbidden_communes": ["near"]}),
    "P8": ({"place": [("lecturer", "near", [0, 2])], "work": []}, {}),
}


@pytest.mark.parametrize("case", BREAKS)
def test_each_broken_rule_is_named(case: str) -> None:
    changes, student = BREAKS[case]
    verdict = verify(make_document(**student), PlacementSolution(**(GOOD | changes)))
    assert any(violation.startswith(case[:2]) for violation in verdict.violations), verdict.violations


def test_more_changes_than_the_cap_are_refused() -> None:
    document = make_document({"max_changes": 1}, previous_commune="near", previous_days=[1])
    assert any(violation.startswith("P9") for violation in verify(document, PlacementSolution(**GOOD)).violations)


def test_unknown_people_and_communes_are_refused_without_an_error() -> None:
    verdict = verify(make_document(), PlacementSolution(place=[("nobody", "near", [0]), ("student", "nowhere", [0])]))
    assert len(verdict.violations) == 2


def test_every_rule_has_its_number_a_case_here_and_words_in_the_domain() -> None:
    words = (Path(__file__).parents[3] / "docs" / "domain.md").read_text()
    assert {case[:2] for case in BREAKS} | {"P9"} == set(RULES)
    assert all(f"| {number} |" in words for number in RULES)


LED_BY_ONE = [("lecturer", "near", [0]), ("student", "near", [0])]
FORMS: dict[str, tuple[dict[str, Any], list[Any], bool]] = {
    "one too many in the commune": ({"students_per_lecturer": 0}, LED_BY_ONE, False),
    "nobody is counted": ({"students_per_lecturer": 0, "supervision": "none"}, LED_BY_ONE, True),
    "the lecturer at home counts over the school": ({"supervision": "school"}, [("other", "near", [1])], True),
    "but not in the commune": ({"supervision": "commune"}, [("other", "near", [1])], False),
    "one too many over the school": (
        {"supervision": "school"},
        [*LED_BY_ONE, ("other", "far", [1])],
        False,
    ),
    "a teacher may supervise": (
        {"supervisors": ["teacher"], "supervised": ["student"]},
        [*LED_BY_ONE, ("other", "near", [1])],
        True,
    ),
    "a lecturer then does not": ({"supervisors": ["teacher"], "supervised": ["student"]}, LED_BY_ONE, False),
    "who is in neither list goes alone": ({"supervised": ["student"]}, [("other", "far", [1])], True),
}


@pytest.mark.parametrize("case", FORMS)
def test_supervision_is_judged_in_the_form_the_document_asks_for(case: str) -> None:
    policy, place, is_fine = FORMS[case]
    verdict = verify(make_document(policy), PlacementSolution(place=place))
    assert any(violation.startswith("P5") for violation in verdict.violations) is not is_fine
