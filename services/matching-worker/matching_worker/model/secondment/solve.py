"""Solve stage C: one least-cost assignment for each part of the market that has nothing to do with the others.

Posts are rows; columns are people, and for each post one stand-in meaning "left empty". The levels (unfilled, province,
travel) become one whole-number cost where that fits exact arithmetic; otherwise they are optimised one group after
another, each on the optimal face of those before it, known from their potentials.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from commune_schemas.documents import SecondmentDocument, SecondmentSolution
from commune_verify.verdict import Objective
from numpy.typing import NDArray
from scipy import __version__ as scipy_version
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching_worker.model.outcome import SILENT, Limits, Monitor, Outcome, Progress, Status
from matching_worker.model.secondment.assignment import LARGEST_COST, Assignment, assign, reduced_costs
from matching_worker.model.secondment.problem import Integers, Moves, read_moves

LEVELS = ("unfilled", "province", "travel_km")
SOLVER = f"SciPy {scipy_version} sparse assignment, proved by integer potentials"
EMPTY = -1


def solve(
    problem: SecondmentDocument,
    *,
    limits: Limits,
    warm_start: SecondmentSolution | None = None,
    monitor: Monitor = SILENT,
    largest_cost: int = LARGEST_COST,
) -> Outcome:
    """Optimal, with proof, unless stopped before every part was solved; the rest is then filled greedily.

    A warm start has nothing to speed up here and is ignored. `largest_cost` is a seam for tests.
    """
    del warm_start
    moves = read_moves(problem)
    filled = fill_greedily(moves)
    greedy = measure(moves, filled)
    monitor.report(Progress("C", "unfilled", greedy, None, None, monitor.seconds(), make_solution(moves, filled)))
    bound, parts, unproved = solve_parts(moves, filled, limits, monitor, largest_cost=largest_cost)
    objective = measure(moves, filled)
    if unproved:
        bound = lexicographic_bound(objective, bound)
    monitor.report(Progress("C", "travel_km", objective, bound, 0.0 if not unproved else None, monitor.seconds()))
    return Outcome(
        status=Status.FEASIBLE if unproved else Status.OPTIMAL,
        solution=make_solution(moves, filled),
        objective=objective,
        bound=bound,
        solver=SOLVER,
        seconds=monitor.seconds(),
        notes=(describe_unproved(unproved, parts),) if unproved else (),
        statistics={"parts": parts, "allowed_moves": len(moves.post)},
    )


def describe_unproved(unproved: int, parts: int) -> str:
    vi = f"Chưa giải và chứng minh được {unproved} trong {parts} phần độc lập."
    return f"{vi} / {unproved} of {parts} independent parts were not solved to proof."


def solve_parts(
    moves: Moves, filled: Integers, limits: Limits, monitor: Monitor, *, largest_cost: int
) -> tuple[Objective, int, int]:
    """(bound of the proved parts, parts, how many are unproved); fills `filled` part by part until stopped."""
    bound = dict.fromkeys(LEVELS, 0) | {"unfilled": weigh_hopeless(moves)}
    unproved = parts = 0
    for part in split(moves):
        parts += 1
        if monitor.should_stop() or is_over(limits, monitor, parts):
            unproved += 1
            continue
        is_proved = solve_part(moves, part, filled, largest_cost=largest_cost)
        unproved += not is_proved
        if is_proved:
            for level, value in measure(moves, filled, part).items():
                bound[level] += value
    return bound, parts, unproved


@dataclass(frozen=True)
class Part:
    """Posts and people connected by allowed moves, as indices, and the arcs between them."""

    posts: Integers
    people: Integers
    arcs: Integers


def split(moves: Moves) -> Iterator[Part]:
    """The connected parts of the market; a post nobody may fill, or a person without a post, belongs to none."""
    posts, people = len(moves.post_ids), len(moves.person_ids)
    nodes = posts + people
    links = coo_array((np.ones(len(moves.post), dtype=np.int8), (moves.post, posts + moves.person)), (nodes, nodes))
    _, label = connected_components(links, directed=False)
    label_of_arc = label[moves.post]
    order = np.argsort(label_of_arc, kind="stable")
    borders = np.flatnonzero(np.diff(label_of_arc[order])) + 1
    for arcs in np.split(order, borders):
        if len(arcs):
            yield Part(np.unique(moves.post[arcs]), np.unique(moves.person[arcs]), arcs)


def solve_part(moves: Moves, part: Part, filled: Integers, *, largest_cost: int) -> bool:
    """Fill the part's posts at least cost, in `filled`; False when optimality could not be proved (left as it was)."""
    posts, people = len(part.posts), len(part.people)
    row = np.concatenate([np.searchsorted(part.posts, moves.post[part.arcs]), np.arange(posts)])
    column = np.concatenate([np.searchsorted(part.people, moves.person[part.arcs]), people + np.arange(posts)])
    nothing = np.zeros(posts, dtype=np.int64)
    levels = [
        np.concatenate([np.zeros(len(part.arcs), dtype=np.int64), moves.priority[part.posts]]),
        np.concatenate([moves.from_province[moves.person[part.arcs]], nothing]),
        np.concatenate([moves.km[part.arcs], nothing]),
    ]
    open_arcs = np.arange(len(row))
    required = np.zeros(people + posts, dtype=bool)
    found: Assignment | None = None
    for group in scale_levels(levels, rows=posts, largest_cost=largest_cost):
        # A column that every optimum of the levels before must use is made worth more than this group's whole range.
        cost = group[open_arcs] - np.where(required[column[open_arcs]], int(group.max()) * posts + 1, 0)
        found = assign(row[open_arcs], column[open_arcs], cost, rows=posts, columns=people + posts)
        if found.column_potential is None:
            return False
        is_tight = reduced_costs(row[open_arcs], column[open_arcs], cost, optimum=found) == 0
        required |= found.column_potential < 0
        open_arcs = open_arcs[is_tight]
    assert found is not None  # noqa: S101 - there is always a group
    is_person = found.column < people
    filled[part.posts] = np.where(is_person, part.people[np.minimum(found.column, people - 1)], EMPTY)
    return True


