"""Stage D's explanations: each stated change is what the independent check finds in the changed grouping."""

from collections import Counter

import pytest
from commune_schemas.documents import GroupsDocument, GroupsSolution
from commune_verify.groups import verify
from matching_worker.model.groups.explain import Change, explain
from matching_worker.model.groups.solve import solve
from matching_worker.model.outcome import Limits, ProblemError, Status

from tests.matching_worker.test_groups import make_map, read_example


def regrouped(problem: GroupsDocument, solution: GroupsSolution, groups: dict[str, int]) -> tuple[list[str], int]:
    """(rules broken, cost) of the plan with these communes in those groups."""
    verdict = verify(problem, GroupsSolution(group=solution.group | groups))
    return [violation[:2] for violation in verdict.violations], verdict.objective["cost"]


def assert_change_is_true(problem: GroupsDocument, solution: GroupsSolution, change: Change) -> None:
    broken, cost = regrouped(problem, solution, change.group)
    if change.rule is not None:
        assert change.rule in broken
    else:
        assert not broken
        assert change.change == {"cost": cost - verify(problem, solution).objective["cost"]}


@pytest.mark.parametrize("block", range(4))
def test_moves_and_swaps_are_as_the_check_finds_them_and_none_is_better(block: int) -> None:
    kinds: Counter[str] = Counter()
    for seed in range(block * 50, block * 50 + 50):
        problem = make_map(seed)
        outcome = solve(problem, limits=Limits())
        if outcome.status is not Status.OPTIMAL:
            continue
        solution = outcome.solution
        assert isinstance(solution, GroupsSolution)
        for commune in solution.group:
            told = explain(problem, solution, commune=commune)
            for change in told.why_not:
                assert_change_is_true(problem, solution, change)
            assert told.move == next((change for change in told.why_not if change.rule is None), None)
            assert told.swap == best_swap(problem, solution, commune, told.swap)
            kinds.update(change.kind for change in (told.move, told.swap) if change is not None)
    assert min(kinds["move"], kinds["swap"]) > 10


def best_swap(problem: GroupsDocument, solution: GroupsSolution, commune: str, told: Change | None) -> Change | None:
    """`told`, after every exchange was judged by the check: it is the cheapest allowed, and beats no proved plan."""
    own, before = solution.group[commune], verify(problem, solution).objective["cost"]
    costs = []
    for other, number in solution.group.items():
        if number != own:
            broken, cost = regrouped(problem, solution, {commune: number, other: own})
            costs += [] if broken else [cost - before]
    if told is None:
        assert not costs
        return None
    assert told.change["cost"] == min(costs) >= 0
    assert_change_is_true(problem, solution, told)
    return told


def line(**changes: object) -> GroupsDocument:
    """a-b-c-d in a line, one kilometre apart; two groups of two."""
    place = dict(zip("abcd", range(4), strict=True))
    base = {
        "schema": "mw-groups/1",
        "id": "line",
        "communes": [{"id": one, "name": f"Xã {one.upper()}"} for one in "abcd"],
        "edges": [("a", "b"), ("b", "c"), ("c", "d")],
        "k": 2,
        "lo": 1,
        "hi": 3,
        "dist_km": {one: {other: abs(place[one] - place[other]) for other in "abcd"} for one in "abcd"},
    }
    return GroupsDocument.model_validate(base | changes)


PAIRS = GroupsSolution(group={"a": 0, "b": 0, "c": 1, "d": 1})


def test_the_rule_that_bars_a_move_is_named_with_the_group_that_breaks_it() -> None:
    told = explain(line(lo=2, hi=2), PAIRS, commune="b")
    assert [(change.rule, change.group) for change in told.why_not] == [("D3", {"b": 1})]
    assert "nhóm 0 nặng 1" in told.why_not[0].vi
    assert explain(line(), PAIRS, commune="a").why_not[0].rule == "D2"
    alone = GroupsSolution(group={"a": 0, "b": 1, "c": 1, "d": 1})
    assert explain(line(), alone, commune="a").why_not[0].rule == "D1"
    assert explain(line(hi=2), PAIRS, commune="c").why_not[0].rule == "D4"


def test_a_commune_nearer_to_another_centre_is_told_what_keeps_it_away() -> None:
    """b is one kilometre from a, which fills its group alone, and two from the centre of its own."""
    place = {"a": 0, "b": 1, "c": 3, "d": 4}
    problem = line(
        communes=[{"id": one, "weight": 3 if one == "a" else 1} for one in "abcd"],
        dist_km={one: {other: abs(place[one] - place[other]) for other in "abcd"} for one in "abcd"},
    )
    told = explain(problem, GroupsSolution(group={"a": 0, "b": 1, "c": 1, "d": 1}), commune="b")
    assert (told.rule, told.centre, told.km) == ("D4", "c", 2)
    assert "tâm a của nhóm 0 gần hơn (1 km)" in told.vi
    assert "heavier than 3" in told.en


def test_the_only_group_there_is_needs_no_other_reason() -> None:
    told = explain(line(lo=4, hi=4, k=1), GroupsSolution(group=dict.fromkeys("abcd", 0)), commune="a")
    assert (told.rule, told.why_not, told.swap) == ("D1", (), None)


def test_words_use_names_and_both_languages() -> None:
    told = explain(line(), PAIRS, commune="b")
    assert "Xã B" in told.text_vi
    assert "Xã B is in group 0" in told.text_en
    assert told.text_vi.count("\n") == told.text_en.count("\n")


def test_a_tight_map_says_which_rules_forbid_every_swap() -> None:
    problem = read_example()
    solution = solve(problem, limits=Limits()).solution
    assert isinstance(solution, GroupsSolution)
    told = explain(problem, solution, commune="03388")
    others = [number for number in solution.group.values() if number != solution.group["03388"]]
    assert told.swap is None
    assert sum(told.swaps_barred.values()) == len(others)
    assert "D2" in told.text_vi


def test_a_commune_nobody_knows_is_refused() -> None:
    with pytest.raises(ProblemError):
        explain(line(), PAIRS, commune="?")


def test_a_group_of_one_commune_is_spoken_of_in_the_singular() -> None:
    told = explain(line(lo=1, hi=3), GroupsSolution(group={"a": 0, "b": 1, "c": 1, "d": 1}), commune="a")
    assert "(1 commune, weight" in told.text_en
    assert (
        "(3 communes, weight"
        in explain(line(lo=1, hi=3), GroupsSolution(group={"a": 0, "b": 1, "c": 1, "d": 1}), commune="b").text_en
    )
