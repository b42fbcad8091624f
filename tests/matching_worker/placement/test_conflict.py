"""Decisions that clash are named, and no fewer of them would clash."""

from random import Random
from typing import Any

from commune_schemas.documents import PlacementDocument
from matching_worker.model.engine.budget import Budget
from matching_worker.model.outcome import SILENT, Limits, Status
from matching_worker.model.placement.proof.conflict import has_plan, keep_only
from matching_worker.model.placement.solve import solve

from tests.matching_worker.placement.tiny import find_optimum, make_tiny


def make_document(*people: dict[str, Any], policy: dict[str, Any] | None = None) -> PlacementDocument:
    volunteers = [{"role": "student", "days": [0, 1], "max_days": 2} | person for person in people]
    return PlacementDocument.model_validate(
        {
            "schema": "mw-placement/1",
            "id": "clash",
            "fields": [],
            "communes": [{"id": "a"}, {"id": "b"}],
            "volunteers": volunteers,
            "dist_m": {person["id"]: {"a": 1000, "b": 2000} for person in people},
            "policy": policy or {},
        }
    )


def rules_of(document: PlacementDocument) -> list[tuple[str, ...]]:
    outcome = solve(document, limits=Limits())
    assert outcome.status is Status.INFEASIBLE
    assert outcome.solution is None
    return sorted((member.rule, *member.subject) for member in outcome.conflict)


def test_a_student_pinned_where_no_lecturer_goes() -> None:
    document = make_document({"id": "s", "pinned_commune": "a"}, {"id": "t"})
    assert rules_of(document) == [("P5", "5"), ("P6", "s", "a")]


def test_a_team_pinned_to_two_communes() -> None:
    pinned = [{"id": f"l{c}", "role": "lecturer", "team": "t", "pinned_commune": c} for c in "ab"]
    assert rules_of(make_document(*pinned)) == [("P6", "la", "a"), ("P6", "lb", "b"), ("P8", "t")]


def test_a_pin_to_a_forbidden_commune() -> None:
    person = {"id": "l", "role": "lecturer", "pinned_commune": "a", "forbidden_communes": ["a"]}
    assert rules_of(make_document(person)) == [("P6", "l", "a"), ("P7", "l", "a")]


def test_a_pin_beyond_the_farthest_and_a_pin_without_a_free_day() -> None:
    far = {"id": "l", "role": "lecturer", "pinned_commune": "b", "max_m": 1500}
    assert rules_of(make_document(far)) == [("P3", "l"), ("P6", "l", "b")]
    busy = {"id": "l", "role": "lecturer", "pinned_commune": "b", "days": []}
    assert rules_of(make_document(busy)) == [("P2", "l"), ("P6", "l", "b")]


def test_a_pin_that_needs_more_changes_than_the_cap() -> None:
    moved = {"id": "l", "role": "lecturer", "pinned_commune": "b", "previous_commune": "a", "previous_days": [0]}
    capped = make_document(moved, policy={"max_changes": 0})
    assert rules_of(capped) == [("P6", "l", "b"), ("P9", "0")]
    cap = next(member for member in solve(capped, limits=Limits()).conflict if member.rule == "P9")
    assert "ít nhất 1 người phải đổi" in cap.vi


def test_every_conflict_is_a_smallest_one() -> None:
    found = 0
    for seed in range(400):
        document = make_tiny(Random(seed))
        if found >= 12:
            break
        if find_optimum(document) is not None:
            continue
        found += 1
        conflict = solve(document, limits=Limits()).conflict
        decisions = [(member.rule, *member.subject) for member in conflict]
        assert not has_plan(keep_only(document, decisions), Budget(Limits(), SILENT)), seed
        for index in range(len(decisions)):
            fewer = decisions[:index] + decisions[index + 1 :]
            assert has_plan(keep_only(document, fewer), Budget(Limits(), SILENT)), (seed, decisions[index])
    assert found >= 12
