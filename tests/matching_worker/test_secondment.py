"""Stage C against brute force on tiny markets, and what must hold of every plan."""

import itertools
import json
from pathlib import Path
from random import Random

import pytest
from commune_schemas.documents import SecondmentDocument, SecondmentSolution
from commune_verify.secondment import verify
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_worker.model.outcome import Limits, ProblemError, SilentMonitor, Status
from matching_worker.model.secondment.solve import solve

DOCUMENTS = Path(__file__).parent / "documents"
LEVELS = ("unfilled", "province", "travel_km")


def make_market(seed: int) -> SecondmentDocument:
    random = Random(seed)
    communes = [f"c{index}" for index in range(random.randint(1, 4))]
    units = [*communes, "DEPT"]
    fields = ["it", "land"]
    return SecondmentDocument.model_validate(
        {
            "schema": "mw-secondment/1",
            "id": f"market {seed}",
            "posts": [
                {
                    "id": f"q{index}",
                    "commune": random.choice(communes),
                    "field": random.choice(fields),
                    "priority": random.choice([0, 1, 1, 2, 3]),
                }
                for index in range(random.randint(0, 5))
            ],
            "people": [
                {
                    "id": f"p{index}",
                    "kind": random.choice(["internal", "province"]),
                    "unit": random.choice(units),
                    "fields": random.sample(fields, random.randint(0, 2)),
                }
                for index in range(random.randint(0, 5))
            ],
            "dist_m": {unit: {commune: random.randint(0, 8) * 10_000 for commune in communes} for unit in units},
            "forbid": [(random.choice(units), random.choice(communes)) for _ in range(random.randint(0, 2))],
            "policy": {"max_move_m": 50_000},
        }
    )


def best_by_brute_force(problem: SecondmentDocument) -> tuple[int, ...]:
    """The least objective over every injective choice of a person, or nobody, for each post."""
    people = [person.id for person in problem.people]
    best: tuple[int, ...] | None = None
    for choice in itertools.product([None, *people], repeat=len(problem.posts)):
        chosen = [person for person in choice if person is not None]
        if len(set(chosen)) < len(chosen):
            continue
        moves = [(person, post.id) for person, post in zip(choice, problem.posts, strict=True) if person is not None]
        verdict = verify(problem, SecondmentSolution(moves=moves))
        if verdict.accepted:
            value = tuple(verdict.objective[level] for level in LEVELS)
            best = value if best is None else min(best, value)
    assert best is not None
    return best


@pytest.mark.parametrize("block", range(10))
def test_solver_and_brute_force_agree_on_tiny_markets(block: int) -> None:
    for seed in range(block * 20, block * 20 + 20):
        problem = make_market(seed)
        expected = best_by_brute_force(problem)
        # The second ceiling is so low that every level is optimised on its own, on the face of those before it.
        for largest_cost in (1 << 50, 1):
            outcome = solve(problem, limits=Limits(), largest_cost=largest_cost)
            assert outcome.status is Status.OPTIMAL, seed
            assert tuple(outcome.objective[level] for level in LEVELS) == expected, seed
            assert outcome.bound == outcome.objective, seed
            assert isinstance(outcome.solution, SecondmentSolution)
            verdict = verify(problem, outcome.solution)
            assert verdict.accepted, seed
            assert verdict.objective == outcome.objective, seed


def test_the_example_reaches_its_proven_optimum() -> None:
    problem = SecondmentDocument.model_validate_json((DOCUMENTS / "examples/C02_posts_exceed_people.json").read_bytes())
    expected = json.loads((DOCUMENTS / "expected/C02_posts_exceed_people.json").read_text())
    assert solve(problem, limits=Limits()).objective == expected["objective"]


@given(seed=st.integers(1000, 100_000), order=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_input_changes_nothing(seed: int, order: Random) -> None:
    problem = make_market(seed)
    posts, people = list(problem.posts), list(problem.people)
    order.shuffle(posts)
    order.shuffle(people)
    shuffled = problem.model_copy(update={"posts": posts, "people": people})
    assert solve(problem, limits=Limits()).solution == solve(shuffled, limits=Limits()).solution


@given(seed=st.integers(1000, 100_000))
@settings(max_examples=60, deadline=None)
def test_one_person_more_never_leaves_more_unfilled(seed: int) -> None:
    problem = make_market(seed)
    for index in range(len(problem.people)):
        fewer = problem.model_copy(update={"people": problem.people[:index] + problem.people[index + 1 :]})
        with_all, without_one = solve(problem, limits=Limits()), solve(fewer, limits=Limits())
        assert with_all.objective["unfilled"] <= without_one.objective["unfilled"]


def test_a_stopped_solve_gives_a_valid_greedy_plan_with_an_honest_bound() -> None:
    class Stopped(SilentMonitor):
        def should_stop(self) -> bool:
            return True

    problem = SecondmentDocument.model_validate_json((DOCUMENTS / "examples/C02_posts_exceed_people.json").read_bytes())
    outcome = solve(problem, limits=Limits(), monitor=Stopped())
    assert outcome.status is Status.FEASIBLE
    assert isinstance(outcome.solution, SecondmentSolution)
    assert verify(problem, outcome.solution).accepted
    optimum = solve(problem, limits=Limits()).objective
    assert outcome.bound["unfilled"] <= optimum["unfilled"] <= outcome.objective["unfilled"]


@pytest.mark.parametrize(
    ("moves", "rule"),
    [
        ([("p0", "q0"), ("p0", "q1")], "C1"),
        ([("p0", "q0"), ("p1", "q0")], "C1"),
        ([("p1", "q1")], "C2"),
        ([("p2", "q0")], "C3"),
        ([("p3", "q0")], "C4"),
        ([("nobody", "q0")], "unknown"),
    ],
)
def test_each_broken_rule_is_named(moves: list[tuple[str, str]], rule: str) -> None:
    problem = SecondmentDocument.model_validate(
        {
            "schema": "mw-secondment/1",
            "id": "rules",
            "posts": [{"id": "q0", "commune": "c", "field": "it"}, {"id": "q1", "commune": "c", "field": "land"}],
            "people": [
                {"id": "p0", "kind": "internal", "unit": "near", "fields": ["it", "land"]},
                {"id": "p1", "kind": "internal", "unit": "near", "fields": ["it"]},
                {"id": "p2", "kind": "province", "unit": "barred", "fields": ["it"]},
                {"id": "p3", "kind": "internal", "unit": "far", "fields": ["it"]},
            ],
            "dist_m": {"near": {"c": 1000}, "barred": {"c": 1000}, "far": {"c": 90_000}},
            "forbid": [("barred", "c")],
            "policy": {"max_move_m": 50_000},
        }
    )
    verdict = verify(problem, SecondmentSolution(moves=moves))
    assert any(violation.startswith(rule) for violation in verdict.violations)


def test_a_repeated_id_is_refused_with_its_place() -> None:
    problem = make_market(3)
    doubled = problem.model_copy(update={"posts": [*problem.posts, problem.posts[0]]})
    with pytest.raises(ProblemError) as refusal:
        solve(doubled, limits=Limits())
    assert refusal.value.pointer == f"/posts/{len(problem.posts)}/id"
