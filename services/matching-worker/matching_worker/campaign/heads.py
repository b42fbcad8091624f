"""People promised, as supervision by commune allows: who needs a supervisor can be the first person nowhere (P5).

Stage A counts heads, whoever they are. A school that promises people to more communes than it has people who may go
alone leaves some of them empty, while another has supervisors to spare: that school comes in as a support there, and
the days its people can work there go over to it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from commune_schemas.amounts import amount
from commune_schemas.documents import InstanceSolution
from commune_schemas.matching import ProblemVolunteer

from matching_worker.campaign.translate import Translation
from matching_worker.model.responsibility.problem.rules import is_allowed

Head = tuple[str, str, int]
"""Commune, school, people promised."""
Promise = tuple[str, str, str, int]
"""Commune, school, field, days promised."""


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
    before = {(commune, school) for commune, school, _ in plan.heads}
    brought = [row for row in made if row[:2] not in before]
    return plan.model_copy(
        update={"support": sorted(supports), "heads": made, "flow": hand_over(translation, plan, brought)}
    )


def hand_over(translation: Translation, plan: InstanceSolution, brought: list[Head]) -> list[Promise]:
    """The promised days with what the people of `brought` can do: first what nobody promised, then others' promises."""
    flow: Counter[tuple[str, str, str]] = Counter()
    for commune, school, name, days in plan.flow:
        flow[commune, school, name] += days
    needs = {commune.code: commune.need_days for commune in translation.problem.communes}
    for commune, school, heads in brought:
        for name, wanted in count_work(translation, school, needs[commune], heads).items():
            open_days = needs[commune][name] - sum(d for (c, _, f), d in flow.items() if (c, f) == (commune, name))
            gained = min(wanted, max(0, open_days))
            for giver in sorted(s for c, s, f in flow if (c, f) == (commune, name) and s != school):
                given = min(wanted - gained, flow[commune, giver, name])
                flow[commune, giver, name] -= given
                gained += given
            flow[commune, school, name] += gained
    return sorted((*where, days) for where, days in flow.items() if days)


def count_work(translation: Translation, school: str, need: Mapping[str, int], heads: int) -> dict[str, int]:
    """Days by field that so many of a school's people who may go alone could work, by whoever could do most."""
    free = translation.days.free_weekdays
    best: dict[str, int] = {}
    for person in translation.problem.volunteers:
        if person.school_code != school or not may_go_alone(translation, person):
            continue
        left, work = heads * min(person.max_days, len(free[person.id])), dict[str, int]()
        for name in sorted(set(person.skills) & set(need), key=lambda f: (-need[f], f)):
            work[name] = min(need[name], left)
            left -= work[name]
        best = max(best, work, key=lambda days: sum(days.values()))
    return best


def describe_spread(before: InstanceSolution, after: InstanceSolution) -> str | None:
    """For the certificate: how many promises went to another school."""
    moved = len({(commune, school) for commune, school, _ in after.heads} - {(c, s) for c, s, _ in before.heads})
    if not moved:
        return None
    served = amount(moved, "commune gets people", "communes get people")
    return (
        f"{moved} xã nhận người của trường hỗ trợ, vì trường phụ trách không đủ người hướng dẫn (R17). / "
        f"{served} of a supporting school, for the lead has too few supervisors (R17)."
    )


def may_go_alone(translation: Translation, person: ProblemVolunteer) -> bool:
    """With a free weekday, and no need of a supervisor, or a supervisor."""
    options = translation.problem.options
    bound = {*options.supervised} - {*options.supervisors}
    return bool(translation.days.free_weekdays[person.id] and person.max_days and person.role not in bound)


def count_able(translation: Translation) -> Counter[str]:
    """By school: people with a free weekday who may be the first, or the only one, in a commune."""
    problem = translation.problem
    found = Counter({school.code: 0 for school in problem.schools})
    found.update(person.school_code for person in problem.volunteers if may_go_alone(translation, person))
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
