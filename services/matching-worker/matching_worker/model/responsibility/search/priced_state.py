"""What a priced plan of the core costs, kept up to date as communes change hands.

An area is a bit mask of communes. What a school has left of its resources is one whole number: a lane of bits for each
resource, with a guard bit on top that is lost when the resource is overdrawn. So a change is weighed in microseconds.
"""

import numpy as np

from matching_worker.model.responsibility.problem.core import UNBOUNDED, Core
from matching_worker.model.responsibility.problem.staffing import IntArray
from matching_worker.model.responsibility.search.apart import Apart

NOBODY = -1

Change = tuple[int, int, int, int]
"""Commune c goes to school s, and commune d of that school to school t; d is NOBODY where c goes alone."""
_Side = tuple[int, int, int, int, int]
"""A school and what it would have: area, person-days, what is left (packed), load per mille."""
_NO_SIDE: _Side = (NOBODY, 0, 0, 0, 0)


class Priced:
    """An assignment of the core, each commune led. Only changes that keep the core's rules can be made."""

    def __init__(self, core: Core, lead: IntArray) -> None:
        prices = core.problem.prices
        if prices is None:
            raise ValueError("a core without prices")
        self.overcap, self.apart_price = prices.overcap, prices.scattered
        scattered = Apart(core)
        self.near, self.count_apart = scattered.near, scattered.count
        self.cost: list[list[int]] = np.where(core.open, core.cost, 0).tolist()
        self.open: list[list[bool]] = core.open.tolist()
        self.days: list[int] = core.weight[:, -2].tolist()
        self.previous: list[list[int]] = core.previous.tolist()
        self.least_kept = core.least_kept
        self.capacity: list[int] = core.problem.capacity.tolist()
        self.fair = core.problem.fair_permille
        self.lead: list[int] = lead.tolist()
        packed = [_pack(core, s) for s in range(len(self.capacity))]
        self.take = [take for take, _, _ in packed]
        self.left = [left for _, left, _ in packed]
        self._guard = [guard for _, _, guard in packed]
        self.area, self.load = [0] * len(packed), [0] * len(packed)
        for c, s in enumerate(self.lead):
            self.area[s] |= 1 << c
            self.load[s] += self.days[c]
            self.left[s] -= self.take[s][c]
        self.full = [self._fullness(s, days) for s, days in enumerate(self.load)]
        self.apart = [self.count_apart(area) for area in self.area]
        self.kept: int = sum(self.previous[c][s] for c, s in enumerate(self.lead))
        self.all_apart = sum(self.apart)
        self.extra = self._extra(self.all_apart)
        self.now = sum(self.cost[c][s] for c, s in enumerate(self.lead)) + self.extra

    def _extra(self, apart: int) -> int:
        """What unfair load and scattered communes are priced at."""
        return self.overcap * max(0, max(self.full) - self.fair) + self.apart_price * apart

    def _fullness(self, s: int, days: int) -> int:
        return -(-1000 * days // self.capacity[s]) if self.capacity[s] else 0

    def try_change(self, change: Change, worst: float) -> int | None:
        """Make the change if the rules allow it and the cost rises by at most `worst`: the rise, or None."""
        c, s, d, t = change
        old = self.lead[c]
        if s in (old, t) or not self.open[c][s] or (d >= 0 and not self.open[d][t]):
            return None
        rise, cost = self.cost[c][s] - self.cost[c][old], self.cost
        if d >= 0:
            rise += cost[d][t] - cost[d][s]
        if rise - self.extra > worst:
            return None
        sides = self._sides(c, old, s, d, t)
        kept = self._kept_after(change) if self.least_kept else 0
        return None if sides is None or kept < self.least_kept else self._settle(change, sides, (rise, kept), worst)

    def _sides(self, c: int, old: int, s: int, d: int, t: int) -> list[_Side] | None:
        """What each school concerned would have; None where a resource would be overdrawn."""
        sides = [self._side(s, c, d)]
        if sides[0][0] >= 0:
            sides.append(self._side(old, d if t == old else NOBODY, c))
            if d >= 0 and t != old:
                sides.append(self._side(t, d, NOBODY))
            if sides[1][0] >= 0 and sides[-1][0] >= 0:
                return sides
        return None

    def _side(self, s: int, gained: int, lost: int) -> _Side:
        area, days, left = self.area[s], self.load[s], self.left[s]
        if lost >= 0:
            area ^= 1 << lost
            days -= self.days[lost]
            left += self.take[s][lost]
        if gained >= 0:
            area |= 1 << gained
            days += self.days[gained]
            left -= self.take[s][gained]
            guard = self._guard[s]
            if left & guard != guard:
                return _NO_SIDE
        capacity = self.capacity[s]
        return s, area, days, left, -(-1000 * days // capacity) if capacity else 0

    def _settle(self, change: Change, sides: list[_Side], at_once: tuple[int, int], worst: float) -> int | None:
        """Make a change that keeps the rules, unless it costs too much. `at_once`: rise in travel, leads kept."""
        travel, kept = at_once
        before, apart = [self.full[side[0]] for side in sides], self.all_apart
        for s, area, _, _, full in sides:
            self.full[s] = full
            apart += self.count_apart(area) - self.apart[s]
        extra = self._extra(apart)
        rise = travel + extra - self.extra
        if rise > worst:
            for side, full in zip(sides, before, strict=True):
                self.full[side[0]] = full
            return None
        for s, area, days, left, _ in sides:
            self.area[s], self.load[s], self.left[s], self.apart[s] = area, days, left, self.count_apart(area)
        c, s, d, t = change
        self.lead[c] = s
        if d >= 0:
            self.lead[d] = t
        self.extra, self.all_apart, self.kept = extra, apart, kept
        self.now += rise
        return rise

    def _kept_after(self, change: Change) -> int:
        c, s, d, t = change
        kept: int = self.kept + self.previous[c][s] - self.previous[c][self.lead[c]]
        return kept + self.previous[d][t] - self.previous[d][s] if d >= 0 else kept


def _pack(core: Core, s: int) -> tuple[list[int], int, int]:
    """What each commune takes of a school's resources, what the school has, and the guard bits: packed."""
    rows = np.nonzero(core.limit[s] < np.minimum(UNBOUNDED, core.weight.sum(axis=0)))[0]
    weight = core.weight[:, rows]
    width = int(weight.sum(axis=0).max(initial=1)).bit_length() + 1
    take = [_lanes(line, width) for line in weight.tolist()]
    guard = _lanes([1 << width - 1] * len(rows), width)
    return take, guard + _lanes(core.limit[s, rows].tolist(), width), guard


def _lanes(values: list[int], width: int) -> int:
    return sum(value << width * k for k, value in enumerate(values))
