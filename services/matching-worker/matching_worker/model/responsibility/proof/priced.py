"""The core with prices as a mixed programme: leads, load above the fair share, and each school's main part of its area.

A main part has one root, and hangs together by lazy cuts: a commune of a part K needs the root in K, or a commune of
the main part beside K. A school whose possible areas are listed needs none of that: each area is a column that knows
what lies apart in it. Staffing rows are lazy too. A programme without some rows still bounds, so its bound holds; what
a plan costs is always counted anew from the plan.
"""

from collections.abc import Iterator

import numpy as np

from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import INFINITY, FloatArray
from matching_worker.model.engine.model import Model
from matching_worker.model.responsibility.problem.contiguity import neighbours
from matching_worker.model.responsibility.problem.core import UNBOUNDED, Core
from matching_worker.model.responsibility.problem.staffing import BoolArray, IntArray
from matching_worker.model.responsibility.proof.assignment import Areas
from matching_worker.model.responsibility.search.apart import Apart

NONE = -1
DUST = 1e-6
VIOLATED = 0.02


class PricedProgramme:
    """Columns over the pairs [c, s] given; rows grow as points break what they stand for."""

    def __init__(
        self, core: Core, pairs: BoolArray, budget: Budget, *, over: tuple[int, int], areas: Areas | None = None
    ) -> None:
        """`over`: the least load above the fair share, per mille, that is paid for, and the most that there may be."""
        self.core, self.areas = core, areas or {}
        self.least_over, self.most_over = over
        self.model = Model(budget, heuristics=0.0)
        self.prices, self.apart = core.problem.prices, Apart(core)
        place = {int(c): k for k, c in enumerate(core.communes)}
        graph = neighbours(core.problem)
        self.beside = {place[c]: sorted(place[n] for n in graph[c] if n in place) for c in sorted(graph) if c in place}
        mapped = np.zeros(len(core.communes), dtype=bool)
        mapped[list(self.beside)] = bool(self.prices and self.prices.scattered)
        unlisted = np.array([s not in self.areas for s in range(pairs.shape[1])], dtype=bool)
        self.lead = self._columns(pairs)
        self.main = self._columns(pairs & mapped[:, None] & unlisted)
        self.root = self._columns(pairs & mapped[:, None] & unlisted)
        self.over = int(self.model.add_columns([0.0], upper=float(self.most_over), integer=True)[0])
        self.area_columns = {
            s: self.model.add_columns(np.zeros(len(listed)), integer=True) for s, listed in self.areas.items()
        }
        self._rank = np.argsort(
            np.argsort(core.cost / (core.weight[:, -2:-1] + 1), axis=0, kind="stable"), axis=0
        ).T.tolist()
        self.resources = set[tuple[int, int]]()
        self.parts = dict[frozenset[int], None]()
        self._add_rows()

    def costs(self) -> FloatArray:
        cost = np.zeros(self.model.columns)
        there = self.lead >= 0
        cost[self.lead[there]] = self.core.cost[there]
        if self.prices is not None:
            cost[self.over] = self.prices.overcap
            there = self.main >= 0
            cost[self.lead[there]] += self.prices.scattered
            cost[self.main[there]] -= self.prices.scattered
            for s, columns in self.area_columns.items():
                cost[columns] = [self.prices.scattered * self.apart.count_of(area.tolist()) for area in self.areas[s]]
        return cost

    def tie_costs(self, ties: IntArray) -> FloatArray:
        cost = np.zeros(self.model.columns)
        there = self.lead >= 0
        cost[self.lead[there]] = ties[there]
        return cost

    def point(self, lead: IntArray, over: int) -> FloatArray | None:
        """The assignment as a point, the nearest commune of each main part its root; None where there is none."""
        point = np.zeros(self.model.columns)
        columns = self.lead[np.arange(len(lead)), lead]
        if (columns < 0).any() or not self.least_over <= over <= self.most_over:
            return None
        point[columns], point[self.over] = 1.0, over
        for s, listed in self.areas.items():
            mine = np.nonzero(lead == s)[0]
            chosen = [k for k, area in enumerate(listed) if np.array_equal(area, mine)]
            if len(mine) and not chosen:
                return None
            point[self.area_columns[s][chosen]] = 1.0
        for s in range(self.lead.shape[1]):
            area = {c for c in np.nonzero(lead == s)[0].tolist() if self.main[c, s] >= 0}
            largest = max(self._parts(area), key=lambda part: (len(part), -min(part)), default=set[int]())
            for c in largest:
                point[self.main[c, s]] = 1.0
            if largest:
                point[self.root[min(largest, key=self._rank[s].__getitem__), s]] = 1.0
        return point

    def read(self, values: FloatArray) -> IntArray:
        shares = np.where(self.lead >= 0, values[np.maximum(self.lead, 0)], 0.0)
        return np.where(shares.max(axis=1) > 0.5, shares.argmax(axis=1), NONE)

    def shares(self, values: FloatArray) -> FloatArray:
        return np.where(self.lead >= 0, values[np.maximum(self.lead, 0)], 0.0)

    def adopt(self, other: "PricedProgramme") -> None:
        """Adds the lazy rows that another programme of the same core has grown."""
        for s, r in sorted(other.resources - self.resources):
            self._add_resource(s, r)
        self.resources |= other.resources
        for part in other.parts:
            self._add_part(part)

    def tighten(self, values: FloatArray) -> int:
        """Adds rows that the point breaks; how many."""
        rows = self.model.rows
        shares = self.shares(values)
        excess = shares.T @ self.core.weight - self.core.limit
        for s, r in np.argwhere(excess > DUST).tolist():
            if (s, r) not in self.resources:
                self.resources.add((s, r))
                self._add_resource(s, r)
        for s in range(self.lead.shape[1]):
            for part in self._broken_parts(values, s):
                self._add_part(frozenset(part))
        return self.model.rows - rows

    def _add_part(self, part: frozenset[int]) -> None:
        """For every school and every commune of the part: no main part there without a root in it, or a way out."""
        if part in self.parts:
            return
        self.parts[part] = None
        beside = sorted({n for c in part for n in self.beside[c]} - part)
        for s in range(self.lead.shape[1]):
            roots = [self.root[c, s] for c in sorted(part) if self.root[c, s] >= 0]
            ways = [self.main[n, s] for n in beside if self.main[n, s] >= 0]
            for c in sorted(part):
                if self.main[c, s] >= 0:
                    there = [self.main[c, s], *roots, *ways]
                    self.model.add_row(-INFINITY, 0.0, there, [1.0] + [-1.0] * (len(there) - 1))

    def _broken_parts(self, values: FloatArray, s: int) -> Iterator[set[int]]:
        """Parts K with a commune whose share exceeds the roots in K and the main shares beside K.

        Parts are those of the communes with a share above some bar.
        """
        main = {c: float(values[self.main[c, s]]) for c in self.beside if self.main[c, s] >= 0}
        root = {c: float(values[self.root[c, s]]) for c in main}
        for bar in (0.5, 0.1, 0.01):
            for part in self._parts({c for c, share in main.items() if share > bar}):
                support = sum(root[c] for c in part)
                border = {n for c in part for n in self.beside[c] if n in main} - part
                support += sum(main[n] for n in border)
                if max(main[c] for c in part) > support + VIOLATED:
                    yield part

    def _parts(self, area: set[int]) -> list[set[int]]:
        waiting, parts = set(area), []
        while waiting:
            reached = [min(waiting)]
            waiting.discard(reached[0])
            for c in reached:
                fresh = waiting.intersection(self.beside.get(c, ()))
                waiting -= fresh
                reached += sorted(fresh)
            parts.append(set(reached))
        return parts

    def _columns(self, there: BoolArray) -> IntArray:
        index = np.full(there.shape, NONE, dtype=np.int64)
        index[there] = self.model.add_columns(np.zeros(int(there.sum())), integer=True)
        return index

    def _add_rows(self) -> None:
        core, model = self.core, self.model
        for c in range(len(core.communes)):
            model.add_row(1.0, 1.0, self.lead[c][self.lead[c] >= 0])
        if self.least_over:
            model.add_row(float(self.least_over), INFINITY, [self.over])
        for s, columns in self.area_columns.items():
            self._add_areas(s, columns)
        if core.least_kept:
            there = self.lead >= 0
            model.add_row(float(core.least_kept), INFINITY, self.lead[there], core.previous[there])
        fair = core.problem.fair_permille
        for s, capacity in enumerate(core.problem.capacity.tolist()):
            mine = self.lead[:, s] >= 0
            columns = self.lead[mine, s]
            if not len(columns):
                continue
            days = 1000.0 * core.weight[mine, -2]
            model.add_row(-INFINITY, float(capacity * fair), [*columns, self.over], [*days, -float(capacity)])
            whole = capacity * (fair + self.most_over) // 1000  # days are whole: this says more than the row above
            if whole < min(self.core.limit[s, -2], core.weight[mine, -2].sum()):
                model.add_row(-INFINITY, float(whole), columns, core.weight[mine, -2])
            for r in (-2, -1):
                self._add_resource(s, r % core.limit.shape[1])
                self.resources.add((s, r % core.limit.shape[1]))
            self._add_roots(s)
        for c, s in np.argwhere(self.main >= 0).tolist():
            model.add_row(-INFINITY, 0.0, [self.main[c, s], self.lead[c, s]], [1.0, -1.0])
            model.add_row(-INFINITY, 0.0, [self.root[c, s], self.main[c, s]], [1.0, -1.0])
            beside = [self.main[n, s] for n in self.beside[c] if self.main[n, s] >= 0]
            reached = [self.main[c, s], self.root[c, s], *beside]
            model.add_row(-INFINITY, 0.0, reached, [1.0] + [-1.0] * (len(reached) - 1))

    def _add_roots(self, s: int) -> None:
        """One root at most, and it is the nearest commune of the main part."""
        order = sorted(np.nonzero(self.main[:, s] >= 0)[0].tolist(), key=self._rank[s].__getitem__)
        roots = [self.root[c, s] for c in order]
        if roots:
            self.model.add_row(-INFINITY, 1.0, roots)
        for k, c in enumerate(order, 1):
            self.model.add_row(-INFINITY, 0.0, [self.main[c, s], *roots[:k]], [1.0] + [-1.0] * k)

    def _add_areas(self, s: int, columns: IntArray) -> None:
        """At most one of the listed areas is the school's, and it leads that area's communes and no other."""
        self.model.add_row(-INFINITY, 1.0, columns)
        leading: dict[int, list[int]] = {c: [] for c in np.nonzero(self.lead[:, s] >= 0)[0].tolist()}
        for column, area in zip(columns.tolist(), self.areas[s], strict=True):
            for c in area.tolist():
                leading[c].append(column)
        for c, holding in leading.items():
            self.model.add_row(0.0, 0.0, [self.lead[c, s], *holding], [1.0] + [-1.0] * len(holding))

    def _add_resource(self, s: int, r: int) -> None:
        """Listed areas keep every rule by themselves."""
        mine, limit = self.lead[:, s] >= 0, self.core.limit[s, r]
        if s not in self.areas and limit < UNBOUNDED and self.core.weight[mine, r].sum() > limit:
            self.model.add_row(-INFINITY, float(limit), self.lead[mine, s], self.core.weight[mine, r])
