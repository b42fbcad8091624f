"""A programme built up column by column and row by row: a result with its bound comes out; stoppable at any moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from matching_worker.model.engine.budget import NO_NODE_LIMIT, NO_TIME_LIMIT, Budget
from matching_worker.model.engine.highs import (
    CALLBACKS,
    INFINITY,
    ITERATIONS_A_LOOK,
    Answer,
    FloatArray,
    Work,
    answer_of,
    has_point,
    is_empty,
    limit_iterations,
    make_highs,
    set_integrality,
    solve,
    work_of,
)

OnIncumbent = Callable[[FloatArray], None]
OnBound = Callable[[float], None]


@dataclass(frozen=True)
class Result:
    answer: Answer
    objective: float
    bound: float
    values: FloatArray | None
    reduced_costs: FloatArray | None = None
    row_duals: FloatArray | None = None


class Model:
    """A linear or mixed-integer minimisation, built up column by column and row by row."""

    def __init__(self, budget: Budget, *, simplex: int | None = None, heuristics: float | None = None) -> None:
        self._budget = budget
        self._highs = make_highs(seed=budget.limits.seed, parallel="off")
        if heuristics is not None:
            self._set("mip_heuristic_effort", heuristics)
            self._set("mip_lp_age_limit", 20)
        if simplex is not None:
            self._set("simplex_strategy", simplex)
        self.columns = 0
        self.rows = 0
        self._cost: FloatArray = np.zeros(0)
        self._waiting: list[tuple[float, float, npt.NDArray[np.int64], FloatArray]] = []
        self._integer = False
        self._work, self._looks = Work(0.0, 0.0), 0
        self._failure: BaseException | None = None

    def add_columns(
        self, costs: npt.ArrayLike, *, upper: float | npt.ArrayLike = 1.0, integer: bool = False
    ) -> npt.NDArray[np.int64]:
        """New columns with lower bound 0; returns their indices."""
        cost = np.asarray(costs, dtype=np.float64).ravel()
        count = len(cost)
        bounds = np.broadcast_to(np.asarray(upper, dtype=np.float64), (count,)).copy()
        made = np.arange(self.columns, self.columns + count)
        if count:
            none = np.array([], dtype=np.int32)
            self._highs.addCols(count, cost, np.zeros(count), bounds, 0, none, none, np.array([]))
            self.columns += count
            self._cost = np.append(self._cost, cost)
        if integer and count:
            set_integrality(self._highs, made, integer=True)
            self._integer = True
        return made

    def add_column(self, cost: float, rows: npt.ArrayLike, values: npt.ArrayLike, upper: float = INFINITY) -> None:
        """One new column with entries in existing rows (each row at most once)."""
        self._flush()
        index = np.asarray(rows, dtype=np.int32)
        self._highs.addCol(cost, 0.0, upper, len(index), index, np.asarray(values, dtype=np.float64))
        self.columns += 1
        self._cost = np.append(self._cost, cost)

    def add_row(self, lower: float, upper: float, columns: npt.ArrayLike, values: npt.ArrayLike | float = 1.0) -> None:
        """One new row; it waits with others until the model is next touched otherwise."""
        index = np.asarray(columns, dtype=np.int64).ravel()
        value = np.broadcast_to(np.asarray(values, dtype=np.float64), index.shape).ravel()
        self._waiting.append((lower, upper, index, value))
        self.rows += 1

    def drop_rows(self, first: int) -> None:
        """Take back every row from index `first` on."""
        self._flush()
        index = np.arange(first, self.rows, dtype=np.int32)
        self._highs.deleteRows(len(index), index)
        self.rows = first

    def _flush(self) -> None:
        """Hand the waiting rows over at once. A column named twice in a row would corrupt HiGHS's heap: summed up."""
        if not self._waiting:
            return
        count = len(self._waiting)
        lower, upper = (np.array([row[k] for row in self._waiting], dtype=np.float64) for k in (0, 1))
        row = np.repeat(np.arange(count), [len(r[2]) for r in self._waiting])
        key = row * max(1, self.columns) + np.concatenate([r[2] for r in self._waiting])
        unique, inverse = np.unique(key, return_inverse=True)
        summed = np.bincount(inverse, weights=np.concatenate([r[3] for r in self._waiting]), minlength=len(unique))
        unique, summed = unique[summed != 0], summed[summed != 0]
        row, column = np.divmod(unique, max(1, self.columns))
        starts = np.searchsorted(row, np.arange(count)).astype(np.int32)
        self._highs.addRows(count, lower, upper, len(column), starts, column.astype(np.int32), summed)
        self._waiting.clear()

    def set_costs(self, costs: npt.ArrayLike) -> None:
        self._cost = cost = np.asarray(costs, dtype=np.float64)
        self._highs.changeColsCost(self.columns, np.arange(self.columns, dtype=np.int32), cost)

    def set_upper(self, columns: npt.NDArray[np.int64], upper: float) -> None:
        count = len(columns)
        self._highs.changeColsBounds(count, columns.astype(np.int32), np.zeros(count), np.full(count, upper))

    def relax(self) -> None:
        """Forget that columns are integer."""
        set_integrality(self._highs, np.arange(self.columns), integer=False)
        self._integer = False

    def minimise(
        self,
        *,
        start: FloatArray | None = None,
        step: float = 1.0,
        on_incumbent: OnIncumbent | None = None,
        on_bound: OnBound | None = None,
        seconds: float | None = None,
        nodes: int | None = None,
        enough: float = INFINITY,
    ) -> Result:
        """`step`: the objective of every integer point is a multiple of it, so a gap under it is no gap. A bound of
        `enough` says what was asked and ends the search. `start` is a feasible point: an answer that it refutes is
        asked for once more without presolve, and if it refutes that one too, proves nothing."""
        self._flush()
        highs, budget = self._highs, self._budget
        if budget.is_spent():
            return Result(Answer.STOPPED, INFINITY, -INFINITY, None)
        limit = min(budget.seconds_left(), NO_TIME_LIMIT if seconds is None else seconds)
        if limit < NO_TIME_LIMIT and not budget.limits.counted:
            self._set("time_limit", highs.getRunTime() + max(0.01, limit))
        if self._integer:
            allowed = min(budget.nodes_left(), NO_NODE_LIMIT if nodes is None else nodes)
            if allowed < NO_NODE_LIMIT:
                self._set("mip_max_nodes", allowed)
            self._set("mip_rel_gap", 0.0)
            self._set("mip_abs_gap", 0.99 * step)
            self._set("mip_min_logging_interval", 0.5)
            if start is not None:
                every = np.arange(self.columns, dtype=np.int32)
                highs.setSolution(self.columns, every, np.asarray(start, dtype=np.float64))
        least = INFINITY if start is None or not self._integer else float(self._cost @ start) + 0.5 * step
        self._listen(on_incumbent, on_bound, enough=enough, refuted=least)
        result = self._run(presolve="choose")
        if result.bound > least:
            result = self._run(presolve="off")
        return result if result.bound <= least else replace(result, answer=Answer.STOPPED, bound=-INFINITY)

    def _run(self, *, presolve: str) -> Result:
        self._set("presolve", presolve)
        before, counted = self._highs.getRunTime(), self._budget.limits.counted
        self._work, self._looks = work_of(self._highs, mixed=self._integer), 0
        limit_iterations(self._highs, self._budget, self._work, mixed=self._integer)
        solve(self._highs)
        info = self._highs.getInfo()
        taken = self._work.seconds(info.simplex_iteration_count) if counted else self._highs.getRunTime() - before
        self._budget.spend(seconds=taken, nodes=info.mip_node_count if self._integer else 0)
        if self._failure is not None:
            raise self._failure
        return self._result()

    def _result(self) -> Result:
        answer, info = answer_of(self._highs), self._highs.getInfo()
        if answer is Answer.INFEASIBLE:
            return Result(answer, INFINITY, INFINITY, None)
        if is_empty(self._highs):
            return Result(answer, 0.0, 0.0, np.zeros(self.columns))
        solution, feasible = self._highs.getSolution(), has_point(self._highs)
        values = np.array(solution.col_value) if feasible else None
        objective = float(info.objective_function_value) if feasible else INFINITY
        if self._integer:
            return Result(answer, objective, float(info.mip_dual_bound), values)
        bound = objective if answer is Answer.OPTIMAL else -INFINITY
        return Result(answer, objective, bound, values, np.array(solution.col_dual), np.array(solution.row_dual))

    def _listen(
        self, on_incumbent: OnIncumbent | None, on_bound: OnBound | None, *, enough: float, refuted: float
    ) -> None:
        kinds = CALLBACKS
        interrupts = {kinds.kCallbackMipInterrupt, kinds.kCallbackSimplexInterrupt, kinds.kCallbackIpmInterrupt}

        def heard(kind: Any, _message: str, out: Any, into: Any, _data: Any) -> None:
            try:
                if kind in interrupts:
                    if kind == kinds.kCallbackMipInterrupt:
                        self._looks += 1
                        self._budget.running_seconds = self._work.seconds(ITERATIONS_A_LOOK * self._looks)
                    says_it = kind == kinds.kCallbackMipInterrupt and enough <= out.mip_dual_bound < min(
                        refuted, INFINITY
                    )
                    into.user_interrupt = says_it or self._failure is not None or self._budget.is_spent()
                elif kind == kinds.kCallbackMipImprovingSolution and on_incumbent is not None:
                    on_incumbent(np.array(out.mip_solution))
                elif kind == kinds.kCallbackMipLogging and on_bound is not None and out.mip_dual_bound <= refuted:
                    on_bound(float(out.mip_dual_bound))
            except BaseException as failure:  # noqa: BLE001 - must not cross the solver's own frames
                self._failure = failure

        self._highs.setCallback(heard, None)
        for kind in (*interrupts, kinds.kCallbackMipImprovingSolution, kinds.kCallbackMipLogging):
            self._highs.startCallback(kind)

    def _set(self, name: str, value: Any) -> None:
        self._highs.setOptionValue(name, value)


def rounded(values: Sequence[float] | FloatArray) -> npt.NDArray[np.int64]:
    return np.asarray(np.rint(values), dtype=np.int64)
