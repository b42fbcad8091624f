"""Small or sparse maps: every connected, balanced group that leaves the rest divisible, listed; a plan is k of them.

Tight balance on few communes makes plans rare, and a search commune by commune blind. What is left of a map must fall
into connected parts whose weights are whole numbers of groups: that discards most candidates at sight.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from matching_worker.model.groups.formulation import Floats
from matching_worker.model.groups.problem import Map, cost_of

FIRST_STEPS = 40_000
"""Connected sets looked at before the map counts as large, for now: a fifth of a second."""
MOST_STEPS = 640_000
STEPS_BETWEEN_LOOKS = 5_000
MOST_AREAS = 3_000


@dataclass(frozen=True)
class Areas:
    members: Floats
    """[area, commune] 1 where the commune belongs to the area."""
    cost: Floats
    """[area] kilometres to its best centre."""


def list_areas(problem: Map, *, most_steps: int, should_stop: Callable[[], bool]) -> Areas | None:
    """Every group that some plan could have; None where these are too many to list in so many steps."""
    near = [sum(1 << other for other in row) for row in problem.neighbours]
    # A first look at the number alone: most maps are too large, and what each set leaves takes longer to look at.
    if sum(1 for _ in islice(_connected_sets(problem, near), FIRST_STEPS + 1)) > most_steps:
        return None
    everyone = (1 << problem.size) - 1
    found: list[list[int]] = []
    for steps, area in enumerate(_connected_sets(problem, near)):
        if steps > most_steps or len(found) > MOST_AREAS or (steps % STEPS_BETWEEN_LOOKS == 0 and should_stop()):
            return None
        mask, weight = area
        if weight >= problem.lo and _is_divisible(problem, near, everyone & ~mask):
            found.append([one for one in range(problem.size) if mask >> one & 1])
    members = np.zeros((len(found), problem.size))
    for row, area_members in zip(members, found, strict=True):
        row[area_members] = 1.0
    return Areas(members, np.array([cost_of(set(one), problem.km) for one in found], dtype=np.float64))


def _connected_sets(problem: Map, near: list[int]) -> Iterator[tuple[int, int]]:
    """(members, weight) of every connected set that weighs at most `hi`, once: from its first commune on."""
    for first in range(problem.size):
        if problem.weight[first] > problem.hi:
            continue
        barred = (1 << first + 1) - 1
        waiting = [(1 << first, near[first] & ~barred, barred, problem.weight[first])]
        while waiting:
            members, border, barred, weight = waiting.pop()
            yield members, weight
            while border:
                one = border & -border
                border ^= one
                barred |= one
                number = one.bit_length() - 1
                grown = weight + problem.weight[number]
                if grown <= problem.hi:
                    waiting.append((members | one, (border | near[number]) & ~barred, barred, grown))


def _is_divisible(problem: Map, near: list[int], rest: int) -> bool:
    """Whether each connected part of the rest weighs a whole number of groups, k - 1 of them in all."""
    least = most = 0
    while rest:
        part = border = rest & -rest
        while border:
            number = (border & -border).bit_length() - 1
            border &= border - 1
            new = near[number] & rest & ~part
            part |= new
            border |= new
        rest &= ~part
        weight = sum(problem.weight[one] for one in range(problem.size) if part >> one & 1)
        fewest = max(1, -(-weight // problem.hi)) if problem.hi > 0 else 1
        largest = weight // problem.lo if problem.lo > 0 else part.bit_count()
        if fewest > largest:
            return False
        least, most = least + fewest, most + largest
    return least <= problem.k - 1 <= most
