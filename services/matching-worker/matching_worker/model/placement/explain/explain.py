"""Why a plan is as it is, in words an office can check: why this person goes there and not elsewhere. Why a need stays
unmet is told in shortfall.py, ranked replacements for a vacancy are in replace.py.

Single moves only, each worked out exactly for the communes concerned; everyone else stays. So "better elsewhere" would
be a proof that the plan is not the best, and "worse" holds for this one move.
"""

from dataclasses import dataclass

from commune_schemas.amounts import amount
from commune_schemas.documents import PlacementDocument, PlacementSolution

from matching_worker.model.outcome import ProblemError
from matching_worker.model.placement.problem.costs import CHANGED, SHORT, TRAVEL, UNEVEN, UNMET, UNUSED
from matching_worker.model.placement.problem.problem import Problem, can_serve, read_problem
from matching_worker.model.placement.problem.rules import RULES
from matching_worker.model.placement.problem.supervision import is_supervised
from matching_worker.model.placement.search.plan import Plan, from_solution, members_by_commune, with_weeks
from matching_worker.model.placement.search.team import TeamWeek, plan_week

WEEKDAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu")
MORE_LEVELS = {
    SHORT: ("số người thiếu so với yêu cầu (theo trọng số)", "people short of what was asked (weighted)"),
    UNUSED: ("phần chưa dùng (người hoặc ngày)", "people or days unused"),
    CHANGED: ("số người bị thay đổi", "people changed"),
    UNEVEN: ("độ lệch giữa các xã", "unevenness between communes"),
}
"""Told where they change."""
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@dataclass(frozen=True)
class Alternative:
    """What sending a person (and their team) somewhere else, or nowhere, would do."""

    commune: str | None
    rule: str | None
    """The rule that forbids it, or None when it is allowed."""
    effect: dict[str, int] | None
    """Change of each level; None when it is not allowed."""
    vi: str
    en: str


@dataclass(frozen=True)
class PersonReasons:
    """Where one person goes, what they do there, and every alternative, cheapest first."""

    person: str
    commune: str | None
    days: tuple[int, ...]
    work: dict[str, int]
    vi: str
    en: str
    alternatives: tuple[Alternative, ...]


def explain_person(problem: PlacementDocument, solution: PlacementSolution, person: str) -> PersonReasons:
    """Why this person goes there, and why not to any other commune. Raises ProblemError for an unknown person."""
    compiled, plan = open_plan(problem, solution)
    number = find_person(compiled, person)
    commune = plan.where[compiled.unit_of[number]]
    alternatives = [consider(compiled, plan, number, other) for other in [None, *range(len(compiled.communes))]]
    alternatives = [a for a in alternatives if a.commune != name_of(compiled, commune)]
    alternatives.sort(key=lambda a: (a.effect is None, tuple((a.effect or {}).values()), a.commune or ""))
    week = None if commune is None else plan.weeks[commune]
    days = week.days[number] if week else ()
    work = dict(week.work[number]) if week else {}
    vi, en = describe_place(compiled, number, commune, days, work)
    return PersonReasons(person, name_of(compiled, commune), days, work, vi, en, tuple(alternatives))


def explain_refusal(problem: PlacementDocument, solution: PlacementSolution, person: str, commune: str) -> Alternative:
    """Why this person does not go to that commune: the rule against it, or what it would cost."""
    compiled, plan = open_plan(problem, solution)
    number = next((i for i, c in enumerate(compiled.communes) if c.id == commune), None)
    if number is None:
        raise ProblemError("/commune", f"Không có xã {commune}", f"there is no commune {commune}")
    return consider(compiled, plan, find_person(compiled, person), number)


def consider(problem: Problem, plan: Plan, number: int, commune: int | None) -> Alternative:
    """One person's unit at another commune (None = at home): forbidden by which rule, or with what effect."""
    rule, after = find_rule_against(problem, plan, number, commune), None
    if rule is None:
        after = with_unit_at(problem, plan, number, commune)
        if problem.max_changes is not None and after.changed > problem.max_changes:
            rule = "P9"
    name = name_of(problem, commune)
    if rule is not None or after is None:
        vi, en = RULES[rule or "P9"]
        return Alternative(name, rule, None, f"không được: {vi} ({rule})", f"not allowed: {en} ({rule})")
    return describe_move(problem, plan, number, commune, after)


