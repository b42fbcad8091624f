"""One school's best areas at given prices of communes: a knapsack over person-days with staffing as side limits.

An area is a set of communes the school could lead at once. `worth` is the price-reduced cost of each commune
(negative: worth taking). Bounds come from the person-days knapsack, once bare and once with the other resources
charged at multipliers that a few subgradient steps keep good; exactness from enumerating what the bounds leave.
"""

from dataclasses import dataclass

import numpy as np

from matching_worker.model.engine.highs import FloatArray
from matching_worker.model.responsibility.problem.core import UNBOUNDED, Core
from matching_worker.model.responsibility.problem.staffing import BoolArray, IntArray

STEPS = 6
STATES = 4000
EPSILON = 1e-7


@dataclass(frozen=True, eq=False)
class Priced:
    """`bound`: no area costs less. `areas`: some of the cheapest (positions among the school's communes)."""

    bound: float
    areas: list[IntArray]


class School:
    """The communes one school could lead, what each takes, and what the school has."""

    def __init__(self, core: Core, school: int) -> None:
        self.communes = np.nonzero(core.open[:, school])[0]
        binding = core.limit[school] < UNBOUNDED
        self.takes = core.weight[np.ix_(self.communes, binding)]
        self.limits = core.limit[school][binding]
        self.days = core.weight[self.communes, -2]
        self.capacity = int(core.limit[school, -2])
        self.cost = core.cost[self.communes, school].astype(np.float64)
        self.charge = np.zeros(len(self.limits))

    def price(self, worth: FloatArray, target: float, *, exact: bool) -> Priced:
        """Areas cheaper than `target` (<= 0), and a bound on all areas (not tight above the target).

        Without `exact` the bound may lie below every area, and an area under the target may stay unfound.
        """
        bound, area = self._knapsack(worth)
        if bound >= target - EPSILON:
            return Priced(bound, [])
        if self.is_feasible(area):
            return Priced(bound, [area])
        bound, found, cost = self._charged(worth, target, bound)
        if bound >= target - EPSILON:
            return Priced(bound, [])
        if found is not None and bound >= cost - 1e-6:
            return Priced(cost, [found])
        if not exact:
            return Priced(bound, self._greedy(worth, target) if found is None or cost >= target - EPSILON else [found])
        return self._exact(worth, target, bound, found, cost)

    def is_feasible(self, area: IntArray) -> bool:
        return bool((self.takes[area].sum(axis=0) <= self.limits).all())

    def areas_within(self, worth: FloatArray, threshold: float, most: int) -> tuple[FloatArray, BoolArray] | None:
        """Costs and members [area, position] of all areas costing at most `threshold`; None when over `most`."""
        charged = worth + self.takes @ self.charge
        offset = float(self.charge @ self.limits)
        keep = (worth <= threshold - self._least(worth) + EPSILON) & (
            charged <= threshold + offset - self._least(charged) + EPSILON
        )
        order = np.nonzero(keep)[0]
        order = order[np.argsort(worth[order] / np.maximum(self.days[order], 0.5), kind="stable")]
        bare, dear = self._table(worth, order), self._table(charged, order)
        cost, dues, room = np.zeros(1), np.full(1, -offset), np.full(1, self.capacity)
        taken = np.zeros((1, len(self.limits)), dtype=np.int64)
        steps: list[tuple[IntArray, IntArray]] = []
        for k, item in enumerate(order):
            left = room - self.days[item]
            more = np.nonzero(left >= 0)[0]
            after = left[more]
            promising = (cost[more] + worth[item] + bare[k + 1][after] <= threshold) & (
                dues[more] + charged[item] + dear[k + 1][after] <= threshold
            )
            more = more[promising]
            more = more[(taken[more] + self.takes[item] <= self.limits).all(axis=1)]
            stay = np.nonzero((cost + bare[k + 1][room] <= threshold) & (dues + dear[k + 1][room] <= threshold))[0]
            steps.append((stay, more))
            cost = np.concatenate([cost[stay], cost[more] + worth[item]])
            dues = np.concatenate([dues[stay], dues[more] + charged[item]])
            room = np.concatenate([room[stay], left[more]])
            taken = np.concatenate([taken[stay], taken[more] + self.takes[item]])
            if len(cost) > most:
                return None
        return cost, self._members(order, steps, len(cost))

    def pair_costs(self, worth: FloatArray) -> tuple[FloatArray, FloatArray]:
        """[position] bounds on the cheapest area with, and without, each commune."""
        with_it, without = np.full(len(worth), -np.inf), np.full(len(worth), -np.inf)
        every = np.arange(len(worth))
        for prices, offset in ((worth, 0.0), (worth + self.takes @ self.charge, float(self.charge @ self.limits))):
            after = self._table(prices, every)
            before = self._table(prices[::-1], every, days=self.days[::-1])[::-1]
            for k in every:
                room = self.capacity - int(self.days[k])
                if room >= 0:
                    best = (before[k][: room + 1] + after[k + 1][room::-1]).min() + prices[k] - offset
                    with_it[k] = max(with_it[k], best)
                without[k] = max(without[k], (before[k] + after[k + 1][::-1]).min() - offset)
        return np.where(np.isneginf(with_it), np.inf, with_it), without

    def _table(self, worth: FloatArray, order: IntArray, days: IntArray | None = None) -> FloatArray:
        """[k, room] least cost reachable with communes order[k:] in that many person-days."""
        days = self.days if days is None else days
        table = np.zeros((len(order) + 1, self.capacity + 1))
        for k in range(len(order) - 1, -1, -1):
            needed = int(days[order[k]])
            table[k] = table[k + 1]
            if worth[order[k]] < 0 and needed <= self.capacity:
                np.minimum(
                    table[k, needed:],
                    table[k + 1, : self.capacity + 1 - needed] + worth[order[k]],
                    out=table[k, needed:],
                )
        return table

    def _least(self, worth: FloatArray) -> float:
        return self._knapsack(worth)[0]

    def _knapsack(self, worth: FloatArray) -> tuple[float, IntArray]:
        """Least cost counting person-days alone, and an area that reaches it.

        Communes whose place in every better area the relaxed knapsack settles are left out of the table.
        """
        order = np.nonzero(worth < -1e-9)[0]
        order = order[np.argsort(worth[order] / np.maximum(self.days[order], 1e-6), kind="stable")]
        value, days = worth[order], self.days[order]
        filled = np.cumsum(days)
        split = int(np.searchsorted(filled, self.capacity, side="right"))
        base = float(value[:split].sum())
        if split == len(order):
            return base, order
        rest = self.capacity - (int(filled[split - 1]) if split else 0)
        rate = value[split] / days[split]
        fitting = np.nonzero(days[split:] <= rest)[0]
        extra = split + int(fitting[value[split:][fitting].argmin()]) if len(fitting) else -1
        simple = base + (float(value[extra]) if extra >= 0 else 0.0)
        regret = np.abs(value - rate * days)
        open_items = base + rate * rest + regret < simple - 1e-9
        sure, table_items = order[:split][~open_items[:split]], order[open_items]
        room = self.capacity - int(self.days[sure].sum())
        best, chosen = self._tabulated(worth, table_items, room)
        best += float(worth[sure].sum())
        if best < simple:
            return best, np.concatenate([sure, chosen])
        return simple, np.append(order[:split], order[extra]) if extra >= 0 else order[:split]

    def _tabulated(self, worth: FloatArray, items: IntArray, room: int) -> tuple[float, IntArray]:
        best = np.zeros(room + 1)
        taken = np.zeros((len(items), room + 1), dtype=bool)
        for k, item in enumerate(items):
            needed = int(self.days[item])
            if needed <= room:
                tried = best[: room + 1 - needed] + worth[item]
                np.less(tried, best[needed:], out=taken[k, needed:])
                best[needed:] = np.minimum(tried, best[needed:])
        least, area = float(best[room]), []
        for k in range(len(items) - 1, -1, -1):
            if taken[k, room]:
                area.append(items[k])
                room -= int(self.days[items[k]])
        return least, np.array(area, dtype=np.int64)

    def _charged(self, worth: FloatArray, target: float, bound: float) -> tuple[float, IntArray | None, float]:
        """Subgradient steps on the charges: a better bound, and perhaps a feasible area with its cost."""
        charge, kept = self.charge, np.zeros_like(self.charge)
        found, cost, scale = None, 0.0, 1.0
        for _ in range(STEPS):
            value, area = self._knapsack(worth + self.takes @ charge)
            value -= float(charge @ self.limits)
            if value > bound:
                bound, kept = value, charge
            else:
                scale *= 0.6
            excess = (self.takes[area].sum(axis=0) - self.limits).astype(np.float64)
            if (excess <= 0).all() and (own := float(worth[area].sum())) < cost:
                found, cost = area, own
            if bound >= min(target, cost) - 1e-6:
                break
            slope = np.where((excess < 0) & (charge <= 0), 0.0, excess)
            length = float(slope @ slope)
            if length == 0:
                break
            aim = cost if found is not None else min(target, bound + 0.05 * abs(bound))
            charge = np.maximum(0.0, charge + scale * max(aim - value, 0.05) / length * slope)
        self.charge = kept
        return bound, found, cost

    def _exact(self, worth: FloatArray, target: float, bound: float, found: IntArray | None, cost: float) -> Priced:
        """Enumerate ever wider above the bound until the cheapest area shows, or nothing under the target is left."""
        top = min(target, cost) if found is not None else target
        fallback = [found] if found is not None and cost < target - EPSILON else []
        width = max(0.5, 0.02 * (target - bound))
        while True:
            threshold = min(bound + width, top - EPSILON)
            enumerated = self.areas_within(worth, threshold, STATES)
            if enumerated is None:
                return Priced(bound, fallback or self._greedy(worth, target))
            costs, members = enumerated
            if len(costs):
                cheapest = np.argsort(costs, kind="stable")[:2]
                return Priced(float(costs[cheapest[0]]), [np.nonzero(members[k])[0] for k in cheapest])
            bound = max(bound, threshold)
            if threshold >= top - 1e-6:
                return Priced(top, fallback)
            width *= 3

    def _greedy(self, worth: FloatArray, target: float) -> list[IntArray]:
        left, area = self.limits.copy(), []
        for item in np.argsort(worth / np.maximum(self.days, 0.5), kind="stable"):
            if worth[item] < 0 and (self.takes[item] <= left).all():
                left -= self.takes[item]
                area.append(int(item))
        return [np.array(sorted(area), dtype=np.int64)] if worth[area].sum() < target - EPSILON else []

    def _members(self, order: IntArray, steps: list[tuple[IntArray, IntArray]], count: int) -> BoolArray:
        """Follow each final state back through the steps to the communes it took."""
        members = np.zeros((count, len(self.communes)), dtype=bool)
        state = np.arange(count)
        for item, (stay, more) in zip(order[::-1], steps[::-1], strict=True):
            took = state >= len(stay)
            members[took, item] = True
            before = np.empty_like(state)
            before[~took] = stay[state[~took]]
            before[took] = more[state[took] - len(stay)]
            state = before
        return members