def scale_levels(levels: list[NDArray[np.int64]], *, rows: int, largest_cost: int) -> list[Integers]:
    """Levels merged, first ones weighing more than all that follows together, as far as costs stay exact."""
    groups: list[Integers] = []
    merged: Integers | None = None
    total = 0
    for level in reversed(levels):
        weight = total + 1
        largest = int(level.max()) * weight + total
        if merged is None or largest > largest_cost:
            if merged is not None:
                groups.append(merged)
            merged, total = level, int(level.max()) * rows
        else:
            merged = level * weight + merged
            total += int(level.max()) * rows * weight
    assert merged is not None  # noqa: S101 - there are three levels
    return [merged, *reversed(groups)]


def fill_greedily(moves: Moves) -> Integers:
    """Person by post (EMPTY = none): heaviest posts first, people of the province last, nearest first."""
    filled = np.full(len(moves.post_ids), EMPTY, dtype=np.int64)
    taken = np.zeros(len(moves.person_ids), dtype=bool)
    order = np.lexsort(
        (moves.person, moves.post, moves.km, moves.from_province[moves.person], -moves.priority[moves.post])
    )
    for post, person in zip(moves.post[order].tolist(), moves.person[order].tolist(), strict=True):
        if filled[post] == EMPTY and not taken[person]:
            filled[post] = person
            taken[person] = True
    return filled


def measure(moves: Moves, filled: Integers, part: Part | None = None) -> dict[str, int]:
    """The objective of these posts (all when None)."""
    posts = slice(None) if part is None else part.posts
    arcs = slice(None) if part is None else part.arcs
    is_move = filled[moves.post[arcs]] == moves.person[arcs]
    return {
        "unfilled": int(moves.priority[posts][filled[posts] == EMPTY].sum()),
        "province": int(moves.from_province[moves.person[arcs][is_move]].sum()),
        "travel_km": int(moves.km[arcs][is_move].sum()),
    }


def weigh_hopeless(moves: Moves) -> int:
    """The weight of posts that nobody may fill."""
    return int(np.delete(moves.priority, np.unique(moves.post)).sum())


def lexicographic_bound(objective: Objective, proved: Objective) -> dict[str, int]:
    """Proved parts count whole, of the rest nothing is known; a later level is bounded only below a tight one."""
    bound: dict[str, int] = {}
    is_tight = True
    for level in LEVELS:
        bound[level] = proved[level] if is_tight else 0
        is_tight = is_tight and proved[level] == objective[level]
    return bound


def make_solution(moves: Moves, filled: Integers) -> SecondmentSolution:
    return SecondmentSolution(
        moves=sorted(
            (moves.person_ids[person], moves.post_ids[post])
            for post, person in enumerate(filled.tolist())
            if person != EMPTY
        )
    )


def is_over(limits: Limits, monitor: Monitor, parts: int) -> bool:
    """Whether a limit is reached: seconds, or as deterministic work the number of parts solved."""
    if limits.work is not None and parts > limits.work:
        return True
    return limits.time_seconds is not None and monitor.seconds() > limits.time_seconds
