"""The border round against brute force on tiny problems, its proof, and what must hold of every proposal."""

import itertools
from random import Random

import pytest
from commune_schemas.documents import BorderDocument, BorderSolution
from commune_verify.border import list_pairs, proved_bound, verify
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_worker.model.border.solve import solve
from matching_worker.model.outcome import Limits, Outcome, ProblemError, SilentMonitor, Status

LEVELS = ("unmet", "travel_km")
FIELDS = ["software", "digitise"]


def make_border(seed: int, *, communes: int = 2, staff: int = 3, days: int = 2) -> BorderDocument:
    random = Random(seed)
    needs = [
        {
            "commune": f"c{index}",
            "province": random.choice(["56", "66"]),
            "need": {field: random.randint(0, days) for field in random.sample(FIELDS, random.randint(1, 2))},
            "priority": random.choice([0, 1, 1, 3]),
        }
        for index in range(random.randint(0, communes))
    ]
    province_of = {school: random.choice(["56", "66"]) for school in ("A", "B")}
    helpers = []
    for index in range(random.randint(0, staff)):
        school = random.choice(["A", "B"])
        helpers.append(
            {
                "id": f"{school}/{index}",
                "school": school,
                "province": province_of[school],
                "fields": random.sample(FIELDS, random.randint(1, 2)),
                "days": random.randint(0, days),
                "max_m": random.choice([25_000, 100_000_000]),
            }
        )
    return BorderDocument.model_validate(
        {
            "schema": "mw-border/1",
            "id": f"border {seed}",
            "needs": needs,
            "staff": helpers,
            "dist_m": {
                f"c{index}": {school: random.randint(0, 70_400) for school in ("A", "B") if random.random() < 0.9}
                for index in range(len(needs))
            },
            "policy": {"max_m": 60_000},
        }
    )


def plan_of(outcome: Outcome) -> BorderSolution:
    assert isinstance(outcome.solution, BorderSolution)
    return outcome.solution


def best_by_brute_force(problem: BorderDocument) -> tuple[int, ...]:
    """The least objective over every way to give whole days on the allowed pairs."""
    pairs = list(list_pairs(problem))
    most = [min(need.need[field], one.days) for need, field, one, _ in pairs]
    objectives = []
    for days in itertools.product(*(range(limit + 1) for limit in most)):
        support = [
            (need.commune, one.id, field, given)
            for (need, field, one, _), given in zip(pairs, days, strict=True)
            if given
        ]
        verdict = verify(problem, BorderSolution(support=support))
        if verdict.accepted:
            objectives.append(tuple(verdict.objective[level] for level in LEVELS))
    return min(objectives)


@pytest.mark.parametrize("block", range(4))
def test_solver_and_brute_force_agree_on_tiny_borders(block: int) -> None:
    for seed in range(block * 75, block * 75 + 75):
        problem = make_border(seed)
        outcome = solve(problem, limits=Limits())
        assert outcome.status is Status.OPTIMAL, seed
        assert tuple(outcome.objective[level] for level in LEVELS) == best_by_brute_force(problem), seed
        verdict = verify(problem, plan_of(outcome))
        assert verdict.accepted, (seed, verdict.violations)
        assert verdict.objective == outcome.objective, seed
        assert proved_bound(problem, plan_of(outcome)) == outcome.bound == outcome.objective, seed


