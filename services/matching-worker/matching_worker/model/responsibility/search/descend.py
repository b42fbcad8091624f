"""A plan of the core with prices made cheaper by single moves, swaps and ejections until none of them helps."""

import numpy as np

from matching_worker.model.responsibility.problem.core import Core
from matching_worker.model.responsibility.problem.staffing import IntArray
from matching_worker.model.responsibility.search.priced_state import NOBODY, Priced

ROUNDS = 30
CHEAPEST = 3
"""Schools cheapest to a commune that an ejection tries, beside those of its neighbours: others hardly ever help."""


def descend(core: Core, lead: IntArray) -> IntArray:
    """[c] no single move or swap makes it cheaper, nor an ejection among neighbours' and cheapest schools."""
    state, cheapest = Priced(core, lead), _cheapest(core)
    for _ in range(ROUNDS):
        before = state.now
        _move_and_swap(state)
        if state.now == before:
            _eject(state, cheapest)
        if state.now == before:
            break
    return np.array(state.lead, dtype=np.int64)


def _move_and_swap(state: Priced) -> None:
    communes, schools = range(len(state.lead)), range(len(state.area))
    for c in communes:
        for s in schools:
            state.try_change((c, s, NOBODY, NOBODY), -1)
    for a in communes:
        for b in range(a):
            state.try_change((a, state.lead[b], b, state.lead[a]), -1)


def _eject(state: Priced, cheapest: list[list[int]]) -> None:
    """A commune goes to another school, which gives one of its own to a third."""
    for c in range(len(state.lead)):
        for s in _places(state, c, cheapest):
            for d in _members(state.area[s]):
                for t in _places(state, d, cheapest):
                    if s not in (t, state.lead[c]) and t != state.lead[c] and state.lead[d] == s:
                        state.try_change((c, s, d, t), -1)


def _places(state: Priced, c: int, cheapest: list[list[int]]) -> list[int]:
    return sorted({state.lead[n] for n in state.near[c]} | set(cheapest[c]))


def _members(area: int) -> list[int]:
    return [c for c in range(area.bit_length()) if area >> c & 1]


def _cheapest(core: Core) -> list[list[int]]:
    """[c] the schools that cost it least."""
    order = np.argsort(np.where(core.open, core.cost, np.iinfo(np.int64).max), axis=1, kind="stable")
    return [[s for s in row[:CHEAPEST] if core.open[c, s]] for c, row in enumerate(order.tolist())]
