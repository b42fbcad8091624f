"""Whom a plan leaves without anyone, and why: schools, their people of one role, communes. From the documents alone.

A school's people are told apart by role; the reason given is that of most of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from commune_schemas.amounts import amount
from commune_schemas.documents import (
    InstanceSolution,
    PlacementCommune,
    PlacementDocument,
    PlacementSolution,
    PlacementVolunteer,
)
from commune_schemas.left_out import LeftOut
from commune_schemas.matching import MatchingProblem, ProblemCommune, ProblemVolunteer

from matching_worker.campaign.plan import JointPlan

Both = tuple[str, str]
ROLES = {
    "lecturer": ("giảng viên", "lecturers"),
    "teacher": ("giáo viên", "teachers"),
    "student": ("sinh viên", "students"),
    "official": ("cán bộ", "officials"),
}
WHY: dict[str | None, Both] = {
    "R1": ("trường không phụ trách hay hỗ trợ xã nào", "the school neither leads nor supports any commune"),
    "P2": ("không ai có ngày rảnh", "nobody has a free weekday"),
    "P3": ("mọi xã của trường đều xa hơn mức họ đi được", "every commune of the school is farther than they go"),
    "P4": ("không ai làm được việc mà các xã của trường cần", "nobody knows what the school's communes need"),
    "P5": ("không có người hướng dẫn", "there is no supervisor for them"),
    "P9": ("số thay đổi cho phép đã dùng hết cho người khác", "the changes allowed are used up by others"),
    "P7": ("đã có quyết định không cho đến các xã của trường", "a decision keeps them from the school's communes"),
    None: ("nhu cầu của các xã đã đủ người", "the communes' need is met without them"),
}


@dataclass(frozen=True)
class School:
    """One school's stage B: its document and plan; None where it had nothing to place, or nobody."""

    document: PlacementDocument | None
    placed: Mapping[str, str]
    """Commune by person."""
    done: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Days worked by (commune, field)."""
    is_capped: bool = False
    """Only so many people's places may change: who was nowhere may stay there for that alone (P9)."""


def list_left_out(problem: MatchingProblem, plan: JointPlan) -> list[LeftOut]:
    """Schools first, then people by role, then communes; nothing where there is no plan."""
    leads = plan.lead_plan
    if leads is None or plan.infeasible:
        return []
    schools = open_schools(problem, plan)
    people: dict[str, list[ProblemVolunteer]] = defaultdict(list)
    for volunteer in problem.volunteers:
        people[volunteer.school_code].append(volunteer)
    names = {school.code: school.name or school.code for school in problem.schools}
    found = [
        told
        for code, everyone in sorted(people.items())
        for told in _school(code, names.get(code, code), everyone, schools[code])
    ]
    went = Counter(commune for school in schools.values() for commune in school.placed.values())
    empty = [c for c in problem.communes if not went[c.code] and asks_for_anybody(c)]
    found += [_commune(commune, leads, names, schools) for commune in empty]
    return sorted(found, key=lambda one: one.commune_code is not None)


def asks_for_anybody(commune: ProblemCommune) -> bool:
    return any(commune.need_days.values()) or any(commune.presence) or commune.min_people > 0


def open_schools(problem: MatchingProblem, plan: JointPlan) -> dict[str, School]:
    """Every school's stage B, by code."""
    return {school.code: _open(plan, school.code) for school in problem.schools}


def _open(plan: JointPlan, code: str) -> School:
    solved, is_capped = plan.placed.get(code), plan.least_people is not None
    document = plan.asked.get(code) if is_capped else solved and solved.problem
    if not isinstance(document, PlacementDocument):
        return School(None, {})
    solution = solved.outcome.solution if solved else None
    if not isinstance(solution, PlacementSolution):
        return School(document, {}, is_capped=is_capped)
    done = Counter[tuple[str, str]]()
    for _, commune, name, days in solution.work:
        done[commune, name] += days
    return School(document, {person: commune for person, commune, _ in solution.place}, done, is_capped)


def _school(code: str, name: str, everyone: list[ProblemVolunteer], school: School) -> Iterator[LeftOut]:
    by_role: dict[str, list[ProblemVolunteer]] = defaultdict(list)
    for volunteer in everyone:
        by_role[volunteer.role.value].append(volunteer)
    empty = [role for role, people in by_role.items() if not any(str(v.id) in school.placed for v in people)]
    reasons = {role: _reason(school, {str(v.id) for v in by_role[role]}) for role in sorted(empty)}
    if not school.placed:
        told = [
            (
                f"0/{len(by_role[role])} {ROLES[role][0]}: {WHY[rule][0]}",
                f"0 of {len(by_role[role])} {ROLES[role][1]}: {WHY[rule][1]}",
            )
            for role, rule in reasons.items()
        ]
        rules = Counter(rule for role, rule in reasons.items() for _ in by_role[role])
        yield LeftOut(
            code="school.nobody_placed",
            school_code=code,
            people=len(everyone),
            rule=rules.most_common(1)[0][0],
            vi=f"{name}: không ai được xếp. {'; '.join(vi for vi, _ in told)}.",
            en=f"{name}: nobody is placed. {'; '.join(en for _, en in told)}.",
        )
        return
    for role, rule in reasons.items():
        count = len(by_role[role])
        yield LeftOut(
            code="role.nobody_placed",
            school_code=code,
            role=by_role[role][0].role.value,
            people=count,
            rule=rule,
            vi=f"{name}: 0/{count} {ROLES[role][0]} được xếp: {WHY[rule][0]}.",
            en=f"{name}: 0 of {count} {ROLES[role][1]} are placed: {WHY[rule][1]}.",
        )


