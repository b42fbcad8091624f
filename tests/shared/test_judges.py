"""The judges by themselves: small plans whose faults, costs and bounds are counted by hand, without a solver."""

from typing import Any

import pytest
from commune_schemas.documents import (
    BorderDocument,
    BorderSolution,
    GroupsDocument,
    GroupsSolution,
    SecondmentDocument,
    SecondmentSolution,
)
from commune_verify import border, groups, secondment

PROVE_NOTHING = "the prices prove nothing: some pair is worth more than they say"
UNMET_DAY = 1 + 3 * 50 + 1 * 50 + 2 * 31
"""More than all travel: each day wanted from the farthest who could give it."""
PRICES = [
    ("c", "software", 3 * UNMET_DAY - 10),
    ("c", "digitise", 3 * UNMET_DAY - 50),
    ("d", "software", UNMET_DAY - 31),
]
"""What a day is worth where the nearest who could give it gives it."""


def make_border(**changes: Any) -> BorderDocument:
    return BorderDocument.model_validate(
        {
            "schema": "mw-border/1",
            "id": "border",
            "needs": [
                {"commune": "c", "province": "56", "need": {"software": 3, "digitise": 1, "data": 0}, "priority": 3},
                {"commune": "d", "province": "56", "need": {"software": 2}},
            ],
            "staff": [
                {"id": "own", "school": "own", "province": "56", "fields": ["software"], "days": 5},
                {"id": "busy", "school": "near", "province": "66", "fields": ["software"], "days": 0},
                {"id": "near", "school": "near", "province": "66", "fields": ["software"], "days": 2},
                {"id": "far", "school": "far", "province": "68", "fields": ["digitise", "software", "data"], "days": 5},
                {"id": "shy", "school": "shy", "province": "67", "fields": ["software"], "days": 4, "max_m": 10_000},
            ],
            "dist_m": {
                "c": {"own": 1_000, "near": 20_000, "far": 50_499, "shy": 10_000},
                "d": {"near": 30_500, "shy": 10_001, "far": 60_001},
            },
            "policy": {"max_m": 60_000},
            **changes,
        }
    )


def test_a_border_plan_that_keeps_the_rules_counts_what_stays_unmet_and_the_kilometres() -> None:
    everything = [("c", "shy", "software", 3), ("c", "far", "digitise", 1), ("d", "near", "software", 2)]
    verdict = border.verify(make_border(), BorderSolution(support=everything))
    assert verdict.violations == ()
    assert verdict.accepted
    assert verdict.objective == {"unmet": 0, "travel_km": 3 * 10 + 50 + 2 * 31}
    less = border.verify(make_border(), BorderSolution(support=[("c", "near", "software", 1)]))
    assert less.objective == {"unmet": 3 * 2 + 3 * 1 + 2, "travel_km": 20}


@pytest.mark.parametrize(
    ("support", "violation"),
    [
        (("c", "own", "software", 1), "E1: own is of the same province as c"),
        (("c", "near", "digitise", 1), "E3: near does not know digitise"),
        (("d", "shy", "software", 1), "E2: shy is too far from d"),
        (("d", "far", "software", 1), "E2: far is too far from d"),
        (("d", "near", "software", 3), "E4: near gives 3 days, has 2 to spare"),
        (("c", "far", "digitise", 2), "E4: c is given 2 days of digitise, lacks 1"),
        (("d", "far", "data", 1), "E4: d is given 1 day of data, lacks 0"),
        (("x", "near", "software", 1), "not a support of this problem: x, near, software, 1"),
        (("c", "nobody", "software", 1), "not a support of this problem: c, nobody, software, 1"),
        (("c", "near", "software", 0), "not a support of this problem: c, near, software, 0"),
    ],
)
def test_a_border_plan_names_who_breaks_which_rule_and_judges_the_rest(
    support: tuple[str, str, str, int], violation: str
) -> None:
    verdict = border.verify(make_border(), BorderSolution(support=[support, ("c", "shy", "software", 4)]))
    assert not verdict.accepted
    assert violation in verdict.violations
    assert "E4: c is given" in verdict.violations[-1], "what comes after a fault is judged as well"


def test_a_pair_without_a_distance_is_too_far_and_costs_no_kilometres() -> None:
    problem = make_border(dist_m={"c": {"near": 20_000}})
    verdict = border.verify(
        problem, BorderSolution(support=[("c", "far", "software", 1), ("d", "near", "software", 1)])
    )
    assert verdict.violations == ("E2: far is too far from c", "E2: near is too far from d")
    assert verdict.objective["travel_km"] == 0


