"""People promised, as supervision by commune allows: who needs a supervisor can be the first person nowhere (P5).

Stage A counts heads, whoever they are. A school that promises people to more communes than it has people who may go
alone leaves some of them empty, while another has supervisors to spare: that school comes in as a support there.
"""

from collections import Counter
from dataclasses import dataclass

from commune_schemas.documents import InstanceSolution

from matching_worker.campaign.translate import Translation
from matching_worker.model.responsibility.problem.rules import is_allowed


@dataclass(frozen=True, order=True)
class Help:
    """School `other` sends to a commune the people that `school` promised: the first in order first."""

    priority: int
    """Less is first."""
    metres: int
    commune: str
    school: str
    other: str


def spread_heads(translation: Translation, plan: InstanceSolution) -> InstanceSolution:
    """Promises that a school's supervisors cannot keep go to schools with supervisors to spare, nearest first."""
    if translation.problem.options.supervision != "commune" or not plan.heads:
        return plan
    heads = {(commune, school): n for commune, school, n in plan.heads}
    supports = {*plan.support}
    spare = count_able(translation)
    spare.subtract(school for _, school in heads)
    for help_ in sorted(list_help(translation, plan, spare)):
        key = help_.commune, help_.school
        if key not in heads or spare[help_.school] >= 0 or spare[help_.other] <= 0:
            continue
        place = help_.commune, help_.other
        if place not in supports and plan.lead.get(help_.commune) != help_.other:
            if sum(commune == help_.commune for commune, _ in supports) >= translation.problem.options.max_support:
                continue
            supports.add(place)
        heads[place] = heads.pop(key)
        spare[help_.school] += 1
        spare[help_.other] -= 1
    made = sorted((commune, school, n) for (commune, school), n in heads.items())
    return plan.model_copy(update={"support": sorted(supports), "heads": made})


def describe_spread(before: InstanceSolution, after: InstanceSolution) -> str | None:
    """For the certificate: how many promises went to another school."""
    moved = len({(commune, school) for commune, school, _ in after.heads} - {(c, s) for c, s, _ in before.heads})
    if not moved:
        return None
    return (
        f"{moved} xã nhận người của trường hỗ trợ, vì trường phụ trách không đủ người hướng dẫn (R17). / "
        f"{moved} communes get people of a supporting school, for their lead has too few supervisors (R17)."
    )


def count_able(translation: Translation) -> Counter[str]:
    """By school: people with a free weekday who may be the first, or the only one, in a commune."""
    options, free = translation.problem.options, translation.days.free_weekdays
    bound = {*options.supervised} - {*options.supervisors}
    found = Counter({school.code: 0 for school in translation.problem.schools})
    found.update(
        person.school_code
        for person in translation.problem.volunteers
        if free[person.id] and person.max_days and person.role not in bound
    )
    return found


def list_help(translation: Translation, plan: InstanceSolution, spare: Counter[str]) -> list[Help]:
    """Every promise of a school that promises too many, with every other school that could keep it."""
    problem, instance = translation.problem, translation.instance()
    row = {commune.id: place for place, commune in enumerate(instance.communes)}
    column = {school.id: place for place, school in enumerate(instance.schools)}
    barred = {*instance.forbid}
    promised = {(commune, school) for commune, school, _ in plan.heads}
    priority = {commune.code: commune.priority for commune in problem.communes}
    return [
        Help(-priority[commune], translation.distances[commune, other], commune, school, other)
        for commune, school in promised
        if spare[school] < 0
        for other in column
        if spare[other] > 0
        and (commune, other) not in {*promised, *barred}
        and is_allowed(instance, row[commune], column[other])
    ]
