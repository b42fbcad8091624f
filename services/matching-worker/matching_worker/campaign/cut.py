"""Stages A and B together: what B can make of what A promised, the bounds that follow, and the cut sent back to A.

A promises person-days school by school, knowing skills but not weekdays, teams, supervision or how far one person
goes. Where B proves it cannot keep a promise, A is asked again with each person of that school worth no more than the
days B got out of them; the best joint plan over the rounds is kept. The first A's bound stays the joint lower bound.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from commune_schemas.documents import InstanceDocument, InstanceSolution, PlacementDocument, PlacementSolution
from commune_schemas.matching import ProblemCommune

MISSING_PRESENCE_WEIGHT = 3


def work_size(document: PlacementDocument) -> int:
    """How long a school's placement is likely to take, relative to others: people x communes."""
    return len(document.volunteers) * len(document.communes)


def joint_unmet(
    instance: InstanceDocument,
    communes: Sequence[ProblemCommune],
    placements: Mapping[str, PlacementSolution],
) -> int:
    """What a joint plan leaves undone: field days x priority, and 3 for each missing presence on a weekday."""
    served: dict[tuple[str, str], int] = {}
    present: dict[tuple[str, int], int] = {}
    for plan in placements.values():
        for _, commune, field, days in plan.work:
            served[commune, field] = served.get((commune, field), 0) + days
        for _, commune, weekdays in plan.place:
            for weekday in weekdays:
                present[commune, weekday] = present.get((commune, weekday), 0) + 1
    fields = sum(
        commune.priority * max(0, days - served.get((commune.id, field), 0))
        for commune in instance.communes
        for field, days in commune.need.items()
    )
    missing = sum(
        max(0, wanted - present.get((commune.code, weekday), 0))
        for commune in communes
        for weekday, wanted in enumerate(commune.presence)
    )
    return fields + MISSING_PRESENCE_WEIGHT * missing


def joint_short(communes: Sequence[ProblemCommune], placements: Mapping[str, PlacementSolution]) -> int:
    """People that communes ask for and nobody is placed for, by priority."""
    there = Counter(commune for plan in placements.values() for _, commune, _ in plan.place)
    return sum(c.priority * max(0, c.min_people - there[c.code]) for c in communes)


def broken_promises(
    plan: InstanceSolution, documents: Mapping[str, PlacementDocument], placements: Mapping[str, PlacementSolution]
) -> dict[str, int]:
    """Person-days a week that each school promised and its people do not deliver; only schools with some."""
    promised: dict[str, int] = {}
    for _, school, _, days in plan.flow:
        promised[school] = promised.get(school, 0) + days
    delivered = {
        school: sum(days for *_, days in placements[school].work) if school in placements else 0
        for school in {*promised, *documents}
    }
    return {school: days - delivered[school] for school, days in sorted(promised.items()) if days > delivered[school]}


def cut_instance(
    instance: InstanceDocument, broken: Mapping[str, int], placements: Mapping[str, PlacementSolution]
) -> InstanceDocument:
    """The instance with each person of a school that broke its promise worth the days B got out of them, no more."""
    used: dict[str, int] = {}
    for plan in placements.values():
        for person, _, _, days in plan.work:
            used[person] = used.get(person, 0) + days
    volunteers = [
        volunteer.model_copy(update={"max_days": min(volunteer.max_days, used.get(volunteer.id, 0))})
        if volunteer.school in broken
        else volunteer
        for volunteer in instance.volunteers
    ]
    return instance.model_copy(update={"volunteers": volunteers})
