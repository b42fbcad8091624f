"""Why a plan is as it is, in words an office can check: why this person goes there and not elsewhere, why a need stays
unmet and what its cheapest mend would cost. Ranked replacements for a vacancy are in replace.py.

Single moves only, each worked out exactly for the communes concerned; everyone else stays. So "better elsewhere" would
be a proof that the plan is not the best, and "worse" holds for this one move.
"""

from dataclasses import dataclass

from commune_schemas.documents import PlacementDocument, PlacementSolution

from matching_worker.model.outcome import ProblemError
from matching_worker.model.placement.plan import Plan, from_solution, margin, members_by_commune, with_weeks
from matching_worker.model.placement.problem import Problem, can_serve, read_problem
from matching_worker.model.placement.rules import RULES
from matching_worker.model.placement.team import Team, TeamWeek, plan_week

WEEKDAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu")
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


@dataclass(frozen=True)
class UnmetReasons:
    """Why some need of a commune stays unmet, and the best single move that would meet more of it."""

    commune: str
    subject: str
    """A field's code, or a weekday's English name for missing presence."""
    missing: int
    able: int
    """People who may go there and could help with it."""
    placed_elsewhere: int
    vi: str
    en: str
    mend: Alternative | None
    mend_person: str | None


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


def explain_unmet(problem: PlacementDocument, solution: PlacementSolution, commune: str) -> list[UnmetReasons]:
    """Each unmet need of a commune: who could help, why they do not, and the cheapest single mend."""
    compiled, plan = open_plan(problem, solution)
    number = next((i for i, c in enumerate(compiled.communes) if c.id == commune), None)
    if number is None:
        raise ProblemError("/commune", f"Không có xã {commune}", f"there is no commune {commune}")
    week = plan.weeks.get(number)
    target = compiled.communes[number]
    served = {f: sum(w.get(f, 0) for w in week.work.values()) if week else 0 for f in target.need}
    present = [sum(d in days for days in week.days.values()) if week else 0 for d in range(5)]
    reasons = [
        explain_missing(compiled, plan, number, field=field, weekday=None, missing=need - served[field])
        for field, need in target.need.items()
        if need > served[field]
    ]
    return reasons + [
        explain_missing(compiled, plan, number, field=None, weekday=d, missing=wanted - present[d])
        for d, wanted in enumerate(target.presence)
        if wanted > present[d]
    ]


def explain_missing(
    problem: Problem, plan: Plan, commune: int, *, field: str | None, weekday: int | None, missing: int
) -> UnmetReasons:
    able = [
        number
        for number, person in enumerate(problem.people)
        if commune in problem.units[problem.unit_of[number]].communes
        and (field in person.fields if field is not None else weekday in person.days)
    ]
    outside = [number for number in able if plan.where[problem.unit_of[number]] != commune]
    elsewhere = sum(plan.where[problem.unit_of[number]] is not None for number in outside)
    mend = find_mend(problem, plan, commune, outside)
    what_vi = field or WEEKDAYS_VI[weekday or 0]
    what_en = field or WEEKDAYS_EN[weekday or 0]
    if not able:
        vi, en = "không ai được đến đó có thể giúp", "nobody who may go there could help"
    else:
        vi = f"{len(able)} người có thể giúp, {elsewhere} người đang ở xã khác"
        en = f"{len(able)} people could help, {elsewhere} of them serve elsewhere"
    return UnmetReasons(
        commune=problem.communes[commune].id,
        subject=what_en,
        missing=missing,
        able=len(able),
        placed_elsewhere=elsewhere,
        vi=f"Thiếu {missing} ({what_vi}): {vi}" + (f"; rẻ nhất: {mend[1]}, {mend[2].vi}" if mend else ""),
        en=f"{missing} missing ({what_en}): {en}" + (f"; cheapest mend: {mend[1]}, {mend[2].en}" if mend else ""),
        mend=mend[2] if mend else None,
        mend_person=mend[1] if mend else None,
    )


def find_mend(
    problem: Problem, plan: Plan, commune: int, outside: list[int]
) -> tuple[tuple[int, ...], str, Alternative] | None:
    """The one person (with their team) whose coming would help the commune at the least cost to the whole plan."""
    members = members_by_commune(problem, plan.where).get(commune, [])
    base = Team(problem, commune)
    for member in sorted(members):
        base.add(member)
    now = base.week().unmet
    best: tuple[tuple[int, ...], str, Alternative] | None = None
    for number in outside:
        if find_rule_against(problem, plan, number, commune) is not None:
            continue
        team = base.copy()
        for member in problem.units[problem.unit_of[number]].members:
            team.add(member)
        week = team.week()
        if week.unmet < now:
            offer = consider(problem, plan, number, commune, arrival=week)
            key = (tuple((offer.effect or {}).values()), problem.people[number].id)
            if best is None or key < best[:2]:
                best = (*key, offer)
    return best


def consider(
    problem: Problem, plan: Plan, number: int, commune: int | None, *, arrival: TeamWeek | None = None
) -> Alternative:
    """One person's unit at another commune (None = at home): forbidden by which rule, or with what effect.

    `arrival` is that commune's week with the unit, where it is known already.
    """
    unit = problem.units[problem.unit_of[number]]
    rule = find_rule_against(problem, plan, number, commune)
    name = name_of(problem, commune)
    if rule is not None:
        vi, en = RULES[rule]
        return Alternative(name, rule, None, f"không được: {vi} ({rule})", f"not allowed: {en} ({rule})")
    where = list(plan.where)
    before = where[problem.unit_of[number]]
    where[problem.unit_of[number]] = commune
    members = members_by_commune(problem, where)
    weeks = dict(plan.weeks)
    for changed in (before, commune):
        if changed is not None:
            weeks.pop(changed, None)
            if changed in members:
                known = arrival if changed == commune else None
                weeks[changed] = known or plan_week(problem, changed, members[changed])
    after = with_weeks(problem, where, weeks)
    effect = {level: value - plan.objective[level] for level, value in after.objective.items()}
    with_team = len(unit.members) > 1
    vi = f"nhu cầu chưa đáp ứng {effect['unmet']:+d}, quãng đường {effect['travel_km']:+d} km"
    en = f"unmet need {effect['unmet']:+d}, travel {effect['travel_km']:+d} km"
    return Alternative(
        name, None, effect, vi + (" (cả nhóm)" if with_team else ""), en + (" (whole team)" if with_team else "")
    )


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
    if any(margin(problem, members) < 0 for members in members_by_commune(problem, where).values()):
        return "P5"
    return None


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
        f"Present {when_en}; works {tasks}{lead_en}; {km} km, {nearer} communes are nearer",
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
