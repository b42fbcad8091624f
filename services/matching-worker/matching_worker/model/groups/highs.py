"""HiGHS for the grouping model: its relaxation, and a search over the columns that can still matter."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from matching_worker.model.engine import sound_presolve
from matching_worker.model.groups.areas import Areas
from matching_worker.model.groups.formulation import Cut, Floats, Rows
from matching_worker.model.outcome import Limits, Monitor

OPTIONS: dict[str, Any] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.99,  # kilometres are whole
    # Plans come from search.py, the tree is for proof: measured two to four times as fast as HiGHS's own choices.
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_pscost_minreliable": 1,
    "mip_detect_symmetry": False,
    "mip_allow_restart": False,
}


class LimitReachedError(Exception):
    """Time, work, or the caller's wish ended the search before it was finished."""


@dataclass(frozen=True)
class Relaxed:
    value: float
    columns: Floats
    reduced_cost: Floats
    prices: Floats
    """[member] of the rule that each belongs to one group."""
    cut_cost: Floats
    """[column] the cost with the cuts' prices in it: a plan costs no less by this."""


@dataclass(frozen=True)
class Found:
    columns: Floats
    cost: int


class GroupSolver:
    """The model in HiGHS. Cuts, once added, stay for everything solved afterwards."""

    def __init__(self, cost: Floats, rows: Rows, *, limits: Limits, monitor: Monitor) -> None:
        self._cost = cost
        self._limits = limits
        self._monitor = monitor
        self._nodes = 0
        self._solver_seconds = 0.0
        self._linear = self._make(rows)
        self._base_rows = rows.matrix.shape[0]
        self._cuts: list[Cut] = []

    def relax(self) -> Relaxed | None:
        """The linear relaxation with all cuts so far; None when it has no solution."""
        import highspy  # noqa: PLC0415

        self._run(self._linear)
        if self._linear.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None
        solution = self._linear.getSolution()
        value = float(self._linear.getInfo().objective_function_value)
        size = round(len(self._cost) ** 0.5)
        duals = np.array(solution.row_dual)
        prices = duals[:size]  # base_rows() writes these rows first
        cut_cost = self._cost - self._cuts_transposed(np.minimum(duals[self._base_rows :], 0.0))
        return Relaxed(value, np.array(solution.col_value), np.array(solution.col_dual), prices, cut_cost)

    def add(self, cuts: list[Cut]) -> None:
        size = round(len(self._cost) ** 0.5)
        self._cuts += cuts
        for cut in cuts:
            add_cut(self._linear, cut, size)

    def _cuts_transposed(self, duals: Floats) -> Floats:
        size = round(len(self._cost) ** 0.5)
        sums = np.zeros(len(self._cost))
        for cut, dual in zip(self._cuts, duals, strict=True):
            sums[cut.member * size + cut.centre] += dual
            sums[[one * size + cut.centre for one in cut.separator]] -= dual
        return sums

    def search(self, columns: Any, *, ceiling: int, start: Floats | None) -> Found | None:
        """The cheapest grouping over these columns that keeps the cuts so far; None when none is within the ceiling.

        `start` may hold the columns of a grouping that costs the ceiling at most: pruning by it is faster than by a
        row for the ceiling, which stands in where there is none.
        """
        import highspy  # noqa: PLC0415

        count = len(self._cost)
        mixed = make_highs()
        mixed.passModel(self._linear.getLp())
        left_out = np.setdiff1d(np.arange(count), columns).astype(np.int32)
        mixed.changeColsBounds(len(left_out), left_out, np.zeros(len(left_out)), np.zeros(len(left_out)))
        everything = np.arange(count, dtype=np.int32)
        mixed.changeColsIntegrality(count, everything, np.full(count, highspy.HighsVarType.kInteger))
        if start is None:
            priced = np.flatnonzero(self._cost).astype(np.int32)
            mixed.addRow(-highspy.kHighsInf, float(ceiling), len(priced), priced, self._cost[priced])
        else:
            mixed.setSolution(count, everything, start)
        self._run(mixed)
        if mixed.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None
        values = np.round(np.array(mixed.getSolution().col_value))
        return Found(values, round(float(self._cost @ values)))

    def choose(self, areas: Areas, k: int) -> Found | None:
        """k areas [area] of least cost in which each commune lies once; None when there are no such."""
        import highspy  # noqa: PLC0415

        count, size = areas.members.shape
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = size + 1, count
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = areas.cost, np.zeros(count), np.ones(count)
        lp.row_lower_ = lp.row_upper_ = np.append(np.ones(size), float(k))
        lp.integrality_ = [highspy.HighsVarType.kInteger] * count
        matrix = csr_array(np.vstack([areas.members.T, np.ones(count)]))
        set_matrix(lp, matrix)
        mixed = make_highs()
        mixed.passModel(lp)
        self._run(mixed)
        if mixed.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None
        values = np.round(np.array(mixed.getSolution().col_value))
        return Found(values, round(float(areas.cost @ values)))

    def _make(self, rows: Rows) -> Any:
        import highspy  # noqa: PLC0415

        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = rows.matrix.shape
        model.col_cost_ = self._cost
        model.col_lower_, model.col_upper_ = np.zeros(len(self._cost)), np.ones(len(self._cost))
        model.row_lower_, model.row_upper_ = rows.lower, rows.upper
        set_matrix(model, rows.matrix)
        highs = make_highs()
        highs.passModel(model)
        return highs

    def _run(self, highs: Any) -> None:
        """Within what the limits leave. Raises LimitReachedError."""
        import highspy  # noqa: PLC0415

        def check(event: Any) -> None:
            if self._monitor.should_stop():
                event.interrupt()

        highs.cbMipInterrupt.subscribe(check)
        if self._limits.time_seconds is not None:
            spent = max(self._monitor.seconds(), self._solver_seconds)
            highs.setOptionValue("time_limit", highs.getRunTime() + max(0.0, self._limits.time_seconds - spent))
        if self._limits.work is not None:
            highs.setOptionValue("mip_max_nodes", max(0, self._limits.work - self._nodes))
        before = highs.getRunTime()
        sound_presolve.run(highs)
        self._solver_seconds += highs.getRunTime() - before
        self._nodes += max(0, int(highs.getInfo().mip_node_count))
        highs.cbMipInterrupt.unsubscribe(check)
        if highs.getModelStatus() not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible):
            raise LimitReachedError


def set_matrix(model: Any, matrix: csr_array) -> None:
    import highspy  # noqa: PLC0415

    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data


def make_highs() -> Any:
    import highspy  # noqa: PLC0415

    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (OPTIONS | sound_presolve.OPTIONS).items():
        highs.setOptionValue(name, value)
    return highs


def add_cut(highs: Any, cut: Cut, size: int) -> None:
    import highspy  # noqa: PLC0415

    members = (cut.member, *cut.separator)
    columns = np.array([member * size + cut.centre for member in members], dtype=np.int32)
    values = np.array([1.0] + [-1.0] * len(cut.separator))
    highs.addRow(-highspy.kHighsInf, 0.0, len(columns), columns, values)


def solver_name() -> str:
    return f"HiGHS {version('highspy')}"
