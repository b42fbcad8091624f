"""Contiguity (R11) as rows of the whole programme: a stream from a root reaches all of each school's main part."""

from dataclasses import dataclass

import numpy as np

from matching_worker.model.engine.highs import INFINITY, FloatArray
from matching_worker.model.engine.model import Model
from matching_worker.model.responsibility.problem.contiguity import largest_part, neighbours
from matching_worker.model.responsibility.problem.costs import Plan
from matching_worker.model.responsibility.problem.problem import Problem
from matching_worker.model.responsibility.problem.staffing import IntArray

Arc = tuple[int, int]


@dataclass(eq=False)
class Contiguous:
    """Where its columns are. Communes without neighbours take no part."""

    problem: Problem
    lead: IntArray
    """[c, s] the programme's own columns, -1 where the school may not lead."""
    main: dict[tuple[int, int], int]
    """(commune, school): the commune lies in the school's main part."""
    root: dict[tuple[int, int], int]
    source: dict[tuple[int, int], int]
    """What enters at the root: as much as the main part has communes."""
    stream: dict[tuple[int, int, int], int]
    """(from, to, school): what passes on to the next commune."""

    def put_costs(self, cost: FloatArray) -> None:
        """[column] communes led, less those in main parts."""
        for (c, s), column in self.main.items():
            cost[self.lead[c, s]] += 1.0
            cost[column] -= 1.0

    def put_point(self, point: FloatArray, plan: Plan) -> None:
        """The largest part of each school's area, fed from its first commune along a tree."""
        graph = neighbours(self.problem)
        for s in range(len(self.problem.schools)):
            part = largest_part(self.problem, plan, s)
            if not part:
                continue
            first = min(part)
            order, parent = [first], {first: first}
            for c in order:
                for other in sorted(graph[c] & part - parent.keys()):
                    parent[other] = c
                    order.append(other)
            passing = dict.fromkeys(part, 1)
            for c in reversed(order[1:]):
                passing[parent[c]] += passing[c]
                point[self.stream[parent[c], c, s]] = passing[c]
            for c in part:
                point[self.main[c, s]] = 1.0
            point[self.root[first, s]], point[self.source[first, s]] = 1.0, len(part)


def add_contiguity(model: Model, problem: Problem, lead: IntArray) -> Contiguous:
    graph = neighbours(problem)
    pairs = [(int(c), int(s)) for c, s in np.argwhere(lead >= 0) if c in graph]
    there = set(pairs)
    arcs = [(c, other, s) for c, s in pairs for other in sorted(graph[c]) if (other, s) in there]
    most = float(len(graph))
    main = _columns(model, pairs, upper=1.0, integer=True)
    root = _columns(model, pairs, upper=1.0, integer=True)
    source = _columns(model, pairs, upper=most)
    streams = model.add_columns(np.zeros(len(arcs)), upper=most)
    stream = {arc: int(k) for arc, k in zip(arcs, streams, strict=True)}
    incoming: dict[tuple[int, int], list[int]] = {pair: [] for pair in pairs}
    outgoing: dict[tuple[int, int], list[int]] = {pair: [] for pair in pairs}
    for (a, b, s), column in stream.items():
        outgoing[a, s].append(column)
        incoming[b, s].append(column)
    for pair in pairs:
        came, left = incoming[pair], outgoing[pair]
        model.add_row(-INFINITY, 0.0, [main[pair], int(lead[pair])], [1.0, -1.0])
        model.add_row(-INFINITY, 0.0, [source[pair], root[pair]], [1.0, -most])
        model.add_row(
            0.0, 0.0, [*came, source[pair], *left, main[pair]], [1.0] * (len(came) + 1) + [-1.0] * (len(left) + 1)
        )
        model.add_row(-INFINITY, 0.0, [*came, source[pair], main[pair]], [1.0] * (len(came) + 1) + [-most])
    for s in range(len(problem.schools)):
        model.add_row(-INFINITY, 1.0, [root[pair] for pair in pairs if pair[1] == s])
    return Contiguous(problem, lead, main, root, source, stream)


def _columns(
    model: Model, pairs: list[tuple[int, int]], *, upper: float, integer: bool = False
) -> dict[tuple[int, int], int]:
    made = model.add_columns(np.zeros(len(pairs)), upper=upper, integer=integer)
    return {pair: int(column) for pair, column in zip(pairs, made, strict=True)}
