"""Relations that people bring about: a pin, or whoever is to stay where they serve, makes their school a support.

A pin moves a person, not a lead: where the person's school does not serve the commune, it comes in as a support, and
the pinned people take over what they can do there, first what nobody promised, then what other schools did.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from uuid import UUID

from commune_schemas.documents import InstanceSolution, PlacementSolution
from commune_schemas.matching import ProblemVolunteer

from matching_worker.campaign.translate import Translation

Promises = Counter[tuple[str, str]]
"""Person-days a week by (school, field), of one commune."""
Relations = Mapping[str, Set[str]]
"""Commune -> schools."""


def bring_schools_in(translation: Translation, plan: InstanceSolution, *, staying: Relations) -> InstanceSolution:
    """Stage A's plan with the relations that kept pins demand, and with what the pinned people take over.

    Schools of `staying` (commune -> schools whose people serve there now) support it as before, where there is room.
    """
    support, flow = list(plan.support), list(plan.flow)
    for commune in sorted({*translation.pinned_schools, *staying} & plan.lead.keys()):
        lead = plan.lead.get(commune)
        wanted = [school for school in translation.pinned_schools.get(commune, []) if school != lead]
        others = [school for code, school in plan.support if code == commune and school not in wanted]
        promised: Promises = Counter()
        for code, school, name, days in plan.flow:
            if code == commune:
                promised[school, name] += days
        others.sort(key=lambda school: (-sum(d for (s, _), d in promised.items() if s == school), school))
        others += [school for school in sorted(staying.get(commune, ())) if school not in {lead, *wanted, *others}]
        room = max(0, translation.problem.options.max_support - len(wanted))
        for school in others[room:]:  # who gives least makes room; what it gave is nobody's promise now
            promised = Counter({key: days for key, days in promised.items() if key[0] != school})
        for school in wanted:
            take_over(translation, commune, school, promised)
        support = [pair for pair in support if pair[0] != commune]
        support += [(commune, school) for school in sorted([*wanted, *others[:room]])]
        flow = [row for row in flow if row[0] != commune]
        flow += [(commune, school, name, days) for (school, name), days in sorted(promised.items()) if days]
    return plan.model_copy(update={"support": sorted(support), "flow": sorted(flow)})


def drop_idle(relations: InstanceSolution, placements: Mapping[str, PlacementSolution]) -> InstanceSolution:
    """Without the supports that promise nothing and have nobody there."""
    busy = {(commune, school) for commune, school, _, _ in relations.flow}
    busy |= {(commune, school) for school, solution in placements.items() for _, commune, _ in solution.place}
    return relations.model_copy(update={"support": [pair for pair in relations.support if pair in busy]})


def take_over(translation: Translation, commune: str, school: str, promised: Promises) -> None:
    """Days of work at the commune go over to the school's people who are pinned there, as far as they can do it."""
    problem = translation.problem
    need = next(one.need_days for one in problem.communes if one.code == commune)
    here = [
        volunteer
        for volunteer in problem.volunteers
        if volunteer.school_code == school and translation.kept_pins.get(volunteer.id) == commune
    ]
    left = {person.id: min(person.max_days, len(translation.days.free_weekdays[person.id])) for person in here}
    by_choice = sorted(here, key=lambda person: (len(person.skills), str(person.id)))
    for name in sorted(need):
        spend(by_choice, left, name, promised[school, name])
    for person in by_choice:
        for name in sorted(set(person.skills) & set(need)):
            open_days = need[name] - sum(days for (_, f), days in promised.items() if f == name)
            gained = min(left[person.id], max(0, open_days))
            for giver in sorted({s for s, f in promised if f == name and s != school}):
                given = min(left[person.id] - gained, promised[giver, name])
                promised[giver, name] -= given
                gained += given
            promised[school, name] += gained
            left[person.id] -= gained


def spend(people: Iterable[ProblemVolunteer], left: dict[UUID, int], name: str, days: int) -> None:
    """Days of these people that their school's promise in this field takes already."""
    for person in people:
        if name in person.skills:
            taken = min(left[person.id], days)
            left[person.id] -= taken
            days -= taken
