"""What a plan costs by level, and the fixed hash that makes the optimum one plan."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from commune_schemas.documents import InstanceSolution
from commune_verify.verdict import Objective

from matching_worker.model.responsibility.problem.problem import Problem
from matching_worker.model.responsibility.problem.staffing import IntArray

LEVELS = ("nolead", "unmet", "broken", "supports", "overcap", "travel_km")
"""Where the policy asks for no other level."""
OVERLEAD = "overlead"
"""Communes led beyond what the schools' supervisors bear (R9): a level only where the policy makes it no rule."""
SHORT = "short_people"
"""Heads that communes ask for and no school promises, each the commune's priority: only where some commune asks."""
COST = "cost_km"
"""Travel and the prices of unfair load and of scattered communes, in km: the last level where there are prices."""
SCATTERED = "scattered"
"""A level of its own before travel, only where the policy asks for contiguity (R11)."""
NO_SCHOOL = -1
Head = tuple[int, int, int]
"""commune, school (indices), people promised."""
Flow = tuple[int, int, int, int]
"""commune, school, field (indices), person-days a week."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan over the problem's indices. `lead[c]` is a school or NO_SCHOOL."""

    lead: IntArray
    support: tuple[tuple[int, int], ...]
    flow: tuple[Flow, ...]
    heads: tuple[Head, ...] = ()


def objective_of(problem: Problem, plan: Plan) -> Objective:
    led = np.nonzero(plan.lead >= 0)[0]
    got = np.zeros_like(problem.need)
    load = np.zeros(len(problem.schools), dtype=np.int64)
    travel = int(problem.km[led, plan.lead[led]].sum())
    for c, s, f, days in plan.flow:
        got[c, f] += days
        load[s] += days
        travel += days * int(problem.km[c, s])
    over = max(0, load_permille(problem, load) - problem.fair_permille)
    found = {
        "nolead": len(problem.communes) - len(led),
        SHORT: count_short(problem, plan.heads),
        "unmet": int((problem.priority[:, None] * (problem.need - got)).sum()),
        OVERLEAD: count_overlead(problem, plan.lead),
        "broken": problem.broken_total - int(problem.kept[led, plan.lead[led]].sum()),
        "supports": len(plan.support),
        "overcap": over,
        SCATTERED: _scattered(problem, plan),
        "travel_km": travel,
    }
    if problem.prices is not None:
        found[COST] = travel + problem.prices.overcap * over + problem.prices.scattered * found[SCATTERED]
    return {level: found[level] for level in levels_of(problem)}


def count_short(problem: Problem, heads: Iterable[Head]) -> int:
    missing = problem.asked.copy()
    for c, _, n in heads:
        missing[c] -= n
    return int((problem.priority * missing).sum())


def count_overlead(problem: Problem, lead: IntArray) -> int:
    """Communes led beyond each school's bound."""
    led = np.bincount(lead[lead >= 0], minlength=len(problem.schools))
    return int(np.maximum(0, led - problem.lead_bound).sum())


def _scattered(problem: Problem, plan: Plan) -> int:
    """Communes with neighbours that lie apart from the main part of their school's area."""
    parent = list(range(len(problem.communes)))

    def find(c: int) -> int:
        while parent[c] != c:
            c = parent[c]
        return c

    for a, b in problem.edges:
        if plan.lead[a] == plan.lead[b] >= 0:
            parent[find(a)] = find(b)
    parts = Counter((int(plan.lead[c]), find(c)) for c in {c for edge in problem.edges for c in edge})
    main: dict[int, int] = {}
    for (school, _), size in parts.items():
        main[school] = max(main.get(school, 0), size)
    return sum(size for (school, _), size in parts.items() if school >= 0) - sum(
        size for school, size in main.items() if school >= 0
    )


def load_permille(problem: Problem, load: IntArray) -> int:
    """The fullest school's load per mille of its capacity, rounded up."""
    able = problem.capacity > 0
    return int((-(-1000 * load[able] // problem.capacity[able])).max(initial=0))


def as_vector(objective: Objective) -> tuple[int, ...]:
    """Comparable vectors, for objectives of one problem."""
    return tuple(objective.values())


def levels_of(problem: Problem) -> tuple[str, ...]:
    """The levels of the problem, most important first."""
    scattered = (SCATTERED,) if problem.contiguity else ()
    return (
        "nolead",
        *((SHORT,) if problem.asks_people else ()),
        "unmet",
        *((OVERLEAD,) if problem.overlead else ()),
        "broken",
        "supports",
        *((COST,) if problem.prices is not None else ("overcap", *scattered, "travel_km")),
    )


def tie_hash(problem: Problem, salt: str = "lead") -> IntArray:
    """[c, s] a fixed number in 1..65536 for each pair (R14)."""

    def hash_pair(commune: str, school: str) -> int:
        digest = blake2b(f"{commune}\0{school}".encode(), digest_size=2, person=salt.encode()).digest()
        return int.from_bytes(digest) + 1

    made = [[hash_pair(c, s) for s in problem.schools] for c in problem.communes]
    return np.array(made, dtype=np.int64).reshape(len(problem.communes), len(problem.schools))


def whole_flow(problem: Problem, lead: IntArray) -> tuple[Flow, ...]:
    """Each led commune's whole need served by its lead."""
    return tuple(
        (int(c), int(lead[c]), int(f), int(problem.need[c, f])) for c, f in np.argwhere(problem.need) if lead[c] >= 0
    )


def whole_heads(problem: Problem, lead: IntArray) -> tuple[Head, ...]:
    """All the people that led communes ask for, promised by their leads."""
    return tuple((int(c), int(lead[c]), int(problem.asked[c])) for c in np.nonzero(problem.asked)[0] if lead[c] >= 0)


def as_solution(problem: Problem, plan: Plan) -> InstanceSolution:
    communes, schools = problem.communes, problem.schools
    return InstanceSolution(
        lead={communes[c]: schools[s] for c, s in enumerate(plan.lead) if s >= 0},
        support=sorted((communes[c], schools[s]) for c, s in plan.support),
        flow=sorted((communes[c], schools[s], problem.fields[f], days) for c, s, f, days in plan.flow),
        heads=sorted((communes[c], schools[s], n) for c, s, n in plan.heads),
    )


def as_plan(problem: Problem, solution: InstanceSolution) -> Plan:
    """The plan of a solution document, leaving out what the problem does not know (any more)."""
    row = {c: k for k, c in enumerate(problem.communes)}
    column = {s: k for k, s in enumerate(problem.schools)}
    field = {f: k for k, f in enumerate(problem.fields)}
    lead = np.full(len(row), NO_SCHOOL, dtype=np.int64)
    for c, s in solution.lead.items():
        if c in row and s in column:
            lead[row[c]] = column[s]
    support = tuple(sorted((row[c], column[s]) for c, s in solution.support if c in row and s in column))
    known: Iterable[Flow] = (
        (row[c], column[s], field[f], days)
        for c, s, f, days in solution.flow
        if c in row and s in column and f in field
    )
    heads = tuple((row[c], column[s], n) for c, s, n in solution.heads if c in row and s in column)
    return Plan(lead=lead, support=support, flow=tuple(known), heads=heads)