def with_unit_at(
    problem: Problem, plan: Plan, number: int, commune: int | None, *, arrival: TeamWeek | None = None
) -> Plan:
    """The plan with one person's unit at another commune, or at home; who comes as before still does.

    `arrival` is that commune's week with the unit, where it is known already.
    """
    unit = problem.units[problem.unit_of[number]]
    where = list(plan.where)
    before = where[problem.unit_of[number]]
    where[problem.unit_of[number]] = commune
    members = members_by_commune(problem, where)
    kept = list_kept(problem, plan) - set(unit.members)
    weeks = dict(plan.weeks)
    for changed in (before, commune):
        if changed is not None:
            weeks.pop(changed, None)
            if changed in members:
                known = arrival if changed == commune else None
                weeks[changed] = known or plan_week(problem, changed, members[changed], as_before=kept)
    return with_weeks(problem, where, weeks)


def list_kept(problem: Problem, plan: Plan) -> frozenset[int]:
    """The people left unchanged, where changes count: they go on coming as before."""
    counts = problem.counts_changes and (problem.keep_previous or problem.max_changes is not None)
    return plan.unchanged if counts else frozenset()


def describe_move(problem: Problem, plan: Plan, number: int, commune: int | None, after: Plan) -> Alternative:
    effect = {level: value - plan.objective[level] for level, value in after.objective.items()}
    vi, en = describe_effect(effect)
    if len(problem.units[problem.unit_of[number]].members) > 1:
        vi, en = f"{vi} (cả nhóm)", f"{en} (whole team)"
    return Alternative(name_of(problem, commune), None, effect, vi, en)


def describe_effect(effect: dict[str, int]) -> tuple[str, str]:
    """The change of each level in words."""
    parts = [
        (f"nhu cầu chưa đáp ứng {effect[UNMET]:+d}", f"unmet need {effect[UNMET]:+d}"),
        (f"quãng đường {effect[TRAVEL]:+d} km", f"travel {effect[TRAVEL]:+d} km"),
        *(
            (f"{vi} {effect[level]:+d}", f"{en} {effect[level]:+d}")
            for level, (vi, en) in MORE_LEVELS.items()
            if effect.get(level)
        ),
    ]
    return ", ".join(vi for vi, _ in parts), ", ".join(en for _, en in parts)


def find_rule_against(problem: Problem, plan: Plan, number: int, commune: int | None) -> str | None:
    """The first rule that forbids sending the person's unit there while everyone else stays as planned."""
    index = problem.unit_of[number]
    unit = problem.units[index]
    if commune is None:
        if unit.required:
            return "P6"
    elif commune not in unit.communes:
        return find_personal_rule(problem, number, commune)
    where = list(plan.where)
    where[index] = commune
    return None if is_supervised(problem, members_by_commune(problem, where)) else "P5"


def find_personal_rule(problem: Problem, number: int, commune: int) -> str:
    """Which of P2, P3, P6, P7 keeps the person away; P8 when it is someone else of the team."""
    name = problem.communes[commune].id
    person = next(v for v in problem.document.volunteers if v.id == problem.people[number].id)
    if can_serve(problem.document, person, name):
        return "P8"
    if problem.people[number].max_days == 0:
        return "P2"
    if person.pinned_commune not in (None, name):
        return "P6"
    return "P7" if name in person.forbidden_communes else "P3"


def describe_place(
    problem: Problem, number: int, commune: int | None, days: tuple[int, ...], work: dict[str, int]
) -> tuple[str, str]:
    if commune is None:
        return "Không được phân công trong tuần này", "Stays at home"
    km = problem.km[number][commune]
    nearer = sum(problem.km[number][other] < km for other in problem.units[problem.unit_of[number]].communes)
    tasks = ", ".join(f"{field} {count}" for field, count in sorted(work.items())) or "-"
    when_vi = ", ".join(WEEKDAYS_VI[day] for day in days)
    when_en = ", ".join(WEEKDAYS_EN[day] for day in days)
    lead_vi = ", hướng dẫn sinh viên" if problem.people[number].supervises else ""
    lead_en = ", supervises the students there" if problem.people[number].supervises else ""
    return (
        f"Có mặt {when_vi}; làm {tasks}{lead_vi}; {km} km, {nearer} xã gần hơn",
        f"Present {when_en}; works {tasks}{lead_en}; {km} km, {amount(nearer, 'commune is', 'communes are')} nearer",
    )


def open_plan(problem: PlacementDocument, solution: PlacementSolution) -> tuple[Problem, Plan]:
    compiled = read_problem(problem)
    return compiled, from_solution(compiled, solution)


def find_person(problem: Problem, name: str) -> int:
    number = next((index for index, person in enumerate(problem.people) if person.id == name), None)
    if number is None:
        raise ProblemError("/person", f"Không có người {name}", f"there is no person {name}")
    return number


def name_of(problem: Problem, commune: int | None) -> str | None:
    return None if commune is None else problem.communes[commune].id
