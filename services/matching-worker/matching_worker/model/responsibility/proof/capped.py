"""Plans of the core under a cap on load: what a price makes of unfairness, tried as a rule.

A price on the fullest school's load says little to a relaxation and to single moves; a cap says much. So the caps that
look cheap are taken for rules one by one, and column generation of travel under each rounds to plans to descend from.
"""

from collections.abc import Callable

import numpy as np

from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import FloatArray
from matching_worker.model.responsibility.problem.core import Core
from matching_worker.model.responsibility.problem.staffing import IntArray
from matching_worker.model.responsibility.proof.columns import bound_travel
from matching_worker.model.responsibility.proof.relaxed import Relaxed, relax
from matching_worker.model.responsibility.search.anneal import descend
from matching_worker.model.responsibility.search.greedy import find_lead, round_shares
from matching_worker.model.responsibility.search.priced_state import Priced

MOST_TO_DESCEND = 4
"""Plans rounded under one cap that are worth a descent, the cheapest first."""
Cap = tuple[int, Relaxed]
"""Load per mille above the fair share, and the relaxation of travel with no school above that."""


def offer_capped(core: Core, budget: Budget, cap: Cap, offer: Callable[[IntArray], None]) -> None:
    """Offer what column generation under the cap rounds to, improved at the prices."""
    over, relaxed = cap
    capped, made = core.capped(over), dict[bytes, IntArray]()

    def keep(shares: FloatArray) -> None:
        lead = round_shares(capped, shares)
        if lead is not None:
            made[lead.tobytes()] = lead

    bound_travel(capped, budget, relaxed.prices, find_lead(capped), keep)
    for lead in sorted(made.values(), key=lambda lead: Priced(core, lead).now)[:MOST_TO_DESCEND]:
        offer(descend(core, lead))


def cheapest_caps(core: Core, budget: Budget) -> list[Cap]:
    """Loads above the fair share with their relaxations of travel, the cheapest first.

    The cost is nearly convex in the load: halving finds its bottom.
    """
    price = core.problem.prices.overcap if core.problem.prices is not None else 0
    steps, tried = load_steps(core), dict[int, tuple[float, Relaxed]]()

    def cost(k: int) -> float:
        if k not in tried:
            relaxed = relax(core.capped(steps[k]), budget)
            if relaxed is None:
                return np.inf
            tried[k] = relaxed.value + price * steps[k], relaxed
        return tried[k][0]

    low, high = 0, len(steps) - 1
    while low < high and not budget.is_spent():
        middle = (low + high) // 2
        if cost(middle) <= cost(middle + 1) < np.inf:
            high = middle
        else:
            low = middle + 1
    for k in range(max(0, low - 2), min(len(steps), low + 3)):
        cost(k)
    return [(steps[k], relaxed) for k, (_, relaxed) in sorted(tried.items(), key=lambda item: (item[1][0], item[0]))]


def load_steps(core: Core) -> list[int]:
    """The loads per mille above the fair share that some whole number of days is, from 0 up."""
    steps = {0}
    for capacity in set(core.problem.capacity.tolist()) - {0}:
        full = -(-1000 * np.arange(capacity + 1) // capacity) - core.problem.fair_permille
        steps.update(full[full > 0].tolist())
    return sorted(steps)
