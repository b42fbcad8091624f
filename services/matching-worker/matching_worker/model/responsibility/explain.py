"""Why a plan is as it is for one commune: the rule that binds, the next best, why not another school, what would mend
an unmet need. As data, and in words an office can check: Vietnamese and English."""

from dataclasses import dataclass, field

import numpy as np
from commune_schemas.documents import InstanceDocument, InstanceSolution

from matching_worker.model.outcome import Limits, Objective, ProblemError
from matching_worker.model.responsibility import rules, words
from matching_worker.model.responsibility.costs import LEVELS, as_plan
from matching_worker.model.responsibility.moves import Move, Standing, barrier
from matching_worker.model.responsibility.problem import Problem, build_problem
from matching_worker.model.responsibility.solve import solve

MEND_DAYS = 5
"""A lecturer with a whole week: the mend that is offered for an unmet need."""


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
class UnmetReason:
    """A need left unmet, and its cheapest mend: one more lecturer who knows the field, at this school."""

    field: str
    missing: int
    school: str | None
    mended: int
    vi: str
    en: str


@dataclass(frozen=True)
class Explanation:
    commune: str
    lead: str | None
    rule: str
    """The rule that decides: R5 pinned, R2-R4 no other choice, R12 kept tie, R13 nearest, or what bars the nearer."""
    vi: str
    en: str
    move: Alternative | None
    swap: Alternative | None
    resolve: Alternative | None
    why_not: tuple[SchoolReason, ...]
    """Every other school, least costly first; only the one asked for when a school was named."""
    unmet: tuple[UnmetReason, ...] = field(default_factory=tuple)

    @property
    def text_vi(self) -> str:
        return "\n".join([self.vi, *(part.vi for part in self._parts())])

    @property
    def text_en(self) -> str:
        return "\n".join([self.en, *(part.en for part in self._parts())])

    def _parts(self) -> list[Alternative | SchoolReason | UnmetReason]:
        alternatives = [a for a in (self.move, self.swap, self.resolve) if a is not None]
        return [*alternatives, *self.why_not[:3], *self.unmet]


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
    built = build_problem(problem)
    for name, known in ((commune, built.communes), (school, built.schools)):
        if name is not None and name not in known:
            raise ProblemError("/commune" if name == commune else "/school", f"không có {name!r}", f"no {name!r}")
    standing = Standing(built, as_plan(built, solution))
    c = built.communes.index(commune)
    reasons = _why_not(standing, c)
    if school is not None:
        reasons = tuple(reason for reason in reasons if reason.school == school)
    rule, vi, en = _why(standing, c)
    return Explanation(
        commune=commune,
        lead=solution.lead.get(commune),
        rule=rule,
        vi=vi,
        en=en,
        move=_alternative(standing, "move", standing.best_move(c)),
        swap=_alternative(standing, "swap", standing.best_swap(c)),
        resolve=_resolved(standing, problem, solution, commune, limits or Limits(time_seconds=5)) if resolve else None,
        why_not=reasons,
        unmet=_unmet(standing, c),
    )


def _why(standing: Standing, c: int) -> tuple[str, str, str]:
    problem, lead = standing.problem, int(standing.plan.lead[c])
    if lead < 0:
        open_to = int(problem.choices[c].sum())
        return words.no_lead(problem, c, open_to)
    if any(pin.commune == problem.communes[c] for pin in problem.document.pins):
        return words.pinned(problem, c, lead)
    if problem.choices[c].sum() == 1:
        return words.only_choice(problem, c, lead)
    if problem.kept[c, lead]:
        return words.kept_tie(problem, c, lead)
    nearer = [int(s) for s in np.nonzero(problem.km[c] < problem.km[c, lead])[0]]
    if not nearer:
        return words.nearest(problem, c, lead)
    nearest = min(nearer, key=lambda s: (int(problem.km[c, s]), s))
    move = standing.try_leads({c: nearest})
    return words.not_nearest(problem, c, lead, nearest, move, _binding(standing, c, nearest, move))


