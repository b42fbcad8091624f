"""How much of a school's area hangs together over the graph of neighbouring communes (R11)."""

from collections.abc import Iterable, Mapping

from matching_worker.model.responsibility.problem.costs import Plan
from matching_worker.model.responsibility.problem.problem import Problem


def largest_shares(problem: Problem, plan: Plan) -> Mapping[str, float]:
    """By school: the largest connected part of its communes, as a share of those that have neighbours at all."""
    shares = {}
    for s, school in enumerate(problem.schools):
        parts = _parts(problem, plan, s)
        if parts:
            shares[school] = round(max(map(len, parts)) / sum(map(len, parts)), 4)
    return shares


def largest_part(problem: Problem, plan: Plan, school: int) -> set[int]:
    return max(_parts(problem, plan, school), key=lambda part: (len(part), -min(part)), default=set())


def neighbours(problem: Problem) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for a, b in problem.edges:
        found.setdefault(a, set()).add(b)
        found.setdefault(b, set()).add(a)
    return found


def count_scattered(graph: Mapping[int, set[int]], area: Iterable[int]) -> int:
    """Communes of an area that lie apart from its main part."""
    parts = _split(graph, area)
    return sum(map(len, parts)) - max(map(len, parts), default=0)


def _parts(problem: Problem, plan: Plan, school: int) -> list[set[int]]:
    return _split(neighbours(problem), (c for c, lead in enumerate(plan.lead) if lead == school))


def _split(graph: Mapping[int, set[int]], area: Iterable[int]) -> list[set[int]]:
    """The connected parts of an area; islands without neighbours do not count."""
    waiting = {c for c in area if c in graph}
    parts = []
    while waiting:
        reached = [waiting.pop()]
        for c in reached:
            fresh = graph[c] & waiting
            waiting -= fresh
            reached += sorted(fresh)
        parts.append(set(reached))
    return parts
