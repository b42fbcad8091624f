"""Stage D against brute force on tiny maps, named conflicts, and what must hold of every grouping."""

import itertools
import json
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from commune_schemas.documents import GroupsDocument, GroupsSolution
from commune_verify.groups import verify
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_worker.model.groups import areas
from matching_worker.model.groups.bound import price_groups
from matching_worker.model.groups.conflict import explain_by_dropping
from matching_worker.model.groups.formulation import to_values
from matching_worker.model.groups.problem import possible_balance, read_map
from matching_worker.model.groups.solve import can_group_within, solve
from matching_worker.model.outcome import Limits, ProblemError, Progress, SilentMonitor, Status

DOCUMENTS = Path(__file__).parent / "documents"


def make_map(seed: int) -> GroupsDocument:
    """A random map of 2 to 6 communes, now and then in two pieces, balance now loose, now tight."""
    random = Random(seed)
    ids = [f"c{index}" for index in range(random.randint(2, 6))]
    weights = {one: random.randint(1, 4) for one in ids}
    edges = [pair for pair in itertools.combinations(ids, 2) if random.random() < 0.5]
    k = random.randint(1, min(3, len(ids)))
    mean = sum(weights.values()) / k
    slack = random.choice([0.1, 0.4, 1.0])
    return GroupsDocument.model_validate(
        {
            "schema": "mw-groups/1",
            "id": f"map {seed}",
            "communes": [{"id": one, "weight": weights[one]} for one in ids],
            "edges": edges,
            "k": k,
            "lo": int(mean * (1 - slack)),
            "hi": int(mean * (1 + slack)) + 1,
            "dist_km": {a: {b: 0 if a == b else random.randint(1, 9) for b in ids} for a in ids},
        }
    )


def best_by_brute_force(problem: GroupsDocument) -> int | None:
    ids = [commune.id for commune in problem.communes]
    costs = []
    for choice in itertools.product(range(problem.k), repeat=len(ids)):
        verdict = verify(problem, GroupsSolution(group=dict(zip(ids, choice, strict=True))))
        if verdict.accepted:
            costs.append(verdict.objective["cost"])
    return min(costs, default=None)


