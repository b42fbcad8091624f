"""The core as a mixed-integer programme over what is worth looking at: pairs, or whole areas where these are few."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import INFINITY, Answer, FloatArray
from matching_worker.model.engine.model import Model
from matching_worker.model.responsibility.problem.core import UNBOUNDED, Core
from matching_worker.model.responsibility.problem.staffing import BoolArray, IntArray

Areas = dict[int, list[IntArray]]
"""By school: every set of communes it could lead at once. A school not listed is modelled by its pairs."""


@dataclass(frozen=True, eq=False)
class Assigned:
    """`lead` is the best found (it keeps every rule), `bound` holds over the given pairs."""

    answer: Answer
    lead: IntArray | None
    bound: float


def assign(
    core: Core,
    pairs: BoolArray,
    budget: Budget,
    *,
    areas: Areas | None = None,
    ties: tuple[IntArray, int] | None = None,
    start: IntArray | None = None,
    on_lead: Callable[[IntArray], None] | None = None,
    on_bound: Callable[[float], None] | None = None,
) -> Assigned:
    """Least travel over the pairs [c, s]; given `ties`, least sum of these [c, s] with travel at most the number.

    Every integer point of this model keeps every rule, for all the
    staffing rows that the pairs could break are in it.
    """
    if not pairs.any(axis=1).all():
        return Assigned(Answer.INFEASIBLE, None, np.inf)
    programme = _Programme(core, pairs, areas or {}, budget)
    programme.add_rows()
    travel = programme.costs(core.cost)
    programme.model.set_costs(travel if ties is None else programme.costs(ties[0]))
    if ties is not None:
        programme.model.add_row(-INFINITY, float(ties[1]), programme.every, travel)
    result = programme.model.minimise(
        start=None if start is None else programme.point(start),
        on_incumbent=None if on_lead is None else lambda values: on_lead(programme.read(values)),
        on_bound=on_bound,
    )
    lead = None if result.values is None else programme.read(result.values)
    return Assigned(result.answer, lead, result.bound)


class _Programme:
    """One column a pair, or one an area: each covers some communes by one school."""

    def __init__(self, core: Core, pairs: BoolArray, areas: Areas, budget: Budget) -> None:
        self.core = core
        self.model = Model(budget, heuristics=0.0 if areas else None)
        self.covers: list[tuple[int, IntArray]] = []
        for s in range(pairs.shape[1]):
            sets = areas[s] if s in areas else [np.array([c]) for c in np.nonzero(pairs[:, s])[0]]
            self.covers += [(s, communes) for communes in sets]
        self.by_area = np.array([s in areas for s, _ in self.covers], dtype=bool)
        self.school = np.array([s for s, _ in self.covers], dtype=np.int64)
        self.every = self.model.add_columns(np.zeros(len(self.covers)), integer=True)

    def costs(self, cost: IntArray) -> FloatArray:
        return np.array([cost[communes, s].sum() for s, communes in self.covers], dtype=np.float64)

    def add_rows(self) -> None:
        core, model = self.core, self.model
        covering: list[list[int]] = [[] for _ in core.cost]
        for k, (_, communes) in enumerate(self.covers):
            for c in communes:
                covering[c].append(k)
        for columns in covering:
            model.add_row(1.0, 1.0, columns)
        if core.least_kept:
            model.add_row(float(core.least_kept), INFINITY, self.every, self.costs(core.previous))
        for s in range(core.cost.shape[1]):
            mine = self.every[self.school == s]
            if not len(mine):
                continue
            if self.by_area[mine[0]]:
                model.add_row(-INFINITY, 1.0, mine)
                continue
            takes = core.weight[[int(self.covers[k][1][0]) for k in mine]]
            for r in np.nonzero(core.limit[s] < UNBOUNDED)[0]:
                if takes[:, r].sum() > core.limit[s, r]:
                    model.add_row(-INFINITY, float(core.limit[s, r]), mine, takes[:, r])

    def read(self, values: FloatArray) -> IntArray:
        lead = np.full(len(self.core.cost), -1, dtype=np.int64)
        for k in np.nonzero(values > 0.5)[0]:
            school, communes = self.covers[k]
            lead[communes] = school
        return lead

    def point(self, lead: IntArray) -> FloatArray | None:
        """The assignment as a point; None when it uses a pair or an area that is not there."""
        led = {s: np.nonzero(lead == s)[0] for s in np.unique(lead)}
        chosen = [
            np.array_equal(communes, led.get(s, [])) if whole else lead[communes[0]] == s
            for (s, communes), whole in zip(self.covers, self.by_area, strict=True)
        ]
        point = np.array(chosen, dtype=np.float64)
        return point if (self.read(point) == lead).all() else None
