"""Stage B in HiGHS, behind two calls: a relaxation, and a MIP over some of the pairs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from matching_worker.model.engine.budget import NO_TIME_LIMIT, Budget
from matching_worker.model.engine.highs import (
    Answer,
    answer_of,
    has_point,
    is_empty,
    make_highs,
    make_programme,
    run_within,
)
from matching_worker.model.placement.proof.formulation import Formulation
from matching_worker.model.placement.proof.matrix import Floats

COLUMNS_WORTH_A_LOOK = 20_000
"""Asking the monitor at every simplex iteration costs a fifth of a small relaxation's time."""

OPTIONS: dict[str, Any] = {
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.99,  # every level is a whole number, so a gap under one is no gap
    # Trees are small here: to begin again at the root takes longer than it saves, a third of the time in the mean.
    "mip_allow_restart": False,
}


@dataclass(frozen=True)
class Relaxed:
    value: float
    columns: Floats
    row_dual: Floats
    seconds: float


@dataclass(frozen=True)
class Searched:
    """`bound` holds for the pairs searched; `columns` is None when no plan was found."""

    columns: Floats | None
    bound: float
    infeasible: bool
    finished: bool


class Solver:
    """One model held in HiGHS for its relaxations; MIPs over parts of it are made anew from the same matrix."""

    def __init__(self, formulation: Formulation, budget: Budget) -> None:
        self.formulation = formulation
        self.budget = budget
        self.row_upper = np.array(formulation.matrix.row_upper, dtype=np.float64)
        self.linear: Any = None

    def cap_row(self, row: int, at_most: float) -> None:
        """Makes a level's row hard from here on."""
        self.row_upper[row] = min(self.row_upper[row], at_most)
        if self.linear is not None:
            self.linear.changeRowBounds(row, self.formulation.matrix.row_lower[row], float(self.row_upper[row]))

    def relax(self, cost: Floats, *, seconds: float = NO_TIME_LIMIT) -> Relaxed | None:
        """The linear relaxation; the last basis is where it starts. None when it was cut short.

        Raises InfeasibleError when even the relaxation has no solution.
        """
        if self.linear is None:
            self.linear = self._hold(cost, mixed=False)
        else:
            count = len(cost)
            self.linear.changeColsCost(count, np.arange(count, dtype=np.int32), cost)
        taken = self._run(self.linear, seconds)
        answer = answer_of(self.linear)
        if answer is Answer.INFEASIBLE:
            raise InfeasibleError
        if answer is not Answer.OPTIMAL or is_empty(self.linear):
            return None
        solution = self.linear.getSolution()
        value = float(self.linear.getInfo().objective_function_value)
        return Relaxed(value, np.array(solution.col_value), np.array(solution.row_dual), taken)

    def search(
        self,
        cost: Floats,
        *,
        pairs: Any,
        start: dict[int, float] | None,
        seconds: float,
        on_plan: Callable[[Floats], None],
    ) -> Searched:
        """A MIP over the pairs marked in `pairs`, from the plan `start` (value of every whole column)."""
        highs = self._hold(cost, mixed=True)
        left_out = np.array([p.column for p, used in zip(self.formulation.pairs, pairs, strict=True) if not used])
        if len(left_out):
            zeros = np.zeros(len(left_out))
            highs.changeColsBounds(len(left_out), left_out.astype(np.int32), zeros, zeros)
        if start is not None:
            columns = np.fromiter(start.keys(), dtype=np.int32)
            highs.setSolution(len(columns), columns, np.fromiter(start.values(), dtype=np.float64))
        highs.setOptionValue("mip_max_nodes", self.budget.nodes_left())
        highs.cbMipImprovingSolution.subscribe(lambda event: on_plan(np.array(event.data_out.mip_solution)))
        self._run(highs, seconds)
        info, answer = highs.getInfo(), answer_of(highs)
        self.budget.spend(seconds=0.0, nodes=int(info.mip_node_count))
        columns_found = np.array(highs.getSolution().col_value) if has_point(highs) else None
        highs.disableCallbacks()
        return Searched(
            columns=columns_found,
            bound=float(info.mip_dual_bound),
            infeasible=answer is Answer.INFEASIBLE,
            finished=answer is not Answer.STOPPED,
        )

    def _run(self, highs: Any, seconds: float) -> float:
        is_long = len(self.formulation.matrix.upper) > COLUMNS_WORTH_A_LOOK
        return run_within(highs, self.budget, seconds=seconds, watches_simplex=is_long)

    def _hold(self, cost: Floats, *, mixed: bool) -> Any:
        """The whole model in a HiGHS of its own."""
        matrix = self.formulation.matrix
        starts, indices, values = matrix.starts, matrix.indices, np.array(matrix.values, dtype=np.float64)
        programme = make_programme(
            cost=cost,
            lower=np.array(matrix.lower),
            upper=np.array(matrix.upper),
            row_lower=np.array(matrix.row_lower),
            row_upper=self.row_upper,
            rows=csr_array((values, indices, starts), shape=(len(matrix.row_lower), len(matrix.upper))),
            integer=matrix.integer if mixed else None,
        )
        highs = make_highs(seed=self.budget.limits.seed, **OPTIONS)
        highs.passModel(programme)
        return highs


class InfeasibleError(Exception):
    """No plan keeps every hard rule."""
