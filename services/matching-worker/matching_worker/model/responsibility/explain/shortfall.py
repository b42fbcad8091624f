"""Why a need stays unmet in stage A, the rule that binds, and its cheapest mend: one more lecturer at some school.

Exact: the mend is worked out on the problem with that lecturer in it, everyone else left where they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from commune_schemas.documents import InstanceVolunteer
from commune_verify.verdict import Objective

from matching_worker.model.responsibility.explain import shortfall_words
from matching_worker.model.responsibility.problem.costs import Plan, as_vector, objective_of
from matching_worker.model.responsibility.problem.problem import with_volunteer
from matching_worker.model.responsibility.search.moves import Standing, barrier

WHOLE_WEEK = [0, 1, 2, 3, 4]
NEWCOMER = "one more"


@dataclass(frozen=True)
class Newcomer:
    """One more lecturer at that school who knows the field and is free all week; everyone else stays."""

    school: str
    field: str
    mended: int
    """Person-days a week of the field that would be served."""
    change: Objective
    vi: str
    en: str


@dataclass(frozen=True)
class UnmetReason:
    """Person-days a week of a field that no school has promised to a commune."""

    field: str
    missing: int
    rule: str
    vi: str
    en: str
    newcomer: Newcomer | None
    """The cheapest mend; None when no one lecturer more would do. Where nobody leads the commune, one lecturer gives it
    a lead and so more than one field: told once, with the field where that is best."""


@dataclass(frozen=True)
class Fairness:
    """The declared rule by which a shortage is shared out."""

    priority: int
    vi: str
    en: str


def fairness_of(priority: int) -> Fairness:
    return Fairness(priority, *shortfall_words.fairness(priority))


class Shortfalls:
    """What a plan leaves unmet, commune by commune."""

    def __init__(self, standing: Standing, beyond: Mapping[tuple[str, str], int]) -> None:
        """`beyond`: days by (commune, field) that people work there though no school promised them."""
        self._standing = standing
        self._beyond = beyond
        self._problem = standing.problem
        self._grown: dict[tuple[int, int], Standing] = {}

    def reasons(self, commune: int) -> tuple[UnmetReason, ...]:
        name = self._problem.communes[commune]
        beyond = [self._beyond.get((name, field), 0) for field in self._problem.fields]
        missing = np.maximum(0, self._standing.missing(commune) - np.array(beyond, dtype=np.int64))
        lacking = [int(f) for f in np.nonzero(missing)[0]]
        offers = {f: offer for f in lacking if (offer := self._cheapest(commune, f)) is not None}
        if self._standing.plan.lead[commune] < 0 and offers:
            first = min(offers, key=lambda f: (as_vector(offers[f].change), f))
            offers = {first: offers[first]}
        return tuple(self._reason(commune, f, int(missing[f]), offers.get(f)) for f in lacking)

    def _reason(self, c: int, f: int, missing: int, newcomer: Newcomer | None) -> UnmetReason:
        rule, why_vi, why_en = self._binding(c, f)
        vi, en = shortfall_words.unmet(self._problem, c, f, missing, why=(why_vi, why_en))
        if newcomer is not None:
            vi, en = f"{vi} {newcomer.vi}", f"{en} {newcomer.en}"
        return UnmetReason(self._problem.fields[f], missing, rule, vi, en, newcomer)

    def _binding(self, c: int, f: int) -> tuple[str, str, str]:
        """The rule that keeps more days from being served, with its words."""
        problem, standing = self._problem, self._standing
        related = standing.related(c)
        one = standing.nothing.copy()
        one[f] = 1
        able = [s for s in range(len(problem.schools)) if standing.serve(s, standing.nothing, one).any()]
        reachable = [s for s in able if problem.allowed[c, s]]
        if standing.plan.lead[c] < 0:
            rule, *_ = shortfall_words.no_lead(problem, c, self._nearest(c, list(range(len(problem.schools)))))
            return rule, "chưa có trường phụ trách", "nobody leads it"
        if not reachable:
            nearest = self._nearest(c, able)
            return shortfall_words.nobody(problem, nearest, barrier(problem, c, nearest) if nearest is not None else "")
        spare = [s for s in reachable if standing.serve(s, standing.load[s], one).any()]
        if set(spare) & set(related) or (spare and len(standing.supports.get(c, [])) < problem.max_support):
            return shortfall_words.not_best(problem, spare[0])
        if spare:
            return shortfall_words.supported_enough(problem, self._nearest(c, spare))
        full = standing.first_full_set(related[0], standing.load[related[0]], one)
        return shortfall_words.all_at_work(problem, related[0], full)

    def _nearest(self, c: int, schools: list[int]) -> int | None:
        return min(schools, key=lambda s: (int(self._problem.km[c, s]), s), default=None)

    def _cheapest(self, c: int, f: int) -> Newcomer | None:
        """The best of the schools that serve the commune; where none leads it, of those that may."""
        related = self._standing.related(c)
        candidates = related or np.nonzero(self._problem.choices[c])[0].tolist()
        offers = [offer for s in candidates if (offer := self._offer(c, s, f)) is not None]
        return min(offers, key=lambda offer: (as_vector(offer.change), offer.school), default=None)

    def _offer(self, c: int, s: int, f: int) -> Newcomer | None:
        problem, before = self._problem, self._standing.objective
        grown = self._with_newcomer(s, f)
        if s in grown.related(c):
            asked = grown.nothing.copy()
            asked[f] = grown.missing(c)[f]
            mended = int(grown.serve(s, grown.load[s], asked)[f])
            plan = grown.plan
            flow = (*plan.flow, (c, s, f, mended))
            after = objective_of(grown.problem, Plan(plan.lead, plan.support, flow))
        else:
            move = grown.try_leads({c: s})
            if move.rule is not None:
                return None
            mended = int(grown.serve(s, *grown.asked_of(c, s))[f])
            after = {level: value + move.change[level] for level, value in grown.objective.items()}
        if not mended:
            return None
        change = {level: value - before[level] for level, value in after.items()}
        vi, en = shortfall_words.newcomer(problem, s, f, mended, change)
        return Newcomer(problem.schools[s], problem.fields[f], mended, change, vi, en)

    def _with_newcomer(self, s: int, f: int) -> Standing:
        if (s, f) not in self._grown:
            field = self._problem.fields[f]
            newcomer = InstanceVolunteer(
                id=NEWCOMER, school=self._problem.schools[s], role="lecturer", skills={field: 1}, days=WHOLE_WEEK
            )
            self._grown[s, f] = Standing(with_volunteer(self._problem, newcomer), self._standing.plan)
        return self._grown[s, f]
