"""What giving one commune to another school, or swapping two communes, would do to a plan: exact, in milliseconds.

Everybody else stays: supports and their flows, other leads and theirs. The new lead serves as much of the commune's
need as its people still can.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from commune_verify.verdict import Objective

from matching_worker.model.responsibility.problem import rules
from matching_worker.model.responsibility.problem.contiguity import count_scattered, neighbours
from matching_worker.model.responsibility.problem.costs import (
    COST,
    OVERLEAD,
    SCATTERED,
    SHORT,
    Plan,
    as_vector,
    count_overlead,
    levels_of,
    load_permille,
    objective_of,
)
from matching_worker.model.responsibility.problem.problem import Problem
from matching_worker.model.responsibility.problem.staffing import IntArray


@dataclass(frozen=True, eq=False)
class Move:
    """Communes (indices) and the schools they would go to, with what that costs."""

    leads: Mapping[int, int]
    rule: str | None
    """The hard rule that forbids it, or None."""
    change: Objective
    """Change of each level, positive is worse, most important first; empty when forbidden."""
    parts: Objective = field(default_factory=dict)
    """Change of every quantity, levels or not: what a priced cost is made of."""

    @property
    def vector(self) -> tuple[int, ...]:
        return as_vector(self.change)


class Standing:
    """A plan, opened up so that single moves can be tried on it; what was tried once is remembered."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.objective = objective_of(problem, plan)
        self.load = np.zeros((len(problem.schools), len(problem.fields)), dtype=np.int64)
        self.given: dict[tuple[int, int], IntArray] = {}
        for c, s, f, days in plan.flow:
            self.load[s, f] += days
            self.given.setdefault((c, s), np.zeros(len(problem.fields), dtype=np.int64))[f] += days
        self.over = max(0, load_permille(problem, self.load.sum(axis=1)) - problem.fair_permille)
        self.heads = {(c, s): n for c, s, n in plan.heads}
        self.spare = problem.people - np.bincount(
            [s for _, s, _ in plan.heads], [n for *_, n in plan.heads], minlength=len(problem.schools)
        ).astype(np.int64)
        self.supports: dict[int, list[int]] = {}
        for c, s in plan.support:
            self.supports.setdefault(c, []).append(s)
        self.led = np.bincount(plan.lead[plan.lead >= 0], minlength=len(problem.schools))
        self.nothing = np.zeros(len(problem.fields), dtype=np.int64)
        self._graph = neighbours(problem)
        self._tried: dict[tuple[tuple[int, int], ...], Move] = {}

    def best_move(self, commune: int) -> Move | None:
        """The commune alone to another school: the one that costs least; None when every one is forbidden."""
        others = (s for s in range(len(self.problem.schools)) if s != self.plan.lead[commune])
        return _cheapest(self.try_leads({commune: s}) for s in others)

    def best_swap(self, commune: int) -> Move | None:
        """The commune and another one exchange their schools: the exchange that costs least."""
        own = int(self.plan.lead[commune])
        others = [c for c, s in enumerate(self.plan.lead) if s >= 0 and s != own and own >= 0]
        return _cheapest(self.try_leads({commune: int(self.plan.lead[c]), c: own}) for c in others)

    def try_leads(self, leads: Mapping[int, int]) -> Move:
        key = tuple(sorted(leads.items()))
        if key not in self._tried:
            rule = self._barrier(leads)
            parts = self._price(leads) if rule is None else {}
            change = {level: parts[level] for level in levels_of(self.problem)} if parts else {}
            self._tried[key] = Move(leads, rule, change, parts)
        return self._tried[key]

    def related(self, commune: int) -> list[int]:
        """The schools that lead or support the commune, the lead first."""
        return [int(s) for s in [self.plan.lead[commune], *self.supports.get(commune, [])] if s >= 0]

    def missing(self, commune: int, *, without: int | None = None) -> IntArray:
        """Person-days by field that nobody serves there; `without`: as if that school and the lead gave nothing."""
        left = {int(self.plan.lead[commune]), without} if without is not None else set()
        given = (self.given.get((commune, k), self.nothing) for k in self.related(commune) if k not in left)
        return np.asarray(self.problem.need[commune] - sum(given, self.nothing))

    def asked_of(self, commune: int, school: int) -> tuple[IntArray, IntArray]:
        """Were the school to lead the commune: its load in days by field without that commune, and what is asked."""
        own = self.given.get((commune, school), self.nothing)
        return self.load[school] - own, self.missing(commune, without=school)

    def first_full_set(self, school: int, load: IntArray, asked: IntArray) -> tuple[list[str], int, int] | None:
        """A set of fields in which the school's people do not suffice for `load` and `asked` more: fields, days wanted,
        days there are."""
        staffing = self.problem.staffing[school]
        wanted = staffing.sets @ (load + asked)
        short = np.nonzero(wanted > staffing.limits)[0]
        if not len(short):
            return None
        k = int(short[np.argmin(staffing.sets[short].sum(axis=1))])
        fields = [f for f, member in zip(self.problem.fields, staffing.sets[k], strict=True) if member]
        return fields, int(wanted[k]), int(staffing.limits[k])

    def serve(self, school: int, load: IntArray, missing: IntArray) -> IntArray:
        """As much of `missing` as fits on top of the load: field by field, which is greatest in a polymatroid."""
        staffing = self.problem.staffing[school]
        left = staffing.limits - staffing.sets @ load
        served = np.zeros_like(missing)
        for f in np.nonzero(missing)[0]:
            days = min(int(missing[f]), int(left[staffing.sets[:, f]].min(initial=int(missing[f]))))
            if days > 0:
                served[f] = days
                left = left - staffing.sets[:, f] * days
        return served

    def _price(self, leads: Mapping[int, int]) -> Objective:
        load, travel, unmet, supports = self.load.copy(), 0, 0, 0
        for c in leads:
            old = int(self.plan.lead[c])
            if old >= 0:
                given = self.given.get((c, old), self.nothing)
                load[old] -= given
                travel -= self._travel(c, old, given, lead=True)
                unmet += int(self.problem.priority[c]) * int(given.sum())
        for c, s in leads.items():
            if s in self.supports.get(c, []):
                own = self.given.get((c, s), self.nothing)
                load[s] -= own
                travel -= self._travel(c, s, own, lead=False)
                unmet += int(self.problem.priority[c]) * int(own.sum())
                supports -= 1
            served = self.serve(s, load[s], self.missing(c, without=s))
            load[s] += served
            travel += self._travel(c, s, served, lead=True)
            unmet -= int(self.problem.priority[c]) * int(served.sum())
        over = max(0, load_permille(self.problem, load.sum(axis=1)) - self.problem.fair_permille)
        found = {
            "nolead": -sum(int(self.plan.lead[c]) < 0 for c in leads),
            SHORT: self._short(leads),
            "unmet": unmet,
            OVERLEAD: count_overlead(self.problem, self._after(leads)) - self.objective.get(OVERLEAD, 0),
            "broken": sum(self._kept(c, int(self.plan.lead[c])) - self._kept(c, s) for c, s in leads.items()),
            "supports": supports,
            "overcap": over - self.over,
            SCATTERED: self._scatter(leads) if self.problem.contiguity or self.problem.prices else 0,
            "travel_km": travel,
        }
        if self.problem.prices is not None:
            prices = self.problem.prices
            found[COST] = travel + prices.overcap * found["overcap"] + prices.scattered * found[SCATTERED]
        return found

    def _short(self, leads: Mapping[int, int]) -> int:
        """The old leads' people stay at home, the new leads promise as many of theirs as are still asked for."""
        if not self.problem.asks_people:
            return 0
        spare, short = self.spare.copy(), 0
        for c in leads:
            old = int(self.plan.lead[c])
            spare[old] += self.heads.get((c, old), 0) if old >= 0 else 0
        for c, s in leads.items():
            spare[s] += self.heads.get((c, s), 0)
            others = [t for t in self.supports.get(c, []) if t != s]
            before = sum(n for (commune, _), n in self.heads.items() if commune == c)
            kept = sum(self.heads.get((c, t), 0) for t in others)
            given = min(int(self.problem.asked[c]) - kept, int(spare[s]))
            spare[s] -= given
            short += int(self.problem.priority[c]) * (before - kept - given)
        return short

    def _scatter(self, leads: Mapping[int, int]) -> int:
        after = self._after(leads)
        touched = {int(self.plan.lead[c]) for c in leads} | set(leads.values())
        return sum(
            count_scattered(self._graph, np.nonzero(after == s)[0].tolist())
            - count_scattered(self._graph, np.nonzero(self.plan.lead == s)[0].tolist())
            for s in touched
            if s >= 0
        )

    def _after(self, leads: Mapping[int, int]) -> IntArray:
        after = self.plan.lead.copy()
        for c, s in leads.items():
            after[c] = s
        return after

    def _barrier(self, leads: Mapping[int, int]) -> str | None:
        problem = self.problem
        for c, s in leads.items():
            if not problem.choices[c, s]:
                return barrier(problem, c, s)
        led = self.led.copy()
        for c, s in leads.items():
            led[s] += 1
            if self.plan.lead[c] >= 0:
                led[self.plan.lead[c]] -= 1
        if any(led[s] > problem.lead_limit[s] for s in leads.values()):
            return rules.LECTURER_BOUND
        if problem.max_changes is not None:
            after = {**{c: int(s) for c, s in enumerate(self.plan.lead) if s >= 0}, **leads}
            kept = sum(int(problem.previous[c, s]) for c, s in after.items())
            if problem.previous_total - kept > problem.max_changes:
                return rules.MAX_CHANGES
        return None

    def _travel(self, c: int, s: int, days: IntArray, *, lead: bool) -> int:
        return int(self.problem.km[c, s]) * (int(days.sum()) + lead)

    def _kept(self, c: int, s: int) -> int:
        return int(self.problem.kept[c, s]) if s >= 0 else 0


def _cheapest(moves: Iterable[Move]) -> Move | None:
    allowed = (move for move in moves if move.rule is None)
    return min(allowed, key=lambda move: (move.vector, sorted(move.leads.items())), default=None)


def barrier(problem: Problem, commune: int, school: int) -> str:
    """The hard rule that keeps the school from leading the commune."""
    document = problem.document
    c, s = problem.communes[commune], problem.schools[school]
    if problem.allowed[commune, school]:
        return rules.PIN  # allowed, but pinned elsewhere
    if (c, s) in document.forbid:
        return rules.FORBID
    row = next(k for k, x in enumerate(document.communes) if x.id == c)
    column = next(k for k, x in enumerate(document.schools) if x.id == s)
    return rules.reaching_rule(document, row, column) or rules.FORBID
