"""Stopped at any moment, the solver gives a checked plan with an honest bound."""

import pytest
from commune_schemas.documents import InstanceDocument, InstanceSolution
from commune_verify.responsibility import verify
from matching_worker.model.outcome import Limits, Progress, Status
from matching_worker.model.responsibility.problem.costs import Plan
from matching_worker.model.responsibility.search.progress import Best
from matching_worker.model.responsibility.solve import solve

from tests.matching_worker.responsibility.test_examples import read
from tests.support.instances import Shape, make_instance


class Watcher:
    """Counts its own calls as time, and asks to stop after some of them."""

    def __init__(self, patience: int) -> None:
        self.patience, self.calls = patience, 0
        self.heard: list[Progress] = []

    def report(self, progress: Progress) -> None:
        self.heard.append(progress)

    def should_stop(self) -> bool:
        self.calls += 1
        return self.calls > self.patience

    def seconds(self) -> float:
        return 0.001 * self.calls


def province() -> InstanceDocument:
    return InstanceDocument.model_validate(make_instance("04", Shape(schools=8, people=210)))


@pytest.mark.parametrize("patience", [0, 1, 3, 10, 40, 150])
@pytest.mark.parametrize("name", ["A02_dienbien.json", "A14_replan.json"])
def test_stopped_at_any_moment_the_plan_is_checked_and_the_bound_holds(name: str, patience: int) -> None:
    problem, watcher = read(name), Watcher(patience)
    best = {"A02_dienbien.json": (0, 0, 0, 0, 0, 9476), "A14_replan.json": (0, 0, 4, 2, 128, 2402)}[name]
    outcome = solve(problem, limits=Limits(), monitor=watcher)
    assert isinstance(outcome.solution, InstanceSolution)
    verdict = verify(problem, outcome.solution)
    assert verdict.accepted, verdict.violations
    assert verdict.objective == outcome.objective
    assert tuple(outcome.objective.values()) >= best
    bounds = tuple(outcome.bound.values())
    held = [value == reached for value, reached in zip(best, outcome.objective.values(), strict=True)]
    settled = held.index(False) if False in held else len(held)
    assert bounds[: settled + 1] <= best[: settled + 1]
    if outcome.status is Status.OPTIMAL:
        assert tuple(outcome.objective.values()) == best


def test_a_node_limit_repeats_itself_exactly() -> None:
    outcomes = [solve(province(), limits=Limits(work=1, seed=3)) for _ in range(2)]
    assert outcomes[0].objective == outcomes[1].objective
    assert outcomes[0].bound == outcomes[1].bound
    assert outcomes[0].solution == outcomes[1].solution


def test_no_time_at_all_still_gives_a_checked_plan() -> None:
    problem = province()
    outcome = solve(problem, limits=Limits(time_seconds=0.001))
    assert isinstance(outcome.solution, InstanceSolution)
    assert verify(problem, outcome.solution).accepted
    assert outcome.status is Status.FEASIBLE
    assert outcome.bound["travel_km"] <= outcome.objective["travel_km"]


def test_a_level_is_not_called_proved_while_the_plan_at_hand_is_worse(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every point of the programme came out, by rounding, as the plan it started from."""
    first: list[Plan] = []
    offer = Best.offer

    def offer_first(best: Best, plan: Plan, level: str, *, tie_break: bool = False) -> bool:
        first.append(plan)
        return offer(best, first[0], level, tie_break=tie_break)

    monkeypatch.setattr(Best, "offer", offer_first)
    outcome = solve(read("A14_replan.json"), limits=Limits())
    assert tuple(outcome.objective.values()) > (0, 0, 4, 2, 128, 2402)
    assert outcome.status is Status.FEASIBLE
    assert tuple(outcome.bound.values()) <= (0, 0, 4, 2, 128, 2402)


def test_progress_carries_checked_plans_and_bounds_that_only_tighten() -> None:
    problem, watcher = province(), Watcher(1 << 30)
    outcome = solve(problem, limits=Limits(), monitor=watcher)
    plans = [p for p in watcher.heard if p.solution is not None]
    assert plans
    for progress in plans:
        assert isinstance(progress.solution, InstanceSolution)
        assert verify(problem, progress.solution).objective == progress.objective
    bounds = [p.bound["travel_km"] for p in watcher.heard if p.bound is not None]
    assert bounds == sorted(bounds)
    assert bounds[-1] == outcome.bound["travel_km"]
