"""The flow of days at least cost, by HiGHS, level after level; and in whole numbers the prices that prove it optimal.

Days from staff to needs are a transportation problem, so a vertex of the linear programme is whole numbers, also on
the face where the first level is best. HiGHS's floating arithmetic is not trusted: prices are computed in integers for
what it found, and stand as the proof.
"""

from typing import Any

import numpy as np
from scipy.sparse import coo_array

from matching_worker.model.border.problem import Integers, Market
from matching_worker.model.outcome import Limits, Monitor


def find_flow(market: Market, *, limits: Limits, monitor: Monitor) -> Integers | None:
    """Days by pair: as much weighted need met as can be, then least travel. None when a limit came first."""
    model = make_model(market, limits)
    count = len(market.need)
    columns = np.arange(count, dtype=np.int32)
    worth = market.priority[market.need].astype(np.float64)
    model.changeColsCost(count, columns, -worth)
    met = run(model, limits, monitor)
    if met is None:
        return None
    most = float((met * market.priority[market.need]).sum())
    model.addRow(most, most, count, columns, worth)
    model.changeColsCost(count, columns, market.km.astype(np.float64))
    return run(model, limits, monitor)


def make_model(market: Market, limits: Limits) -> Any:
    """Rows: each staff's spare days, each need's wanted days."""
    import highspy  # noqa: PLC0415 - cannot share a process with OR-Tools

    count, staff = len(market.need), len(market.staff_ids)
    rows = staff + len(market.need_ids)
    column = np.arange(count)
    matrix = coo_array(
        (np.ones(2 * count), (np.concatenate([market.staff, staff + market.need]), np.concatenate([column, column]))),
        shape=(rows, count),
    ).tocsc()
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = rows, count
    model.col_cost_ = np.zeros(count)
    model.col_lower_, model.col_upper_ = np.zeros(count), np.full(count, highspy.kHighsInf)
    model.row_lower_ = np.full(rows, -highspy.kHighsInf)
    model.row_upper_ = np.concatenate([market.spare, market.wanted]).astype(np.float64)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    options: dict[str, Any] = {"threads": 1, "solver": "simplex", "random_seed": limits.seed % 2**31}
    for name, value in options.items():
        highs.setOptionValue(name, value)
    if limits.work is not None:
        highs.setOptionValue("simplex_iteration_limit", limits.work)
    highs.passModel(model)
    return highs


def run(model: Any, limits: Limits, monitor: Monitor) -> Integers | None:
    """The vertex HiGHS ends at, in whole days; None when it ended before the optimum."""
    import highspy  # noqa: PLC0415

    if monitor.should_stop():
        return None
    if limits.time_seconds is not None:
        model.setOptionValue("time_limit", model.getRunTime() + max(0.0, limits.time_seconds - monitor.seconds()))
    model.run()
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    days: Integers = np.rint(np.array(model.getSolution().col_value)).astype(np.int64)
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
