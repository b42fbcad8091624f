"""What a reader compares plans of stage A by, counted from the two documents alone: km, pieces, far leads, loads."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from commune_schemas.documents import InstanceDocument, InstanceSolution


@dataclass(frozen=True)
class Figures:
    """Loads are shares of the mean: 1.0 = what the school would carry if need were spread by days offered."""

    travel_km: int
    led: int
    scattered: int
    """Communes apart from the main part of their school's area."""
    pieces: int
    """Connected parts of all areas; with as many schools leading, the fewest there can be."""
    farthest_lead_km: int
    fullest: float
    emptiest: float
    """Of the schools that have people."""
    loads: Mapping[str, float]


def count_figures(problem: InstanceDocument, solution: InstanceSolution) -> Figures:
    parts = list_parts(problem, solution)
    row = {c.id: k for k, c in enumerate(problem.communes)}
    column = {s.id: k for k, s in enumerate(problem.schools)}

    def km(commune: str, school: str) -> int:
        return (problem.dist_m[row[commune]][column[school]] + 500) // 1000

    leads = [km(commune, school) for commune, school in solution.lead.items()]
    loads = _loads(problem, solution)
    return Figures(
        travel_km=sum(leads) + sum(days * km(c, s) for c, s, _, days in solution.flow),
        led=len(leads),
        scattered=sum(sum(map(len, areas)) - max(map(len, areas)) for areas in parts.values()),
        pieces=sum(map(len, parts.values())),
        farthest_lead_km=max(leads, default=0),
        fullest=max(loads.values(), default=0.0),
        emptiest=min(loads.values(), default=0.0),
        loads=loads,
    )


def list_parts(problem: InstanceDocument, solution: InstanceSolution) -> dict[str, list[set[str]]]:
    """The connected parts of each school's area; communes without neighbours belong to none."""
    beside: dict[str, set[str]] = defaultdict(set)
    for a, b in problem.edges:
        if a != b:
            beside[a].add(b)
            beside[b].add(a)
    areas: dict[str, set[str]] = defaultdict(set)
    for commune, school in solution.lead.items():
        if commune in beside:
            areas[school].add(commune)
    parts: dict[str, list[set[str]]] = {}
    for school, area in sorted(areas.items()):
        waiting, parts[school] = set(area), []
        while waiting:
            part, fresh = set[str](), {min(waiting)}
            while fresh:
                part |= fresh
                fresh = {n for commune in fresh for n in beside[commune] & area} - part
            waiting -= part
            parts[school].append(part)
    return parts


def _loads(problem: InstanceDocument, solution: InstanceSolution) -> dict[str, float]:
    load, offered = Counter[str](), Counter[str]()
    for _, school, _, days in solution.flow:
        load[school] += days
    for volunteer in problem.volunteers:
        if volunteer.skills:
            offered[volunteer.school] += min(volunteer.max_days, len(volunteer.days))
    needed = sum(days for commune in problem.communes for days in commune.need.values())
    mean = needed / offered.total() if offered.total() else 0.0
    return {school: load[school] / days / mean if mean else 0.0 for school, days in sorted(offered.items()) if days}
