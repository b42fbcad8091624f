"""A tight lower bound on the core's travel: column generation over whole areas (Dantzig-Wolfe).

Each school takes at most one area, each commune lies in exactly one. The linear programme over all areas has the
knapsacks' integrality built in, so its bound is far better than that of the plain assignment model. Prices are
smoothed towards the best ones so far (Wentges), which keeps them from swinging.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import INFINITY, Answer, FloatArray
from matching_worker.model.engine.model import Model
from matching_worker.model.responsibility.problem.core import Core
from matching_worker.model.responsibility.problem.staffing import BoolArray, IntArray
from matching_worker.model.responsibility.proof.pricing import School

PRIMAL_SIMPLEX = 4
SMOOTHING = 0.7
MAX_ITERATIONS = 400
CLOSE_ENOUGH = 2e-4
UNUSABLE = 1e7
SHARES_EVERY = 12
SMALL = 80
"""Up to this many communes, areas are priced exactly from the start; beyond, once nothing else turns up."""

Area = tuple[int, IntArray]
"""A school and the communes it would lead, in order."""


@dataclass(frozen=True, eq=False)
class Bound:
    """`value` <= travel of every plan of the core; and by how much more if a pair is used."""

    value: float
    prices: FloatArray
    """[c] the commune prices that prove it."""
    with_pair: FloatArray
    """[c, s] lower bound on travel when school s leads commune c (infinite: impossible)."""
    schools: tuple[School, ...]
    least: FloatArray
    """[s] reduced cost no area of the school undercuts."""
    generated: tuple[Area, ...] = ()
    """What it was made of, for a core that differs little to begin with."""

    def areas(self, school: int, pairs: BoolArray, gap: float, most: int) -> list[IntArray] | None:
        """All areas of the school within the pairs that a plan within `gap` of the bound could use; None: too many."""
        of = self.schools[school]
        worth = of.cost - self.prices[of.communes]
        inside = np.where(pairs[of.communes, school], worth, UNUSABLE)
        found = of.areas_within(inside, float(self.least[school]) + gap + 1e-6, most)
        return None if found is None else [of.communes[np.nonzero(row)[0]] for row in found[1] if row.any()]


def bound_travel(
    core: Core,
    budget: Budget,
    prices: FloatArray,
    lead: IntArray | None,
    on_shares: Callable[[FloatArray], None],
    known: Iterable[Area] = (),
) -> Bound:
    """`prices`: where to start from. `lead`: a feasible assignment, where one is known. `known`: areas of a like core.

    `on_shares` is told the master's point [c, s] now and then: it rounds well.
    """
    schools = tuple(School(core, s) for s in range(core.cost.shape[1]))
    master = _begin(core, budget, lead, known)
    best = -np.inf
    centre, smoothing, exact = prices, SMOOTHING, len(core.cost) <= SMALL
    for iteration in range(1, MAX_ITERATIONS + 1):
        solved = master.solve()
        if solved is None:
            break
        value, duals, thresholds = solved
        if value - best < max(0.3, CLOSE_ENOUGH * value):
            break
        if iteration % SHARES_EVERY == 0:
            on_shares(master.shares())
        tried = smoothing * centre + (1 - smoothing) * duals
        targets = np.zeros(len(schools)) if smoothing else thresholds
        bound, added = _price_all(schools, tried, targets, master, exact=exact)
        improved = bound > best
        if improved:
            best, centre = bound, tried
        if not added and not smoothing and not improved:
            if exact:
                break
            exact = True
        smoothing = SMOOTHING if added or improved else 0.0
        if budget.is_spent():
            break
    on_shares(master.shares())
    return replace(_price_pairs(core, schools, centre), generated=master.generated)


def _begin(core: Core, budget: Budget, lead: IntArray | None, known: Iterable[Area]) -> "_Master":
    """The areas of a plan, and those known that the core's rules allow."""
    master = _Master(core, budget)
    if lead is not None:
        for s in np.unique(lead):
            master.add(int(s), np.nonzero(lead == s)[0])
    for s, area in known:
        if core.open[area, s].all() and (core.weight[area].sum(axis=0) <= core.limit[s]).all():
            master.add(s, area)
    return master


def _price_all(
    schools: tuple[School, ...], prices: FloatArray, targets: FloatArray, master: "_Master", *, exact: bool
) -> tuple[float, bool]:
    """The Lagrangian bound at these prices, and whether any new area came out."""
    bound, added = float(prices.sum()), False
    for s, school in enumerate(schools):
        priced = school.price(school.cost - prices[school.communes], float(targets[s]), exact=exact)
        bound += min(0.0, priced.bound)
        for area in priced.areas:
            added |= master.add(s, school.communes[np.sort(area)])
    return bound, added


def _price_pairs(core: Core, schools: tuple[School, ...], prices: FloatArray) -> Bound:
    value = float(prices.sum())
    least = np.zeros(len(schools))
    with_pair = np.full(core.cost.shape, np.inf)
    for s, school in enumerate(schools):
        worth = school.cost - prices[school.communes]
        least[s] = min(0.0, school.price(worth, 0.0, exact=True).bound)
        with_pair[school.communes, s] = np.maximum(school.pair_costs(worth)[0], least[s]) - least[s]
    value += float(least.sum())
    return Bound(value, prices, with_pair + value, schools, least)


class _Master:
    """The linear programme over the areas found so far; an expensive column a commune keeps it feasible."""

    def __init__(self, core: Core, budget: Budget) -> None:
        self._core = core
        self._model = Model(budget, simplex=PRIMAL_SIMPLEX)
        self._count = len(core.cost)
        self._areas: list[tuple[int, IntArray]] = []
        self._values: FloatArray = np.zeros(0)
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
        self._areas.append((school, communes))
        rows = np.append(communes, self._count + school)
        self._model.add_column(float(self._core.cost[communes, school].sum()), rows, np.ones(len(rows)))
        return True

    def solve(self) -> tuple[float, FloatArray, FloatArray] | None:
        """Objective, prices of communes, and what an area of each school must undercut; None when stopped."""
        result = self._model.minimise()
        if result.answer is not Answer.OPTIMAL or result.row_duals is None or result.values is None:
            return None
        self._values = result.values[self._count :]
        return result.objective, result.row_duals[: self._count], np.minimum(0.0, result.row_duals[self._count :])

    @property
    def generated(self) -> tuple[Area, ...]:
        return tuple(self._areas)

    def shares(self) -> FloatArray:
        """[c, s] the last point, by pairs."""
        shares = np.zeros(self._core.cost.shape)
        for k in np.nonzero(self._values > 1e-9)[0]:
            school, communes = self._areas[k]
            shares[communes, school] += self._values[k]
        return shares
