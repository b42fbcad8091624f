"""Why a need of a commune stays unmet in stage B: the rule that binds, and the cheapest mends.

Two mends, each exact with everyone else left where they are: one more lecturer at the school, and the one person whose
coming would help at the least cost to the whole plan.
"""

from collections import Counter
from collections.abc import Iterator

from commune_schemas.amounts import amount
from commune_schemas.documents import PlacementDocument, PlacementSolution

from matching_worker.model.outcome import ProblemError
from matching_worker.model.placement.explain.explain import (
    WEEKDAYS_EN,
    WEEKDAYS_VI,
    describe_effect,
    describe_move,
    find_personal_rule,
    find_rule_against,
    list_kept,
    open_plan,
    with_unit_at,
)
from matching_worker.model.placement.explain.reasons import Both, Lack, Mend, Newcomer, UnmetReasons
from matching_worker.model.placement.problem.costs import (
    CHANGED,
    MISSING_PRESENCE,
    SHORT,
    TRAVEL,
    UNEVEN,
    UNMET,
    UNUSED,
    cost_of_extra,
)
from matching_worker.model.placement.problem.problem import Person
from matching_worker.model.placement.problem.rules import RULES
from matching_worker.model.placement.search.plan import Plan, members_by_commune
from matching_worker.model.placement.search.team import Team

WEEK = 5


def explain_unmet(problem: PlacementDocument, solution: PlacementSolution, commune: str) -> list[UnmetReasons]:
    """Each unmet need of a commune: who could help, why they do not, and the cheapest mends."""
    return Shortfalls(problem, solution).reasons(commune)


