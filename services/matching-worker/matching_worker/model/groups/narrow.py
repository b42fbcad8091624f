"""Fewer of the listed groups: their linear programme with rows for threes of communes prices them again.

Of any three communes at most one group of a plan holds two or more. The programme alone takes halves of groups that
share two of three; these rows forbid it, and few groups stay under the ceiling. The bound is reckoned here from the
programme's prices, whatever they are: it holds even where the solver is wrong.
"""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matching_worker.model.engine.highs import INFINITY, make_highs, make_programme
from matching_worker.model.groups.areas import Areas
from matching_worker.model.groups.formulation import Floats

ROUNDS = 60
ROWS_A_ROUND = 30
FEW = 250
"""Groups left that a search is quicker with than another round."""
FIRST_COLUMNS, COLUMNS_A_ROUND = 400, 400
OUTSIDE = 20.0
"""What a commune in no group costs in the programme, in ceilings."""
MOST_COMMUNES = 120
"""Threes of more communes than that are too many to look through."""
ROUNDING = 1e-6
BROKEN = 1.02


class Narrowing:
    """The groups left of a list, and the bound on every plan of them."""

    def __init__(self, areas: Areas, k: int, ceiling: float, seed: int) -> None:
        self.areas, self.bound = areas, 0.0
        self._k, self._ceiling, self._seed = k, ceiling, seed
        self._rows: NDArray[np.int64] = np.zeros((0, 3), dtype=np.int64)
        self._prices: Floats = np.zeros(0)
        self._threes = np.array(list(combinations(range(areas.members.shape[1]), 3)))
        self._held: NDArray[np.int64] = np.argsort(areas.cost / areas.members.sum(axis=1), kind="stable")[
            :FIRST_COLUMNS
        ]

    def run(self, run: Callable[[Any], None]) -> None:
        """Until few groups are left, none, or rows no longer help. `run` solves a programme within the limits."""
        for _ in range(ROUNDS):
            shares, entries = self._price(run)
            used = self._held[shares > ROUNDING]
            broken = self._broken_by(used, shares[shares > ROUNDING])
            binding = self._rows[self._prices[self._equalities :] < -ROUNDING]
            self._keep(entries)
            if len(self.areas.cost) <= FEW or not len(broken):
                return
            self._rows = np.unique(np.concatenate([binding, broken]), axis=0)

    @property
    def _equalities(self) -> int:
        return int(self.areas.members.shape[1]) + 1

    def _price(self, run: Callable[[Any], None]) -> tuple[Floats, Floats]:
        """[held] shares of the programme's groups, and [row, group] its entries; prices come on the way."""
        entries = self._entries()
        while True:
            highs = self._programme(entries[:, self._held])
            run(highs)
            solution = highs.getSolution()
            self._prices = np.array(solution.row_dual)
            self._prices[self._equalities :] = np.minimum(self._prices[self._equalities :], 0.0)
            reduced = self.areas.cost - self._prices @ entries
            cheaper = np.setdiff1d(np.flatnonzero(reduced < -ROUNDING), self._held)
            if not len(cheaper):
                return np.array(solution.col_value)[: len(self._held)], entries
            best = cheaper[np.argsort(reduced[cheaper], kind="stable")[:COLUMNS_A_ROUND]]
            self._held = np.concatenate([self._held, best])

    def _entries(self) -> Floats:
        """[row, group] every commune once, k groups, and of each three at most one group with two or more."""
        members = self.areas.members
        a, b, c = (members.T[self._rows[:, place]] for place in range(3))
        return np.vstack([members.T, np.ones(len(members)), a + b + c > 1.5])

    def _programme(self, entries: Floats) -> Any:
        """Over some of the groups; communes may stay outside, and groups be missing, at a price."""
        equalities, rows = self._equalities, len(self._rows)
        outside = np.zeros((len(entries), equalities))
        outside[:equalities] = np.eye(equalities)
        sums = self._sums()
        count = entries.shape[1] + equalities
        highs = make_highs(seed=self._seed)
        highs.passModel(
            make_programme(
                cost=np.append(self.areas.cost[self._held], np.full(equalities, OUTSIDE * self._ceiling)),
                lower=np.zeros(count),
                upper=np.full(count, INFINITY),
                row_lower=np.append(sums, np.full(rows, -INFINITY)),
                row_upper=np.append(sums, np.ones(rows)),
                rows=csr_array(np.hstack([entries, outside])),
            )
        )
        return highs

    def _sums(self) -> Floats:
        return np.append(np.ones(self._equalities - 1), float(self._k))

    def _broken_by(self, groups: NDArray[np.int64], shares: Floats) -> NDArray[np.int64]:
        """The threes that these shares of groups break most."""
        members = self.areas.members[groups].astype(np.int8)
        a, b, c = (members[:, self._threes[:, place]] for place in range(3))
        together = shares @ (a + b + c > 1)
        worst = np.argsort(-together, kind="stable")[:ROWS_A_ROUND]
        broken: NDArray[np.int64] = self._threes[worst[together[worst] > BROKEN]]
        return broken

    def _keep(self, entries: Floats) -> None:
        """Raise the bound by the last prices, and let go of the groups that no plan within the ceiling uses."""
        reduced = self.areas.cost - self._prices @ entries
        sides = np.append(self._sums(), np.ones(len(self._rows)))
        value = float(self._prices @ sides) + self._k * min(0.0, float(reduced.min(initial=0.0)))
        self.bound = max(self.bound, value)
        left = reduced <= self._ceiling - value + ROUNDING
        position = np.cumsum(left) - 1
        self._held = position[self._held[left[self._held]]]
        self.areas = Areas(self.areas.members[left], self.areas.cost[left])
