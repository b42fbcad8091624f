"""Every group that a plan within a ceiling could have, by what the best prices say that it costs.

Once communes are priced, a group of a centre lifts the bound by how far it is from that centre's cheapest. Few groups
stay under a ceiling that is near the bound: these are listed member by member, and no other can be part of such a plan.
"""

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matching_worker.model.groups.areas import Areas
from matching_worker.model.groups.bound import PricedBound
from matching_worker.model.groups.formulation import Floats
from matching_worker.model.groups.problem import Map, in_units

MOST_PARTIAL = 200_000
"""Beginnings of one centre's groups held at once; more, and the ceiling is too high to list below it."""
MOST_LISTED = 60_000
ROUNDING = 1e-6
WORD = 64


def list_within(problem: Map, priced: PricedBound, ceiling: float, should_stop: Callable[[], bool]) -> Areas | None:
    """Connected, balanced groups, each at its best centre; None where these are too many to list."""
    km = problem.km.astype(np.float64)
    listed, costs, count = [np.zeros((0, problem.size))], [np.zeros(0)], 0
    for centre in range(problem.size):
        members = None if should_stop() else _groups_of(problem, priced, centre, ceiling)
        if members is None:
            return None
        members = members[are_connected(members, centre, problem.neighbours)]
        from_centres = np.where(members, members.astype(np.float64) @ km, np.inf)
        members = members[from_centres.argmin(axis=1) == centre]
        count += len(members)
        if count > MOST_LISTED:
            return None
        listed.append(members.astype(np.float64))
        costs.append(listed[-1] @ km[:, centre])
    return Areas(np.concatenate(listed), np.concatenate(costs))


def _groups_of(problem: Map, priced: PricedBound, centre: int, ceiling: float) -> NDArray[np.bool_] | None:
    """[group, commune] the centre's groups of allowed weight that the prices leave; None where these are too many."""
    gain, most = priced.gain[:, centre], ceiling - priced.beside[centre] + ROUNDING
    others = np.flatnonzero(priced.with_pair[:, centre] <= ceiling + ROUNDING)
    others = others[others != centre]
    weights, lowest, highest = in_units(problem)
    weight = np.array(weights)
    if weight[centre] > highest or priced.with_pair[centre, centre] > ceiling + ROUNDING:
        return np.zeros((0, problem.size), dtype=bool)
    rest = _least_rest(gain[others], weight[others], lowest, highest)
    packed = np.zeros((1, -(-problem.size // WORD)), dtype=np.uint64)
    packed[0, centre // WORD] = _bit(centre)
    value, load = np.array([gain[centre]]), np.array([weight[centre]])
    for position, member in enumerate(others, start=1):
        heavier, dearer = load + weight[member], value + gain[member]
        fits = heavier <= highest
        joins = fits & (dearer + rest[position][np.where(fits, heavier, 0)] <= most)
        stays = value + rest[position][load] <= most
        joined = packed[joins]
        joined[:, member // WORD] |= _bit(int(member))
        packed = np.concatenate([packed[stays], joined])
        value = np.concatenate([value[stays], dearer[joins]])
        load = np.concatenate([load[stays], heavier[joins]])
        if len(load) > MOST_PARTIAL:
            return None
    groups = packed[(load >= lowest) & (value <= most)]
    return np.unpackbits(groups.view(np.uint8), axis=1, bitorder="little", count=problem.size).astype(bool)


def _least_rest(gain: Floats, weight: NDArray[np.int64], lowest: int, highest: int) -> Floats:
    """[position, load] the least that members from this position on add to a group of this load, in balance at last."""
    rest = np.full((len(gain) + 1, highest + 1), np.inf)
    rest[-1, lowest:] = 0.0
    for position in range(len(gain) - 1, -1, -1):
        heavy, after = weight[position], rest[position + 1]
        rest[position] = after
        if heavy <= highest:
            kept = highest + 1 - heavy
            rest[position, :kept] = np.minimum(after[:kept], after[heavy:] + gain[position])
    return rest


def _bit(commune: int) -> np.uint64:
    return np.uint64(1 << commune % WORD)


def are_connected(members: NDArray[np.bool_], centre: int, neighbours: list[list[int]]) -> NDArray[np.bool_]:
    """[group] whether each of its members is reached from the centre over members.

    All groups at once: bit n of a commune's number is group n's.
    """
    count, width = len(members), -(-len(members) // 8)
    has = [int.from_bytes(row.tobytes(), "little") for row in np.packbits(members.T, axis=1, bitorder="little")]
    reached = [0] * len(has)
    reached[centre] = has[centre]
    waiting = deque([centre])
    while waiting:
        commune = waiting.popleft()
        for near in neighbours[commune]:
            grown = reached[near] | reached[commune] & has[near]
            if grown != reached[near]:
                reached[near] = grown
                waiting.append(near)
    apart = 0
    for there, arrived in zip(has, reached, strict=True):
        apart |= there & ~arrived
    bits = np.frombuffer(apart.to_bytes(width, "little"), dtype=np.uint8)
    return ~np.unpackbits(bits, bitorder="little", count=count).astype(bool)
