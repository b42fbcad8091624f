"""A plan judged from its two documents alone. Shares no code with the solving: every rule is stated here anew.

Staffing is checked by building a real schedule of groups of volunteers to fields (augmenting paths), not by Hall's
condition, which is what the solver uses.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from math import floor

from commune_schemas.amounts import amount
from commune_schemas.documents import InstanceDocument, InstanceSolution

from commune_verify.verdict import Objective, Verdict

Pair = tuple[str, str]


def verify(problem: InstanceDocument, solution: InstanceSolution) -> Verdict:
    """Violations of the rules in words, and the objective recomputed from scratch."""
    violations = [*_unknown(problem, solution)]
    if violations:  # nothing further can be measured on names nobody knows
        return Verdict(violations=tuple(violations), objective={})
    violations += _relations(problem, solution)
    violations += _decisions(problem, solution)
    violations += _flows(problem, solution)
    violations += _staffing(problem, solution)
    violations += _heads(problem, solution)
    return Verdict(violations=tuple(violations), objective=_objective(problem, solution))


def _unknown(problem: InstanceDocument, solution: InstanceSolution) -> list[str]:
    communes, schools = {c.id for c in problem.communes}, {s.id for s in problem.schools}
    named = [*solution.lead.items(), *solution.support, *((c, s) for c, s, _, _ in solution.flow)]
    named += [(c, s) for c, s, _ in solution.heads]
    found = [f"R1: unknown commune {c}" for c, _ in named if c not in communes]
    found += [f"R1: unknown school {s}" for _, s in named if s not in schools]
    return found + [f"R6: unknown field {f}" for _, _, f, _ in solution.flow if f not in problem.fields]


def _relations(problem: InstanceDocument, solution: InstanceSolution) -> list[str]:
    found = [f"{rule}: {s} may not lead {c}" for c, s in solution.lead.items() if (rule := _barrier(problem, c, s))]
    found += [f"{rule}: {s} may not support {c}" for c, s in solution.support if (rule := _barrier(problem, c, s))]
    for pair, times in Counter(solution.support).items():
        if times > 1:
            found.append(f"R8: support listed twice {pair}")
        if solution.lead.get(pair[0]) is None:
            found.append(f"R8: support of a commune without lead {pair}")
        elif solution.lead[pair[0]] == pair[1]:
            found.append(f"R8: the lead supports its own commune {pair}")
    for commune, supports in Counter(c for c, _ in solution.support).items():
        if supports > problem.policy.max_support:
            found.append(f"R8: {commune} has {amount(supports, 'support')}")
    return found


def _barrier(problem: InstanceDocument, commune: str, school: str) -> str | None:
    """The rule that forbids the pair, if any."""
    if (commune, school) in problem.forbid:
        return "R2"
    row = next(k for k, c in enumerate(problem.communes) if c.id == commune)
    column = next(k for k, s in enumerate(problem.schools) if s.id == school)
    if problem.communes[row].mode == "remote":
        return None if problem.schools[column].remote_capable else "R4"
    farthest = problem.policy.max_lead_m
    return "R3" if farthest is not None and problem.dist_m[row][column] > farthest else None


def _decisions(problem: InstanceDocument, solution: InstanceSolution) -> list[str]:
    """Pins, the lecturers' bound and the cap on changes."""
    found = [
        f"R5: {p.commune} is pinned to {p.school}" for p in problem.pins if solution.lead.get(p.commune) != p.school
    ]
    bound = problem.policy.max_communes_per_lecturer
    if bound is not None and problem.policy.lecturer_bound == "hard":
        found += [
            f"R9: {school} leads {amount(led, 'commune')} beyond its bound"
            for school, led in _beyond_bound(problem, solution, bound).items()
        ]
    changes = sum(solution.lead.get(c) != s for c, s in problem.previous)
    if problem.policy.max_changes is not None and changes > problem.policy.max_changes:
        found.append(f"R10: {amount(changes, 'lead')} changed, {problem.policy.max_changes} may")
    return found