def test_who_could_help_whom_is_listed_with_whole_kilometres() -> None:
    listed = [(need.commune, field, one.id, km) for need, field, one, km in border.list_pairs(make_border())]
    assert sorted(listed) == [
        ("c", "digitise", "far", 50),
        ("c", "software", "far", 50),
        ("c", "software", "near", 20),
        ("c", "software", "shy", 10),
        ("d", "software", "near", 31),
    ]


def test_prices_that_cover_every_pair_prove_a_bound() -> None:
    problem = make_border()
    assert border.weigh_unmet_day(problem, border.list_pairs(problem)) == UNMET_DAY
    proved = BorderSolution(support=[], need_prices=PRICES)
    assert border.proved_bound(problem, proved) == {"unmet": 0, "travel_km": 3 * 10 + 50 + 2 * 31}
    assert border.verify(problem, proved).accepted
    shared = [PRICES[0], ("c", "digitise", PRICES[1][2] - 1), PRICES[2], ("x", "software", 7)]
    staffed = BorderSolution(support=[], need_prices=shared, staff_prices=[("far", 1), ("nobody", 7)])
    assert border.proved_bound(problem, staffed) == {"unmet": 0, "travel_km": 142 + 1 - 5}
    free = make_border(staff=[])
    assert border.proved_bound(free, BorderSolution(support=[])) == {"unmet": 3 * 4 + 2, "travel_km": 0}
    dear = BorderSolution(support=[], need_prices=[(c, f, price + UNMET_DAY) for c, f, price in PRICES])
    assert border.proved_bound(problem, dear) == {"unmet": 0, "travel_km": 0}


@pytest.mark.parametrize(
    "forged",
    [
        {"need_prices": PRICES[:2]},
        {"need_prices": [("c", "software", UNMET_DAY - 10), *PRICES[1:]]},
        {"need_prices": [*PRICES[:2], ("d", "software", PRICES[2][2] - 1)]},
        {"need_prices": [*PRICES, ("x", "software", -1)]},
        {"need_prices": [*PRICES, PRICES[0]]},
        {"need_prices": PRICES, "staff_prices": [("own", -1)]},
        {"need_prices": PRICES, "staff_prices": [("far", 1), ("far", 1)]},
        {"staff_prices": [("far", 5)]},
    ],
)
def test_forged_prices_prove_nothing(forged: dict[str, Any]) -> None:
    solution = BorderSolution(support=[], **forged)
    assert border.proved_bound(make_border(), solution) == {"unmet": 0, "travel_km": 0}
    assert border.verify(make_border(), solution).violations == (PROVE_NOTHING,)


def test_a_price_may_be_nothing_and_days_of_one_staff_are_added_up() -> None:
    free = BorderSolution(support=[], need_prices=PRICES, staff_prices=[("own", 0)])
    assert border.verify(make_border(), free).accepted
    twice = BorderSolution(support=[("c", "near", "software", 1), ("d", "near", "software", 2)])
    assert border.verify(make_border(), twice).violations == ("E4: near gives 3 days, has 2 to spare",)


def make_line(**changes: Any) -> GroupsDocument:
    """a - b - c - d, of weights 1 to 4; a group's cost is from its best centre."""
    km = {"a": [0, 2, 9, 9], "b": [5, 0, 1, 9], "c": [9, 3, 0, 6], "d": [9, 9, 7, 0]}
    return GroupsDocument.model_validate(
        {
            "schema": "mw-groups/1",
            "id": "line",
            "communes": [{"id": one, "weight": weight} for weight, one in enumerate("abcd", start=1)],
            "edges": [["a", "b"], ["c", "b"], ["c", "d"]],
            "k": 2,
            "lo": 3,
            "hi": 7,
            "dist_km": {centre: dict(zip("abcd", row, strict=True)) for centre, row in km.items()},
            **changes,
        }
    )


def grouped(numbers: str) -> GroupsSolution:
    return GroupsSolution(group={one: int(number) for one, number in zip("abcd", numbers, strict=False)})


