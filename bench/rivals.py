"""The simpler ways that every plan is held against, on the same document in the same run.

Greedy, greedy with local search, and the bare linear programme: a bound without a plan. Each stage has a function
find_rivals((document, objective of our plan)) that computes the three, each from the document on.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from matching_worker.child.stages import AnyProblem

from bench.processes import run_apart
from bench.rows import Row, make_row
from bench.solves import Objective, Solved

NAMES = ("greedy", "local_search", "lp_bound")
UNITS = {"travel_km": "km", "cost": "km", "province": "people"}

Problem = TypeVar("Problem", bound=AnyProblem)


@dataclass(frozen=True)
class Rival:
    objective: Objective | None
    """None: this way finds no plan that keeps the rules."""
    seconds: float
    cpu_seconds: float


Rivals = dict[str, Rival]
"""By the names in NAMES."""


def time_rival(find: Callable[[], Objective | None]) -> Rival:
    wall, cpu = time.perf_counter(), time.process_time()
    found = find()
    return Rival(found, time.perf_counter() - wall, time.process_time() - cpu)


def find_all(
    find_rivals: Callable[[tuple[Problem, Objective]], Rivals], problems: Iterable[Problem], solved: Iterable[Solved]
) -> list[Rivals]:
    """One process a document, as for the solves."""
    tasks = [(problem, one.objective) for problem, one in zip(problems, solved, strict=True)]
    return [run.result for run in run_apart(find_rivals, tasks)]


def lp_seconds(rivals: Iterable[Rivals]) -> float:
    """The ceiling of a case: seconds of the bare linear programme, one document after the other."""
    return sum(one["lp_bound"].seconds for one in rivals)


def rows_against(case: str, solved: Sequence[Solved], rivals: Sequence[Rivals]) -> list[Row]:
    """Ours (value) over theirs (ceiling), level by level and in CPU seconds, where they have a plan at all."""
    rows = []
    for name in NAMES:
        prefix = f"{case}.over_{name}"
        pairs = [(one, its[name]) for one, its in zip(solved, rivals, strict=True)]
        planned = [(one, rival, rival.objective) for one, rival in pairs if rival.objective is not None]
        if name != "lp_bound":
            rows.append(make_row(f"{prefix}.plans", len(planned), "cases", ceiling=len(pairs)))
        for level in solved[0].objective:
            ours = sum(one.objective[level] for one, _, _ in planned)
            theirs = sum(objective[level] for _, _, objective in planned)
            if ours or theirs:
                rows.append(make_row(f"{prefix}.{level}", ours, UNITS.get(level, "points"), ceiling=theirs))
        ours = sum(one.cpu_seconds for one, _, _ in planned)
        theirs = sum(rival.cpu_seconds for _, rival, _ in planned)
        rows.append(make_row(f"{prefix}.cpu_seconds", ours, "s", ceiling=theirs))
    return rows
