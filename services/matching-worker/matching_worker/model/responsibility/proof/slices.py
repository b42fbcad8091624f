"""Plans of the priced core by the load of their fullest school: what each such slice of them costs at least.

A price on the fullest school's load says little to a relaxation; a cap says much. In a slice the load is capped at its
most and paid for at its least, so what is left is travel under a cap, which column generation bounds well.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import FloatArray
from matching_worker.model.responsibility.problem.core import Core
from matching_worker.model.responsibility.problem.staffing import BoolArray, IntArray
from matching_worker.model.responsibility.proof.assignment import Areas
from matching_worker.model.responsibility.proof.columns import Bound, bound_travel
from matching_worker.model.responsibility.proof.relaxed import Relaxed, relax
from matching_worker.model.responsibility.search.apart import Apart
from matching_worker.model.responsibility.search.descend import descend
from matching_worker.model.responsibility.search.greedy import find_lead, round_shares
from matching_worker.model.responsibility.search.priced_state import Priced

MOST_TO_DESCEND = 4
"""Plans rounded in one slice that are worth a descent, the cheapest first."""
MOST_STATES, MOST_AREAS = 20_000, 1_000
"""Areas of a school that are looked at, and of those that could pay the ones that a programme may hold."""


@dataclass(eq=False)
class Slice:
    """Plans of the core whose load above the fair share is one of steps[low..high]."""

    core: Core
    """Capped at the most."""
    low: int
    high: int
    paid: float
    """The price of the least load."""
    relaxed: Relaxed
    bound: float
    """No plan of the slice costs less."""
    columns: Bound | None = None
    gap: float = field(default=0.0)
    """How far over its bound the next programme looks."""

    @property
    def generated(self) -> float:
        """The bound by column generation, 0 before it."""
        return 0.0 if self.columns is None else self.columns.value + self.paid

    def pairs(self, most: float) -> BoolArray:
        """[c, s] pairs that a plan of at most that cost could use."""
        with_pair = self.relaxed.with_pair
        if self.columns is not None:
            with_pair = np.maximum(with_pair, self.columns.with_pair)
        return self.core.open & (with_pair + self.paid <= most + 1e-6)

    def areas(self, pairs: BoolArray, most: float, apart: Apart) -> Areas:
        """Every area that a plan of at most that cost could hold, of the schools that have few.

        Column generation knows nothing of communes apart; of an area at hand they are counted, and leave few.
        """
        if self.columns is None or self.core.problem.prices is None:
            return {}
        price, listed = self.core.problem.prices.scattered, Areas()
        for s in range(pairs.shape[1]):
            gap = most - self.paid - self.columns.value
            areas = self.columns.areas(s, pairs, gap, MOST_STATES) if gap >= 0 else None
            if areas is None:
                continue
            worth = self.core.cost[:, s] - self.columns.prices
            dearest = float(self.columns.least[s]) + gap + 1e-6
            areas = [area for area in areas if worth[area].sum() + price * apart.count_of(area.tolist()) <= dearest]
            if len(areas) <= MOST_AREAS:
                listed[s] = areas
        return listed


class Slices:
    """Makes slices of one core: the whole, halves of those there are, and column generation in them."""

    def __init__(self, core: Core, budget: Budget) -> None:
        self.core, self.budget = core, budget
        self.price = core.problem.prices.overcap if core.problem.prices is not None else 0
        self.steps = load_steps(core) if self.price else load_steps(core)[-1:]
        self.bounds: dict[int, Bound] = {}
        """By the cap's step: what column generation came to."""

    def whole(self) -> Slice | None:
        """None when the core has no plan."""
        relaxed = relax(self.core, self.budget)
        return None if relaxed is None else self._slice(self.core, 0, len(self.steps) - 1, relaxed, 0.0)

    def halves(self, whole: Slice) -> list[Slice]:
        """Two slices that hold the plans of this one, less those that cannot be."""
        middle = (whole.low + whole.high) // 2
        upper = self._slice(whole.core, middle + 1, whole.high, whole.relaxed, whole.bound)
        upper.columns = whole.columns  # the cap is the same
        upper.bound = max(upper.bound, upper.generated)
        made = [upper]
        core = self.core.capped(self.steps[middle])
        relaxed = relax(core, self.budget) if core.open.any(axis=1).all() else None
        if relaxed is not None:
            made.append(self._slice(core, whole.low, middle, relaxed, whole.bound))
        return made

    def _slice(self, core: Core, low: int, high: int, relaxed: Relaxed, bound: float) -> Slice:
        paid = float(self.price * self.steps[low]) if self.price else 0.0
        return Slice(core, low, high, paid, relaxed, max(bound, relaxed.value + paid))

    def over(self, within: Slice) -> tuple[int, int]:
        """The least and the most load above the fair share, per mille."""
        return (self.steps[within.low] if self.price else 0), self.steps[within.high]

    def _nearest(self, within: Slice) -> Bound | None:
        """The bound of the cap that differs least; None before there is one."""
        near = min(self.bounds, key=lambda step: (abs(self.steps[step] - self.steps[within.high]), step), default=None)
        return None if near is None else self.bounds[near]

    def generate(self, within: Slice, offer: Callable[[IntArray], None]) -> None:
        """Column generation of travel under the cap; offers what it rounds to, improved at the prices."""
        made = dict[bytes, IntArray]()

        def keep(shares: FloatArray) -> None:
            lead = round_shares(within.core, shares)
            if lead is not None:
                made[lead.tobytes()] = lead

        lead = find_lead(within.core)
        like = self._nearest(within)
        prices, known = (within.relaxed.prices, ()) if like is None else (like.prices, like.generated)
        within.columns = bound_travel(within.core, self.budget, prices, lead, keep, known)
        self.bounds[within.high] = within.columns
        within.bound = max(within.bound, within.generated)
        for lead in sorted(made.values(), key=lambda lead: Priced(self.core, lead).now)[:MOST_TO_DESCEND]:
            offer(descend(self.core, lead))


def load_steps(core: Core) -> list[int]:
    """The loads per mille above the fair share that some whole number of days is, from 0 up."""
    steps = {0}
    for capacity in set(core.problem.capacity.tolist()) - {0}:
        full = -(-1000 * np.arange(capacity + 1) // capacity) - core.problem.fair_permille
        steps.update(full[full > 0].tolist())
    return sorted(steps)
