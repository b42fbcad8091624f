"""Local search on a plan: drop a unit, add one, swap one for a nearer or more useful one. No solver, no proof.

The fallback when a problem is too large for its relaxation within the limit, and the yardstick of the benchmarks.
Deterministic: it ends after a round without gain, or after so many weeks worked out.
"""

from collections.abc import Callable, Iterator

from matching_worker.model.placement.problem.costs import UNUSED
from matching_worker.model.placement.problem.problem import Problem
from matching_worker.model.placement.problem.supervision import margin
from matching_worker.model.placement.search.plan import Plan, is_allowed, members_by_commune, with_weeks
from matching_worker.model.placement.search.team import Team

CANDIDATES = 12


def improve(problem: Problem, plan: Plan, *, weeks: int, is_spent: Callable[[], bool] = lambda: False) -> Plan:
    """A plan at least as good, after working out at most so many commune weeks."""
    left = weeks
    found = True
    while found and left > 0 and not is_spent():
        found = False
        for commune in range(len(problem.communes)):
            for better, spent in list_steps(problem, plan, commune):
                left -= spent
                if better is not None and is_allowed(problem, better) and rank(problem, better) < rank(problem, plan):
                    plan, found = better, True
                    break
                if left <= 0 or is_spent():
                    return plan
    return plan


def drop_idle(problem: Problem, plan: Plan) -> Plan:
    """The plan without units that it is no worse without: no distance, no cost, and yet nobody travels for nothing."""
    for unit, commune in enumerate(plan.where):
        if commune is None or problem.units[unit].required:
            continue
        members = problem.units[unit].members
        works = any(plan.weeks[commune].work[person] for person in members)
        if works and any(problem.km[person][commune] for person in members):
            continue
        where = list(plan.where)
        where[unit] = None
        team = Team(problem, commune)
        for member in sorted(members_by_commune(problem, where).get(commune, [])):
            team.add(member)
        without = replace_week(problem, plan, where, commune, team if team.days else None)
        if is_allowed(problem, without) and rank(problem, without) <= rank(problem, plan):
            plan = without
    return plan


def seat_the_rest(problem: Problem, plan: Plan) -> Plan:
    """Where everybody is to be used: who is still at home goes to the commune where that makes the plan better most.

    A search cut short may leave somebody out for whom there is room; working out a few weeks mends that at once.
    """
    if UNUSED not in problem.levels:
        return plan
    for unit, place in enumerate(plan.where):
        if place is None:
            plan = min([plan, *list_seats(problem, plan, unit)], key=lambda made: rank(problem, made))
    return plan


def list_seats(problem: Problem, plan: Plan, unit: int) -> Iterator[Plan]:
    """The plan with this unit at each commune that may have it."""
    newcomers, there = problem.units[unit].members, members_by_commune(problem, list(plan.where))
    for commune in sorted(problem.units[unit].communes):
        members = [*there.get(commune, []), *newcomers]
        if margin(problem, members) < 0:
            continue
        team = Team(problem, commune)
        for member in sorted(members):
            team.add(member)
        where = list(plan.where)
        where[unit] = commune
        made = replace_week(problem, plan, where, commune, team)
        if is_allowed(problem, made):
            yield made


def rank(problem: Problem, plan: Plan) -> tuple[int, ...]:
    return plan.rank(problem)


def list_steps(problem: Problem, plan: Plan, commune: int) -> Iterator[tuple[Plan | None, int]]:
    """(neighbouring plan, weeks worked out for it): the unit's removal and its replacements, then additions."""
    there = [unit for unit, where in enumerate(plan.where) if where == commune]
    for unit in [None, *there]:
        if unit is not None and problem.units[unit].required:
            continue
        where = list(plan.where)
        if unit is not None:
            where[unit] = None
        members = members_by_commune(problem, where).get(commune, [])
        base = Team(problem, commune)
        for member in sorted(members):
            base.add(member)
        if unit is not None and margin(problem, members) >= 0:
            yield replace_week(problem, plan, where, commune, base if members else None), 1
        for other in list_candidates(problem, where, commune):
            newcomers = problem.units[other].members
            if margin(problem, [*members, *newcomers]) < 0:
                continue
            team = base.copy()
            for member in newcomers:
                team.add(member)
            where[other] = commune
            yield replace_week(problem, plan, where, commune, team), 1
            where[other] = None


def list_candidates(problem: Problem, where: list[int | None], commune: int) -> list[int]:
    """The nearest units that stay at home."""
    free = [u for u, unit in enumerate(problem.units) if where[u] is None and commune in unit.communes]
    return sorted(free, key=lambda u: sum(problem.km[p][commune] for p in problem.units[u].members))[:CANDIDATES]


def replace_week(problem: Problem, plan: Plan, where: list[int | None], commune: int, team: Team | None) -> Plan:
    weeks = {number: week for number, week in plan.weeks.items() if number != commune}
    if team is not None:
        weeks[commune] = team.week()
    return with_weeks(problem, where, weeks)
