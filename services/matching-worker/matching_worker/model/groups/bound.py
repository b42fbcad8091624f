"""A bound that meets each group's balance exactly: the rule "one group each" priced, a knapsack a centre (Lagrange).

Once every commune has a price, each centre's best group is a knapsack of its own, solved exactly over its weight; the k
cheapest centres and the sum of all prices bound every plan from below. The linear relaxation may take fractions of
communes to meet the balance, this may not: it leaves far fewer pairs to search.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching_worker.model.groups.formulation import Floats
from matching_worker.model.groups.problem import Map, in_units

ITERATIONS = 200
PATIENCE = 10
"""Iterations without a better bound before steps are halved."""
SHORTEST_STEP = 0.01
STARTS = 8
CELLS = 20_000_000
"""Tables larger than this (weights too fine for them) are left to the linear relaxation."""


@dataclass(frozen=True)
class PricedBound:
    value: float
    prices: Floats
    """[member] that give this value."""
    with_pair: Floats
    """[member, centre] what a plan costs at least when the member belongs to the centre."""
    gain: Floats
    """[member, centre] what the member adds to a group of the centre, its price taken off."""
    beside: Floats
    """[centre] what all prices and the other groups cost at least, beside a group of this centre."""
    cores: list[list[set[int]]]
    """The k centres that the best prices chose, each alone, best prices first: good plans grow from them."""


def price_groups(problem: Map, cost: Floats, prices: Floats, upper: float) -> PricedBound | None:
    """The bound by ever better prices, from the given ones [member], towards a plan of cost `upper`.

    `cost` [member, centre]: the kilometres, and what the rules priced elsewhere add to them.
    None where the tables would be too large or a group of allowed weight exists for fewer than k centres.
    """
    knapsack = _Knapsack(problem, cost)
    if knapsack.cells > CELLS or np.isfinite(knapsack.solve(prices)).sum() < problem.k:
        return None
    best, best_prices = -np.inf, prices
    chosen: dict[tuple[int, ...], None] = {}
    scale, since = 1.0, 0
    for _ in range(ITERATIONS):
        value, centres = knapsack.value(prices)
        since += 1
        if value > best + 1e-9:
            best, best_prices, since = value, prices, 0
            chosen = {tuple(sorted(centres.tolist())): None} | chosen
        if best > upper - 1 or scale < SHORTEST_STEP:
            break
        if since >= PATIENCE:
            scale, since = scale / 2, 0
            prices = best_prices
            value, centres = knapsack.value(prices)
        missing = 1.0 - knapsack.members(centres).sum(axis=0)
        if not missing.any():
            break
        prices = prices + scale * max(upper - value, 1.0) / float(missing @ missing) * missing
    knapsack.value(best_prices)
    cores = [[{one} for one in centres] for centres in list(chosen)[:STARTS]]
    return PricedBound(best, best_prices, knapsack.with_pairs(), knapsack.gain, knapsack.beside(), cores)


class _Knapsack:
    """For every centre at once: the cheapest members whose weight keeps the balance, the centre among them."""

    def __init__(self, problem: Map, cost: Floats) -> None:
        self.k, self.size = problem.k, problem.size
        self.cost = cost
        self.weight, self.lowest, self.highest = in_units(problem)
        self.cells = (self.size + 1) * self.size * (self.highest + 1)
        self.everyone = np.arange(self.size)

    def solve(self, prices: Floats) -> Floats:
        """[centre] the least cost of its group under these prices [member]; infinite where there is none."""
        self.prices = prices
        self.gain = self.cost - prices[:, None]
        reach = np.full((self.size + 1, self.size, self.highest + 1), np.inf)
        reach[0, :, 0] = 0.0
        for member, weight in enumerate(self.weight):
            before, after = reach[member], reach[member + 1]
            after[:, weight:] = before[:, : self.highest + 1 - weight] + self.gain[member][:, None]
            others = self.everyone != member
            after[others] = np.minimum(after[others], before[others])
        self.reach = reach
        self.worth: Floats = np.asarray(reach[-1][:, self.lowest :].min(axis=1, initial=np.inf))
        return self.worth

    def value(self, prices: Floats) -> tuple[float, NDArray[np.int64]]:
        """What every plan costs at least, and the k centres chosen."""
        worth = self.solve(prices)
        centres = np.argsort(worth, kind="stable")[: self.k]
        return float(prices.sum() + worth[centres].sum()), centres

    def members(self, centres: NDArray[np.int64]) -> NDArray[np.bool_]:
        """[of centres, member] the groups behind the last solve()."""
        at = self.lowest + self.reach[-1][centres, self.lowest :].argmin(axis=1)
        taken = np.zeros((len(centres), self.size), dtype=bool)
        for member in range(self.size - 1, -1, -1):
            better = self.reach[member + 1][centres, at] < self.reach[member][centres, at]
            taken[:, member] = better | (centres == member)
            at = at - self.weight[member] * taken[:, member]
        return taken

    def with_pairs(self) -> Floats:
        """[member, centre] the bound when the member belongs to the centre, at the prices last solved."""
        rest = np.full((self.size, self.highest + 1), np.inf)
        rest[:, self.lowest :] = 0.0
        forced = np.full((self.size, self.size), np.inf)
        for member in range(self.size - 1, -1, -1):
            weight = self.weight[member]
            taking = np.full_like(rest, np.inf)
            taking[:, : self.highest + 1 - weight] = rest[:, weight:] + self.gain[member][:, None]
            forced[member] = (self.reach[member] + taking).min(axis=1)
            others = self.everyone != member
            rest = np.where(others[:, None], np.minimum(rest, taking), taking)
        bound: Floats = self.beside()[None, :] + forced
        return bound

    def beside(self) -> Floats:
        """[centre] all prices and the k - 1 best of the other centres, at the prices last solved."""
        order = np.sort(self.worth)
        is_chosen = self.worth <= order[self.k - 1]
        others = np.where(is_chosen, order[: self.k].sum() - self.worth, order[: self.k - 1].sum())
        beside: Floats = self.prices.sum() + others
        return beside
