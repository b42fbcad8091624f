"""Why a plan is as it is for one commune: the rule that binds, the next best, why not another school, what would mend
an unmet need. As data, and in words an office can check: Vietnamese and English."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from commune_schemas.documents import InstanceDocument, InstanceSolution
from commune_verify.verdict import Objective

from matching_worker.model.outcome import Limits, ProblemError
from matching_worker.model.responsibility.explain import words
from matching_worker.model.responsibility.explain.shortfall import Fairness, Shortfalls, UnmetReason, fairness_of
from matching_worker.model.responsibility.explain.shortfall_words import no_lead
from matching_worker.model.responsibility.problem import rules
from matching_worker.model.responsibility.problem.costs import COST, OVERLEAD, SCATTERED, SHORT, as_plan
from matching_worker.model.responsibility.problem.problem import build_problem
from matching_worker.model.responsibility.search.moves import Move, Standing
from matching_worker.model.responsibility.solve import solve

RULE_OF_LEVEL = {
    "nolead": rules.ONE_LEAD,
    "unmet": rules.STAFFING,
    OVERLEAD: rules.LECTURER_BOUND,
    "broken": rules.LEAST_CHANGE,
    "supports": rules.SUPPORT,
    "overcap": rules.FAIRNESS,
    SCATTERED: rules.CONTIGUITY,
    SHORT: rules.HEADS,
    COST: rules.PRICES,
    "travel_km": rules.TRAVEL,
}


@dataclass(frozen=True)
class Alternative:
    """Other leads for some communes, what that costs by level, and how many leads change in all."""

    kind: str
    """'move' | 'swap' | 'resolve'"""
    leads: dict[str, str]
    change: Objective
    changed_leads: int
    vi: str
    en: str


@dataclass(frozen=True)
class SchoolReason:
    """Why this school does not lead the commune: a hard rule, or what it would cost with everyone else left alone."""

    school: str
    rule: str | None
    change: Objective
    vi: str
    en: str


@dataclass(frozen=True)
class Explanation:
    commune: str
    lead: str | None
    rule: str
    """The rule that decides: R5 pinned, R1 no other choice, R12 kept tie, R4 remote, R13 nearest, or what bars the
    nearer school; without a lead, what keeps every school away."""
    vi: str
    en: str
    move: Alternative | None
    swap: Alternative | None
    resolve: Alternative | None
    why_not: tuple[SchoolReason, ...]
    """Other schools, least costly first."""
    unmet: tuple[UnmetReason, ...] = field(default_factory=tuple)
    fairness: Fairness | None = None
    """By which rule the shortage is shared out; None where nothing is lacking."""

    @property
    def text_vi(self) -> str:
        return "\n".join([self.vi, *(part.vi for part in self._parts())])

    @property
    def text_en(self) -> str:
        return "\n".join([self.en, *(part.en for part in self._parts())])

    def _parts(self) -> list[Alternative | SchoolReason | UnmetReason | Fairness]:
        alternatives = [a for a in (self.move, self.swap, self.resolve) if a is not None]
        fairness = [self.fairness] if self.fairness else []
        return [*alternatives, *self.why_not[:3], *self.unmet, *fairness]


def explain(
    problem: InstanceDocument,
    solution: InstanceSolution,
    *,
    commune: str,
    school: str | None = None,
    resolve: bool = False,
    limits: Limits | None = None,
) -> Explanation:
    """Milliseconds without `resolve`; with it, the problem is solved again without the chosen pair, within `limits`.

    Raises ProblemError for a commune or school the problem does not know.
    """
    explainer = Explainer(problem, solution)
    found = explainer.explain(commune, school=school)
    if resolve:
        found = replace(found, resolve=explainer.solve_without_lead(commune, limits or Limits(time_seconds=5)))
    return found


class Explainer:
    """A problem and its plan read once, to explain one commune after the other."""

    def __init__(
        self,
        document: InstanceDocument,
        solution: InstanceSolution,
        *,
        beyond: Mapping[tuple[str, str], int] = MappingProxyType({}),
    ) -> None:
        """`beyond`: days by (commune, field) that people work there though no school promised them."""
        self.document, self.solution = document, solution
        self.problem = build_problem(document)
        self.standing = Standing(self.problem, as_plan(self.problem, solution))
        self._shortfalls = Shortfalls(self.standing, beyond)

    def explain(self, commune: str, *, school: str | None = None, nearest: int | None = None) -> Explanation:
        """`why_not` is of `school` alone when one is named, else of the `nearest` others, all when None.

        Raises ProblemError for a commune or school the problem does not know.
        """
        problem, standing = self.problem, self.standing
        for name, known in ((commune, problem.communes), (school, problem.schools)):
            if name is not None and name not in known:
                raise ProblemError("/commune" if name == commune else "/school", f"không có {name!r}", f"no {name!r}")
        c = problem.communes.index(commune)
        others = [s for s in range(len(problem.schools)) if s != standing.plan.lead[c]]
        if school is not None:
            others = [s for s in others if problem.schools[s] == school]
        elif nearest is not None:
            others = sorted(others, key=lambda s: (int(problem.km[c, s]), s))[:nearest]
        rule, vi, en = _why(standing, c)
        unmet = self._shortfalls.reasons(c)
        return Explanation(
            commune=commune,
            lead=self.solution.lead.get(commune),
            rule=rule,
            vi=vi,
            en=en,
            move=_alternative(standing, "move", standing.best_move(c)),
            swap=_alternative(standing, "swap", standing.best_swap(c)),
            resolve=None,
            why_not=_why_not(standing, c, others),
            unmet=unmet,
            fairness=fairness_of(int(problem.priority[c])) if unmet else None,
        )

    def solve_without_lead(self, commune: str, limits: Limits) -> Alternative | None:
        """The best plan in which any other school leads the commune; None when there is none."""
        problem, before = self.problem, self.solution.lead
        if commune not in before:
            return None
        barred = self.document.model_copy(update={"forbid": [*self.document.forbid, (commune, before[commune])]})
        other = solve(barred, limits=limits, warm_start=self.solution).solution
        if not isinstance(other, InstanceSolution):
            return None
        after = Standing(problem, as_plan(problem, other)).objective
        change = {level: after[level] - value for level, value in self.standing.objective.items()}
        leads = {c: s for c, s in other.lead.items() if before.get(c) != s}
        by_index = {problem.communes.index(c): problem.schools.index(s) for c, s in leads.items()}
        changed = len(set(leads) | (set(before) - set(other.lead)))
        vi, en = words.alternative(problem, "resolve", by_index, change, changed)
        return Alternative("resolve", leads, change, changed, vi, en)


def _why(standing: Standing, c: int) -> tuple[str, str, str]:
    problem, lead = standing.problem, int(standing.plan.lead[c])
    if lead < 0:
        everyone = range(len(problem.schools))
        closest = min(everyone, key=lambda s: (int(problem.km[c, s]), s), default=None)
        return words.no_lead(problem, c, no_lead(problem, c, closest))
    if any(pin.commune == problem.communes[c] for pin in problem.document.pins):
        return words.pinned(problem, c, lead)
    if problem.choices[c].sum() == 1:
        return words.only_choice(problem, c, lead)
    if problem.kept[c, lead]:
        return words.kept_tie(problem, c, lead)
    return _why_so_far(standing, c, lead)


def _why_so_far(standing: Standing, c: int, lead: int) -> tuple[str, str, str]:
    """Why at this distance: remote, the nearest, or what bars the nearest."""
    problem = standing.problem
    days = int(standing.given.get((c, lead), standing.nothing).sum())
    if words.is_remote(problem, c):
        return words.remote(problem, c, lead, days)
    nearer = [int(s) for s in np.nonzero(problem.km[c] < problem.km[c, lead])[0]]
    if not nearer:
        return words.nearest(problem, c, lead, days)
    nearest = min(nearer, key=lambda s: (int(problem.km[c, s]), s))
    move = standing.try_leads({c: nearest})
    return words.not_nearest(problem, c, lead, nearest, move, bind(standing, c, nearest, move))


def _why_not(standing: Standing, c: int, others: list[int]) -> tuple[SchoolReason, ...]:
    problem = standing.problem
    moves = [(s, standing.try_leads({c: s})) for s in others]
    moves.sort(key=lambda pair: (pair[1].rule is not None, pair[1].vector, pair[0]))
    found = []
    for s, move in moves:
        why = bind(standing, c, s, move)
        found.append(
            SchoolReason(problem.schools[s], why.rule, dict(move.change), *words.why_not(problem, c, s, move, why))
        )
    return tuple(found)


def bind(standing: Standing, c: int, school: int, move: Move) -> words.Binding:
    """The rule that stands against the move, with its numbers: fields, wanted, there is."""
    problem = standing.problem
    if move.rule is not None:
        limit = int(problem.lead_bound[school]) if move.rule == rules.LECTURER_BOUND else 0
        return words.Binding(move.rule, wanted=int(standing.led[school]) + 1, there=limit)
    level, change = next(((level, n) for level, n in move.change.items() if n), ("", 0))
    load, asked = standing.asked_of(c, school)
    full = standing.first_full_set(school, load, asked)
    if change < 0 or (level == COST and change > 0):
        return words.Binding(RULE_OF_LEVEL[level], improves=True) if change < 0 else _dearest(standing, c, school, move)
    if level == "unmet" and full is not None:
        return words.Binding(rules.STAFFING, tuple(full[0]), wanted=full[1], there=full[2])
    if level == OVERLEAD:
        bears = int(problem.lead_bound[school])
        return words.Binding(rules.LECTURER_BOUND, wanted=int(standing.led[school]) + 1, there=bears)
    if level == "overcap":
        wanted = int((load + standing.serve(school, load, asked)).sum())
        fair = int(problem.load_limit(problem.fair_permille)[school])
        return words.Binding(rules.FAIRNESS, wanted=wanted, there=fair)
    return words.Binding(RULE_OF_LEVEL.get(level, rules.TIE_BREAK))


def _dearest(standing: Standing, c: int, school: int, move: Move) -> words.Binding:
    """With prices: the part of the rise in cost that weighs most."""
    problem = standing.problem
    prices = problem.prices
    assert prices is not None  # noqa: S101 - only then is the level there
    over, apart = prices.overcap * move.parts["overcap"], prices.scattered * move.parts[SCATTERED]
    if over > 0 and over >= apart:
        load, asked = standing.asked_of(c, school)
        days = int((load + standing.serve(school, load, asked)).sum())
        mean = problem.needed.sum() / max(1, problem.capacity.sum())
        return words.Binding(rules.FAIRNESS, times=days / max(1, problem.capacity[school]) / mean)
    if apart > 0:
        return words.Binding(rules.CONTIGUITY, wanted=int(move.parts[SCATTERED]))
    return words.Binding(rules.PRICES)


def _alternative(standing: Standing, kind: str, move: Move | None) -> Alternative | None:
    if move is None:
        return None
    problem = standing.problem
    leads = {problem.communes[c]: problem.schools[s] for c, s in move.leads.items()}
    vi, en = words.alternative(problem, kind, move.leads, move.change, len(leads))
    return Alternative(kind, leads, dict(move.change), len(leads), vi, en)
