"""A solver's word that no plan exists, judged by cheap means: a plain plan refutes it, arithmetic proves it.

What neither settles is the solver's claim. Shares nothing with solve. Pure.
"""

from collections.abc import Iterator

from commune_schemas.documents import (
    GroupsDocument,
    GroupsSolution,
    InstanceDocument,
    InstanceSolution,
    PlacementDocument,
    PlacementSolution,
)

from commune_verify import groups, placement, responsibility

Places = dict[str, tuple[str, list[int]]]


def find_leads(problem: InstanceDocument) -> InstanceSolution | None:
    """Stage A: the pins alone, or with as many of the previous leads as fit one by one, where that keeps every rule."""
    pinned = InstanceSolution(lead={pin.commune: pin.school for pin in problem.pins})
    kept = pinned
    for commune, school in problem.previous:
        more = InstanceSolution(lead={commune: school} | kept.lead)
        cap_aside = problem.model_copy(update={"policy": problem.policy.model_copy(update={"max_changes": None})})
        if commune not in kept.lead and responsibility.verify(cap_aside, more).accepted:
            kept = more
    return next((plan for plan in (pinned, kept) if responsibility.verify(problem, plan).accepted), None)


def clashes_in_pins(problem: InstanceDocument) -> bool:
    """Stage A: the pinned leads alone break a rule, so every plan does. The cap on changes is left aside."""
    policy = problem.policy.model_copy(update={"max_changes": None})
    pinned = InstanceSolution(lead={pin.commune: pin.school for pin in problem.pins})
    return not responsibility.verify(problem.model_copy(update={"policy": policy}), pinned).accepted


def find_places(problem: PlacementDocument) -> PlacementSolution | None:
    """Stage B: nobody placed, the pinned with their teams, and these beside everybody's previous place."""
    pinned = _pinned(problem)
    for places in ({}, pinned, _previous(problem) | pinned):
        plan = PlacementSolution(place=[(person, commune, days) for person, (commune, days) in places.items()])
        if placement.verify(problem, plan).accepted:
            return plan
    return None


def _pinned(problem: PlacementDocument) -> Places:
    of_team = {p.team: p.pinned_commune for p in problem.volunteers if p.team and p.pinned_commune}
    wanted = ((person, person.pinned_commune or of_team.get(person.team or "")) for person in problem.volunteers)
    return {person.id: (to, sorted(person.days)[: person.max_days]) for person, to in wanted if to is not None}


def _previous(problem: PlacementDocument) -> Places:
    return {
        person.id: (person.previous_commune, sorted({*person.days} & {*person.previous_days})[: person.max_days])
        for person in problem.volunteers
        if person.previous_commune is not None
    }


def find_groups(problem: GroupsDocument) -> GroupsSolution | None:
    """Stage D: all together but the communes that lie last, each of which is a group of its own."""
    beside = _beside(problem)
    order = list(beside)[:1]
    for reached in order:  # grows as it is gone through
        order += [other for other in beside[reached] if other not in order]
    alone = order[max(0, len(order) - problem.k + 1) :]
    plan = GroupsSolution(group=dict.fromkeys(beside, 0) | {code: turn for turn, code in enumerate(alone, start=1)})
    return plan if groups.verify(problem, plan).accepted else None


def cannot_be_grouped(problem: GroupsDocument) -> bool:
    """Stage D: by counting communes, weights, and the parts that no border joins."""
    weights = [commune.weight for commune in problem.communes]
    too_few = len(weights) < problem.k or sum(1 for _ in _parts(problem)) > problem.k
    heaviest = max(weights, default=0)
    return too_few or not problem.k * problem.lo <= sum(weights) <= problem.k * problem.hi or heaviest > problem.hi


def _parts(problem: GroupsDocument) -> Iterator[set[str]]:
    beside = _beside(problem)
    left = set(beside)
    while left:
        part, fresh = set[str](), {next(iter(left))}
        while fresh:
            part |= fresh
            fresh = {other for one in fresh for other in beside[one]} - part
        left -= part
        yield part


def _beside(problem: GroupsDocument) -> dict[str, list[str]]:
    beside: dict[str, list[str]] = {commune.id: [] for commune in problem.communes}
    for a, b in problem.edges:
        beside[a].append(b)
        beside[b].append(a)
    return beside