def _beyond_bound(problem: InstanceDocument, solution: InstanceSolution, bound: float) -> Counter[str]:
    """By school: communes led beyond what its supervisors bear; schools within their bound are not in it."""
    roles = ["lecturer"] if problem.policy.supervisors is None else problem.policy.supervisors
    bears = {s.id: 0 for s in problem.schools} | Counter(v.school for v in problem.volunteers if v.role in roles)
    led = Counter(solution.lead.values())
    return +Counter({s: led[s] - floor(people * bound + 1e-9) for s, people in bears.items()})


def _flows(problem: InstanceDocument, solution: InstanceSolution) -> list[str]:
    related = {*solution.lead.items(), *solution.support}
    needs = {c.id: c.need for c in problem.communes}
    found, served = [], Counter[Pair]()
    for c, s, f, days in solution.flow:
        if days <= 0:
            found.append(f"R6: {amount(days, 'day')} of {f} from {s} to {c}")
        if (c, s) not in related:
            found.append(f"R8: {s} serves {c} without a relation")
        served[c, f] += days
    found += [
        f"R6: {c} gets {amount(days, 'day')} of {f}" for (c, f), days in served.items() if days > needs[c].get(f, 0)
    ]
    return found


def _staffing(problem: InstanceDocument, solution: InstanceSolution) -> list[str]:
    groups: dict[str, Counter[frozenset[str]]] = defaultdict(Counter)
    for v in problem.volunteers:
        groups[v.school][frozenset(v.skills)] += min(v.max_days, len(v.days))
    asked: dict[str, Counter[str]] = defaultdict(Counter)
    for _, s, f, days in solution.flow:
        asked[s][f] += days
    return [
        f"R6: {school} cannot staff {missing} of {amount(sum(load.values()), 'person-day')}"
        for school, load in sorted(asked.items())
        if (missing := count_unstaffed(groups[school], load)) > 0
    ]


def _heads(problem: InstanceDocument, solution: InstanceSolution) -> list[str]:
    """R15: people promised."""
    related = {*solution.lead.items(), *solution.support}
    able = Counter(v.school for v in problem.volunteers if v.days and v.max_days and {*v.skills} & {*problem.fields})
    asked = {c.id: c.min_people for c in problem.communes}
    to, by = Counter[str](), Counter[str]()
    found = []
    for c, s, n in solution.heads:
        if n <= 0 or (c, s) not in related:
            found.append(f"R15: {s} promises {c} {amount(n, 'person')} without a relation, or none")
        to[c] += n
        by[s] += n
    if len({(c, s) for c, s, _ in solution.heads}) < len(solution.heads):
        found.append("R15: people are promised twice for one commune by one school")
    found += [
        f"R15: {c} is promised {amount(n, 'person')} and asks for {asked[c]}" for c, n in to.items() if n > asked[c]
    ]
    return found + [f"R15: {s} promises {amount(n, 'person')} and has {able[s]}" for s, n in by.items() if n > able[s]]


def count_unstaffed(groups: Mapping[frozenset[str], int], load: Mapping[str, int]) -> int:
    """Person-days of `load` that no assignment of the groups' days to fields they know can cover (maximum flow)."""
    spare = dict(groups)
    given: dict[tuple[frozenset[str], str], int] = Counter()

    def supply(field: str, tried: set[frozenset[str]]) -> bool:
        """Find one more person-day for the field, moving others' days to other fields where that helps."""
        for group, days in spare.items():
            if field not in group or group in tried:
                continue
            tried.add(group)
            taken_from = None
            if days > 0:
                spare[group] = days - 1
            else:
                lent = (other for other in group if other != field and given.get((group, other), 0) > 0)
                taken_from = next((other for other in lent if supply(other, tried)), None)
                if taken_from is None:
                    continue
                given[group, taken_from] -= 1
            given[group, field] = given.get((group, field), 0) + 1
            return True
        return False

    for field in sorted(load):
        for served in range(load[field]):
            if not supply(field, set()):
                return load[field] - served
    return 0


