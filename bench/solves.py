"""A measured solve of any stage, checked.

Wall seconds are what somebody waits; CPU seconds are what the engine spent. Where the two part, the machine was busy.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matching_worker.child.stages import AnyProblem, get_stage
from matching_worker.model.outcome import Limits, Outcome, Progress, Status

from bench.processes import PROCESSES, run_apart
from bench.rows import Row, make_row

MEMORY_TARGET_MB = 512.0

Objective = Mapping[str, float]


@dataclass(frozen=True)
class News:
    seconds: float
    gap: float
    """The largest of all levels; 1 as long as there is no plan."""


class Watch:
    """A monitor that writes down when what was known."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.news: list[News] = []

    def report(self, progress: Progress) -> None:
        if progress.objective is not None:
            self.news.append(News(self.seconds(), largest_gap(progress.objective, progress.bound or {})))

    def should_stop(self) -> bool:
        return False

    def seconds(self) -> float:
        return time.monotonic() - self.began


@dataclass(frozen=True)
class Solved:
    """A plan that verify() accepted, and how it came about."""

    objective: Objective
    bound: Objective
    is_proved: bool
    notes: tuple[str, ...]
    news: tuple[News, ...]
    seconds: float
    cpu_seconds: float
    peak_memory_mb: float = 0.0
    ended: float = 0.0
    """Seconds after the first solve of the batch began."""

    @property
    def took(self) -> dict[str, float]:
        """The facts that every row about this solve carries."""
        return {"cpu_seconds": self.cpu_seconds, "peak_memory_mb": round(self.peak_memory_mb, 1)}

    @property
    def first_plan_seconds(self) -> float:
        return self.news[0].seconds if self.news else self.seconds

    @property
    def proved_seconds(self) -> float:
        """Until every level was proved (what comes after settles which of equal plans it is), or until it gave up."""
        return next((one.seconds for one in self.news if one.gap == 0), self.seconds)

    @property
    def gap(self) -> float:
        return largest_gap(self.objective, self.bound)

    def gap_after(self, seconds: float) -> float:
        return next((one.gap for one in reversed(self.news) if one.seconds <= seconds), 1.0)


@dataclass(frozen=True)
class Batch:
    solved: list[Solved]
    seconds: float
    """Wall time of all of them together."""

    @property
    def cpu_seconds(self) -> float:
        return sum(one.cpu_seconds for one in self.solved)

    @property
    def peak_memory_mb(self) -> float:
        return max(one.peak_memory_mb for one in self.solved)

    @property
    def took(self) -> dict[str, float]:
        return {"cpu_seconds": self.cpu_seconds, "peak_memory_mb": round(self.peak_memory_mb, 1)}

    @property
    def gap(self) -> float:
        """The largest of all levels, each summed over all problems."""
        return max(self.level_gap(level) for level in self.solved[0].objective)

    def level_gap(self, level: str) -> float:
        value = sum(one.objective[level] for one in self.solved)
        bound = sum(one.bound[level] for one in self.solved)
        return (value - bound) / max(1, value)


def solve_all(
    problems: Sequence[AnyProblem], *, limit_seconds: float | None = None, processes: int = PROCESSES
) -> Batch:
    """Raises RuntimeError when a solve fails or its plan is refused by the check."""
    runs = run_apart(solve_one, [(problem, limit_seconds) for problem in problems], processes=processes)
    solved = [replace(run.result, peak_memory_mb=run.peak_memory_mb, ended=run.ended) for run in runs]
    return Batch(solved, max(run.ended for run in runs))


def solve_one(task: tuple[AnyProblem, float | None]) -> Solved:
    problem, limit_seconds = task
    stage = get_stage(problem)
    stage.load()
    watch, cpu = Watch(), time.process_time()
    outcome = stage.solve(problem, limits=Limits(time_seconds=limit_seconds), monitor=watch)
    seconds, cpu = watch.seconds(), time.process_time() - cpu
    refuse_unchecked(problem, outcome)
    return Solved(
        objective=dict(outcome.objective),
        bound=dict(outcome.bound),
        is_proved=outcome.status is Status.OPTIMAL,
        notes=outcome.notes,
        news=tuple(watch.news),
        seconds=seconds,
        cpu_seconds=cpu,
    )


def refuse_unchecked(problem: AnyProblem, outcome: Outcome) -> None:
    if outcome.solution is None:
        raise RuntimeError(f"{problem.id}: no plan")
    verdict = get_stage(problem).verify(problem, outcome.solution)
    if not verdict.accepted or dict(verdict.objective) != dict(outcome.objective):
        raise RuntimeError(f"{problem.id}: the plan was refused by the check: {verdict.violations[:3]}")


def largest_gap(objective: Objective, bound: Objective) -> float:
    return max((value - bound.get(level, 0)) / max(1, value) for level, value in objective.items())


def memory_row(case: str, batch: Batch) -> Row:
    return make_row(f"{case}.memory_a_worker", batch.peak_memory_mb, "MB", at_most=MEMORY_TARGET_MB)
