"""Stage B against greedy, greedy with local search, and the proved bound, on the same problems in the same run.

Rows are dicts {name, value, unit, ceiling, ratio, target, met}: `ceiling` is the proved bound (or what is at most
possible), `ratio` value / ceiling. Two solver processes, as in production on two cores.
"""

import math
import multiprocessing
import resource
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from commune_schemas.documents import PlacementDocument, PlacementSolution
from matching_worker.model.outcome import Limits, Progress
from matching_worker.model.placement import solve, verify
from matching_worker.model.placement.greedy import find_greedy_plan
from matching_worker.model.placement.improve import improve
from matching_worker.model.placement.problem import read_problem

from bench.placement_instances import khanh_hoa, large_school, national

PROCESSES = 2
LOCAL_SEARCH_WEEKS = 1000
BASELINE_EVERY = 20
SECONDS_A_SCHOOL_NATIONAL = 10.0
SECONDS_A_SCHOOL = 20.0
Row = dict[str, Any]
Points = tuple[int, int]


class Stopwatch:
    """A monitor that only knows the time, and when the first plan came."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.first_plan: float | None = None

    def report(self, progress: Progress) -> None:
        if self.first_plan is None and progress.solution is not None:
            self.first_plan = self.seconds()

    def should_stop(self) -> bool:
        return False

    def seconds(self) -> float:
        return time.monotonic() - self.began


@dataclass(frozen=True)
class Measured:
    """One school: (unmet, km) of our plan, of its bound, of greedy and of greedy with local search."""

    ours: Points
    bound: Points
    checked: bool
    first_plan_seconds: float
    cpu_seconds: float
    peak_mb: float
    greedy: Points | None = None
    local: Points | None = None


def measure(task: tuple[PlacementDocument, float, bool]) -> Measured:
    document, seconds, baselines = task
    watch, cpu = Stopwatch(), time.process_time()
    outcome = solve(document, limits=Limits(time_seconds=seconds), monitor=watch)
    cpu = time.process_time() - cpu
    assert isinstance(outcome.solution, PlacementSolution)
    verdict = verify(document, outcome.solution)
    greedy = local = None
    if baselines:
        problem = read_problem(document)
        plan = find_greedy_plan(problem)
        assert plan is not None
        greedy = plan.objective["unmet"], plan.objective["travel_km"]
        better = improve(problem, plan, weeks=LOCAL_SEARCH_WEEKS).objective
        local = better["unmet"], better["travel_km"]
    return Measured(
        ours=(verdict.objective["unmet"], verdict.objective["travel_km"]),
        bound=(outcome.bound["unmet"], outcome.bound["travel_km"]),
        checked=verdict.accepted and dict(verdict.objective) == dict(outcome.objective),
        first_plan_seconds=watch.first_plan or math.inf,
        cpu_seconds=cpu,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        greedy=greedy,
        local=local,
    )


def measure_all(tasks: Iterable[tuple[PlacementDocument, float, bool]]) -> tuple[list[Measured], float]:
    """Every task over the processes, and the wall seconds of all of them."""
    began = time.monotonic()
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        measured = list(pool.imap_unordered(measure, tasks))
    return measured, time.monotonic() - began


def rows(*, national_schools: int = 401) -> Iterator[Row]:
    """All rows of stage B. The country takes minutes; fewer schools give the same ratios sooner."""
    documents = khanh_hoa()
    measured, _ = measure_all((document, SECONDS_A_SCHOOL, True) for document in documents)
    _, seconds = measure_all((document, SECONDS_A_SCHOOL, False) for document in documents)
    yield from rows_of("engine.b.khanhhoa", measured, seconds, gap_target=1.01, seconds_target=30.0)
    for load in (1, 3, 8):
        hard, seconds = measure_all([(large_school(load=load), SECONDS_A_SCHOOL, True)])
        yield from rows_of(f"engine.b.250x8_load{load}", hard, seconds, gap_target=1.01, seconds_target=30.0)
    tasks = (
        (document, SECONDS_A_SCHOOL_NATIONAL, index % BASELINE_EVERY == 0)
        for index, document in enumerate(national(national_schools))
    )
    country, seconds = measure_all(tasks)
    target = 600.0 * national_schools / 401
    yield from rows_of("engine.b.national_100k", country, seconds, gap_target=1.05, seconds_target=target)


def rows_of(
    name: str, measured: list[Measured], seconds: float, *, gap_target: float, seconds_target: float
) -> Iterator[Row]:
    proved = sum(one.ours[0] == one.bound[0] for one in measured)
    travel, bound = (sum(getattr(one, which)[1] for one in measured) for which in ("ours", "bound"))
    compared = [one for one in measured if one.greedy is not None]
    yield row(f"{name}.checked_plans", sum(one.checked for one in measured), "schools", len(measured), at_least=1.0)
    yield row(f"{name}.unmet_proved", proved, "schools", len(measured), at_least=1.0)
    yield row(f"{name}.travel_over_bound", travel, "km", bound, at_most=gap_target)
    for method in ("greedy", "local", "ours"):
        for level, label, unit in ((0, "unmet", "points"), (1, "travel", "km")):
            value = sum(getattr(one, method)[level] for one in compared)
            ceiling = sum(one.bound[level] for one in compared)
            yield row(f"{name}.{method}_{label}_over_bound", value, unit, ceiling)
    yield row(f"{name}.seconds", round(seconds, 1), "s", seconds_target, at_most=1.0)
    yield row(f"{name}.cpu_seconds", round(sum(one.cpu_seconds for one in measured), 1), "s", 2 * seconds_target)
    first = max(one.first_plan_seconds for one in measured)
    yield row(f"{name}.first_checked_plan_at_most", round(first, 2), "s", 1.0, at_most=1.0)
    yield row(f"{name}.peak_memory_a_process", round(max(one.peak_mb for one in measured)), "MB", 512, at_most=1.0)


def row(
    name: str,
    value: float,
    unit: str,
    ceiling: float,
    *,
    at_most: float | None = None,
    at_least: float | None = None,
) -> Row:
    """`met` is None for a row that only compares."""
    ratio = value / ceiling if ceiling else (1.0 if value == 0 else math.inf)
    target = at_most if at_most is not None else at_least
    met = None if target is None else (ratio <= target if at_most is not None else ratio >= target)
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "ceiling": ceiling,
        "ratio": round(ratio, 4),
        "target": target,
        "met": met,
    }
