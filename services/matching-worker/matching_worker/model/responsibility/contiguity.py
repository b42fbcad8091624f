"""How much of a school's area hangs together over the graph of neighbouring communes (R11)."""

from collections.abc import Mapping

from matching_worker.model.responsibility.costs import Plan
from matching_worker.model.responsibility.problem import Problem


def largest_shares(problem: Problem, plan: Plan) -> Mapping[str, float]:
    """By school: the largest connected part of its communes, as a share of those that have neighbours at all."""
    shares = {}
    for s, school in enumerate(problem.schools):
        parts = _parts(problem, {c for c, lead in enumerate(plan.lead) if lead == s})
        if parts:
            shares[school] = round(max(parts) / sum(parts), 4)
    return shares


def scattered(problem: Problem, plan: Plan) -> int:
    """Communes lying apart from the main part of their school's area; islands without neighbours do not count."""
    led = (_parts(problem, {c for c, lead in enumerate(plan.lead) if lead == s}) for s in range(len(problem.schools)))
    return sum(sum(parts) - max(parts, default=0) for parts in led)


def neighbours(problem: Problem) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for a, b in problem.edges:
        found.setdefault(a, set()).add(b)
        found.setdefault(b, set()).add(a)
    return found


def _parts(problem: Problem, communes: set[int]) -> list[int]:
    """Sizes of the connected parts of an area."""
    graph = neighbours(problem)
    waiting, sizes = {c for c in communes if c in graph}, []
    while waiting:
        reached = [waiting.pop()]
        for c in reached:
            fresh = graph[c] & waiting
            waiting -= fresh
            reached += fresh
        sizes.append(len(reached))
    return sizes
