"""The benchmarks by name: all that are promised are offered, and --only decides what is computed."""

import os
from random import Random

import pytest
from commune_schemas.documents import PlacementSolution
from commune_verify.secondment import verify
from matching_worker.model.secondment.problem import read_moves
from matching_worker.model.secondment.solve import fill_greedily, make_solution, measure

from bench.cases import CASES, REQUIRED, select
from bench.engine_policies import list_short
from bench.engine_secondment import make_market
from bench.processes import run_apart
from bench.replan_instances import demo_problem, who_came
from bench.secondment_search import exchange
from tests.support.places import DIEN_BIEN, list_communes

PROMISED = [
    "engine.a.khanhhoa",
    "engine.a.dienbien",
    "engine.a.provinces",
    "engine.a.national_100k",
    "engine.b.khanhhoa",
    "engine.b.national_100k",
    "engine.c.dienbien",
    "engine.c.national",
    "engine.d.khanhhoa",
]


OF_POLICIES = {
    "engine.a.prices",
    "engine.a.shortage",
    "engine.a.danang",
    "engine.b.use_days",
    "engine.edit_preview",
    "engine.replan_162",
}


def test_every_promised_case_is_offered_by_some_module() -> None:
    assert list(REQUIRED) == PROMISED
    assert {*PROMISED, *OF_POLICIES} <= set(CASES)


def test_shortage_has_its_22_cases_and_each_needs_more_than_its_people_offer() -> None:
    problems = list_short()
    assert len(problems) == 22
    for problem in problems:
        offered = sum(min(person.max_days, len(person.days)) for person in problem.volunteers)
        assert offered < sum(sum(commune.need.values()) for commune in problem.communes), problem.id


def test_who_came_is_a_problem_of_162_upon_the_plan_in_force() -> None:
    problem = demo_problem(seconds=1)
    person, commune = problem.volunteers[0], problem.communes[0]
    placed = PlacementSolution(place=[(str(person.id), commune.code, [0])])
    came = who_came(problem, {commune.code: "DHNT"}, {"DHNT": placed}, beyond=5, seconds=3)
    assert (len(problem.volunteers), len(came.volunteers)) == (243, 162)
    assert came.options.max_placement_changes == 5
    assert len(came.previous_placements) == (person in came.volunteers)


def test_no_case_hides_behind_another() -> None:
    assert [(one, other) for one in CASES for other in CASES if other.startswith(f"{one}.")] == []


@pytest.mark.parametrize(
    ("only", "chosen"),
    [
        ("engine.a.khanhhoa", ["engine.a.khanhhoa"]),
        ("engine.a.khanhhoa.gap", ["engine.a.khanhhoa"]),
        ("engine.d", ["engine.d.khanhhoa", "engine.d.balance"]),
        ("engine.c.n", ["engine.c.national"]),
        ("engine.a.khanhhoax", []),
        ("no such thing", []),
    ],
)
def test_only_what_is_asked_for_is_computed(only: str, chosen: list[str]) -> None:
    assert list(select(only)) == chosen


def test_without_a_wish_everything_is_measured() -> None:
    parts = [select(part) for part in sorted({name.partition(".")[0] for name in CASES})]
    assert select("") == {name: case for part in parts for name, case in part.items()} == CASES


def test_a_case_yields_its_own_row_first_and_its_details_after_it() -> None:
    rows = list(CASES["engine.c.dienbien"]())
    names = [row["name"] for row in rows]
    assert names[0] == "engine.c.dienbien"
    assert all(name.startswith("engine.c.dienbien.") for name in names[1:])
    assert len(set(names)) == len(names)
    by_name = {row["name"].removeprefix("engine.c.dienbien."): row for row in rows}
    assert by_name["gap"]["value"] == 0
    assert by_name["over_lp_bound.unfilled"]["ratio"] == 1
    assert by_name["over_greedy.unfilled"]["ratio"] <= 1
    assert by_name["over_local_search.unfilled"]["ratio"] <= 1


def double(number: int) -> int:
    return 2 * number


def die(number: int) -> int:
    os._exit(number)


def test_results_come_in_the_order_of_the_tasks() -> None:
    runs = run_apart(double, [3, 1, 2])
    assert [run.result for run in runs] == [6, 2, 4]
    assert all(run.peak_memory_mb > 1 for run in runs)


def test_a_process_that_dies_is_an_error_and_no_endless_wait() -> None:
    with pytest.raises(RuntimeError, match="status 7"):
        run_apart(die, [7, 7, 7])


def test_exchanges_keep_every_rule_and_make_no_market_worse() -> None:
    for seed in range(20):
        market = make_market(list_communes(DIEN_BIEN)[:12], posts=Random(seed).randint(5, 40), seed=seed)
        moves = read_moves(market)
        greedy = fill_greedily(moves)
        searched = exchange(moves, greedy.copy(), rounds=3)
        assert verify(market, make_solution(moves, searched)).accepted
        assert tuple(measure(moves, searched).values()) <= tuple(measure(moves, greedy).values())
