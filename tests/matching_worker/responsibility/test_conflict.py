"""Clashing wishes come back as a smallest set, by name."""

from typing import Any

import pytest
from matching_worker.model.outcome import Limits, Status
from matching_worker.model.responsibility.problem.conflict import find_conflict
from matching_worker.model.responsibility.solve import solve

from tests.matching_worker.responsibility.test_problem import document
from tests.matching_worker.responsibility.tiny import make_tiny

PIN = {"commune": "C0", "school": "S1"}
CLASHES: dict[str, tuple[dict[str, Any], set[str]]] = {
    "a pin on a forbidden pair": ({"pins": [PIN], "forbid": [["C0", "S1"], ["C1", "S1"]]}, {"R2", "R5"}),
    "a pin beyond the greatest distance": ({"pins": [PIN], "policy": {"max_lead_m": 1500}}, {"R3", "R5"}),
    "a remote commune pinned to a school by land": (
        {"pins": [PIN], "communes": [{"id": "C0", "mode": "remote"}, {"id": "C1"}]},
        {"R4", "R5"},
    ),
    "two pins of one commune": ({"pins": [PIN, {"commune": "C0", "school": "S0"}]}, {"R5"}),
    "more pins than lecturers": ({"pins": [PIN], "policy": {"max_communes_per_lecturer": 1.0}}, {"R5", "R9"}),
    "fewer changes than a closed school forces": (
        {"previous": [["C0", "S1"], ["C1", "S0"]], "forbid": [["C0", "S1"]], "policy": {"max_changes": 0}},
        {"R2", "R10"},
    ),
    "a pin against the cap on changes": (
        {"previous": [["C0", "S0"]], "pins": [PIN], "policy": {"max_changes": 0}},
        {"R5", "R10"},
    ),
}


@pytest.mark.parametrize("name", CLASHES)
def test_the_clash_is_named(name: str) -> None:
    changes, rules = CLASHES[name]
    outcome = solve(document(**changes), limits=Limits())
    assert outcome.status is Status.INFEASIBLE
    assert outcome.solution is None
    assert {member.rule for member in outcome.conflict} == rules
    assert all(member.vi and member.en and member.subject for member in outcome.conflict)


def test_the_order_of_schools_does_not_change_which_clash_is_named() -> None:
    """Either school alone has pins enough for a clash with its lecturers' bound."""
    pins = [{"commune": "C0", "school": "S0"}, {"commune": "C1", "school": "S1"}]
    schools = [{"id": "S0"}, {"id": "S1"}]
    bound = {"max_communes_per_lecturer": 1.0}
    clashes = [
        find_conflict(document(pins=pins, policy=bound, volunteers=[], schools=listed))
        for listed in (schools, schools[::-1])
    ]
    assert clashes[0] == clashes[1] != ()


def test_a_clash_is_smallest_dropping_any_of_its_pins_and_bans_lifts_it() -> None:
    """On all tiny problems with a single clash: without one member's pin or ban, either no clash or another one."""
    for seed in range(120):
        problem = make_tiny(seed)
        clash = find_conflict(problem)
        for member in clash:
            if member.rule not in ("R2", "R5"):
                continue
            commune, school = member.subject
            without = problem.model_copy(
                update={
                    "pins": [
                        p for p in problem.pins if member.rule != "R5" or (p.commune, p.school) != (commune, school)
                    ],
                    "forbid": [x for x in problem.forbid if member.rule != "R2" or x != (commune, school)],
                }
            )
            assert set(find_conflict(without)) != set(clash)
