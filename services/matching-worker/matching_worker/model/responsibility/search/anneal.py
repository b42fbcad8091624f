"""A plan of the core made cheap with prices: travel, unfair load and scattered communes weighed against each other.

Annealing over drawn moves, swaps and ejections, for a fixed number of steps from the seed of the limits: the same
problem gives the same plan.
"""

from collections.abc import Callable, Iterable
from math import inf, log
from random import Random

import numpy as np

from matching_worker.model.responsibility.problem.core import Core
from matching_worker.model.responsibility.problem.costs import load_permille
from matching_worker.model.responsibility.problem.staffing import BoolArray, IntArray
from matching_worker.model.responsibility.search.descend import descend
from matching_worker.model.responsibility.search.priced_state import NOBODY, Change, Priced

STEPS_A_COMMUNE = 2000
STEPS_A_PAIR = 128
"""Of communes: a small core needs fewer steps for each commune."""
HOT, COLD = 0.5, 0.02
"""The heat at which a run begins and ends, as shares of the median change in cost among drawn changes."""
NEAR = 0.5
"""Share of the draws in which a commune goes to a neighbour's school."""
ALONE, SWAPS = 0.35, 0.75
"""Shares of the draws, the latter with the former; the rest are ejections."""
SAMPLES = 500
LOOK_EVERY = 1000
SECONDS_A_STEP = 5e-6


def load_above(core: Core, lead: IntArray) -> int:
    """Load per mille above the fair share."""
    load = np.bincount(lead, core.weight[:, -2], minlength=core.limit.shape[0]).astype(np.int64)
    return max(0, load_permille(core.problem, load) - core.problem.fair_permille)


def seconds_of_run(communes: int) -> float:
    """What one run counts as, where seconds are counted."""
    return SECONDS_A_STEP * steps_of_run(communes)


def steps_of_run(communes: int) -> int:
    return min(STEPS_A_COMMUNE, STEPS_A_PAIR * communes) * communes


def anneal(core: Core, lead: IntArray, seed: int, is_spent: Callable[[], bool], runs: Iterable[int]) -> IntArray:
    """[c] the cheapest plan met on the way, never dearer than `lead`."""
    best, least = lead, Priced(core, lead).now
    for run in runs:
        state = Priced(core, lead if run % 2 == 0 else best)
        draw = _Draw(state, core.open, Random(f"{seed} {run}"))
        made, cost = _anneal(state, draw, is_spent)
        if cost < least:
            best, least = descend(core, made), cost
    return best


def _anneal(state: Priced, draw: "_Draw", is_spent: Callable[[], bool]) -> tuple[IntArray, int]:
    hot, cold = draw.heats()
    best, least, communes = list(state.lead), state.now, len(state.lead)
    steps = steps_of_run(communes)
    cooling = (cold / hot) ** (LOOK_EVERY / steps)
    heat = hot
    for step in range(steps):
        if step % LOOK_EVERY == 0:
            heat *= cooling
            if is_spent():
                break
        change = draw.change()
        if change is None:
            continue
        rise = state.try_change(change, -heat * log(1.0 - draw.random.random()))
        if rise is not None and rise < 0 and state.now < least:
            best, least = list(state.lead), state.now
    return np.array(best, dtype=np.int64), least


class _Draw:
    """Moves, swaps and ejections, drawn from a fixed seed."""

    def __init__(self, state: Priced, open_pairs: BoolArray, random: Random) -> None:
        self.state, self.random = state, random
        self._schools = [np.nonzero(row)[0].tolist() for row in open_pairs]

    def heats(self) -> tuple[float, float]:
        """The first and the last heat, by the rises and falls on a walk that nothing holds back."""
        rises = []
        for _ in range(SAMPLES):
            change = self.change()
            rise = None if change is None else self.state.try_change(change, inf)
            if rise is not None:
                rises.append(abs(rise))
        median = float(np.median(rises)) if rises else 1.0
        return max(1.0, HOT * median), max(0.5, COLD * median)

    def change(self) -> Change | None:
        """A change; None where the draw would change nothing."""
        lead, kind = self.state.lead, self.random.random()
        c = int(self.random.random() * len(lead))
        s = self._school(c)
        if s == lead[c]:
            return None
        if kind < ALONE:
            return c, s, NOBODY, NOBODY
        d = self._member(self.state.area[s])
        if d == NOBODY:
            return None
        return c, s, d, lead[c] if kind < SWAPS else self._school(d)

    def _school(self, c: int) -> int:
        """Where a commune may go: the school of a neighbour, or any."""
        draw, near, schools = self.random.random, self.state.near[c], self._schools[c]
        if near and draw() < NEAR:
            return self.state.lead[near[int(draw() * len(near))]]
        return schools[int(draw() * len(schools))]

    def _member(self, area: int) -> int:
        if not area:
            return NOBODY
        for _ in range(int(self.random.random() * area.bit_count())):
            area &= area - 1
        return (area & -area).bit_length() - 1
