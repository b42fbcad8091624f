"""A checked plan at once: best points of need per kilometre first, supervision kept at every step.

Whoever may be placed waits in one heap by kilometres a point; the estimate of the head is renewed before it is used,
since need only shrinks. Who has no supervisor yet waits until one comes to that commune.
"""

import heapq
from collections.abc import Iterable

from matching_worker.model.placement.problem.costs import MISSING_PRESENCE, cost_of_extra
from matching_worker.model.placement.problem.problem import Problem
from matching_worker.model.placement.problem.supervision import Margins
from matching_worker.model.placement.search.plan import Plan, is_allowed, make_plan

Entry = tuple[float, int, int]


class Draft:
    """A plan being filled: what each commune still lacks, by an estimate that plan_week() later makes exact."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.where: list[int | None] = [None] * len(problem.units)
        self.kept: set[int] = set()
        self.need = [dict(commune.need) for commune in problem.communes]
        self.presence = [list(commune.presence) for commune in problem.communes]
        self.heads = [0] * len(problem.communes)
        self.supervisors = [0] * len(problem.communes)
        self.margins = Margins(problem)
        self.changes_left = problem.max_changes

    def margin_with(self, unit_number: int, commune: int) -> int:
        return self.margins.after(self.problem.units[unit_number].members, commune)

    def price(self, unit_number: int, commune: int) -> float | None:
        """Kilometres for each point of need the unit would meet; None when it would meet none."""
        points, km = 0, 0
        for member in self.problem.units[unit_number].members:
            gained, days = self.estimate(member, commune)
            points += gained
            km += days * self.problem.km[member][commune]
        return (km + 1) / points if points else None

    def estimate(self, member: int, commune: int) -> tuple[int, int]:
        """(points met, days present) of one more person."""
        person = self.problem.people[member]
        need, presence = self.need[commune], self.presence[commune]
        work = min(person.max_days, sum(left for field, left in need.items() if field in person.fields))
        wanted = sum(1 for day in person.days if presence[day] > 0)
        days = max(1, work, min(person.max_days, wanted))
        return self.problem.communes[commune].priority * work + MISSING_PRESENCE * min(days, wanted), days

    def place(self, unit_number: int, commune: int, kept: Iterable[int] = ()) -> None:
        """Sends the unit; `kept` members come on their previous weekdays."""
        self.where[unit_number] = commune
        self.kept.update(kept)
        self.margins.place(self.problem.units[unit_number].members, commune)
        for member in self.problem.units[unit_number].members:
            person = self.problem.people[member]
            _, count = self.estimate(member, commune)
            presence, need = self.presence[commune], self.need[commune]
            days = sorted(person.days, key=lambda day: -presence[day])[:count]
            if member in self.kept and person.previous_days:
                days = list(person.previous_days)
            for day in days:
                presence[day] -= presence[day] > 0
            for _ in days:
                field = max((f for f in need if f in person.fields and need[f]), key=lambda f: need[f], default=None)
                if field is not None:
                    need[field] -= 1
            self.supervisors[commune] += person.supervises
            self.heads[commune] += 1


def find_greedy_plan(problem: Problem) -> Plan | None:
    """A plan that keeps every rule, or None when pins, teams or the cap on changes are too much for this method."""
    draft = Draft(problem)
    if problem.counts_changes and (problem.keep_previous or problem.max_changes is not None):
        keep_previous_places(draft)
    place_pinned(draft)
    send_people(draft)
    open_communes(draft)
    fill(draft)
    if problem.use != "need":
        use_everyone(draft)
    plan = make_plan(problem, draft.where, draft.kept)
    return plan if is_allowed(problem, plan) else None


def keep_previous_places(draft: Draft) -> None:
    """Whoever can goes where and when they went before, supervisors first."""
    problem = draft.problem
    order = sorted(
        range(len(problem.units)),
        key=lambda unit: (not any(problem.people[p].supervises for p in problem.units[unit].members), unit),
    )
    for number in order:
        unit = problem.units[number]
        before = {problem.people[member].previous for member in unit.members}
        commune = before.pop() if len(before) == 1 else None
        repeatable = all(problem.people[member].can_repeat for member in unit.members)
        if commune in unit.communes and commune is not None and repeatable and draft.margin_with(number, commune) >= 0:
            draft.place(number, commune, unit.members)
    if problem.max_changes is not None:
        left_out = sum(person.had_previous for i, person in enumerate(problem.people) if i not in draft.kept)
        draft.changes_left = problem.max_changes - left_out


def place_pinned(draft: Draft) -> None:
    """Pinned units, then the nearest supervisors for the communes where that leaves people alone."""
    problem = draft.problem
    for number, unit in enumerate(problem.units):
        if unit.required and draft.where[number] is None and unit.communes:
            draft.place(number, unit.communes[0])
    for commune in range(len(problem.communes)):
        while draft.margins.now(commune) < 0:
            helpers = [
                (problem.km[unit.members[0]][commune], number)
                for number, unit in enumerate(problem.units)
                if draft.where[number] is None and commune in unit.communes and improves(draft, number, commune)
            ]
            if not helpers:
                return
            draft.place(min(helpers)[1], commune)


def improves(draft: Draft, unit_number: int, commune: int) -> bool:
    return draft.margin_with(unit_number, commune) > draft.margins.now(commune)


def open_communes(draft: Draft) -> None:
    """One supervisor for each commune that has none, the neediest commune first."""
    problem = draft.problem
    order = sorted(
        (c for c in range(len(problem.communes)) if draft.supervisors[c] == 0),
        key=lambda c: (-problem.communes[c].priority, -sum(problem.communes[c].need.values()), c),
    )
    for commune in order:
        offers = [
            (price, number)
            for number, unit in enumerate(problem.units)
            if draft.where[number] is None
            and commune in unit.communes
            and any(problem.people[member].supervises for member in unit.members)
            and draft.margin_with(number, commune) >= 0
            and (price := draft.price(number, commune)) is not None
        ]
        if offers:
            spend(draft, min(offers)[1], commune)


def fill(draft: Draft) -> None:
    """Everyone else, cheapest points of need first."""
    problem = draft.problem
    heap: list[Entry] = []
    for number, unit in enumerate(problem.units):
        if draft.where[number] is None:
            heap += [(p, number, c) for c in unit.communes if (p := draft.price(number, c)) is not None]
    heapq.heapify(heap)
    waiting: list[list[Entry]] = [[] for _ in problem.communes]
    while heap:
        price, number, commune = heapq.heappop(heap)
        if draft.where[number] is not None:
            continue
        now = draft.price(number, commune)
        if now is None:
            continue
        if now > price:
            heapq.heappush(heap, (now, number, commune))
        elif draft.margin_with(number, commune) < 0:
            waiting[commune].append((price, number, commune))
        elif spend(draft, number, commune):
            for entry in waiting[commune]:
                heapq.heappush(heap, entry)
            waiting[commune].clear()


def send_people(draft: Draft) -> None:
    """Heads where communes ask for some: the nearest who may come, supervisors before those who need one."""
    problem = draft.problem
    for commune in sorted(range(len(problem.communes)), key=lambda c: (-problem.communes[c].priority, c)):
        while draft.heads[commune] < problem.communes[commune].min_people:
            offers = [
                (problem.people[unit.members[0]].supervised, problem.km[unit.members[0]][commune], number)
                for number, unit in enumerate(problem.units)
                if draft.where[number] is None and commune in unit.communes and draft.margin_with(number, commune) >= 0
            ]
            if not offers or not spend(draft, min(offers)[2], commune):
                break


def use_everyone(draft: Draft) -> None:
    """Whoever is left where extra people are fewest, then nearest; supervisors first, so that others can follow."""
    problem = draft.problem

    def burden(number: int, commune: int) -> tuple[int, int, int]:
        there, unit = problem.communes[commune], problem.units[number]
        extra = draft.heads[commune] + len(unit.members) - there.min_people
        return cost_of_extra(extra, there.priority), problem.km[unit.members[0]][commune], commune

    units = [number for number, where in enumerate(draft.where) if where is None]
    for number in sorted(units, key=lambda n: (all(problem.people[p].supervised for p in problem.units[n].members), n)):
        open_to = [c for c in problem.units[number].communes if draft.margin_with(number, c) >= 0]
        if open_to:
            best = min(burden(number, commune) for commune in open_to)
            spend(draft, number, best[-1])


def spend(draft: Draft, unit_number: int, commune: int) -> bool:
    """Places the unit if the cap on changes allows it."""
    size = len(draft.problem.units[unit_number].members)
    if draft.problem.counts_changes and draft.changes_left is not None:
        if draft.changes_left < size:
            return False
        draft.changes_left -= size
    draft.place(unit_number, commune)
    return True
