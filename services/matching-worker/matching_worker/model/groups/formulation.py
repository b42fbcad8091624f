"""The grouping as a model: column (member, centre) is 1 when the member belongs to the group centred there.

Every group is named by its centre, so no two columns mean the same; choosing the best centre is the objective's doing.
Connectedness comes as cuts: who belongs to a centre needs, of every set of communes that separates the two, someone
who belongs to it as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, vstack

from matching_worker.model.groups.problem import Grouping, Map, best_centre, components

Floats = NDArray[np.float64]

TINY = 1e-6
CUTS_A_PART = 20


@dataclass(frozen=True)
class Rows:
    """lower <= matrix x <= upper."""

    matrix: csr_array
    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class Cut:
    """`member` belongs to `centre` only if someone of `separator` does."""

    member: int
    centre: int
    separator: tuple[int, ...]


def base_rows(problem: Map) -> Rows:
    """One group each, k centres, balance, and members only of centres that are."""
    size = problem.size
    column = np.arange(size * size).reshape(size, size)
    weight = np.array(problem.weight, dtype=np.float64)
    everyone = np.arange(size)
    one_group = coo_array((np.ones(size * size), (np.repeat(everyone, size), column.ravel())), (size, size * size))
    centres = coo_array((np.ones(size), (np.zeros(size, dtype=int), column.diagonal())), (1, size * size))
    # Column-major: all members of one centre stand together, one balance row a centre.
    by_centre = (np.repeat(everyone, size), column.T.ravel())
    loads = coo_array((np.tile(weight, size), by_centre), (size, size * size))
    opened = coo_array((np.ones(size), (everyone, column.diagonal())), (size, size * size))
    member, centre = np.nonzero(~np.eye(size, dtype=bool))
    pairs = np.arange(len(member))
    joined = coo_array(
        (
            np.concatenate([np.ones(len(member)), -np.ones(len(member))]),
            (np.concatenate([pairs, pairs]), np.concatenate([column[member, centre], column[centre, centre]])),
        ),
        (len(member), size * size),
    )
    blocks = [
        (one_group, 1.0, 1.0),
        (centres, problem.k, problem.k),
        (loads - problem.hi * opened, -np.inf, 0.0),
        (loads - problem.lo * opened, 0.0, np.inf),
        (joined, -np.inf, 0.0),
    ]
    return Rows(
        csr_array(vstack([matrix for matrix, _, _ in blocks], format="csr")),
        np.concatenate([np.full(matrix.shape[0], lower, dtype=np.float64) for matrix, lower, _ in blocks]),
        np.concatenate([np.full(matrix.shape[0], upper, dtype=np.float64) for matrix, _, upper in blocks]),
    )


def find_cuts(problem: Map, values: Floats) -> Iterator[Cut]:
    """Cuts that these values (fractional or whole) break: parts of a centre's support that do not reach the centre.

    Of whole values the same is said to every commune on the centre's side: it could be the centre just as well.
    """
    is_whole = bool((np.abs(values - np.round(values)) < TINY).all())
    square = values.reshape(problem.size, problem.size)
    for centre in range(problem.size):
        if square[centre, centre] < TINY:
            continue
        support = set(np.flatnonzero(square[:, centre] > TINY).tolist())
        parts = components(support, problem.neighbours)
        heads = next(part for part in parts if centre in part) if is_whole else {centre}
        for part in parts:
            if centre in part:
                continue
            heaviest_first = sorted(part, key=lambda member: (-square[member, centre], member))[:CUTS_A_PART]
            for head in sorted(heads):
                separator = separate(problem, part, head)
                yield from (Cut(member, head, separator) for member in heaviest_first)


def separate(problem: Map, part: set[int], centre: int) -> tuple[int, ...]:
    """The neighbours of `part` that the centre can reach without passing another one of them."""
    border = {near for member in part for near in problem.neighbours[member]} - part
    outside = set(range(problem.size)) - part - border
    reached = next((one for one in components(outside, problem.neighbours) if centre in one), {centre})
    near_reached = {near for commune in reached for near in problem.neighbours[commune]}
    return tuple(sorted(border & near_reached))


def to_grouping(problem: Map, values: Floats) -> Grouping:
    """Whole values as a grouping."""
    owner = values.reshape(problem.size, problem.size).argmax(axis=1).tolist()
    number = {centre: index for index, centre in enumerate(sorted(set(owner)))}
    return [number[centre] for centre in owner]


def to_cores(problem: Map, values: Floats) -> list[set[int]]:
    """Of whole values' groups, the parts that are connected with their centres."""
    owner = values.reshape(problem.size, problem.size).argmax(axis=1)
    return [
        next(
            part
            for part in components(set(np.flatnonzero(owner == centre).tolist()), problem.neighbours)
            if centre in part
        )
        for centre in sorted(set(owner.tolist()))
    ]


def to_values(problem: Map, grouping: Grouping) -> Floats:
    """A grouping's columns, each group at its best centre (the first of equals)."""
    values = np.zeros((problem.size, problem.size))
    for group in range(problem.k):
        members = {commune for commune, number in enumerate(grouping) if number == group}
        values[sorted(members), best_centre(members, problem.km)] = 1.0
    return values.ravel()
