"""HiGHS itself: made with a seed, run within a budget, and what it says in the end. Only this module imports highspy.

One thread always: HiGHS fixes its thread count once a process, and a single thread repeats itself exactly.

HiGHS 1.13 to 1.15.1 may lose an equality row when its presolve fixes columns by enumeration: a plan that breaks the row
then stands for an optimum, or an empty branch for a proof. That rule of presolve is off; where HiGHS itself notices at
the end that presolve misled it, it solves once more without presolve.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from matching_worker.model.engine.budget import NO_TIME_LIMIT, Budget

FloatArray = npt.NDArray[np.float64]
CALLBACKS = highspy.cb.HighsCallbackType
INFINITY = 1e30
BASIC = highspy.HighsBasisStatus.kBasic
SOUND_PRESOLVE = 1 << 16
"""Presolve's rules that are off: enumeration."""


LINEAR_BASE, LINEAR_EACH = 5e-7, 4e-9
MIXED_BASE, MIXED_EACH = 5e-6, 5e-8
"""Seconds by rows, columns and entries together, of a run and of each of its iterations: measured, and then fixed."""
LINEAR_MOST, MIXED_MOST = 13_000, 25_000
"""Rows, columns and entries beyond these hardly make an iteration longer: presolve and sparsity take them away."""
ITERATIONS_A_LOOK = 100
"""HiGHS does not tell a mixed run's iterations before its end, but asks at fixed places of it whether to go on."""
MOST_ITERATIONS = 2**31 - 1


class Answer(StrEnum):
    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"  # a limit or a wish to stop; `values` may still hold a feasible point


def solver_name() -> str:
    return f"HiGHS {highspy.Highs().version()}"  # type: ignore[no-untyped-call]


def make_highs(*, seed: int, **options: Any) -> Any:
    """A silent HiGHS without a model."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    always = {"threads": 1, "random_seed": seed % 2**31, "presolve_rule_off": SOUND_PRESOLVE}
    for name, value in (always | options).items():
        highs.setOptionValue(name, value)
    return highs


def make_programme(
    *,
    cost: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    row_lower: FloatArray,
    row_upper: FloatArray,
    rows: csr_array,
    integer: npt.ArrayLike | None = None,
) -> Any:
    """A programme to pass to HiGHS at once. `integer` [column] is true for whole columns; None: none is whole."""
    programme = highspy.HighsLp()
    programme.num_row_, programme.num_col_ = len(row_lower), len(cost)
    programme.col_cost_, programme.col_lower_, programme.col_upper_ = cost, lower, upper
    programme.row_lower_, programme.row_upper_ = row_lower, row_upper
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = rows.indptr.astype(np.int32)
    programme.a_matrix_.index_ = rows.indices.astype(np.int32)
    programme.a_matrix_.value_ = np.asarray(rows.data, dtype=np.float64)
    if integer is not None:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        programme.integrality_ = [kinds[bool(whole)] for whole in np.asarray(integer)]
    return programme


def set_integrality(highs: Any, columns: npt.NDArray[Any], *, integer: bool) -> None:
    kind = highspy.HighsVarType.kInteger if integer else highspy.HighsVarType.kContinuous
    highs.changeColsIntegrality(len(columns), columns.astype(np.int32), np.full(len(columns), kind))


def solve(highs: Any) -> None:
    """Run; once more without presolve where HiGHS itself found that presolve had misled it."""
    highs.run()
    if highs.getModelStatus() == highspy.HighsModelStatus.kSolveError:
        highs.setOptionValue("presolve", "off")
        highs.run()
        highs.setOptionValue("presolve", "choose")


@dataclass(frozen=True)
class Work:
    """What a run counts as, in seconds of a quiet machine: from its size and its iterations, never from a clock."""

    base: float
    each: float

    def seconds(self, iterations: int) -> float:
        return self.base + self.each * max(0, iterations)

    def iterations_within(self, seconds: float) -> int:
        return MOST_ITERATIONS if seconds >= NO_TIME_LIMIT else max(1, int(min(seconds / self.each, MOST_ITERATIONS)))


def work_of(highs: Any, *, mixed: bool) -> Work:
    size = highs.getNumRow() + highs.getNumCol() + highs.getNumNz()
    base, each, most = (MIXED_BASE, MIXED_EACH, MIXED_MOST) if mixed else (LINEAR_BASE, LINEAR_EACH, LINEAR_MOST)
    return Work(base * size, each * max(1, min(size, most)))


def limit_iterations(highs: Any, budget: Budget, work: Work, *, mixed: bool) -> None:
    """A linear run ends by itself where counted seconds end; a mixed one is interrupted by whoever listens."""
    if budget.limits.counted:
        most = MOST_ITERATIONS if mixed else work.iterations_within(budget.seconds_left())
        highs.setOptionValue("simplex_iteration_limit", most)


def run_within(highs: Any, budget: Budget, *, seconds: float = NO_TIME_LIMIT, watches_simplex: bool = False) -> float:
    """Solve within what is left of the budget, and stop soon after the monitor says so. Gives the seconds it took.

    `watches_simplex`: the monitor is asked in linear programmes too; worth it for long ones alone.
    """

    limit, counted = min(seconds, budget.seconds_left()), budget.limits.counted
    mixed = counted and any(kind != highspy.HighsVarType.kContinuous for kind in highs.getLp().integrality_)
    work = work_of(highs, mixed=mixed)

    looks = count()

    def check(event: Any) -> None:
        if counted:
            budget.running_seconds = work.seconds(ITERATIONS_A_LOOK * next(looks))
        if budget.monitor.should_stop() or (counted and budget.running_seconds > limit):
            event.interrupt()

    watched = [highs.cbMipInterrupt, *([highs.cbSimplexInterrupt] if watches_simplex else [])]
    for callback in watched:
        callback.subscribe(check)
    before = highs.getRunTime()
    limit_iterations(highs, budget, work, mixed=mixed)
    highs.setOptionValue("time_limit", NO_TIME_LIMIT if counted or limit >= NO_TIME_LIMIT else before + limit)
    solve(highs)
    spent = work.seconds(highs.getInfo().simplex_iteration_count) if counted else highs.getRunTime() - before
    taken: float = max(0.0, spent)
    for callback in watched:
        callback.unsubscribe(check)
    budget.spend(seconds=taken)
    return taken


def answer_of(highs: Any) -> Answer:
    """How the last run ended."""
    status, kinds = highs.getModelStatus(), highspy.HighsModelStatus
    if status in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
        return Answer.INFEASIBLE
    return Answer.OPTIMAL if status in (kinds.kOptimal, kinds.kModelEmpty) else Answer.STOPPED


def is_empty(highs: Any) -> bool:
    """True when the last run had nothing to decide."""
    return bool(highs.getModelStatus() == highspy.HighsModelStatus.kModelEmpty)


def has_point(highs: Any) -> bool:
    """True when the last run left a feasible point."""
    return bool(highs.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible)