@given(seed=st.integers(1000, 100_000), order=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_input_changes_nothing(seed: int, order: Random) -> None:
    problem = make_border(seed, communes=6, staff=8, days=4)
    needs, staff = list(problem.needs), list(problem.staff)
    order.shuffle(needs)
    order.shuffle(staff)
    distances = {commune: dict(reversed(near.items())) for commune, near in reversed(problem.dist_m.items())}
    shuffled = problem.model_copy(update={"needs": needs, "staff": staff, "dist_m": distances})
    assert solve(problem, limits=Limits()).solution == solve(shuffled, limits=Limits()).solution


@given(seed=st.integers(1000, 100_000))
@settings(max_examples=40, deadline=None)
def test_a_wider_limit_and_more_days_never_leave_more_unmet(seed: int) -> None:
    problem = make_border(seed, communes=5, staff=5, days=3)
    unmet = solve(problem, limits=Limits()).objective["unmet"]
    wider = problem.model_copy(update={"policy": problem.policy.model_copy(update={"max_m": 80_000})})
    richer = [one.model_copy(update={"days": one.days + 1}) for one in problem.staff]
    assert solve(wider, limits=Limits()).objective["unmet"] <= unmet
    assert solve(problem.model_copy(update={"staff": richer}), limits=Limits()).objective["unmet"] <= unmet


def test_a_stopped_solve_gives_a_valid_greedy_proposal_with_an_honest_bound() -> None:
    class Stopped(SilentMonitor):
        def should_stop(self) -> bool:
            return True

    for seed in range(40):
        problem = make_border(seed, communes=6, staff=8, days=4)
        best = solve(problem, limits=Limits())
        outcome = solve(problem, limits=Limits(), monitor=Stopped())
        verdict = verify(problem, plan_of(outcome))
        assert verdict.accepted
        assert verdict.objective == outcome.objective
        assert outcome.bound["unmet"] <= best.objective["unmet"] <= outcome.objective["unmet"]


def small_border(**changes: object) -> BorderDocument:
    return BorderDocument.model_validate(
        {
            "schema": "mw-border/1",
            "id": "small",
            "needs": [{"commune": "c", "province": "56", "need": {"software": 3, "digitise": 1}, "priority": 3}],
            "staff": [
                {"id": "near/1", "school": "near", "province": "66", "fields": ["software"], "days": 2},
                {"id": "far/1", "school": "far", "province": "68", "fields": FIELDS, "days": 5},
                {"id": "own/1", "school": "own", "province": "56", "fields": FIELDS, "days": 5},
            ],
            "dist_m": {"c": {"near": 20_000, "far": 50_499, "own": 1_000}},
            **changes,
        }
    )


def test_neighbours_help_nearest_first_and_the_own_province_does_not() -> None:
    outcome = solve(small_border(), limits=Limits())
    assert plan_of(outcome).support == [
        ("c", "far/1", "digitise", 1),
        ("c", "far/1", "software", 1),
        ("c", "near/1", "software", 2),
    ]
    assert outcome.objective == {"unmet": 0, "travel_km": 2 * 20 + 2 * 50}


@pytest.mark.parametrize(
    ("support", "rule"),
    [
        ([("c", "own/1", "software", 1)], "E1"),
        ([("c", "far/1", "software", 1)], "E2"),
        ([("c", "near/1", "digitise", 1)], "E3"),
        ([("c", "near/1", "software", 3)], "E4"),
        ([("c", "near/1", "software", 0)], "not a support"),
        ([("d", "near/1", "software", 1)], "not a support"),
    ],
)
def test_verify_names_the_broken_rule(support: list[tuple[str, str, str, int]], rule: str) -> None:
    problem = small_border(policy={"max_m": 40_000})
    (violation,) = verify(problem, BorderSolution(support=support)).violations
    assert violation.startswith(rule)


def test_prices_that_leave_a_pair_out_prove_nothing() -> None:
    problem = small_border()
    plan = plan_of(solve(problem, limits=Limits()))
    assert proved_bound(problem, plan) == {"unmet": 0, "travel_km": 140}
    cheap = plan.model_copy(update={"need_prices": [(c, f, price - 1) for c, f, price in plan.need_prices]})
    below_zero = plan.model_copy(update={"staff_prices": [*plan.staff_prices, ("own/1", -1)]})
    twice = plan.model_copy(update={"need_prices": plan.need_prices * 2})
    for forged in (cheap, below_zero, twice):
        assert "prove nothing" in verify(problem, forged).violations[0]
    for forged in (cheap, below_zero, twice, BorderSolution(support=plan.support)):
        assert proved_bound(problem, forged) == {"unmet": 0, "travel_km": 0}


def test_repeated_ids_are_named() -> None:
    problem = small_border()
    with pytest.raises(ProblemError) as raised:
        solve(problem.model_copy(update={"staff": [*problem.staff, problem.staff[0]]}), limits=Limits())
    assert raised.value.pointer == "/staff/3/id"
