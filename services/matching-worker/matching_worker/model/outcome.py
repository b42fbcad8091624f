"""What every stage's solve() is given and gives back: limits, progress, outcome. Shared by stages A to E.

Each stage has solve(problem, *, limits, warm_start=None, monitor=SILENT) -> Outcome in the `solve.py` of its package
(responsibility/, placement/, secondment/, groups/, border/). Its verify(problem, solution) -> Verdict stands in the
member commune_verify and shares no code with solve.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from commune_verify.verdict import Objective
from pydantic import BaseModel


class Status(StrEnum):
    OPTIMAL = "optimal"  # proved: gap 0 on every level
    FEASIBLE = "feasible"  # a checked plan, with a stated gap
    INFEASIBLE = "infeasible"  # no plan keeps every hard rule


@dataclass(frozen=True)
class Limits:
    """When to stop. `work` repeats exactly from run to run, and so do seconds that are counted; the clock's do not."""

    time_seconds: float | None = None
    counted: bool = False
    """Seconds are counted from the solvers' iterations, not by the clock: the same however busy the machine is."""
    work: int | None = None
    """Deterministic limit, in the solver's own units (nodes or iterations)."""
    seed: int = 0
    workers: int = 1


@dataclass(frozen=True)
class Progress:
    """One line of news while solving. `solution` is set when a new checked incumbent was found."""

    stage: str
    level: str
    """The objective level being improved or proved, e.g. 'travel_km'."""
    objective: Objective | None
    bound: Objective | None
    gap: float | None
    """Relative gap of the current level: (objective - bound) / max(1, objective)."""
    seconds: float
    solution: BaseModel | None = None


class Monitor(Protocol):
    """How a solve talks to the outside without knowing it. Both calls are cheap and may be made often."""

    def report(self, progress: Progress) -> None: ...

    def should_stop(self) -> bool:
        """True once the caller wants the best plan so far, now."""
        ...

    def seconds(self) -> float:
        """Seconds since the solve began (the model reads no clock of its own)."""
        ...


class SilentMonitor:
    """Reports nothing, never stops, and knows no time: limits in seconds then rest with the solver alone."""

    def report(self, progress: Progress) -> None:
        del progress

    def should_stop(self) -> bool:
        return False

    def seconds(self) -> float:
        return 0.0


SILENT: Monitor = SilentMonitor()


class Lap:
    """A solve among several under one monitor: time counts from here, plans found on the way are nobody's news."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._from = monitor.seconds()

    def report(self, progress: Progress) -> None:
        del progress

    def should_stop(self) -> bool:
        return self._monitor.should_stop()

    def seconds(self) -> float:
        return self._monitor.seconds() - self._from


@dataclass(frozen=True)
class Conflict:
    """One member of a smallest clashing set: the rule's number (docs/domain.md), and the thing it names."""

    rule: str
    subject: tuple[str, ...]
    vi: str
    en: str


@dataclass(frozen=True)
class Outcome:
    """A checked plan with its bounds, or the reason there is none."""

    status: Status
    solution: BaseModel | None
    objective: Objective
    bound: Objective
    """Proved lower bound of each level, given the levels before it at their reported values."""
    solver: str
    """Solver and version, e.g. 'HiGHS 1.15.1'."""
    seconds: float = 0.0
    conflict: tuple[Conflict, ...] = ()
    notes: tuple[str, ...] = ()
    """Anything a reader of the certificate should know: a limit hit, a bound that is weaker than it looks."""
    statistics: Mapping[str, Any] = field(default_factory=dict)

    def gaps(self) -> dict[str, float]:
        """Relative gap of each level: (objective - bound) / max(1, objective); 0 = proved."""
        return {name: (value - self.bound.get(name, 0)) / max(1, value) for name, value in self.objective.items()}


Solve = Callable[..., Outcome]


class ProblemError(ValueError):
    """The document is no consistent problem: which field, why, and what would be right."""

    def __init__(self, pointer: str, vi: str, en: str) -> None:
        super().__init__(f"{pointer}: {en}")
        self.pointer = pointer
        self.vi = vi
        self.en = en