@pytest.mark.parametrize("listed", [True, False], ids=["groups listed", "groups searched"])
@pytest.mark.parametrize("block", range(10))
def test_solver_and_brute_force_agree_on_tiny_maps(block: int, listed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to the proof: all possible groups listed, as for small maps, and priced and searched, as for large."""
    monkeypatch.setattr(areas, "MOST_AREAS", 3000 if listed else -1)
    for seed in range(block * 20, block * 20 + 20):
        problem = make_map(seed)
        expected = best_by_brute_force(problem)
        outcome = solve(problem, limits=Limits())
        if expected is None:
            assert outcome.status is Status.INFEASIBLE, seed
            assert outcome.conflict, seed
            continue
        assert outcome.status is Status.OPTIMAL, seed
        assert outcome.objective == {"cost": expected} == outcome.bound, seed
        assert isinstance(outcome.solution, GroupsSolution)
        assert verify(problem, outcome.solution).accepted, seed


@pytest.mark.parametrize("seed", range(40))
def test_no_plan_is_cheaper_than_its_priced_bound(seed: int) -> None:
    problem = read_map(make_map(seed))
    best = solve(make_map(seed), limits=Limits())
    if not isinstance(best.solution, GroupsSolution):
        return
    prices = np.array([Random(f"{seed} {one}").uniform(0, 9) for one in problem.ids])
    bound = price_groups(problem, problem.km.astype(np.float64), prices, float(best.objective["cost"]))
    if bound is None:
        return
    used = to_values(problem, [best.solution.group[one] for one in problem.ids]).reshape(problem.size, -1) > 0
    assert bound.value <= best.objective["cost"] + 1e-6
    assert (bound.with_pair[used] <= best.objective["cost"] + 1e-6).all()
    assert (bound.with_pair >= bound.value - 1e-6).all()


def make_lumpy_map(*, k: int, slack: int) -> GroupsDocument:
    """A 4 x 5 grid with a few heavy communes: groups that weigh nearly the same are rare."""
    ids = [f"c{number:02}" for number in range(20)]
    weights = [1, 7, 42, 6, 1, 7, 21, 4, 6, 2, 6, 28, 14, 5, 5, 2, 7, 42, 6, 1]
    edges = [(ids[n], ids[n + 1]) for n in range(20) if n % 5 < 4] + [(ids[n], ids[n + 5]) for n in range(15)]
    return GroupsDocument.model_validate(
        {
            "schema": "mw-groups/1",
            "id": "lumpy",
            "communes": [{"id": one, "weight": weight} for one, weight in zip(ids, weights, strict=True)],
            "edges": edges,
            "k": k,
            "lo": sum(weights) // k - slack,
            "hi": sum(weights) // k + 1 + slack,
            "dist_km": {
                a: {b: 10 * (abs(i // 5 - j // 5) + abs(i % 5 - j % 5)) for j, b in enumerate(ids)}
                for i, a in enumerate(ids)
            },
        }
    )


def test_lumpy_weights_are_grouped_or_proved_impossible() -> None:
    outcome = solve(make_lumpy_map(k=3, slack=1), limits=Limits())
    assert outcome.status is Status.OPTIMAL
    refused = solve(make_lumpy_map(k=5, slack=0), limits=Limits())
    assert refused.status is Status.INFEASIBLE
    assert refused.conflict


def read_example() -> GroupsDocument:
    return GroupsDocument.model_validate_json((DOCUMENTS / "examples/D03_tight_balance.json").read_bytes())


def test_the_example_reaches_its_proven_optimum() -> None:
    expected = json.loads((DOCUMENTS / "expected/D03_tight_balance.json").read_text())
    assert solve(read_example(), limits=Limits()).objective == expected["objective"]


@given(seed=st.integers(1000, 100_000), order=st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_input_changes_nothing(seed: int, order: Random) -> None:
    problem = make_map(seed)
    communes, edges = list(problem.communes), [(b, a) for a, b in problem.edges]
    order.shuffle(communes)
    order.shuffle(edges)
    shuffled = problem.model_copy(update={"communes": communes, "edges": edges})
    first, second = solve(problem, limits=Limits()), solve(shuffled, limits=Limits())
    assert (first.solution, first.conflict) == (second.solution, second.conflict)


def test_among_equal_groupings_every_seed_gives_the_same() -> None:
    """All communes as far from one another: any two halves of the ring cost the same."""
    ids = [f"c{index}" for index in range(8)]
    ring = GroupsDocument.model_validate(
        {
            "schema": "mw-groups/1",
            "id": "ring",
            "communes": [{"id": one} for one in ids],
            "edges": [*itertools.pairwise(ids), (ids[-1], ids[0])],
            "k": 2,
            "lo": 4,
            "hi": 4,
            "dist_km": {a: {b: 0 if a == b else 9 for b in ids} for a in ids},
        }
    )
    plans = [solve(ring, limits=Limits(seed=seed)).solution for seed in range(6)]
    assert all(plan == plans[0] for plan in plans)


@given(seed=st.integers(1000, 100_000))
@settings(max_examples=30, deadline=None)
def test_looser_balance_never_costs_more(seed: int) -> None:
    problem = make_map(seed)
    tight = solve(problem, limits=Limits())
    loose = solve(problem.model_copy(update={"lo": problem.lo - 1, "hi": problem.hi + 1}), limits=Limits())
    if tight.status is Status.OPTIMAL:
        assert loose.status is Status.OPTIMAL
        assert loose.objective["cost"] <= tight.objective["cost"]


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"k": 13}, ["D1"]),
        ({"edges": []}, ["D1", "D2"]),
        ({"lo": 17}, ["D1", "D3"]),
        ({"hi": 14}, ["D1", "D4"]),
        ({"lo": 15, "hi": 15, "k": 3}, ["D1", "D4"]),
    ],
)
def test_an_impossible_grouping_names_the_rules_that_clash(changes: dict[str, Any], rules: list[str]) -> None:
    outcome = solve(read_example().model_copy(update=changes), limits=Limits())
    assert outcome.status is Status.INFEASIBLE
    assert [member.rule for member in outcome.conflict] == rules
    assert all(member.vi and member.en for member in outcome.conflict)


def test_a_balance_between_the_weights_there_are_is_refused_at_sight() -> None:
    """Thirty communes of weight 2 in a grid: four groups of 15 divide the total, and no group weighs 15."""
    ids = [f"{number:02}" for number in range(30)]
    problem = GroupsDocument.model_validate(
        {
            "schema": "mw-groups/1",
            "id": "even",
            "communes": [{"id": one, "weight": 2} for one in ids],
            "edges": [*itertools.pairwise(ids), *zip(ids, ids[5:], strict=False)],
            "k": 4,
            "lo": 15,
            "hi": 15,
            "dist_km": {a: {b: abs(int(a) - int(b)) for b in ids} for a in ids},
        }
    )
    outcome = solve(problem, limits=Limits(work=0))
    assert outcome.status is Status.INFEASIBLE
    assert [member.rule for member in outcome.conflict] == ["D1", "D3"]
    nearer = problem.model_copy(update={"k": 6, "lo": 9, "hi": 11})
    assert possible_balance(read_map(nearer)) == (10, 10)
    far_too_heavy = problem.model_copy(update={"lo": 61, "hi": -1})
    assert possible_balance(read_map(far_too_heavy)) == (61, -1)


def test_a_balance_that_only_connection_forbids_is_explained_by_both() -> None:
    """a-b-c in a line, weights 1, 2, 1: two groups of two exist, but not connected ones."""
    problem = GroupsDocument.model_validate(
        {
            "schema": "mw-groups/1",
            "id": "line",
            "communes": [{"id": "a", "weight": 1}, {"id": "b", "weight": 2}, {"id": "c", "weight": 1}],
            "edges": [("a", "b"), ("b", "c")],
            "k": 2,
            "lo": 2,
            "hi": 2,
            "dist_km": {a: dict.fromkeys("abc", 1) for a in "abc"},
        }
    )
    outcome = solve(problem, limits=Limits())
    assert outcome.status is Status.INFEASIBLE
    rules = [member.rule for member in outcome.conflict]
    assert "D2" in rules
    assert {"D3", "D4"} & set(rules)


def test_the_kilometres_run_from_the_centre_to_the_members() -> None:
    """One way: a kilometre from a to either neighbour, five from there to anywhere."""
    problem = GroupsDocument.model_validate(
        {
            "schema": "mw-groups/1",
            "id": "one way",
            "communes": [{"id": one} for one in "abc"],
            "edges": [("a", "b"), ("a", "c")],
            "k": 1,
            "lo": 0,
            "hi": 3,
            "dist_km": {a: {b: 0 if a == b else 1 if a == "a" else 5 for b in "abc"} for a in "abc"},
        }
    )
    outcome = solve(problem, limits=Limits())
    assert outcome.objective == {"cost": 2}
    assert isinstance(outcome.solution, GroupsSolution)
    assert verify(problem, outcome.solution).objective == {"cost": 2}


def test_rules_that_nobody_had_time_to_drop_stay_among_the_reasons() -> None:
    """A row that weighs even in two halves only when it is torn apart; stopped before any question is answered."""

    class Stopped(SilentMonitor):
        def should_stop(self) -> bool:
            return True

    ids = [f"{number:02}" for number in range(32)]
    row = {
        "schema": "mw-groups/1",
        "id": "row",
        "communes": [{"id": one, "weight": 1 if one in ids[:2] else 4} for one in ids],
        "edges": [*itertools.pairwise(ids)],
        "k": 2,
        "lo": 61,
        "hi": 61,
        "dist_km": {a: {b: abs(int(a) - int(b)) for b in ids} for a in ids},
    }
    communes = read_map(GroupsDocument.model_validate(row))
    rules = [member.rule for member in explain_by_dropping(communes, can_group_within(Stopped()))]
    assert rules == ["D1", "D2", "D3", "D4"]


def test_a_stopped_solve_keeps_its_plan_and_an_honest_bound() -> None:
    class StopsAtFirstPlan(SilentMonitor):
        found = False

        def report(self, progress: Progress) -> None:
            self.found = self.found or progress.solution is not None

        def should_stop(self) -> bool:
            return self.found

    problem = read_example()
    warm = solve(problem, limits=Limits()).solution
    assert isinstance(warm, GroupsSolution)
    outcome = solve(problem, limits=Limits(), warm_start=warm, monitor=StopsAtFirstPlan())
    assert isinstance(outcome.solution, GroupsSolution)
    assert verify(problem, outcome.solution).accepted
    assert outcome.bound["cost"] <= 179 <= outcome.objective["cost"]


def test_a_mutated_grouping_is_rejected() -> None:
    problem = read_example()
    solution = solve(problem, limits=Limits()).solution
    assert isinstance(solution, GroupsSolution)
    far_away = {"03439": solution.group["03390"]}
    for change, rule in ((far_away, "D2"), ({"03388": 9}, "D1"), (dict.fromkeys(solution.group, 0), "D4")):
        verdict = verify(problem, GroupsSolution(group=solution.group | change))
        assert any(violation.startswith(rule) for violation in verdict.violations)


def test_a_group_that_weighs_too_little_is_rejected() -> None:
    problem = read_example()
    solution = solve(problem, limits=Limits()).solution
    assert isinstance(solution, GroupsSolution)
    verdict = verify(problem.model_copy(update={"lo": problem.hi + 1}), solution)
    assert [violation for violation in verdict.violations if not violation.startswith("D3")] == []
    assert verdict.violations


def test_a_missing_distance_is_refused_with_its_place() -> None:
    problem = read_example()
    distances = {a: dict(row) for a, row in problem.dist_km.items()}
    del distances["03388"]["03390"]
    with pytest.raises(ProblemError) as refusal:
        solve(problem.model_copy(update={"dist_km": distances}), limits=Limits())
    assert refusal.value.pointer == "/dist_km/03388/03390"
