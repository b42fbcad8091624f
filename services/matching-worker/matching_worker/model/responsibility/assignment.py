"""The core as a mixed-integer programme over the pairs worth looking at."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching_worker.model.responsibility.budget import Budget
from matching_worker.model.responsibility.core import UNBOUNDED, Core
from matching_worker.model.responsibility.highs import INFINITY, Answer, FloatArray, Model
from matching_worker.model.responsibility.staffing import BoolArray, IntArray


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
    cost: IntArray | None = None,
    travel_limit: int | None = None,
    start: IntArray | None = None,
    on_lead: Callable[[IntArray], None] | None = None,
    on_bound: Callable[[float], None] | None = None,
) -> Assigned:
    """Least `cost` (travel, unless given) over the pairs [c, s], with travel at most `travel_limit`.

    `start` must lie within the pairs and the limit. Every integer point of this model keeps every rule, for all the
    staffing rows that the pairs could break are in it.
    """
    if not pairs.any(axis=1).all():
        return Assigned(Answer.INFEASIBLE, None, np.inf)
    model = Model(budget)
    x = np.full(pairs.shape, -1, dtype=np.int64)
    x[pairs] = model.add_columns((core.cost if cost is None else cost)[pairs], integer=True)
    for c in range(len(pairs)):
        model.add_row(1.0, 1.0, x[c][pairs[c]])
    for s in range(pairs.shape[1]):
        mine = np.nonzero(pairs[:, s])[0]
        for r in np.nonzero(core.limit[s] < UNBOUNDED)[0]:
            if core.weight[mine, r].sum() > core.limit[s, r]:
                model.add_row(-INFINITY, float(core.limit[s, r]), x[mine, s], core.weight[mine, r])
    if travel_limit is not None:
        model.add_row(-INFINITY, float(travel_limit), x[pairs], core.cost[pairs])

    def read(values: FloatArray) -> IntArray:
        shown = np.zeros(pairs.shape)
        shown[pairs] = values
        return np.asarray(shown.argmax(axis=1))

    point = None
    if start is not None:
        shown = np.zeros(pairs.shape)
        shown[np.arange(len(start)), start] = 1.0
        point = shown[pairs]
    result = model.minimise(
        start=point,
        on_incumbent=None if on_lead is None else lambda values: on_lead(read(values)),
        on_bound=on_bound,
    )
    lead = None if result.values is None else read(result.values)
    return Assigned(result.answer, lead, result.bound)