def _objective(problem: InstanceDocument, solution: InstanceSolution) -> Objective:
    row = {c.id: k for k, c in enumerate(problem.communes)}
    column = {s.id: k for k, s in enumerate(problem.schools)}

    def km(commune: str, school: str) -> int:
        return (problem.dist_m[row[commune]][column[school]] + 500) // 1000

    served = Counter[Pair]()
    for c, _, f, days in solution.flow:
        served[c, f] += days
    bound = problem.policy.max_communes_per_lecturer
    overlead = {}
    if bound is not None and problem.policy.lecturer_bound == "level":
        overlead = {"overlead": _beyond_bound(problem, solution, bound).total()}
    missed = ((c.priority, days - served[c.id, f]) for c in problem.communes for f, days in c.need.items())
    travel = sum(km(c, s) for c, s in solution.lead.items()) + sum(days * km(c, s) for c, s, _, days in solution.flow)
    over, prices = _overcap(problem, solution), problem.policy.prices
    if prices is None:
        areas = {"scattered": _scattered(problem, solution)} if problem.policy.contiguity and problem.edges else {}
        last = {"overcap": over, **areas, "travel_km": travel}
    else:
        last = {"cost_km": travel + prices.overcap * over + prices.scattered * _scattered(problem, solution)}
    return {
        "nolead": len(problem.communes) - len(solution.lead),
        **_short_people(problem, solution),
        "unmet": sum(priority * days for priority, days in missed),
        **overlead,
        "broken": 10 * sum(solution.lead.get(c) != s for c, s in problem.existing)
        + problem.policy.keep_previous * sum(solution.lead.get(c) != s for c, s in problem.previous),
        "supports": len(solution.support),
        **last,
    }


def _overcap(problem: InstanceDocument, solution: InstanceSolution) -> int:
    """Permille of its capacity by which the fullest school is above the fair load."""
    load, capacity = Counter[str](), Counter[str]()
    for _, s, _, days in solution.flow:
        load[s] += days
    for v in problem.volunteers:
        if v.skills:
            capacity[v.school] += min(v.max_days, len(v.days))
    total_need = sum(days for c in problem.communes for days in c.need.values())
    total = sum(capacity.values())
    fair = 1000 if not total else min(1000, -(-1000 * problem.policy.theta_pct * total_need // (100 * total)))
    fullest = max((-(-1000 * load[s] // capacity[s]) for s in capacity if capacity[s]), default=0)
    return max(0, fullest - fair)


def _short_people(problem: InstanceDocument, solution: InstanceSolution) -> Objective:
    """Heads asked for and not promised, by priority; no level where nobody asks."""
    promised = Counter[str]()
    for c, _, n in solution.heads:
        promised[c] += n
    asked = [(c.priority, c.min_people, promised[c.id]) for c in problem.communes]
    return {"short_people": sum(p * (n - given) for p, n, given in asked)} if any(n for _, n, _ in asked) else {}


def _scattered(problem: InstanceDocument, solution: InstanceSolution) -> int:
    """Communes with neighbours outside the largest connected part of their school's area."""
    beside: dict[str, set[str]] = defaultdict(set)
    for a, b in problem.edges:
        if a != b:
            beside[a].add(b)
            beside[b].add(a)
    apart = 0
    for school in {*solution.lead.values()}:
        area = {c for c, s in solution.lead.items() if s == school and c in beside}
        rest, largest = set(area), 0
        while rest:
            part, fresh = set[str](), {next(iter(rest))}
            while fresh:
                part |= fresh
                fresh = {n for c in fresh for n in beside[c] & area} - part
            rest -= part
            largest = max(largest, len(part))
        apart += len(area) - largest
    return apart
