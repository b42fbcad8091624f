"""HiGHS itself: made with a seed, run within a budget, and what it says in the end. Only this module imports highspy.

One thread always: HiGHS fixes its thread count once a process, and a single thread repeats itself exactly.

HiGHS 1.13 to 1.15.1 may lose an equality row when its presolve fixes columns by enumeration: a plan that breaks the row
then stands for an optimum, or an empty branch for a proof. That rule of presolve is off; where HiGHS itself notices at
the end that presolve misled it, it solves once more without presolve.
"""

from enum import StrEnum
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from matching_worker.model.engine.budget import NO_TIME_LIMIT, Budget

FloatArray = npt.NDArray[np.float64]
CALLBACKS = highspy.cb.HighsCallbackType
INFINITY = 1e30
SOUND_PRESOLVE = 1 << 16
"""Presolve's rules that are off: enumeration."""


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


def run_within(highs: Any, budget: Budget, *, seconds: float = NO_TIME_LIMIT, watches_simplex: bool = False) -> float:
    """Solve within what is left of the budget, and stop soon after the monitor says so. Gives the seconds it took.

    `watches_simplex`: the monitor is asked in linear programmes too; worth it for long ones alone.
    """

    def check(event: Any) -> None:
        if budget.monitor.should_stop():
            event.interrupt()

    watched = [highs.cbMipInterrupt, *([highs.cbSimplexInterrupt] if watches_simplex else [])]
    for callback in watched:
        callback.subscribe(check)
    before = highs.getRunTime()
    limit = min(seconds, budget.seconds_left())
    highs.setOptionValue("time_limit", before + limit if limit < NO_TIME_LIMIT else limit)
    solve(highs)
    taken: float = max(0.0, highs.getRunTime() - before)
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
