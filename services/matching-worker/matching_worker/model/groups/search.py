"""A good grouping quickly: grow groups from spread-out seeds, then move and swap border communes. No proof.

Always the same for a map: no level tells equal plans apart, so no seed may. The measure while searching is (weight
outside [lo, hi], kilometres), lexicographically.
"""

from collections.abc import Iterable, Iterator
from random import Random

from matching_worker.model.groups.descent import Descent
from matching_worker.model.groups.problem import Grouping, Map, best_centre, components, cost_of

SEED = 0
STARTS = 4
KICKS = 40
KICKS_WITHOUT_A_PLAN = 200


def search(problem: Map) -> Iterator[Grouping]:
    """Groupings that keep every rule: grown from seeds far apart and, if none does, kicked on; perhaps none."""
    random = Random(SEED)
    best: list[set[int]] | None = None
    for _ in range(STARTS):
        groups = grow_and_improve(problem, [{one} for one in spread_seeds(problem, random)])
        if groups is not None and (best is None or rank(problem, groups) < rank(problem, best)):
            best = groups
            if is_balanced(problem, best):
                yield to_grouping(problem, best)
    if best is not None and not is_balanced(problem, best):
        yield from kick_on(problem, to_grouping(problem, best), kicks=KICKS_WITHOUT_A_PLAN)


def search_from(problem: Map, starts: Iterable[list[set[int]]]) -> Iterator[Grouping]:
    """Groupings that keep every rule, grown from these connected cores of k groups each and improved."""
    for cores in starts:
        groups = grow_and_improve(problem, cores)
        if groups is not None and is_balanced(problem, groups):
            yield to_grouping(problem, groups)


def grow_and_improve(problem: Map, cores: list[set[int]]) -> list[set[int]] | None:
    groups = grow(problem, cores, set(range(problem.size))) if len(cores) == problem.k else None
    if groups is not None:
        Descent(problem).improve(groups)
    return groups


def spread_seeds(problem: Map, random: Random) -> list[int]:
    """k communes far apart, one at least in each connected part; fewer than k where there are more parts or too few."""
    parts = components(set(range(problem.size)), problem.neighbours)
    seeds = [random.choice(sorted(part)) for part in parts]
    while len(seeds) < min(problem.k, problem.size):
        free = sorted(set(range(problem.size)) - set(seeds))
        far = sorted(free, key=lambda one: (-min(int(problem.km[one, seed]) for seed in seeds), one))
        seeds.append(far[random.randrange(min(len(far), 1 + problem.size // problem.k))])
    return seeds


def kick_on(problem: Map, grouping: Grouping, *, kicks: int = KICKS) -> Iterator[Grouping]:
    """Ever better groupings: two neighbouring groups are taken together, parted anew, and all is improved."""
    random = Random(SEED)
    best = to_groups(problem, grouping)
    descent = Descent(problem)
    for _ in range(kicks):
        groups = kick(problem, best, random)
        if groups is None:
            continue
        descent.improve(groups)
        is_better = rank(problem, groups) < rank(problem, best)
        if rank(problem, groups) <= rank(problem, best):
            best = groups
        if is_better and is_balanced(problem, best):
            yield to_grouping(problem, best)


def kick(problem: Map, groups: list[set[int]], random: Random) -> list[set[int]] | None:
    borders = sorted(find_borders(problem, groups))
    if not borders:
        return None
    first, second = random.choice(borders)
    both = groups[first] | groups[second]
    parted = grow(problem, [{one} for one in random.sample(sorted(both), 2)], both)
    if parted is None:
        return None
    kicked = [set(group) for group in groups]
    kicked[first], kicked[second] = parted
    return kicked


def grow(problem: Map, cores: list[set[int]], everyone: set[int]) -> list[set[int]] | None:
    """Connected groups of `everyone`: always the lightest that can takes its nearest free neighbour.

    None: some are not reached.
    """
    groups = [set(core) for core in cores]
    heads = [best_centre(core, problem.km) for core in cores]
    owner = {member: number for number, core in enumerate(cores) for member in core}
    while len(owner) < len(everyone):
        options = [
            (sum(problem.weight[one] for one in group), int(problem.km[near, heads[number]]), near, number)
            for number, group in enumerate(groups)
            for member in group
            for near in problem.neighbours[member]
            if near in everyone and near not in owner
        ]
        if not options:
            return None
        _, _, commune, number = min(options)
        groups[number].add(commune)
        owner[commune] = number
    return groups


def find_borders(problem: Map, groups: list[set[int]]) -> dict[tuple[int, int], set[int]]:
    """By (group, neighbouring group): the members of the first that border on the second."""
    owner = {commune: number for number, group in enumerate(groups) for commune in group}
    border: dict[tuple[int, int], set[int]] = {}
    for commune in range(problem.size):
        for near in problem.neighbours[commune]:
            if owner[near] != owner[commune]:
                border.setdefault((owner[commune], owner[near]), set()).add(commune)
    return border


def rank(problem: Map, groups: list[set[int]]) -> tuple[int, int]:
    """Less is better: weight out of balance, then kilometres."""
    measured = [measure(problem, group) for group in groups]
    return sum(excess for excess, _ in measured), sum(km for _, km in measured)


def is_balanced(problem: Map, groups: list[set[int]]) -> bool:
    return all(excess(problem, group) == 0 for group in groups)


def measure(problem: Map, group: set[int]) -> tuple[int, int]:
    return excess(problem, group), cost_of(group, problem.km)


def excess(problem: Map, group: set[int]) -> int:
    """How far the group's weight is outside [lo, hi]."""
    return beyond(problem, sum(problem.weight[commune] for commune in group))


def beyond(problem: Map, weight: int) -> int:
    """How far a weight is outside [lo, hi]."""
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
    return is_balanced(problem, to_groups(problem, grouping)) and all(
        is_connected(problem, group) for group in to_groups(problem, grouping)
    )


def to_groups(problem: Map, grouping: Grouping) -> list[set[int]]:
    groups: list[set[int]] = [set() for _ in range(problem.k)]
    for commune, number in enumerate(grouping):
        groups[number].add(commune)
    return groups
