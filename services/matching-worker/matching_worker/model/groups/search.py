"""A good grouping quickly: grow groups from spread-out seeds, then move and swap border communes. No proof.

Deterministic for a seed. The measure while searching is (weight outside [lo, hi], kilometres), lexicographically.
"""

from collections.abc import Iterator
from random import Random

from matching_worker.model.groups.problem import Grouping, Map, components, cost_of

STARTS = 4
SWAP_STARTS = 4


def search(problem: Map, *, seed: int) -> Iterator[Grouping]:
    """Ever better groupings that keep every rule; perhaps none."""
    random = Random(seed)
    best: int | None = None
    for start in range(STARTS):
        groups = grow(problem, random)
        if groups is None:
            return
        improve(problem, groups, with_swaps=start < SWAP_STARTS)
        if sum(excess(problem, group) for group in groups) == 0:
            cost = sum(cost_of(group, problem.km) for group in groups)
            if best is None or cost < best:
                best = cost
                yield to_grouping(problem, groups)


def grow(problem: Map, random: Random) -> list[set[int]] | None:
    """k connected groups: seeds far apart, then always the lightest group takes its nearest free neighbour."""
    parts = components(set(range(problem.size)), problem.neighbours)
    if len(parts) > problem.k or problem.size < problem.k:
        return None
    seeds = [random.choice(sorted(part)) for part in parts]
    while len(seeds) < problem.k:
        free = sorted(set(range(problem.size)) - set(seeds))
        far = sorted(free, key=lambda one: (-min(int(problem.km[one, seed]) for seed in seeds), one))
        seeds.append(far[random.randrange(min(len(far), 1 + problem.size // problem.k))])
    groups = [{seed} for seed in seeds]
    owner = {seed: number for number, seed in enumerate(seeds)}
    while len(owner) < problem.size:
        options = [
            (sum(problem.weight[one] for one in group), int(problem.km[near, seeds[number]]), near, number)
            for number, group in enumerate(groups)
            for member in group
            for near in problem.neighbours[member]
            if near not in owner
        ]
        _, _, commune, number = min(options)
        groups[number].add(commune)
        owner[commune] = number
    return groups


def improve(problem: Map, groups: list[set[int]], *, with_swaps: bool) -> None:
    """Best-first descent until no move (or swap of two border communes) helps."""
    value = [measure(problem, group) for group in groups]
    while True:
        best_gain, best_change = (0, 0), None
        for changed in changes(problem, groups, with_swaps=with_swaps):
            after = {number: measure(problem, group) for number, group in changed.items()}
            gain = (
                sum(value[number][0] - after[number][0] for number in changed),
                sum(value[number][1] - after[number][1] for number in changed),
            )
            if gain > best_gain and all(is_connected(problem, group) for group in changed.values()):
                best_gain, best_change = gain, changed
        if best_change is None:
            return
        for number, group in best_change.items():
            groups[number] = group
            value[number] = measure(problem, group)


def changes(problem: Map, groups: list[set[int]], *, with_swaps: bool) -> Iterator[dict[int, set[int]]]:
    """Two groups as they would be after one commune moved over their border, or two changed places."""
    owner = {commune: number for number, group in enumerate(groups) for commune in group}
    border: dict[tuple[int, int], set[int]] = {}
    for commune in range(problem.size):
        for near in problem.neighbours[commune]:
            if owner[near] != owner[commune]:
                border.setdefault((owner[commune], owner[near]), set()).add(commune)
    for (source, target), movers in sorted(border.items()):
        for mover in sorted(movers):
            if len(groups[source]) > 1:
                yield {source: groups[source] - {mover}, target: groups[target] | {mover}}
            if with_swaps and source < target:
                for other in sorted(border.get((target, source), ())):
                    yield {
                        source: groups[source] - {mover} | {other},
                        target: groups[target] - {other} | {mover},
                    }


def measure(problem: Map, group: set[int]) -> tuple[int, int]:
    return excess(problem, group), cost_of(group, problem.km)


def excess(problem: Map, group: set[int]) -> int:
    """How far the group's weight is outside [lo, hi]."""
    weight = sum(problem.weight[commune] for commune in group)
    return max(0, problem.lo - weight, weight - problem.hi)


def is_connected(problem: Map, group: set[int]) -> bool:
    return len(components(group, problem.neighbours)) == 1


def to_grouping(problem: Map, groups: list[set[int]]) -> Grouping:
    owner = {commune: number for number, group in enumerate(groups) for commune in group}
    return [owner[commune] for commune in range(problem.size)]


def is_allowed(problem: Map, grouping: Grouping) -> bool:
    """Whether a grouping keeps every rule."""
    if set(grouping) != set(range(problem.k)):
        return False
    groups: list[set[int]] = [set() for _ in range(problem.k)]
    for commune, number in enumerate(grouping):
        groups[number].add(commune)
    return all(is_connected(problem, group) and excess(problem, group) == 0 for group in groups)
