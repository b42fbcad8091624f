"""Given who leads and supports whom: which school promises how many of the people that communes ask for.

Communes with the highest priority first, one head at a time along augmenting paths: as in any matroid greed is right,
and the answer depends on the relations alone.
"""

from collections.abc import Iterable

import numpy as np

from matching_worker.model.responsibility.problem.costs import Head
from matching_worker.model.responsibility.problem.problem import Problem


def best_heads(problem: Problem, relations: Iterable[tuple[int, int]]) -> tuple[Head, ...]:
    """Promises that leave the least short, by priority; every school gives no more people than it has."""
    promises = _Promises(problem, relations)
    for c in np.lexsort((np.arange(len(problem.asked)), -problem.priority)):
        for _ in range(int(problem.asked[c])):
            if not promises.supply(int(c), set()):
                break
    return tuple((c, s, n) for (c, s), n in sorted(promises.given.items()) if n)


class _Promises:
    def __init__(self, problem: Problem, relations: Iterable[tuple[int, int]]) -> None:
        self.given: dict[tuple[int, int], int] = {}
        self._spare = problem.people.copy()
        self._related: dict[int, list[int]] = {}
        for c, s in sorted(relations):
            self._related.setdefault(c, []).append(s)

    def supply(self, commune: int, tried: set[int]) -> bool:
        """One head more for the commune, moving others' promises to other schools where that helps."""
        for school in self._related.get(commune, []):
            if school not in tried:
                tried.add(school)
                if self._makes_room(school, commune, tried):
                    self.given[commune, school] = self.given.get((commune, school), 0) + 1
                    return True
        return False

    def _makes_room(self, school: int, commune: int, tried: set[int]) -> bool:
        """Has the school a person to spare, or can another of its communes get one elsewhere?"""
        if self._spare[school] > 0:
            self._spare[school] -= 1
            return True
        for other in [c for (c, s), n in self.given.items() if s == school and n and c != commune]:
            if self.supply(other, tried):
                self.given[other, school] -= 1
                return True
        return False