class Shortfalls:
    """A plan read once, to tell what it leaves unmet commune by commune."""

    def __init__(self, problem: PlacementDocument, solution: PlacementSolution) -> None:
        self._problem, self._plan = open_plan(problem, solution)
        self._served: Counter[tuple[str, str]] = Counter()
        self._present: Counter[tuple[str, int]] = Counter()
        for _, commune, field, days in solution.work:
            self._served[commune, field] += days
        for _, commune, weekdays in solution.place:
            self._present.update((commune, weekday) for weekday in weekdays)

    def reasons(self, commune: str) -> list[UnmetReasons]:
        """Raises ProblemError for a commune the document does not have."""
        number = next((i for i, c in enumerate(self._problem.communes) if c.id == commune), None)
        if number is None:
            raise ProblemError("/commune", f"Không có xã {commune}", f"there is no commune {commune}")
        return [self._explain(lack) for lack in self._lacks(number)]

    def _lacks(self, number: int) -> Iterator[Lack]:
        commune = self._problem.communes[number]
        for field, need in commune.need.items():
            if need > self._served[commune.id, field]:
                yield Lack(number, field, None, need - self._served[commune.id, field])
        short = commune.min_people - self._heads(number)
        if short > 0:
            yield Lack(number, None, None, short)
        for weekday, wanted in enumerate(commune.presence):
            if wanted > self._present[commune.id, weekday]:
                yield Lack(number, None, weekday, wanted - self._present[commune.id, weekday])

    def _explain(self, lack: Lack) -> UnmetReasons:
        able = [
            n for n, person in enumerate(self._problem.people) if could_help(person, lack) and self._may_go(n, lack)
        ]
        outside = [n for n in able if self._where(n) != lack.commune]
        elsewhere = [n for n in outside if self._where(n) is not None]
        rule, (vi, en) = self._binding(lack, able, elsewhere)
        mend, newcomer = self._find_mend(lack, outside), self._newcomer(lack)
        what_vi, what_en = self._lead_in(lack)
        mends: list[Newcomer | Mend] = [newcomer] if mend is None else [newcomer, mend]
        return UnmetReasons(
            commune=self._problem.communes[lack.commune].id,
            field=lack.field,
            weekday=lack.weekday,
            missing=lack.missing,
            rule=rule,
            able=len(able),
            placed_elsewhere=len(elsewhere),
            vi=" ".join([f"{what_vi}: {vi}.", *(one.vi for one in mends)]),
            en=" ".join([f"{what_en}: {en}.", *(one.en for one in mends)]),
            newcomer=newcomer,
            mend=mend,
        )

    def _binding(self, lack: Lack, able: list[int], elsewhere: list[int]) -> tuple[str | None, Both]:
        """The rule that keeps those who could help away, with a clause on who they are."""
        knowing = [n for n, person in enumerate(self._problem.people) if could_help(person, lack)]
        if not knowing:
            nobody = "không ai ở trường làm được việc này", "nobody at the school can do it"
            return ("P2", nobody) if lack.field is None else ("P4", nobody)
        if not able:
            rules = Counter(find_personal_rule(self._problem, n, lack.commune) for n in knowing)
            return self._bars(len(knowing), rules)
        at_home = [n for n in able if self._where(n) is None]
        if at_home:
            return self._holds(lack, at_home)
        if elsewhere:
            serve = "serves" if len(elsewhere) == 1 else "serve"
            return "P1", (
                f"{len(able)} người làm được, {len(elsewhere)} người đang ở xã khác",
                f"{amount(len(able), 'person')} could help, {len(elsewhere)} of them {serve} elsewhere",
            )
        here = f"{len(able)} người làm được đều đã ở đó, không còn ngày rảnh"
        those = "the only person who could help is" if len(able) == 1 else f"the {len(able)} people who could help are"
        return "P2", (here, f"{those} there already, with no free day left")

    def _holds(self, lack: Lack, at_home: list[int]) -> tuple[str | None, Both]:
        """What keeps people at home who may go there and could help."""
        against = [find_rule_against(self._problem, self._plan, n, lack.commune) for n in at_home]
        rules = Counter(rule for rule in against if rule is not None)
        if rules:
            return self._bars(len(at_home), rules)
        if self._beyond_cap(self._plan.changed + 1):
            return self._bars(len(at_home), Counter({"P9": len(at_home)}))
        free = f"{len(at_home)} người còn ở nhà: phương án này chưa phải tốt nhất"
        those = amount(len(at_home), "person is", "people are")
        return None, (free, f"{those} still at home: this plan is not the best there is")

    def _beyond_cap(self, changed: int) -> int:
        """How many of so many changes are more than allowed (P9)."""
        cap = self._problem.max_changes
        return 0 if cap is None or not self._problem.counts_changes else max(0, changed - cap)

    def _bars(self, people: int, rules: Counter[str]) -> tuple[str, Both]:
        rule = min(rules, key=lambda name: (-rules[name], name))
        vi, en = RULES[rule]
        return rule, (
            f"{people} người làm được nhưng không đến được: {vi.lower()} ({rule})",
            f"{amount(people, 'person')} could help but may not come: {en} ({rule})",
        )

    def _newcomer(self, lack: Lack) -> Newcomer:
        problem, commune = self._problem, self._problem.communes[lack.commune]
        empty = [d for d in range(WEEK) if commune.presence[d] > self._present[commune.id, d]]
        heads = self._heads(lack.commune)
        mended = 1 if lack.field is None else min(lack.missing, WEEK)
        by_need = [*empty, *(d for d in range(WEEK) if d not in empty)]
        days = (lack.weekday,) if lack.weekday is not None else tuple(sorted(by_need[:mended]))
        points = MISSING_PRESENCE * sum(d in empty for d in days) + (commune.priority * mended if lack.field else 0)
        km = min((row[lack.commune] for row in problem.km), default=0)
        is_extra = heads >= commune.min_people
        effect = {
            SHORT: 0 if is_extra else -commune.priority,
            UNMET: -points,
            UNUSED: WEEK - len(days) if problem.use == "days" else 0,
            CHANGED: int(problem.counts_changes),
            UNEVEN: cost_of_extra(heads + 1 - commune.min_people, commune.priority) if is_extra else 0,
            TRAVEL: km * len(days),
        }
        effect = {level: effect[level] for level in problem.levels}
        knows_vi, knows_en = (
            ("rảnh một ngày", "free on a day") if lack.weekday is None else ("rảnh hôm đó", "free that day")
        )
        if lack.field is not None:
            field_vi, field_en = self._field(lack.field)
            knows_vi, knows_en = f"biết “{field_vi}”", f"who knows “{field_en}”"
        cost_vi, cost_en = describe_effect(effect)
        beyond = self._beyond_cap(self._plan.changed + int(problem.counts_changes))
        if_vi, if_en = only_if(beyond, "Thêm", "One more")
        return Newcomer(
            days=days,
            mended=mended,
            effect=effect,
            beyond_cap=beyond,
            vi=f"{if_vi} một giảng viên {knows_vi} sẽ bù {mended} ({cost_vi}).",
            en=f"{if_en} lecturer {knows_en} would mend {mended} ({cost_en}).",
        )

    def _find_mend(self, lack: Lack, outside: list[int]) -> Mend | None:
        problem, plan, commune = self._problem, self._plan, lack.commune
        kept = list_kept(problem, plan)
        base = Team(problem, commune)
        for member in sorted(members_by_commune(problem, plan.where).get(commune, [])):
            base.add(member, as_before=member in kept)
        now = base.week().unmet
        best: tuple[tuple[int, ...], int, Plan] | None = None
        for number in outside:
            if find_rule_against(problem, plan, number, commune) is not None:
                continue
            team = base.copy()
            for member in problem.units[problem.unit_of[number]].members:
                team.add(member)
            week = team.week()
            if week.unmet < now or lack.is_of_people:
                after = with_unit_at(problem, plan, number, commune, arrival=week)
                key = ((self._beyond_cap(after.changed), *after.rank(problem)), number)
                if best is None or key < best[:2]:
                    best = (*key, after)
        return None if best is None else self._describe_mend(best[1], commune, best[2])

    def _describe_mend(self, number: int, commune: int, after: Plan) -> Mend:
        person, where = self._problem.people[number].id, self._where(number)
        beyond = self._beyond_cap(after.changed)
        (if_vi, if_en) = only_if(beyond, "Điều", "Send")
        told = describe_move(self._problem, self._plan, number, commune, after)
        origin, from_vi, from_en = None, "đang ở nhà", "who is at home"
        if where is not None:
            origin, name = self._problem.communes[where].id, self._commune_name(where)
            from_vi, from_en = f"từ {name}", f"from {name}"
        return Mend(
            person=person,
            origin=origin,
            effect=told.effect or {},
            beyond_cap=beyond,
            vi=f"{if_vi} {person} {from_vi} ({told.vi}).",
            en=f"{if_en} {person}, {from_en} ({told.en}).",
        )

    def _may_go(self, number: int, lack: Lack) -> bool:
        return lack.commune in self._problem.units[self._problem.unit_of[number]].communes

    def _where(self, number: int) -> int | None:
        return self._plan.where[self._problem.unit_of[number]]

    def _heads(self, commune: int) -> int:
        return len(members_by_commune(self._problem, self._plan.where).get(commune, ()))

    def _lead_in(self, lack: Lack) -> Both:
        """What is missing, as a sentence begins."""
        missing = lack.missing
        if lack.is_of_people:
            name, asked = self._commune_name(lack.commune), self._problem.communes[lack.commune].min_people
            people = "person" if missing == 1 else "people"
            return (
                f"{name} thiếu {missing} người so với {asked} người đã đề nghị",
                f"{name} is {missing} {people} short of the {asked} it asked for",
            )
        if lack.field is None:
            weekday = lack.weekday or 0
            vi, en = f"người vào {WEEKDAYS_VI[weekday]}", f"people on {WEEKDAYS_EN[weekday]}"
        else:
            field_vi, field_en = self._field(lack.field)
            vi, en = f"ngày công “{field_vi}” mỗi tuần", f"person-days of “{field_en}” a week"
        return f"Thiếu {missing} {vi}", f"{missing} {en} missing"

    def _field(self, code: str) -> Both:
        name = self._problem.document.field_names.get(code)
        return (name.vi, name.en) if name else (code, code)

    def _commune_name(self, number: int) -> str:
        code = self._problem.communes[number].id
        return next(c.name for c in self._problem.document.communes if c.id == code) or code


def could_help(person: Person, lack: Lack) -> bool:
    """Whether the person knows the field, or is free on the weekday, or on any where people are missing."""
    if lack.is_of_people:
        return person.max_days > 0
    return lack.field in person.fields if lack.field is not None else lack.weekday in person.days


def only_if(beyond_cap: int, vi: str, en: str) -> Both:
    """How a mend's sentence begins: with the changes that would have to be allowed first, if any."""
    if not beyond_cap:
        return vi, en
    return (
        f"Nếu cho phép thêm {beyond_cap} thay đổi (P9): {vi[0].lower()}{vi[1:]}",
        f"Were {amount(beyond_cap, 'more change')} allowed (P9): {en[0].lower()}{en[1:]}",
    )
