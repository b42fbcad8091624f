"""A plan of the core made to hang together: moves and swaps that leave fewer communes apart, then travel less."""

from collections.abc import Iterator

import numpy as np

from matching_worker.model.responsibility.problem.contiguity import neighbours
from matching_worker.model.responsibility.problem.core import Core
from matching_worker.model.responsibility.problem.staffing import IntArray
from matching_worker.model.responsibility.search.greedy import FAR, Search

MAX_ROUNDS = 40


def gather(core: Core, lead: IntArray) -> IntArray:
    """[c] a plan of the core with no more communes apart than `lead` has."""
    search = Search(core)
    for c, s in enumerate(lead):
        search.place(c, int(s))
    place = {int(c): k for k, c in enumerate(core.communes)}
    beside = neighbours(core.problem)
    graph = {place[c]: {place[n] for n in beside[c] if n in place} for c in beside if c in place}
    for _ in range(MAX_ROUNDS):
        changed = [_take(search, graph, leads) for leads in _candidates(search, graph)]
        if not any(changed):
            break
    return search.lead if core.keeps_enough(search.lead) else lead


def _candidates(search: Search, graph: dict[int, set[int]]) -> Iterator[dict[int, int]]:
    """Each commune to a neighbour's school, alone or in exchange for one of that school's communes."""
    for c in sorted(graph):
        for s in sorted({int(search.lead[n]) for n in graph[c]} - {int(search.lead[c])}):
            yield {c: s}
            own = int(search.lead[c])
            for other in np.nonzero(search.lead == s)[0]:
                if own != s:
                    yield {c: s, int(other): own}


def _take(search: Search, graph: dict[int, set[int]], leads: dict[int, int]) -> bool:
    """Make the change if it fits and is better; some candidates are stale by the time they are tried."""
    before = {c: int(search.lead[c]) for c in leads}
    if any(before[c] == s or search.cost[c, s] >= FAR for c, s in leads.items()):
        return False
    schools = {*before.values(), *leads.values()}
    worth = _apart(search, graph, schools), sum(int(search.cost[c, s]) for c, s in before.items())
    for c, s in leads.items():
        search.place(c, s)
    after = _apart(search, graph, schools), sum(int(search.cost[c, s]) for c, s in leads.items())
    if after < worth and all((search.left[s] >= 0).all() for s in schools):
        return True
    for c, s in before.items():
        search.place(c, s)
    return False


def _apart(search: Search, graph: dict[int, set[int]], schools: set[int]) -> int:
    """Communes of these schools outside the main part of their school's area."""
    apart = 0
    for s in schools:
        waiting = {int(c) for c in np.nonzero(search.lead == s)[0] if int(c) in graph}
        total, largest = len(waiting), 0
        while waiting:
            part = [waiting.pop()]
            for c in part:
                fresh = graph[c] & waiting
                waiting -= fresh
                part += fresh
            largest = max(largest, len(part))
        apart += total - largest
    return apart
