"""The flow of days at least cost, by HiGHS, level after level; and in whole numbers the prices that prove it optimal.

Days from staff to needs are a transportation problem, so a vertex of the linear programme is whole numbers, also on
the face where the first level is best. HiGHS's floating arithmetic is not trusted: prices are computed in integers for
what it found, and stand as the proof.
"""

from typing import Any

import numpy as np
from scipy.sparse import coo_array

from matching_worker.model.border.problem import Integers, Market
from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import INFINITY, Answer, answer_of, make_highs, make_programme, run_within
from matching_worker.model.outcome import Limits, Monitor


def find_flow(market: Market, *, limits: Limits, monitor: Monitor) -> Integers | None:
    """Days by pair: as much weighted need met as can be, then least travel. None when a limit came first."""
    model, budget = make_model(market, limits), Budget(limits, monitor)
    count = len(market.need)
    columns = np.arange(count, dtype=np.int32)
    worth = market.priority[market.need].astype(np.float64)
    model.changeColsCost(count, columns, -worth)
    met = run(model, budget)
    if met is None:
        return None
    most = float((met * market.priority[market.need]).sum())
    model.addRow(most, most, count, columns, worth)
    model.changeColsCost(count, columns, market.km.astype(np.float64))
    return run(model, budget)


def make_model(market: Market, limits: Limits) -> Any:
    """Rows: each staff's spare days, each need's wanted days."""
    count, staff = len(market.need), len(market.staff_ids)
    rows = staff + len(market.need_ids)
    column = np.arange(count)
    matrix = coo_array(
        (np.ones(2 * count), (np.concatenate([market.staff, staff + market.need]), np.concatenate([column, column]))),
        shape=(rows, count),
    ).tocsr()
    highs = make_highs(seed=limits.seed, solver="simplex")
    if limits.work is not None:
        highs.setOptionValue("simplex_iteration_limit", limits.work)
    highs.passModel(
        make_programme(
            cost=np.zeros(count),
            lower=np.zeros(count),
            upper=np.full(count, INFINITY),
            row_lower=np.full(rows, -INFINITY),
            row_upper=np.concatenate([market.spare, market.wanted]).astype(np.float64),
            rows=matrix,
        )
    )
    return highs


def run(highs: Any, budget: Budget) -> Integers | None:
    """The vertex HiGHS ends at, in whole days; None when it ended before the optimum."""
    if budget.is_out_of_time():
        return None
    run_within(highs, budget)
    if answer_of(highs) is not Answer.OPTIMAL:
        return None
    days: Integers = np.rint(np.array(highs.getSolution().col_value)).astype(np.int64)
    return days


def find_prices(market: Market, days: Integers) -> tuple[Integers, Integers] | None:
    """(by need, by staff), >= 0: for every pair they reach weight x priority - km, and the days' own worth in sum.

    Potentials by Bellman-Ford over what could still be exchanged; None when an exchange would improve on `days`.
    """
    needs, staff = len(market.need_ids), len(market.staff_ids)
    used = np.bincount(market.staff, weights=days, minlength=staff).astype(np.int64)
    met = np.bincount(market.need, weights=days, minlength=needs).astype(np.int64)
    cost = market.km - market.weight * market.priority[market.need]
    # Nodes: staff, needs, and one that stands for what is not used and not met.
    helper, place, rest = np.arange(staff), staff + np.arange(needs), staff + needs
    given = days > 0
    steps = [
        (np.full(staff, rest), helper, used < market.spare),
        (helper, np.full(staff, rest), used > 0),
        (place, np.full(needs, rest), met < market.wanted),
        (np.full(needs, rest), place, met > 0),
    ]
    tail = np.concatenate([market.staff, staff + market.need[given], *(t[keep] for t, _, keep in steps)])
    head = np.concatenate([staff + market.need, market.staff[given], *(h[keep] for _, h, keep in steps)])
    price = np.concatenate([cost, -cost[given], np.zeros(sum(int(k.sum()) for *_, k in steps), dtype=np.int64)])
    potential = np.zeros(rest + 1, dtype=np.int64)
    for _ in range(rest + 2):
        improved = potential.copy()
        np.minimum.at(improved, head, potential[tail] + price)
        if np.array_equal(improved, potential):
            own = potential - potential[rest]
            return np.maximum(0, -own[place]), np.maximum(0, own[helper])
        potential = improved
    return None