def _reason(school: School, people: set[str]) -> str | None:
    """The rule that keeps most of these people at home; None: nothing does."""
    document = school.document
    if document is None:
        return "R1"
    each = {person.id: _rule(document, person, school) for person in document.volunteers}
    if "P9" in each.values():  # whoever could supervise the others may stay at home for that
        each = {person: "P9" if rule == "P5" else rule for person, rule in each.items()}
    rules = Counter(rule for person, rule in each.items() if person in people)
    return min(rules, key=lambda rule: (-rules[rule], rule or ""), default=None)


def _rule(document: PlacementDocument, person: PlacementVolunteer, school: School) -> str | None:
    if not person.days or not person.max_days:
        return "P2"
    near = [c for c in document.communes if document.dist_m[person.id][c.id] <= person.max_m]
    if not near:
        return "P3"
    open_to = [commune for commune in near if commune.id not in person.forbidden_communes]
    if not open_to:
        return "P7"
    useful = [
        c for c in open_to if any(c.need.get(f) for f in person.skills) or any(c.presence[d] for d in person.days)
    ]
    if not useful:
        return "P4"
    if _lacks_supervisor(document, person, {c.id for c in useful}, school.placed):
        return "P5"
    return "P9" if school.is_capped and any(_has_work_left(c, person, school) for c in useful) else None


def _has_work_left(commune: PlacementCommune, person: PlacementVolunteer, school: School) -> bool:
    """Days that the person's school is asked for in a field they know, or nobody of it there who is asked for."""
    left = any(commune.need.get(name, 0) > school.done.get((commune.id, name), 0) for name in person.skills)
    return left or commune.id not in school.placed.values()


def _lacks_supervisor(
    document: PlacementDocument, person: PlacementVolunteer, communes: set[str], placed: Mapping[str, str]
) -> bool:
    """Whether nobody there, or over the whole school, could supervise one person more."""
    policy = document.policy
    leading = ["lecturer"] if policy.supervisors is None else policy.supervisors
    led = {v.role for v in document.volunteers} - {*leading} if policy.supervised is None else {*policy.supervised}
    if person.role not in led or policy.supervision == "none":
        return False
    roles = {volunteer.id: volunteer.role for volunteer in document.volunteers}
    if policy.supervision == "school":
        leaders = sum(role in leading for role in roles.values())
        return sum(roles[one] in led for one in placed) >= policy.students_per_lecturer * leaders
    room = Counter(dict.fromkeys(communes, 0))
    for one, commune in placed.items():
        room[commune] += policy.students_per_lecturer * (roles[one] in leading) - (roles[one] in led)
    return all(room[commune] <= 0 for commune in communes)


def _commune(
    commune: ProblemCommune, leads: InstanceSolution, names: Mapping[str, str], schools: Mapping[str, School]
) -> LeftOut:
    lead = leads.lead.get(commune.code)
    rule, vi, en = why_nobody_more(commune, lead, names, schools)
    return LeftOut(
        code="commune.nobody_placed",
        commune_code=commune.code,
        school_code=lead,
        rule=rule,
        vi=f"{commune.name}: không có ai đến: {vi}.",
        en=f"{commune.name}: nobody comes: {en}.",
    )


def why_nobody_more(
    commune: ProblemCommune, lead: str | None, names: Mapping[str, str], schools: Mapping[str, School]
) -> tuple[str | None, str, str]:
    """The rule that keeps the lead's people from this commune, and a clause in each language."""
    if lead is None:
        return "R1", "xã chưa có trường phụ trách", "it has no lead"
    school, name = schools[lead], names[lead]
    document = school.document
    waiting = [v for v in document.volunteers if v.id not in school.placed] if document else []
    if document is None or waiting:
        rule = _reason(school, {person.id for person in waiting})
        if rule is not None:
            return rule, f"{name} phụ trách nhưng {WHY[rule][0]}", f"{name} leads it, but {WHY[rule][1]}"
    if document is not None and commune.code not in school.placed.values():
        roles = {v.id: v.role for v in document.volunteers}
        alone = sum(roles[one] not in supervised_roles(document) for one in school.placed)
        if alone <= len({*school.placed.values()}) and len(school.placed) > alone:
            vi = f"{name} phụ trách nhưng {alone} người hướng dẫn của trường đều đang ở xã khác"
            return "P5", vi, _all_elsewhere(name, alone)
    if not waiting:
        count = len(school.placed)
        everybody = "the only person" if count == 1 else f"all {count} people"
        return (
            None,
            f"cả {count} người của {name} đều đã có việc",
            f"{everybody} of {name} {'is' if count == 1 else 'are'} at work",
        )
    return None, f"người của {name} cần hơn ở nơi khác", f"the people of {name} are needed more elsewhere"


def supervised_roles(document: PlacementDocument) -> set[str]:
    """Roles that can be in a commune only beside a supervisor."""
    policy = document.policy
    leading = {"lecturer"} if policy.supervisors is None else {*policy.supervisors}
    led = {v.role for v in document.volunteers} - leading if policy.supervised is None else {*policy.supervised}
    return led - leading if policy.supervision == "commune" else set()


def _all_elsewhere(school: str, supervisors: int) -> str:
    if supervisors == 1:
        return f"{school} leads it, but its only supervisor is needed at another commune"
    return f"{school} leads it, but its {amount(supervisors, 'supervisor')} are each needed at another commune"
