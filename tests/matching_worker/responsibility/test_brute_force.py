"""The solver against exhaustive search on hundreds of tiny problems with every kind of rule."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from commune_schemas.documents import InstanceDocument, InstanceSolution
from commune_verify.responsibility import verify
from matching_worker.model.outcome import Limits, Status
from matching_worker.model.responsibility.problem.staffing import BoolArray
from matching_worker.model.responsibility.proof import prove_priced
from matching_worker.model.responsibility.proof.slices import Slice
from matching_worker.model.responsibility.solve import solve

from tests.matching_worker.responsibility.tiny import best_objective, make_tiny, with_bound, with_heads_and_prices

JUDGE = Path(__file__).parents[2] / "support" / "judge" / "check.py"


@pytest.mark.parametrize("block", range(12))
def test_exhaustive_search_finds_nothing_better(block: int) -> None:
    for seed in range(20 * block, 20 * block + 20):
        assert_best(make_tiny(seed), seed)


@pytest.mark.parametrize("block", range(4))
def test_no_plan_has_fewer_communes_led_beyond_what_supervisors_bear(block: int) -> None:
    for seed in range(2000 + 20 * block, 2020 + 20 * block):
        assert_best(with_bound(make_tiny(seed), seed), seed)


@pytest.mark.parametrize("block", range(20))
def test_no_plan_leaves_communes_less_short_of_people_or_costs_less_with_prices(block: int) -> None:
    for seed in range(3000 + 25 * block, 3025 + 25 * block):
        problem = with_heads_and_prices(make_tiny(seed), seed)
        assert_best(problem if seed % 3 else with_bound(problem, seed), seed)


def test_slices_by_load_find_the_plan_that_one_programme_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiny cores are one slice as a rule; here they are halved, bounded and listed as large ones are."""
    drawn = [with_heads_and_prices(make_tiny(seed), seed) for seed in range(3000, 3060)]
    priced = [problem for problem in drawn if problem.policy.prices is not None]
    whole = [solve(problem, limits=Limits()) for problem in priced]
    searched, pairs = set[int](), Slice.pairs

    def watch(searched_slice: Slice, most: float) -> BoolArray:
        searched.add(searched_slice.low)
        return pairs(searched_slice, most)

    monkeypatch.setattr(prove_priced, "FEW_PAIRS", 0)
    monkeypatch.setattr(Slice, "pairs", watch)
    for problem, before in zip(priced, whole, strict=True):
        after = solve(problem, limits=Limits())
        assert (after.objective, after.bound, after.solution) == (before.objective, before.bound, before.solution)
    assert len(searched) > 1


def assert_best(problem: InstanceDocument, seed: int) -> None:
    expected = best_objective(problem)
    outcome = solve(problem, limits=Limits())
    if expected is None:
        assert outcome.status is Status.INFEASIBLE, seed
        assert outcome.conflict, seed
        return
    assert outcome.status is Status.OPTIMAL, seed
    assert tuple(outcome.objective.values()) == expected, seed
    assert outcome.bound == outcome.objective, seed
    assert isinstance(outcome.solution, InstanceSolution)
    verdict = verify(problem, outcome.solution)
    assert verdict.accepted, (seed, verdict.violations)
    assert verdict.objective == outcome.objective, seed


def test_the_judge_agrees_with_verify_on_tiny_problems(tmp_path: Path) -> None:
    for seed in range(0, 240, 30):
        problem = make_tiny(seed)
        outcome = solve(problem, limits=Limits())
        if outcome.solution is None:
            continue
        paths = tmp_path / f"{seed}.problem.json", tmp_path / f"{seed}.solution.json"
        for path, document in zip(paths, (problem, outcome.solution), strict=True):
            path.write_text(document.model_dump_json(by_alias=True), encoding="utf-8")
        judged = subprocess.run([sys.executable, JUDGE, *paths], capture_output=True, text=True, check=False)
        assert judged.returncode == 0, (seed, judged.stdout)
        assert json.loads(judged.stdout)["objective"] == dict(outcome.objective), seed


def test_needs_that_no_areas_can_hold_whole_are_still_solved_to_the_end() -> None:
    """Five communes whose needs fit three schools only in pieces, which shows when areas are put together."""
    needs, days = [4, 6, 6, 3, 1], {"S0": 5, "S1": 7, "S2": 8}
    km = [[50, 79, 51], [69, 65, 2], [51, 7, 81], [37, 33, 67], [40, 11, 20]]
    problem = InstanceDocument.model_validate(
        {
            "schema": "mw-instance/1",
            "id": "pieces",
            "fields": ["kpi"],
            "schools": [{"id": school} for school in days],
            "communes": [{"id": f"C{number}", "need": {"kpi": need}} for number, need in enumerate(needs)],
            "volunteers": [
                {"id": f"{school}-{number}", "school": school, "skills": {"kpi": 1}, "days": [0], "max_days": 1}
                for school, count in days.items()
                for number in range(count)
            ],
            "dist_m": [[1000 * one for one in row] for row in km],
            "policy": {"max_support": 0, "theta_pct": 105},
        }
    )
    outcome = solve(problem, limits=Limits())
    assert outcome.status is Status.OPTIMAL
    assert (outcome.objective["unmet"], outcome.objective["travel_km"]) == (1, 536)
