"""A tight lower bound on the core's travel: column generation over whole areas (Dantzig-Wolfe).

Each school takes at most one area, each commune lies in exactly one. The linear programme over all areas has the
knapsacks' integrality built in, so its bound is far better than that of the plain assignment model. Prices are
smoothed towards the best ones so far (Wentges), which keeps them from swinging.
"""

from dataclasses import dataclass

import numpy as np

from matching_worker.model.responsibility.budget import Budget
from matching_worker.model.responsibility.core import UNBOUNDED, Core
from matching_worker.model.responsibility.highs import INFINITY, Answer, FloatArray, Model
from matching_worker.model.responsibility.pricing import School
from matching_worker.model.responsibility.staffing import IntArray

PRIMAL_SIMPLEX = 4
SMOOTHING = 0.7
MAX_ITERATIONS = 400
CLOSE_ENOUGH = 2e-4


@dataclass(frozen=True, eq=False)
class Bound:
    """`value` <= travel of every plan of the core; and by how much more if a pair is used."""

    value: float
    prices: FloatArray
    """[c] the commune prices that prove it."""
    with_pair: FloatArray
    """[c, s] lower bound on travel when school s leads commune c (infinite: impossible)."""
    schools: tuple[School, ...]
    iterations: int


def bound_travel(core: Core, budget: Budget, lead: IntArray | None) -> Bound | None:
    """None when the core is found to have no plan. `lead`: a feasible assignment, where one is known."""
    prices = _plain_prices(core, budget)
    if prices is None:
        return None
    schools = tuple(School(core, s) for s in range(core.cost.shape[1]))
    master = _Master(core, budget)
    if lead is not None:
        for s in np.unique(lead):
            master.add(int(s), np.nonzero(lead == s)[0])
    best, done = -np.inf, 0
    centre, smoothing = prices, SMOOTHING
    for done in range(1, MAX_ITERATIONS + 1):  # noqa: B007 - told in the result
        solved = master.solve()
        if solved is None:
            break
        value, duals, thresholds = solved
        if value - best < max(0.3, CLOSE_ENOUGH * value):
            break
        tried = smoothing * centre + (1 - smoothing) * duals
        targets = np.zeros(len(schools)) if smoothing else thresholds
        bound, added = _price_all(schools, tried, targets, master)
        if bound > best:
            best, centre = bound, tried
        if not added and not smoothing:
            break
        smoothing = 0.0 if not added and bound <= best else SMOOTHING
        if budget.should_stop():
            break
    return _price_pairs(core, schools, centre, done)


def _price_all(
    schools: tuple[School, ...], prices: FloatArray, targets: FloatArray, master: "_Master"
) -> tuple[float, bool]:
    """The Lagrangian bound at these prices, and whether any new area came out."""
    bound, added = float(prices.sum()), False
    for s, school in enumerate(schools):
        priced = school.price(school.cost - prices[school.communes], float(targets[s]))
        bound += min(0.0, priced.bound)
        for area in priced.areas:
            added |= master.add(s, school.communes[np.sort(area)])
    return bound, added


def _price_pairs(core: Core, schools: tuple[School, ...], prices: FloatArray, iterations: int) -> Bound:
    value = float(prices.sum())
    least = np.zeros(len(schools))
    with_pair = np.full(core.cost.shape, np.inf)
    for s, school in enumerate(schools):
        worth = school.cost - prices[school.communes]
        least[s] = min(0.0, school.price(worth, 0.0).bound)
        with_pair[school.communes, s] = np.maximum(school.pair_costs(worth)[0], least[s]) - least[s]
    value += float(least.sum())
    return Bound(value, prices, with_pair + value, schools, iterations)


def _plain_prices(core: Core, budget: Budget) -> FloatArray | None:
    """[c] prices from the plain assignment's linear relaxation, which also tells at once when nothing fits."""
    model = Model(budget)
    pairs = np.argwhere(core.open)
    x = np.full(core.open.shape, -1, dtype=np.int64)
    x[core.open] = model.add_columns(core.cost[core.open])
    for c in range(len(core.cost)):
        model.add_row(1.0, 1.0, x[c][core.open[c]])
    for s in range(core.cost.shape[1]):
        mine = core.open[:, s]
        for r in (-2, -1):
            if core.limit[s, r] < UNBOUNDED and core.weight[mine, r].sum() > core.limit[s, r]:
                model.add_row(-INFINITY, float(core.limit[s, r]), x[mine, s], core.weight[mine, r])
    if not len(pairs):
        return np.zeros(len(core.cost))
    result = model.minimise()
    if result.answer is Answer.INFEASIBLE:
        return None
    if result.row_duals is None:
        return np.zeros(len(core.cost))
    return result.row_duals[: len(core.cost)]


class _Master:
    """The linear programme over the areas found so far; an expensive column a commune keeps it feasible."""

    def __init__(self, core: Core, budget: Budget) -> None:
        self._core = core
        self._model = Model(budget, simplex=PRIMAL_SIMPLEX)
        self._count = len(core.cost)
        self._seen: set[tuple[int, bytes]] = set()
        for _ in range(self._count):
            self._model.add_row(1.0, 1.0, [])
        for _ in range(core.cost.shape[1]):
            self._model.add_row(-INFINITY, 1.0, [])
        for c in range(self._count):
            self._model.add_column(float(2 * np.where(core.open[c], core.cost[c], 0).max()) + 1000.0, [c], [1.0])

    def add(self, school: int, communes: IntArray) -> bool:
        """Returns False for an area that is there already."""
        key = (school, communes.tobytes())
        if key in self._seen or not len(communes):
            return False
        self._seen.add(key)
        rows = np.append(communes, self._count + school)
        self._model.add_column(float(self._core.cost[communes, school].sum()), rows, np.ones(len(rows)))
        return True

    def solve(self) -> tuple[float, FloatArray, FloatArray] | None:
        """Objective, prices of communes, and what an area of each school must undercut; None when stopped."""
        result = self._model.minimise()
        if result.answer is not Answer.OPTIMAL or result.row_duals is None:
            return None
        return result.objective, result.row_duals[: self._count], np.minimum(0.0, result.row_duals[self._count :])
