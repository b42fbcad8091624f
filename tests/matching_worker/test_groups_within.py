"""Stage D's groups listed by their prices, and fewer of them after rows for threes: no plan worth having is lost."""

from random import Random

import pytest
from commune_schemas.documents import GroupsDocument, GroupsSolution
from commune_verify.groups import verify
from matching_worker.model.engine.highs import solve as run
from matching_worker.model.groups import areas, narrow
from matching_worker.model.groups.areas import MOST_STEPS, list_areas
from matching_worker.model.groups.bound import price_groups
from matching_worker.model.groups.narrow import Narrowing
from matching_worker.model.groups.problem import read_map
from matching_worker.model.groups.solve import solve
from matching_worker.model.groups.within import list_within
from matching_worker.model.outcome import Limits, Status


def make_grid(seed: int) -> GroupsDocument:
    """A grid of 4 x 4 communes in three or four groups whose weights differ by a few."""
    random = Random(seed)
    ids = [f"c{number:02}" for number in range(16)]
    weights = [random.randint(1, 5) for _ in ids]
    edges = [(ids[n], ids[n + 1]) for n in range(16) if n % 4 < 3] + [(ids[n], ids[n + 4]) for n in range(12)]
    k = random.choice([3, 4])
    where = [(random.uniform(0, 3) + n // 4 * 10, random.uniform(0, 3) + n % 4 * 10) for n in range(16)]
    return GroupsDocument.model_validate(
        {
            "schema": "mw-groups/1",
            "id": f"grid {seed}",
            "communes": [{"id": one, "weight": weight} for one, weight in zip(ids, weights, strict=True)],
            "edges": edges,
            "k": k,
            "lo": sum(weights) // k - 2,
            "hi": sum(weights) // k + 3,
            "dist_km": {
                a: {b: round(abs(p[0] - q[0]) + abs(p[1] - q[1])) for b, q in zip(ids, where, strict=True)}
                for a, p in zip(ids, where, strict=True)
            },
        }
    )


@pytest.mark.parametrize("near_gap", [0.0, 1.0], ids=["better plans first", "all at once"])
@pytest.mark.parametrize("seed", range(12))
def test_groups_by_their_prices_make_the_plan_that_all_groups_make(
    seed: int, near_gap: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = make_grid(seed)
    whole = solve(problem, limits=Limits())
    monkeypatch.setattr(areas, "MOST_AREAS", -1)
    monkeypatch.setattr(narrow, "FEW", 0)
    monkeypatch.setattr("matching_worker.model.groups.solve.NEAR_GAP", near_gap)
    priced = solve(problem, limits=Limits())
    assert priced.status is whole.status is Status.OPTIMAL
    assert priced.objective == priced.bound == whole.objective
    assert isinstance(priced.solution, GroupsSolution)
    assert verify(problem, priced.solution).accepted


@pytest.mark.parametrize("seed", range(12))
def test_no_group_of_a_plan_within_the_ceiling_is_left_out(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """All groups there can be, priced at random: those of the best plan stay listed, and stay after narrowing."""
    monkeypatch.setattr(narrow, "FEW", 0)
    document = make_grid(seed)
    problem = read_map(document)
    best = solve(document, limits=Limits())
    assert isinstance(best.solution, GroupsSolution)
    cost = int(best.objective["cost"])
    prices = problem.km.mean(axis=1) * Random(seed).uniform(0, 1)
    priced = price_groups(problem, problem.km.astype(float), prices, float(cost))
    every = list_areas(problem, most_steps=MOST_STEPS, should_stop=lambda: False)
    assert priced is not None
    assert every is not None
    listed = list_within(problem, priced, cost, lambda: False)
    assert listed is not None
    narrowing = Narrowing(listed, problem.k, cost, prices=prices, seed=0)
    narrowing.run(run)
    assert narrowing.bound <= cost + 1e-6
    for group in range(problem.k):
        members = [best.solution.group[one] == group for one in problem.ids]
        for left in (every, listed, narrowing.areas):
            assert (left.members.astype(bool) == members).all(axis=1).any(), group