def _why_not(standing: Standing, c: int) -> tuple[SchoolReason, ...]:
    problem = standing.problem
    moves = [(s, standing.try_leads({c: s})) for s in range(len(problem.schools)) if s != standing.plan.lead[c]]
    moves.sort(key=lambda pair: (pair[1].rule is not None, pair[1].vector if pair[1].rule is None else (), pair[0]))
    found = []
    for s, move in moves:
        rule = move.rule or _binding(standing, c, s, move)[0]
        vi, en = words.why_not(problem, c, s, move, _binding(standing, c, s, move))
        found.append(SchoolReason(problem.schools[s], rule, dict(move.change), vi, en))
    return tuple(found)


def _binding(standing: Standing, c: int, school: int, move: Move) -> words.Binding:
    """The rule that stands against the move, with its numbers: fields, wanted, there is."""
    problem = standing.problem
    if move.rule is not None:
        limit = int(problem.lead_limit[school]) if move.rule == rules.LECTURER_BOUND else 0
        return move.rule, (), int(standing.led[school]) + 1, limit
    worse = next((level for level in LEVELS if move.change[level] > 0), None)
    full = standing.first_full_set(school, problem.need[c])
    if worse == "unmet" and full is not None:
        return rules.STAFFING, tuple(full[0]), full[1], full[2]
    if worse == "overcap":
        load = int(standing.load[school].sum() + problem.need[c].sum())
        return rules.FAIRNESS, (), load, int(problem.load_limit(problem.fair_permille)[school])
    by_level = {"broken": rules.LEAST_CHANGE, "supports": rules.SUPPORT, "travel_km": rules.TRAVEL}
    return by_level.get(worse or "", rules.TIE_BREAK), (), 0, 0


def _alternative(standing: Standing, kind: str, move: Move | None) -> Alternative | None:
    if move is None:
        return None
    problem = standing.problem
    leads = {problem.communes[c]: problem.schools[s] for c, s in move.leads.items()}
    vi, en = words.alternative(problem, kind, move.leads, move.change, len(leads))
    return Alternative(kind, leads, dict(move.change), len(leads), vi, en)


def _resolved(
    standing: Standing, document: InstanceDocument, solution: InstanceSolution, commune: str, limits: Limits
) -> Alternative | None:
    """The best plan in which any other school leads the commune; None when there is none."""
    chosen = solution.lead.get(commune)
    if chosen is None:
        return None
    barred = document.model_copy(update={"forbid": [*document.forbid, (commune, chosen)]})
    other = solve(barred, limits=limits, warm_start=solution).solution
    if not isinstance(other, InstanceSolution):
        return None
    problem = standing.problem
    plan = as_plan(problem, other)
    change = {level: Standing(problem, plan).objective[level] - standing.objective[level] for level in LEVELS}
    leads = {c: s for c, s in other.lead.items() if solution.lead.get(c) != s}
    by_index = {problem.communes.index(c): problem.schools.index(s) for c, s in leads.items()}
    changed = len(set(leads) | (set(solution.lead) - set(other.lead)))
    vi, en = words.alternative(problem, "resolve", by_index, change, changed)
    return Alternative("resolve", leads, change, changed, vi, en)


def _unmet(standing: Standing, c: int) -> tuple[UnmetReason, ...]:
    problem = standing.problem
    missing = problem.need[c].copy()
    for (commune, _), days in standing.given.items():
        if commune == c:
            missing = missing - days
    related = [int(s) for s in [standing.plan.lead[c], *standing.supports.get(c, [])] if s >= 0]
    nearest = min(related, key=lambda s: int(problem.km[c, s])) if related else None
    found = []
    for f in np.nonzero(missing)[0]:
        lacking = int(missing[f])
        mended = 0 if nearest is None else min(lacking, MEND_DAYS)
        asked = np.zeros_like(missing)
        asked[f] = 1
        full = None if nearest is None else standing.first_full_set(nearest, asked)
        vi, en = words.unmet(problem, c, int(f), lacking, nearest, mended, full)
        found.append(
            UnmetReason(
                problem.fields[f], lacking, None if nearest is None else problem.schools[nearest], mended, vi, en
            )
        )
    return tuple(found)


__all__ = ["Alternative", "Explanation", "Problem", "SchoolReason", "UnmetReason", "barrier", "explain"]