@pytest.mark.parametrize(
    ("numbers", "cost", "violations"),
    [
        ("0011", 2 + 6, ()),
        ("0001", 1 + 5, ()),
        ("0111", 0 + 9, ("D3: group 0 weighs 1, less than 3", "D4: group 1 weighs 9, more than 7")),
        ("0101", 9 + 9, ("D2: group 0 is not connected", "D2: group 1 is not connected")),
        ("0000", 15, ("D4: group 0 weighs 10, more than 7", "D1: group 1 is empty")),
        ("1111", 15, ("D1: group 0 is empty", "D4: group 1 weighs 10, more than 7")),
        (
            "0012",
            2 + 0,
            ("D1: group numbers must be 0 to 1",),
        ),
        ("001", 2 + 0, ("D1: not exactly the communes of the problem are grouped",)),
    ],
)
def test_a_grouping_is_measured_from_its_best_centres_and_its_faults_are_named(
    numbers: str, cost: int, violations: tuple[str, ...]
) -> None:
    verdict = groups.verify(make_line(), grouped(numbers))
    assert (verdict.violations, verdict.objective) == (violations, {"cost": cost})


def test_a_group_may_weigh_exactly_its_bounds_and_has_at_least_number_zero() -> None:
    assert groups.verify(make_line(lo=3, hi=7), grouped("0011")).accepted
    assert groups.verify(make_line(lo=4), grouped("0011")).violations == ("D3: group 0 weighs 3, less than 4",)
    below = GroupsSolution(group={"a": -1, "b": 0, "c": 1, "d": 1})
    assert groups.verify(make_line(lo=0), below).violations == ("D1: group numbers must be 0 to 1",)
    foreign = GroupsSolution(group=grouped("0011").group | {"x": 0})
    assert groups.verify(make_line(), foreign).violations == (
        "D1: not exactly the communes of the problem are grouped",
    )


def make_market(**changes: Any) -> SecondmentDocument:
    return SecondmentDocument.model_validate(
        {
            "schema": "mw-secondment/1",
            "id": "market",
            "posts": [
                {"id": "it", "commune": "c", "field": "it", "priority": 3},
                {"id": "land", "commune": "c", "field": "land"},
                {"id": "far", "commune": "d", "field": "it"},
            ],
            "people": [
                {"id": "both", "kind": "internal", "unit": "near", "fields": ["it", "land"]},
                {"id": "clerk", "kind": "internal", "unit": "near", "fields": ["it"]},
                {"id": "guest", "kind": "province", "unit": "agency", "fields": ["it"]},
                {"id": "barred", "kind": "province", "unit": "barred", "fields": ["it"]},
            ],
            "dist_m": {
                "near": {"c": 1_499, "d": 50_001},
                "agency": {"c": 90_500, "d": 50_001},
                "barred": {"c": 1_000},
            },
            "forbid": [["barred", "c"]],
            "policy": {"max_move_m": 50_000},
            **changes,
        }
    )


def test_secondments_that_keep_the_rules_count_posts_left_people_of_the_province_and_kilometres() -> None:
    verdict = secondment.verify(make_market(), SecondmentSolution(moves=[("both", "land"), ("guest", "it")]))
    assert verdict.violations == ()
    assert verdict.objective == {"unfilled": 1, "province": 1, "travel_km": 1 + 91}
    nobody = secondment.verify(make_market(), SecondmentSolution(moves=[]))
    assert (nobody.accepted, nobody.objective) == (True, {"unfilled": 5, "province": 0, "travel_km": 0})
    at_the_limit = make_market(policy={"max_move_m": 50_001})
    assert secondment.verify(at_the_limit, SecondmentSolution(moves=[("clerk", "far")])).accepted


@pytest.mark.parametrize(
    ("move", "violation"),
    [
        (("clerk", "land"), "C2: clerk does not know land, the field of land"),
        (("barred", "it"), "C3: barred may not send anyone to c"),
        (("barred", "far"), "C4: no distance from barred to d"),
        (("clerk", "far"), "C4: clerk would move 50001 m to far"),
        (("nobody", "it"), "unknown person or post: nobody, it"),
        (("clerk", "nothing"), "unknown person or post: clerk, nothing"),
    ],
)
def test_secondments_name_who_breaks_which_rule_and_judge_the_rest(move: tuple[str, str], violation: str) -> None:
    verdict = secondment.verify(make_market(), SecondmentSolution(moves=[move, ("guest", "it")]))
    assert verdict.violations[-1] == violation
    own = {"clerk": 0, "barred": 1, "nobody": 0}[move[0]] if "C4: no distance" not in violation else 0
    assert verdict.objective["province"] == own + 1, "the guest after it is counted"


def test_nobody_fills_two_posts_and_no_post_is_filled_twice() -> None:
    twice = secondment.verify(make_market(), SecondmentSolution(moves=[("both", "it"), ("both", "land")]))
    assert twice.violations == ("C1: person both moved 2 times",)
    crowded = secondment.verify(make_market(), SecondmentSolution(moves=[("both", "it"), ("clerk", "it")]))
    assert crowded.violations == ("C1: post it filled 2 times",)
