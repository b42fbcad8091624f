"""Stage E's check, from the two documents alone: every rule, the objective and the proof from scratch.

Shares nothing with solve: anyone can repeat it with pencil and paper, a line a pair.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from commune_schemas.amounts import amount
from commune_schemas.documents import BorderDocument, BorderNeed, BorderSolution, BorderStaff

from commune_verify.verdict import Verdict

Pair = tuple[BorderNeed, str, BorderStaff, int]
"""(need, field, staff, km)."""


def verify(problem: BorderDocument, solution: BorderSolution) -> Verdict:
    needs = {need.commune: need for need in problem.needs}
    staff = {one.id: one for one in problem.staff}
    violations: list[str] = []
    given: Counter[tuple[str, str]] = Counter()
    used: Counter[str] = Counter()
    travel_km = 0
    for commune, helper, field, days in solution.support:
        need, one = needs.get(commune), staff.get(helper)
        if need is None or one is None or days < 1:
            violations.append(f"not a support of this problem: {commune}, {helper}, {field}, {days}")
            continue
        metres = problem.dist_m.get(commune, {}).get(one.school)
        if need.province == one.province:
            violations.append(f"E1: {helper} is of the same province as {commune}")
        if metres is None or metres > problem.policy.max_m or metres > one.max_m:
            violations.append(f"E2: {helper} is too far from {commune}")
        if field not in one.fields:
            violations.append(f"E3: {helper} does not know {field}")
        given[commune, field] += days
        used[helper] += days
        travel_km += days * (((metres or 0) + 500) // 1000)
    violations += list_overdrawn(problem, given, used)
    if solution.need_prices or solution.staff_prices:
        pairs = list(list_pairs(problem))
        if not do_prices_cover(solution, pairs, weight=weigh_unmet_day(problem, pairs)):
            violations.append("the prices prove nothing: some pair is worth more than they say")
    unmet = sum(
        need.priority * (days - given[need.commune, field])
        for need in problem.needs
        for field, days in need.need.items()
    )
    return Verdict(tuple(violations), {"unmet": unmet, "travel_km": travel_km})


def list_overdrawn(
    problem: BorderDocument, given: Mapping[tuple[str, str], int], used: Mapping[str, int]
) -> Iterator[str]:
    """Breaches of E4, from the days given by (commune, field) and used by staff."""
    spare = {one.id: one.days for one in problem.staff}
    wanted = {(need.commune, field): days for need in problem.needs for field, days in need.need.items()}
    for helper, days in used.items():
        if days > spare[helper]:
            yield f"E4: {helper} gives {amount(days, 'day')}, has {spare[helper]} to spare"
    for (commune, field), days in given.items():
        if days > wanted.get((commune, field), 0):
            yield f"E4: {commune} is given {amount(days, 'day')} of {field}, lacks {wanted.get((commune, field), 0)}"


def proved_bound(problem: BorderDocument, solution: BorderSolution) -> dict[str, int]:
    """What the solution's prices prove no plan can beat; zeros when they prove nothing.

    One unmet day weighs W, more than all travel together, and a day given gains W x priority - km. Where the prices of
    need and staff cover that for every pair, no plan gains more than all days wanted and spare at their prices.
    """
    pairs = list(list_pairs(problem))
    weight = weigh_unmet_day(problem, pairs)
    if not do_prices_cover(solution, pairs, weight=weight):
        return {"unmet": 0, "travel_km": 0}
    wanted = {(need.commune, field): days for need in problem.needs for field, days in need.need.items()}
    spare = {one.id: one.days for one in problem.staff}
    asked = sum(need.priority * days for need in problem.needs for days in need.need.values())
    gain = sum(wanted.get((commune, field), 0) * price for commune, field, price in solution.need_prices)
    gain += sum(spare.get(helper, 0) * price for helper, price in solution.staff_prices)
    unmet, travel_km = divmod(max(0, weight * asked - gain), weight)
    return {"unmet": unmet, "travel_km": travel_km}


def weigh_unmet_day(problem: BorderDocument, pairs: Iterable[Pair]) -> int:
    farthest: dict[tuple[str, str], int] = {}
    for need, field, _, km in pairs:
        farthest[need.commune, field] = max(km, farthest.get((need.commune, field), 0))
    needs = {need.commune: need.need for need in problem.needs}
    return 1 + sum(km * needs[commune][field] for (commune, field), km in farthest.items())


def do_prices_cover(solution: BorderSolution, pairs: Iterable[Pair], *, weight: int) -> bool:
    """No price is below zero, none is stated twice, and together they reach what each pair is worth."""
    of_need = {(commune, field): price for commune, field, price in solution.need_prices}
    of_staff = dict(solution.staff_prices)
    if len(of_need) != len(solution.need_prices) or len(of_staff) != len(solution.staff_prices):
        return False
    if any(price < 0 for price in (*of_need.values(), *of_staff.values())):
        return False
    return all(
        of_need.get((need.commune, field), 0) + of_staff.get(one.id, 0) >= weight * need.priority - km
        for need, field, one, km in pairs
    )


def list_pairs(problem: BorderDocument) -> Iterator[Pair]:
    """Who may give days to what."""
    of_school: dict[str, list[BorderStaff]] = {}
    for one in problem.staff:
        of_school.setdefault(one.school, []).append(one)
    for need in problem.needs:
        for school, metres in problem.dist_m.get(need.commune, {}).items():
            for one in of_school.get(school, []):
                if one.province == need.province or metres > min(problem.policy.max_m, one.max_m) or one.days == 0:
                    continue
                for field, days in need.need.items():
                    if days > 0 and field in one.fields:
                        yield need, field, one, (metres + 500) // 1000
