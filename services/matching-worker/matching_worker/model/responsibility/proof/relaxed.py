"""The plain linear relaxation of the core: a first bound, prices of communes, and a point to round."""

from dataclasses import dataclass

import numpy as np

from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import INFINITY, Answer, FloatArray
from matching_worker.model.engine.model import Model
from matching_worker.model.responsibility.problem.core import UNBOUNDED, Core
from matching_worker.model.responsibility.problem.staffing import IntArray

ROWS_A_ROUND = 2
"""Violated staffing rows added for each school before solving again."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    value: float
    """<= travel of every plan of the core"""
    with_pair: FloatArray
    """[c, s] <= travel of every plan in which school s leads commune c (infinite: none does)."""
    prices: FloatArray
    """[c]"""
    shares: FloatArray
    """[c, s] the relaxation's point."""


def relax(core: Core, budget: Budget) -> Relaxed | None:
    """None when even the relaxation has no plan; a stopped relaxation bounds nothing."""
    model = Model(budget)
    x = np.full(core.open.shape, -1, dtype=np.int64)
    x[core.open] = model.add_columns(core.cost[core.open], upper=INFINITY)
    for c in range(len(core.cost)):
        model.add_row(1.0, 1.0, x[c][core.open[c]])
    if core.least_kept:
        model.add_row(float(core.least_kept), INFINITY, x[core.open], core.previous[core.open])
    added: set[tuple[int, int]] = set()
    fresh = [(s, r) for s in range(core.cost.shape[1]) for r in (-2, -1)]
    while True:
        for s, r in fresh:
            _add_resource(core, model, x, s, r)
        added.update(fresh)
        result = model.minimise()
        if result.answer is Answer.INFEASIBLE:
            return None
        if result.answer is Answer.STOPPED or result.values is None or result.row_duals is None:
            return _nothing(core)
        shares = np.zeros(core.open.shape)
        shares[core.open] = result.values
        fresh = _violated(core, shares, added)
        if not fresh:
            break
    with_pair = np.full(core.open.shape, np.inf)
    if result.reduced_costs is not None:
        with_pair[core.open] = result.objective + np.maximum(0.0, result.reduced_costs)
    return Relaxed(result.objective, with_pair, result.row_duals[: len(core.cost)], shares)


def _add_resource(core: Core, model: Model, x: IntArray, s: int, r: int) -> None:
    mine = core.open[:, s]
    if core.limit[s, r] < UNBOUNDED and core.weight[mine, r].sum() > core.limit[s, r]:
        model.add_row(-INFINITY, float(core.limit[s, r]), x[mine, s], core.weight[mine, r])


def _violated(core: Core, shares: FloatArray, added: set[tuple[int, int]]) -> list[tuple[int, int]]:
    excess = shares.T @ core.weight - core.limit
    worst = np.argsort(-excess, axis=1, kind="stable")[:, :ROWS_A_ROUND]
    found = [(s, int(r)) for s in range(len(excess)) for r in worst[s] if excess[s, r] > 1e-6]
    return [pair for pair in found if pair not in added]


def _nothing(core: Core) -> Relaxed:
    return Relaxed(
        value=0.0,
        with_pair=np.where(core.open, 0.0, np.inf),
        prices=np.zeros(len(core.cost)),
        shares=np.zeros(core.open.shape),
    )
