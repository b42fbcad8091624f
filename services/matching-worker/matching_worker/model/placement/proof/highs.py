"""HiGHS behind two calls: a relaxation, and a MIP over some of the pairs. The only module that imports highspy.

highspy and ortools cannot live in one process: it is imported when first used. One thread, fixed random seed: the
same model gives the same answer, whatever Limits.seed says.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching_worker.model.engine import sound_presolve
from matching_worker.model.outcome import Limits, Monitor
from matching_worker.model.placement.proof.formulation import Floats, Formulation

COLUMNS_WORTH_A_LOOK = 20_000


class Budget:
    """What is left of the limits. Knows the time from the monitor, and from HiGHS where the monitor knows none."""

    def __init__(self, limits: Limits, monitor: Monitor) -> None:
        self.limits = limits
        self.monitor = monitor
        self.solver_seconds = 0.0
        self.nodes = 0
        self.kept_seconds = 0.0
        self.was_cut = False

    def seconds(self) -> float:
        return max(self.monitor.seconds(), self.solver_seconds)

    def left(self) -> float:
        if self.limits.time_seconds is None:
            return float("inf")
        return max(0.0, self.limits.time_seconds - self.seconds())

    def keep_for_relaxations(self, seconds: float) -> None:
        """Sets time aside for one more relaxation, by how long one took: a last bound beats a last node."""
        if self.limits.time_seconds is not None:
            self.kept_seconds = min(2.0 * seconds, 0.3 * self.limits.time_seconds)

    def left_for_search(self) -> float:
        return max(0.0, self.left() - self.kept_seconds)

    def nodes_left(self) -> int:
        return 2**31 - 1 if self.limits.work is None else max(0, self.limits.work - self.nodes)

    def is_spent_at_once(self) -> bool:
        """True when not even the relaxation may run; a work limit of 0 still allows it."""
        spent = self.monitor.should_stop() or self.left() <= 0
        self.was_cut = self.was_cut or spent
        return spent

    def is_spent(self) -> bool:
        spent = self.is_spent_at_once() or self.left_for_search() <= 0 or self.nodes_left() <= 0
        self.was_cut = self.was_cut or spent
        return spent


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


def version() -> str:
    from importlib.metadata import version as package_version  # noqa: PLC0415

    return f"HiGHS {package_version('highspy')}"


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

    def relax(self, cost: Floats, *, seconds: float = float("inf")) -> Relaxed | None:
        """The linear relaxation; the last basis is where it starts. None when it was cut short.

        Raises InfeasibleError when even the relaxation has no solution.
        """
        if self.linear is None:
            self.linear = self.make_highs(cost, mixed=False)
        else:
            count = len(cost)
            self.linear.changeColsCost(count, np.arange(count, dtype=np.int32), cost)
        import highspy  # noqa: PLC0415

        taken = self.run(self.linear, seconds)
        status = self.linear.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            raise InfeasibleError
        if status != highspy.HighsModelStatus.kOptimal:
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
        import highspy  # noqa: PLC0415

        highs = self.make_highs(cost, mixed=True)
        left_out = np.array([p.column for p, used in zip(self.formulation.pairs, pairs, strict=True) if not used])
        if len(left_out):
            zeros = np.zeros(len(left_out))
            highs.changeColsBounds(len(left_out), left_out.astype(np.int32), zeros, zeros)
        if start is not None:
            columns = np.fromiter(start.keys(), dtype=np.int32)
            highs.setSolution(len(columns), columns, np.fromiter(start.values(), dtype=np.float64))
        highs.setOptionValue("mip_max_nodes", self.budget.nodes_left())
        highs.cbMipImprovingSolution.subscribe(lambda event: on_plan(np.array(event.data_out.mip_solution)))
        self.run(highs, seconds)
        info, status = highs.getInfo(), highs.getModelStatus()
        self.budget.nodes += max(0, int(info.mip_node_count))
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        finished = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
        columns_found = np.array(highs.getSolution().col_value) if found else None
        highs.disableCallbacks()
        return Searched(
            columns=columns_found,
            bound=float(info.mip_dual_bound),
            infeasible=status == highspy.HighsModelStatus.kInfeasible,
            finished=finished,
        )

    def run(self, highs: Any, seconds: float = float("inf")) -> float:
        """Runs within what is left of the budget, and stops soon after the monitor says so. Seconds it took."""

        def check(event: Any) -> None:
            if self.budget.monitor.should_stop():
                event.interrupt()

        is_long = len(self.formulation.matrix.upper) > COLUMNS_WORTH_A_LOOK
        if is_long:  # a look at every iteration costs a fifth of a small relaxation's time
            highs.cbSimplexInterrupt.subscribe(check)
        highs.cbMipInterrupt.subscribe(check)
        before = highs.getRunTime()
        limit = min(seconds, self.budget.left())
        highs.setOptionValue("time_limit", before + limit if limit < float("inf") else limit)
        sound_presolve.run(highs)
        taken = max(0.0, highs.getRunTime() - before)
        self.budget.solver_seconds += taken
        if is_long:
            highs.cbSimplexInterrupt.unsubscribe(check)
        highs.cbMipInterrupt.unsubscribe(check)
        return float(taken)

    def make_highs(self, cost: Floats, *, mixed: bool) -> Any:
        import highspy  # noqa: PLC0415

        matrix = self.formulation.matrix
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(matrix.upper), len(matrix.row_lower)
        model.col_cost_ = cost
        model.col_lower_, model.col_upper_ = np.array(matrix.lower), np.array(matrix.upper)
        model.row_lower_, model.row_upper_ = np.array(matrix.row_lower), self.row_upper
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(matrix.starts, dtype=np.int32)
        model.a_matrix_.index_ = np.array(matrix.indices, dtype=np.int32)
        model.a_matrix_.value_ = np.array(matrix.values, dtype=np.float64)
        if mixed:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            model.integrality_ = [kinds[whole] for whole in matrix.integer]
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (OPTIONS | sound_presolve.OPTIONS).items():
            highs.setOptionValue(name, value)
        highs.passModel(model)
        return highs


class InfeasibleError(Exception):
    """No plan keeps every hard rule."""


OPTIONS: dict[str, Any] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.99,  # every level is a whole number
}
