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
from scipy.sparse import csc_array, csr_array

from matching_worker.model.engine.highs import BASIC, INFINITY, make_highs, make_programme
from matching_worker.model.groups.areas import Areas
from matching_worker.model.groups.formulation import Floats

ROUNDS = 60
ROWS_A_ROUND = 30
FEW = 600
"""Groups left that a search is quicker with than another round."""
FIRST_COLUMNS, COLUMNS_A_ROUND = 1000, 400
OUTSIDE = 20.0
"""What a commune in no group costs in the programme, in ceilings."""
MOST_COMMUNES = 120
"""Threes of more communes than that are too many to look through."""
ROUNDING = 1e-6
BROKEN = 1.02


class Narrowing:
    """The groups left of a list, and the bound on every plan of them."""

    def __init__(self, areas: Areas, k: int, ceiling: float, *, prices: Floats, seed: int) -> None:
        """`prices` [commune]: what the programme begins with are the groups that are cheapest by these."""
        self.areas, self.bound = areas, 0.0
        self._k, self._ceiling, self._seed = k, ceiling, seed
        self._rows: NDArray[np.int64] = np.zeros((0, 3), dtype=np.int64)
        self._prices: Floats = np.zeros(0)
        self._basis: Any = None
        self._costs_with: Floats = np.zeros(len(areas.cost))
        """[group] what a plan costs at least that has it."""
        self._threes = np.array(list(combinations(range(areas.members.shape[1]), 3)))
        by_prices = areas.cost - areas.members @ prices
        self._held: NDArray[np.int64] = np.argsort(by_prices, kind="stable")[:FIRST_COLUMNS]

    def run(self, run: Callable[[Any], None]) -> None:
        """Until few groups are left, none, or rows no longer help. `run` solves a programme within the limits."""
        for _ in range(ROUNDS):
            shares, entries = self._price(run)
            used = self._held[shares > ROUNDING]
            broken = self._broken_by(used, shares[shares > ROUNDING])
            self._keep(entries)
            if len(self.areas.cost) <= FEW or not len(broken):
                return
            self._take_rows(broken)

    @property
    def _equalities(self) -> int:
        return int(self.areas.members.shape[1]) + 1

    def _price(self, run: Callable[[Any], None]) -> tuple[Floats, Floats]:
        """[held] shares of the programme's groups, and [row, group] its entries; prices come on the way."""
        entries = self._entries()
        highs = self._programme(entries[:, self._held])
        while True:
            run(highs)
            solution = highs.getSolution()
            self._prices = np.array(solution.row_dual)
            self._prices[self._equalities :] = np.minimum(self._prices[self._equalities :], 0.0)
            reduced = self.areas.cost - self._prices @ entries
            cheaper = np.setdiff1d(np.flatnonzero(reduced < -ROUNDING), self._held)
            if not len(cheaper):
                self._basis = highs.getBasis()
                return np.array(solution.col_value)[self._equalities :], entries
            best = cheaper[np.argsort(reduced[cheaper], kind="stable")[:COLUMNS_A_ROUND]]
            self._held = np.concatenate([self._held, best])
            add_columns(highs, self.areas.cost[best], entries[:, best])

    def within(self, ceiling: float) -> tuple[Areas, Floats]:
        """The groups that plans of at most that cost can have, and which of them share two of a three."""
        left = self._costs_with <= ceiling + ROUNDING
        return Areas(self.areas.members[left], self.areas.cost[left]), self._rivals()[:, left]

    def _rivals(self) -> Floats:
        """[three, group] 1 where the group holds two or more of a three that was looked at."""
        a, b, c = (self.areas.members.T[self._rows[:, place]] for place in range(3))
        rivals: Floats = (a + b + c > 1.5).astype(np.float64)
        return rivals

    def _entries(self) -> Floats:
        """[row, group] every commune once, k groups, and of each three at most one group with two or more."""
        return np.vstack([self.areas.members.T, np.ones(len(self.areas.members)), self._rivals()])

    def _programme(self, entries: Floats) -> Any:
        """Over some of the groups; communes may stay outside, and groups be missing, at a price.

        It begins where the last one ended.
        """
        equalities, rows = self._equalities, len(self._rows)
        outside = np.zeros((len(entries), equalities))
        outside[:equalities] = np.eye(equalities)
        sums = self._sums()
        count = entries.shape[1] + equalities
        highs = make_highs(seed=self._seed)
        highs.passModel(
            make_programme(
                cost=np.append(np.full(equalities, OUTSIDE * self._ceiling), self.areas.cost[self._held]),
                lower=np.zeros(count),
                upper=np.full(count, INFINITY),
                row_lower=np.append(sums, np.full(rows, -INFINITY)),
                row_upper=np.append(sums, np.ones(rows)),
                rows=csr_array(np.hstack([outside, entries])),
            )
        )
        if self._basis is not None:
            highs.setBasis(self._basis)
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

    def _take_rows(self, broken: NDArray[np.int64]) -> None:
        """These rows beside those that bind."""
        statuses = self._basis.row_status
        binding = np.array([status != BASIC for status in statuses[self._equalities :]], dtype=bool)
        self._rows = np.concatenate([self._rows[binding], broken])
        self._basis.row_status = [
            *statuses[: self._equalities],
            *(status for status in statuses[self._equalities :] if status != BASIC),
            *(BASIC for _ in broken),
        ]
        basic = sum(status == BASIC for status in [*self._basis.row_status, *self._basis.col_status])
        if basic != self._equalities + len(self._rows):
            self._basis = None

    def _keep(self, entries: Floats) -> None:
        """Raise the bound by the last prices, and let go of the groups that no plan within the ceiling uses."""
        reduced = self.areas.cost - self._prices @ entries
        sides = np.append(self._sums(), np.ones(len(self._rows)))
        value = float(self._prices @ sides) + self._k * min(0.0, float(reduced.min(initial=0.0)))
        self.bound = max(self.bound, value)
        left = reduced <= self._ceiling - value + ROUNDING
        self._costs_with = value + reduced[left]
        position = np.cumsum(left) - 1
        stays = left[self._held]
        statuses = self._basis.col_status
        self._basis.col_status = [
            *statuses[: self._equalities],
            *(status for status, kept in zip(statuses[self._equalities :], stays, strict=True) if kept),
        ]
        self._held = position[self._held[stays]]
        self.areas = Areas(self.areas.members[left], self.areas.cost[left])


def add_columns(highs: Any, cost: Floats, entries: Floats) -> None:
    """Groups more, from none of each up."""
    columns = csc_array(entries)
    count = len(cost)
    highs.addCols(
        count,
        cost,
        np.zeros(count),
        np.full(count, INFINITY),
        columns.nnz,
        columns.indptr[:-1].astype(np.int32),
        columns.indices.astype(np.int32),
        columns.data,
    )
