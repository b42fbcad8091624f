"""A plan of the core made cheap with prices: travel, unfair load and scattered communes weighed against each other.

Descent over all single moves and swaps, and annealing over drawn ones, for a fixed number of steps from a fixed seed:
the same problem gives the same plan. Areas are bit masks, so that a step costs microseconds.
"""

from collections.abc import Callable
from math import log
from random import Random

import numpy as np

from matching_worker.model.responsibility.problem.contiguity import neighbours
from matching_worker.model.responsibility.problem.core import UNBOUNDED, Core
from matching_worker.model.responsibility.problem.costs import load_permille
from matching_worker.model.responsibility.problem.staffing import BoolArray, IntArray

HOT, COLD = 60.0, 5.0
STEPS_A_COMMUNE = 600
RUNS = 3
MOVES, SWAPS = 0.4, 0.7
"""Shares of the draws, the latter with the former; the rest are ejections."""
LOOK_EVERY = 500
ROUNDS = 30


class Priced:
    """An assignment of the core with what it costs, kept up to date as communes change hands."""

    def __init__(self, core: Core, lead: IntArray) -> None:
        prices = core.problem.prices
        if prices is None:
            raise ValueError("a core without prices")
        self.overcap, self.apart_price = prices.overcap, prices.scattered
        place = {int(c): k for k, c in enumerate(core.communes)}
        graph = neighbours(core.problem)
        self.beside = [sum(1 << place[n] for n in graph.get(int(c), ()) if n in place) for c in core.communes]
        self.mapped = sum(1 << place[c] for c in graph if c in place)
        self.cost = np.where(core.open, core.cost, 0).tolist()
        self.open = core.open.tolist()
        binding = [np.nonzero(core.limit[s] < UNBOUNDED)[0] for s in range(core.limit.shape[0])]
        self.takes = [[core.weight[:, r].tolist() for r in rows] for rows in binding]
        self.left = [[int(core.limit[s, r]) for r in rows] for s, rows in enumerate(binding)]
        self.days = core.weight[:, -2].tolist()
        self.fair = core.problem.fair_permille
        self.capacity = core.problem.capacity.tolist()
        self.load = [0] * len(self.capacity)
        self.area = [0] * len(self.capacity)
        self.apart = [0] * len(self.capacity)
        self.lead = [-1] * len(lead)
        self.travel = 0
        for c, s in enumerate(lead.tolist()):
            self._put(c, s)
        for s in range(len(self.area)):
            self.apart[s] = self.count_apart(self.area[s])
        self.now = self.total()
        self.savings = self.now - self.travel

    def total(self) -> int:
        return self.travel + self.overcap * self._over(self.load) + self.apart_price * sum(self.apart)

    def _over(self, load: list[int]) -> int:
        fullest = max((-(-1000 * days // n) for days, n in zip(load, self.capacity, strict=True) if n), default=0)
        return max(0, fullest - self.fair)

    def count_apart(self, area: int) -> int:
        """Communes of an area outside its largest connected part."""
        waiting = area & self.mapped
        total, largest = waiting.bit_count(), 0
        while waiting and largest < waiting.bit_count():
            part = waiting & -waiting
            fresh = part
            while fresh:
                reached = 0
                while fresh:
                    low = fresh & -fresh
                    reached |= self.beside[low.bit_length() - 1]
                    fresh ^= low
                fresh = reached & waiting & ~part
                part |= fresh
            waiting &= ~part
            largest = max(largest, part.bit_count())
        return total - largest

    def _put(self, c: int, s: int) -> None:
        old = self.lead[c]
        if old >= 0:
            self._shift(c, old, -1)
        self._shift(c, s, 1)
        self.lead[c] = s

    def _shift(self, c: int, s: int, sign: int) -> None:
        self.area[s] ^= 1 << c
        self.load[s] += sign * self.days[c]
        self.travel += sign * self.cost[c][s]
        left, takes = self.left[s], self.takes[s]
        for r in range(len(left)):
            left[r] -= sign * takes[r][c]

    def try_leads(self, changes: list[tuple[int, int]], worst: float) -> bool:
        """Make the changes if every school still has room and the total rises by no more than `worst`."""
        if not self._is_promising(changes, worst):
            return False
        before = [(c, self.lead[c]) for c, _ in changes]
        now, apart = self.now, {s: self.apart[s] for pair in (*before, *changes) for s in pair[1:]}
        for c, s in changes:
            self._put(c, s)
        if all(min(self.left[s], default=0) >= 0 for _, s in changes):
            for s in apart:
                self.apart[s] = self.count_apart(self.area[s])
            after = self.total()
            if after - now <= worst:
                self.now, self.savings = after, after - self.travel
                return True
        for c, s in reversed(before):
            self._put(c, s)
        for s, count in apart.items():
            self.apart[s] = count
        return False

    def _is_promising(self, changes: list[tuple[int, int]], worst: float) -> bool:
        """Are the pairs open, and may what is saved in prices at most make up for the travel?"""
        rise = 0
        for c, s in changes:
            if not self.open[c][s]:
                return False
            rise += self.cost[c][s] - self.cost[c][self.lead[c]]
        return rise - self.savings <= worst


def load_above(core: Core, lead: IntArray) -> int:
    """Load per mille above the fair share."""
    load = np.bincount(lead, core.weight[:, -2], minlength=core.limit.shape[0]).astype(np.int64)
    return max(0, load_permille(core.problem, load) - core.problem.fair_permille)


def descend(core: Core, lead: IntArray) -> IntArray:
    """[c] no single move or swap makes it cheaper."""
    state = Priced(core, lead)
    communes, schools = range(len(lead)), range(core.cost.shape[1])
    for _ in range(ROUNDS):
        moved = [state.try_leads([(c, s)], -1) for c in communes for s in schools if s != state.lead[c]]
        pairs = [(a, b) for a in communes for b in communes if a < b]
        swapped = [
            state.try_leads([(a, state.lead[b]), (b, state.lead[a])], -1)
            for a, b in pairs
            if state.lead[a] != state.lead[b]
        ]
        if not any(moved) and not any(swapped):
            break
    return _kept(core, state.lead, lead)


def anneal(core: Core, lead: IntArray, cheap: BoolArray, is_spent: Callable[[], bool]) -> IntArray:
    """[c] the cheapest plan met on the way, never dearer than `lead`. Moves are drawn from the pairs `cheap` [c, s]."""
    best = lead
    for seed in range(RUNS):
        best = _anneal(core, best, _Draw(cheap, seed), is_spent)
    return best


def _anneal(core: Core, lead: IntArray, draw: "_Draw", is_spent: Callable[[], bool]) -> IntArray:
    state = Priced(core, lead)
    best, least, steps = lead, state.now, STEPS_A_COMMUNE * len(lead)
    for step in range(steps):
        if step % LOOK_EVERY == 0 and is_spent():
            break
        heat = HOT * (COLD / HOT) ** (step / steps)
        changes = draw.changes(state.lead)
        if changes and state.try_leads(changes, draw.worst(heat)) and state.now < least:
            found = np.array(state.lead, dtype=np.int64)
            if core.keeps_enough(found):
                best, least = found, state.now
    return best


class _Draw:
    """Moves, swaps and ejections, drawn from a fixed seed."""

    def __init__(self, cheap: BoolArray, seed: int) -> None:
        self._random = Random(seed)
        self._schools = [np.nonzero(row)[0].tolist() for row in cheap]

    def worst(self, heat: float) -> float:
        """The rise in cost that is put up with."""
        return -heat * log(max(1e-12, self._random.random()))

    def changes(self, lead: list[int]) -> list[tuple[int, int]]:
        """Communes and where they go; none where the draw would change nothing."""
        random = self._random
        c = random.randrange(len(lead))
        s, old, kind = random.choice(self._schools[c]), lead[c], random.random()
        if s == old:
            return []
        if kind < MOVES:
            return [(c, s)]
        members = [k for k, led_by in enumerate(lead) if led_by == s]
        if not members:
            return []
        other = random.choice(members)
        refuge = old if kind < SWAPS else random.choice(self._schools[other])
        return [(c, s), (other, refuge)] if refuge != s else []


def _kept(core: Core, found: list[int], lead: IntArray) -> IntArray:
    made = np.array(found, dtype=np.int64)
    return made if core.keeps_enough(made) else lead
