"""Contiguity: always reported, and a level before travel where the policy asks for it."""

import random
from itertools import combinations, pairwise, product

from commune_schemas.documents import InstanceDocument, InstanceSolution
from commune_verify.responsibility import verify
from matching_worker.model.outcome import Limits, Status
from matching_worker.model.responsibility.solve import solve

from tests.matching_worker.responsibility.test_examples import read


def drawn(seed: int) -> InstanceDocument:
    """Six communes on a random graph, two schools with people enough for everything."""
    rng = random.Random(seed)
    communes = [f"C{k}" for k in range(6)]
    return InstanceDocument.model_validate(
        {
            "schema": "mw-instance/1",
            "id": f"graph-{seed}",
            "fields": ["kpi"],
            "schools": [{"id": "S0"}, {"id": "S1"}],
            "communes": [{"id": c, "need": {"kpi": 1}} for c in communes],
            "volunteers": [
                {"id": f"{s}{k}", "school": s, "skills": {"kpi": 1}, "days": [0, 1]}
                for s in ("S0", "S1")
                for k in (0, 1)
            ],
            "dist_m": [[rng.randrange(50_000) for _ in range(2)] for _ in communes],
            "edges": [pair for pair in combinations(communes, 2) if rng.random() < 0.35],
            "policy": {"contiguity": True, "max_support": 0},
        }
    )


def test_the_level_is_the_least_that_exhaustive_search_finds() -> None:
    for seed in range(12):
        problem = drawn(seed)
        outcome = solve(problem, limits=Limits())
        assert outcome.status is Status.OPTIMAL
        plans = product(("S0", "S1"), repeat=len(problem.communes))
        leads = [dict(zip((c.id for c in problem.communes), plan, strict=True)) for plan in plans]
        every = [
            InstanceSolution(lead=lead, flow=[(c, s, "kpi", 1) for c, s in lead.items()])
            for lead in leads
            if max(list(lead.values()).count(s) for s in ("S0", "S1")) <= 4
        ]
        verdicts = [verify(problem, plan) for plan in every]
        best = min(tuple(v.objective.values()) for v in verdicts if v.accepted)
        assert tuple(outcome.objective.values()) == best, seed
        assert (
            list(outcome.objective)
            == ["nolead", "unmet", "broken", "supports", "overcap", "scattered", "travel_km"][-len(outcome.objective) :]
        )


def test_shares_are_reported_wherever_neighbours_are_given() -> None:
    problem = read("A07_ties_grid.json")
    ids = sorted(c.id for c in problem.communes)
    with_edges = problem.model_copy(update={"edges": list(pairwise(ids))})
    outcome = solve(with_edges, limits=Limits(time_seconds=10))
    shares = outcome.statistics["contiguity"]
    assert set(shares) <= {s.id for s in problem.schools}
    assert all(0 < share <= 1 for share in shares.values())
    assert "scattered" not in outcome.objective
