"""Stage D's search: what the descent leaves cannot be bettered by one change, and groups in pieces are seen."""

from itertools import product
from random import Random

import numpy as np
import pytest
from matching_worker.model.groups.descent import Descent
from matching_worker.model.groups.problem import Map, components, cost_of, read_map
from matching_worker.model.groups.search import grow, spread_seeds
from matching_worker.model.groups.within import are_connected

from tests.matching_worker.test_groups_within import make_grid


def rank(problem: Map, groups: list[set[int]]) -> tuple[int, int]:
    weights = [sum(problem.weight[one] for one in group) for group in groups]
    return (
        sum(max(0, problem.lo - weight, weight - problem.hi) for weight in weights),
        sum(cost_of(group, problem.km) for group in groups),
    )


def is_whole(problem: Map, groups: list[set[int]]) -> bool:
    return all(len(components(group, problem.neighbours)) == 1 for group in groups)


def near_groupings(problem: Map, groups: list[set[int]]) -> list[list[set[int]]]:
    """Each after one move or one swap of communes that border on each other's groups."""

    def borders(one: int, group: set[int]) -> bool:
        return any(near in group for near in problem.neighbours[one])

    changed = []
    for a, b in product(range(len(groups)), repeat=2):
        movers = [one for one in groups[a] if a != b and borders(one, groups[b])]
        for one in movers:
            for other in [None, *(two for two in groups[b] if borders(two, groups[a]))]:
                back = set() if other is None else {other}
                after = [set(group) for group in groups]
                after[a], after[b] = groups[a] - {one} | back, groups[b] - back | {one}
                changed.append(after)
    return [after for after in changed if all(after) and is_whole(problem, after)]


@pytest.mark.parametrize("seed", range(12))
def test_the_descent_ends_where_no_change_helps(seed: int) -> None:
    problem = read_map(make_grid(seed))
    everyone = set(range(problem.size))
    grown = grow(problem, [{one} for one in spread_seeds(problem, Random(seed))], everyone)
    assert grown is not None
    groups = [set(group) for group in grown]
    Descent(problem).improve(groups)
    assert set().union(*groups) == everyone
    assert sum(len(group) for group in groups) == problem.size
    assert is_whole(problem, groups)
    reached = rank(problem, groups)
    assert reached <= rank(problem, grown)
    assert all(rank(problem, after) >= reached for after in near_groupings(problem, groups))


@pytest.mark.parametrize("seed", range(5))
def test_groups_in_pieces_are_seen(seed: int) -> None:
    problem = read_map(make_grid(seed))
    members = np.random.default_rng(seed).random((200, problem.size)) < 0.6
    members[:, 3] = True
    expected = [len(components(set(np.flatnonzero(row).tolist()), problem.neighbours)) == 1 for row in members]
    assert True in expected
    assert False in expected
    assert are_connected(members, 3, problem.neighbours).tolist() == expected
    assert are_connected(members[:0], 3, problem.neighbours).tolist() == []
