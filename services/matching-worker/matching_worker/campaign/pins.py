"""Pins of people, from the problem to the plan: which can be kept, and how a pin brings its person's school in.

A pin moves a person, not a lead: where the person's school does not serve the commune, it comes in as a support, and
the pinned people take over what they can do there, first what nobody promised, then what other schools did.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from commune_schemas.documents import InstanceSolution
from commune_schemas.matching import ProblemVolunteer
from commune_schemas.unkept import UnkeptPin

from matching_worker.campaign.translate import Translation
from matching_worker.child.asking import ask_in_child
from matching_worker.child.process import ChildTerms
from matching_worker.child.settling import PinsQuestion
from matching_worker.model.outcome import Limits

Promises = Counter[tuple[str, str]]
"""Person-days a week by (school, field), of one commune."""


@dataclass(frozen=True)
class Pins:
    kept: Mapping[UUID, str] = field(default_factory=dict)
    unkept: Sequence[UnkeptPin] = ()


async def settle_pins(translation: Translation, *, terms: ChildTerms, stop: asyncio.Event) -> Pins:
    """Which pins of people this problem's plan keeps. Raises as solve_in_child does."""
    if not translation.problem.placement_pins:
        return Pins()
    question = PinsQuestion(people=translation.wishes(), policy=translation.placement_policy)
    answer = await ask_in_child(
        question, translation.instance(), InstanceSolution(lead={}), limits=Limits(), terms=terms, stop=stop
    )
    unkept = [
        UnkeptPin(
            volunteer_id=UUID(pin["volunteer"]),
            commune_code=pin["commune"],
            rule=pin["rule"],
            vi=pin["vi"],
            en=pin["en"],
        )
        for pin in answer["data"]["unkept"]
    ]
    return Pins(kept={UUID(person): commune for person, commune in answer["data"]["kept"]}, unkept=unkept)


def bring_schools_in(translation: Translation, plan: InstanceSolution) -> InstanceSolution:
    """Stage A's plan with the relations that kept pins demand, and with what the pinned people take over."""
    if not translation.pinned_schools:
        return plan
    support, flow = list(plan.support), list(plan.flow)
    for commune, brought in translation.pinned_schools.items():
        lead = plan.lead.get(commune)
        wanted = [school for school in brought if school != lead]
        others = [school for code, school in plan.support if code == commune and school not in wanted]
        promised: Promises = Counter()
        for code, school, name, days in plan.flow:
            if code == commune:
                promised[school, name] += days
        room = max(0, translation.problem.options.max_support - len(wanted))
        others.sort(key=lambda school: (-sum(d for (s, _), d in promised.items() if s == school), school))
        for school in others[room:]:  # who gives least makes room; what it gave is nobody's promise now
            promised = Counter({key: days for key, days in promised.items() if key[0] != school})
        for school in wanted:
            take_over(translation, commune, school, promised)
        support = [pair for pair in support if pair[0] != commune]
        support += [(commune, school) for school in sorted([*wanted, *others[:room]])]
        flow = [row for row in flow if row[0] != commune]
        flow += [(commune, school, name, days) for (school, name), days in sorted(promised.items()) if days]
    return plan.model_copy(update={"support": sorted(support), "flow": sorted(flow)})


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
