"""Who could step in for one person who drops out, best first, with the effect on each level of the objective.

Exact for the commune concerned: the week of those who stay is worked out anew with each candidate. Everyone else keeps
their place; a whole new plan is solve()'s, with `previous` and `max_changes`.
"""

from dataclasses import dataclass

from commune_schemas.documents import PlacementDocument, PlacementSolution

from matching_worker.model.outcome import ProblemError
from matching_worker.model.placement.explain.explain import describe_effect
from matching_worker.model.placement.problem.problem import Problem, read_problem
from matching_worker.model.placement.problem.supervision import is_supervised
from matching_worker.model.placement.search.improve import replace_week
from matching_worker.model.placement.search.plan import Plan, from_solution, members_by_commune
from matching_worker.model.placement.search.team import Team

Kind = tuple[bool, frozenset[str], tuple[int, ...], int]


@dataclass(frozen=True)
class Replacement:
    """One way to fill a vacancy. No people = those who stay share the work."""

    people: tuple[str, ...]
    commune: str
    days: dict[str, tuple[int, ...]]
    """Weekdays of each newcomer."""
    objective: dict[str, int]
    """Of the whole plan afterwards."""
    effect: dict[str, int]
    """Change of each level against the plan with the person who leaves; negative = better."""
    vi: str
    en: str


def replacements(
    problem: PlacementDocument, solution: PlacementSolution, *, vacancy: str, limit: int = 20
) -> list[Replacement]:
    """The best `limit` ways to go on without the person `vacancy`, best first; empty when P5 allows none.

    `solution` has to be one that verify() accepts. Raises ProblemError when the person has no place in it.
    """
    compiled = read_problem(problem)
    plan = from_solution(compiled, solution)
    number = next((i for i, person in enumerate(compiled.people) if person.id == vacancy), None)
    commune = None if number is None else plan.where[compiled.unit_of[number]]
    if number is None or commune is None:
        raise ProblemError("/vacancy", f"{vacancy} không có trong phương án", f"{vacancy} has no place in this plan")
    vacant = Vacancy(compiled, plan, number, commune)
    found = [vacant.offer(unit) for unit in [None, *vacant.list_units()] if vacant.is_supervised(unit)]
    found.sort(key=lambda offer: (tuple(offer.objective.values()), offer.people))
    return found[:limit]


class Vacancy:
    """A plan with one person taken out, and the week of those who stay at that commune."""

    def __init__(self, problem: Problem, plan: Plan, leaver: int, commune: int) -> None:
        self.problem = problem
        self.plan, self.leaver = plan, leaver
        self.commune = commune
        self.staying = [p for p in members_by_commune(problem, plan.where)[commune] if p != leaver]
        self.where = list(plan.where)
        if len(problem.units[problem.unit_of[leaver]].members) == 1:
            self.where[problem.unit_of[leaver]] = None
        self.leaver_unit = problem.unit_of[leaver]
        self.team = Team(problem, commune)
        for person in sorted(self.staying):
            self.team.add(person)

    def list_units(self) -> list[int]:
        """Units at home that may go there."""
        return [
            number
            for number, unit in enumerate(self.problem.units)
            if self.where[number] is None and number != self.leaver_unit and self.commune in unit.communes
        ]

    def is_supervised(self, unit: int | None) -> bool:
        newcomers = () if unit is None else self.problem.units[unit].members
        members: dict[int, list[int]] = members_by_commune(self.problem, self.where)
        members[self.commune] = [*self.staying, *newcomers]
        return is_supervised(self.problem, members, leavers=(self.leaver,))

    def offer(self, unit: int | None) -> Replacement:
        newcomers = () if unit is None else self.problem.units[unit].members
        team = self.team.copy()
        where = list(self.where)
        for person in newcomers:
            team.add(person)
        if unit is not None:
            where[unit] = self.commune
        after = replace_week(self.problem, self.plan, where, self.commune, team if team.days else None)
        week = after.weeks.get(self.commune)
        effect = {level: value - self.plan.objective[level] for level, value in after.objective.items()}
        names = tuple(self.problem.people[person].id for person in newcomers)
        cost_vi, cost_en = describe_effect(effect)
        who_vi, who_en = ", ".join(names) or "Những người còn lại", ", ".join(names) or "those who stay"
        return Replacement(
            people=names,
            commune=self.problem.communes[self.commune].id,
            days={self.problem.people[p].id: week.days[p] for p in newcomers} if week else {},
            objective=after.objective,
            effect=effect,
            vi=f"{who_vi}: {cost_vi}",
            en=f"{who_en}: {cost_en}",
        )
