"""A placement as the search sees it: the commune of each unit, each commune's week, and what it all amounts to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from commune_schemas.documents import PlacementSolution

from matching_worker.model.placement.problem.costs import CHANGED, SHORT, TRAVEL, UNEVEN, UNMET, UNUSED, unevenness
from matching_worker.model.placement.problem.problem import Problem
from matching_worker.model.placement.problem.supervision import is_supervised
from matching_worker.model.placement.search.team import TeamWeek, plan_week


@dataclass(frozen=True)
class Plan:
    where: tuple[int | None, ...]
    """[unit] -> commune number, or None when it stays."""
    weeks: Mapping[int, TeamWeek]
    """Only communes that somebody goes to."""
    objective: dict[str, int]
    unchanged: frozenset[int]
    """People who had a place before and keep its commune, weekdays and fields of work."""
    changed: int
    """How many people's place is not as before; the objective's level weighs them."""

    def rank(self, problem: Problem) -> tuple[int, ...]:
        return tuple(self.objective[level] for level in problem.levels)


def make_plan(problem: Problem, where: Sequence[int | None], kept: Collection[int] = ()) -> Plan:
    """The best plan with these communes; `kept` people come on their previous weekdays for their previous work."""
    weeks = {
        commune: plan_week(problem, commune, members, as_before=kept)
        for commune, members in members_by_commune(problem, where).items()
    }
    return with_weeks(problem, where, weeks)


def with_weeks(problem: Problem, where: Sequence[int | None], weeks: Mapping[int, TeamWeek]) -> Plan:
    """The plan of these weeks, with its objective."""
    empty = sum(unmet_when_empty(problem, commune) for commune in range(len(problem.communes)) if commune not in weeks)
    unchanged = find_unchanged(problem, where, weeks)
    changed = list_changed(problem, where, unchanged)
    heads = [len(weeks[commune].days) if commune in weeks else 0 for commune in range(len(problem.communes))]
    there = list(zip(problem.communes, heads, strict=True))
    values = {
        SHORT: sum(commune.priority * max(0, commune.min_people - count) for commune, count in there),
        UNMET: empty + sum(week.unmet for week in weeks.values()),
        UNUSED: problem.offered - sum(count_used(problem, week) for week in weeks.values()),
        CHANGED: sum(problem.people[person].change_weight for person in changed),
        UNEVEN: sum(unevenness(count, commune.min_people, commune.priority) for commune, count in there),
        TRAVEL: sum(week.travel_km for week in weeks.values()),
    }
    objective = {level: values[level] for level in problem.levels}
    return Plan(tuple(where), weeks, objective, unchanged, len(changed))


def count_used(problem: Problem, week: TeamWeek) -> int:
    """What one commune's week takes off `unused`: people, or days."""
    return sum(map(len, week.days.values())) if problem.use == "days" else len(week.days)


def members_by_commune(problem: Problem, where: Sequence[int | None]) -> dict[int, list[int]]:
    members: dict[int, list[int]] = {}
    for unit, commune in zip(problem.units, where, strict=True):
        if commune is not None:
            members.setdefault(commune, []).extend(unit.members)
    return members


def unmet_when_empty(problem: Problem, commune_number: int) -> int:
    """Points of unmet need at a commune that nobody goes to."""
    commune = problem.communes[commune_number]
    return commune.priority * sum(commune.need.values()) + 3 * sum(commune.presence)


def find_unchanged(problem: Problem, where: Sequence[int | None], weeks: Mapping[int, TeamWeek]) -> frozenset[int]:
    """People whose commune, weekdays and fields of work are as before."""
    unchanged = set()
    for number, person in enumerate(problem.people):
        commune = where[problem.unit_of[number]]
        if commune is None or commune != person.previous:
            continue
        week = weeks[commune]
        same_days = not person.previous_days or week.days.get(number) == person.previous_days
        if same_days and person.previous_fields in (None, week.work.get(number, {}).keys()):
            unchanged.add(number)
    return frozenset(unchanged)


def list_changed(problem: Problem, where: Sequence[int | None], unchanged: Collection[int]) -> list[int]:
    """People newly placed, withdrawn, or placed otherwise than before; nobody in a first plan."""
    if not problem.counts_changes:
        return []
    return [
        number
        for number, person in enumerate(problem.people)
        if number not in unchanged and (person.had_previous or where[problem.unit_of[number]] is not None)
    ]


def is_allowed(problem: Problem, plan: Plan) -> bool:
    """Whether the plan keeps P5, P6 and P9 (the other rules hold by construction)."""
    supervised = is_supervised(problem, members_by_commune(problem, plan.where))
    pinned = all(plan.where[index] is not None for index, unit in enumerate(problem.units) if unit.required)
    return supervised and pinned and (problem.max_changes is None or plan.changed <= problem.max_changes)


def to_solution(problem: Problem, plan: Plan) -> PlacementSolution:
    """The plan as a document, sorted by person and field."""
    place: list[tuple[str, str, list[int]]] = []
    work: list[tuple[str, str, str, int]] = []
    for number, week in plan.weeks.items():
        commune = problem.communes[number].id
        for person, days in week.days.items():
            name = problem.people[person].id
            place.append((name, commune, list(days)))
            work += [(name, commune, field, count) for field, count in sorted(week.work[person].items())]
    return PlacementSolution(place=sorted(place), work=sorted(work))


def from_solution(problem: Problem, solution: PlacementSolution) -> Plan:
    """The best plan with the communes of an accepted solution, and its unchanged weekdays where changes count."""
    person_number = {person.id: index for index, person in enumerate(problem.people)}
    commune_number = {commune.id: index for index, commune in enumerate(problem.communes)}
    where: list[int | None] = [None] * len(problem.units)
    fields: dict[str, set[str]] = {}
    for name, _, field, _ in solution.work:
        fields.setdefault(name, set()).add(field)
    kept = set()
    for name, commune, days in solution.place:
        person = person_number[name]
        where[problem.unit_of[person]] = commune_number[commune]
        before = problem.people[person]
        same_days = tuple(sorted(days)) == before.previous_days
        same_work = before.previous_fields in (None, fields.get(name, set()))
        if before.previous == commune_number[commune] and same_days and same_work:
            kept.add(person)
    counted = problem.counts_changes and (problem.keep_previous or problem.max_changes is not None)
    return make_plan(problem, where, kept if counted else ())
