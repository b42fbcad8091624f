"""HiGHS for the grouping model: its relaxation, and a search over the columns that can still matter."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from matching_worker.model.engine.budget import NO_NODE_LIMIT, Budget
from matching_worker.model.engine.highs import (
    INFINITY,
    Answer,
    answer_of,
    make_highs,
    make_programme,
    run_within,
    set_integrality,
)
from matching_worker.model.groups.areas import Areas
from matching_worker.model.groups.formulation import Cut, Floats, Rows
from matching_worker.model.outcome import Limits, Monitor

OPTIONS: dict[str, Any] = {
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
class Selection:
    columns: Floats
    cost: int


class GroupSolver:
    """The model in HiGHS. Cuts, once added, stay for everything solved afterwards."""

    def __init__(self, cost: Floats, rows: Rows, *, limits: Limits, monitor: Monitor) -> None:
        self._cost = cost
        self._budget = Budget(limits, monitor)
        self._linear = self._make(rows)
        self._base_rows = rows.matrix.shape[0]
        self._cuts: list[Cut] = []

    def relax(self) -> Relaxed | None:
        """The linear relaxation with all cuts so far; None when it has no solution."""
        self.run(self._linear)
        if answer_of(self._linear) is Answer.INFEASIBLE:
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

    def search(self, columns: Any, *, ceiling: int, start: Floats | None) -> Selection | None:
        """The cheapest grouping over these columns that keeps the cuts so far; None when none is within the ceiling.

        `start` may hold the columns of a grouping that costs the ceiling at most: pruning by it is faster than by a
        row for the ceiling, which stands in where there is none.
        """
        count = len(self._cost)
        mixed = self._make_highs()
        mixed.passModel(self._linear.getLp())
        left_out = np.setdiff1d(np.arange(count), columns).astype(np.int32)
        mixed.changeColsBounds(len(left_out), left_out, np.zeros(len(left_out)), np.zeros(len(left_out)))
        everything = np.arange(count, dtype=np.int32)
        set_integrality(mixed, everything, integer=True)
        if start is None:
            priced = np.flatnonzero(self._cost).astype(np.int32)
            mixed.addRow(-INFINITY, float(ceiling), len(priced), priced, self._cost[priced])
        else:
            mixed.setSolution(count, everything, start)
        self.run(mixed)
        if answer_of(mixed) is Answer.INFEASIBLE:
            return None
        values = np.round(np.array(mixed.getSolution().col_value))
        return Selection(values, round(float(self._cost @ values)))

    def choose(
        self, areas: Areas, k: int, *, rivals: Floats | None = None, at_most: float = INFINITY
    ) -> Selection | None:
        """k areas [area] of least cost in which each commune lies once; None when there are none of that cost.

        `rivals` [row, area]: no plan has more than one of a row's areas. That follows, and shortens the search.
        """
        count, size = areas.members.shape
        rivals = np.zeros((0, count)) if rivals is None else rivals
        sums = np.append(np.ones(size), float(k))
        mixed = self._make_highs()
        mixed.passModel(
            make_programme(
                cost=areas.cost,
                lower=np.zeros(count),
                upper=np.ones(count),
                row_lower=np.concatenate([sums, np.full(1 + len(rivals), -INFINITY)]),
                row_upper=np.concatenate([sums, [at_most], np.ones(len(rivals))]),
                rows=csr_array(np.vstack([areas.members.T, np.ones(count), areas.cost, rivals])),
                integer=np.ones(count, dtype=bool),
            )
        )
        self.run(mixed)
        if answer_of(mixed) is Answer.INFEASIBLE:
            return None
        values = np.round(np.array(mixed.getSolution().col_value))
        return Selection(values, round(float(areas.cost @ values)))

    def _make_highs(self) -> Any:
        return make_highs(seed=self._budget.limits.seed, **OPTIONS)

    def _make(self, rows: Rows) -> Any:
        highs = self._make_highs()
        highs.passModel(
            make_programme(
                cost=self._cost,
                lower=np.zeros(len(self._cost)),
                upper=np.ones(len(self._cost)),
                row_lower=rows.lower,
                row_upper=rows.upper,
                rows=rows.matrix,
            )
        )
        return highs

    def run(self, highs: Any) -> None:
        """Within what the limits leave. Raises LimitReachedError."""
        if self._budget.nodes_left() < NO_NODE_LIMIT:
            highs.setOptionValue("mip_max_nodes", self._budget.nodes_left())
        run_within(highs, self._budget)
        self._budget.spend(seconds=0.0, nodes=int(highs.getInfo().mip_node_count))
        if answer_of(highs) is Answer.STOPPED:
            raise LimitReachedError


def add_cut(highs: Any, cut: Cut, size: int) -> None:
    members = (cut.member, *cut.separator)
    columns = np.array([member * size + cut.centre for member in members], dtype=np.int32)
    values = np.array([1.0] + [-1.0] * len(cut.separator))
    highs.addRow(-INFINITY, 0.0, len(columns), columns, values)
