"""A first plan for problems that the core does not cover: some need stays unmet, is shared, or loads unfairly."""

import numpy as np

from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import INFINITY
from matching_worker.model.engine.model import Model
from matching_worker.model.responsibility.problem.costs import NO_SCHOOL, Plan
from matching_worker.model.responsibility.problem.problem import Problem
from matching_worker.model.responsibility.problem.staffing import IntArray
from matching_worker.model.responsibility.search.flow import best_flow


def first_plan(problem: Problem) -> Plan:
    """A plan that keeps every hard rule; the problem must have one (see conflict.py)."""
    lead = _greedy_lead(problem)
    if not keeps_hard_rules(problem, lead):
        lead = _exact_lead(problem)
    return add_supports(problem, best_flow(problem, lead, ()))


def keeps_hard_rules(problem: Problem, lead: IntArray) -> bool:
    """Allowed pairs, pins, the lecturers' bound and the cap on changes (R2-R5, R9, R10)."""
    led = np.nonzero(lead >= 0)[0]
    if not problem.choices[led, lead[led]].all() or len({p.commune for p in problem.document.pins}) > _pins(
        problem, led
    ):
        return False
    if (np.bincount(lead[led], minlength=len(problem.schools)) > problem.lead_limit).any():
        return False
    changes = problem.previous_total - int(problem.previous[led, lead[led]].sum())
    return problem.max_changes is None or changes <= problem.max_changes


def add_supports(problem: Problem, plan: Plan) -> Plan:
    """One more school at a time for the communes with most unmet need, where a school has people to spare."""
    if not problem.max_support:
        return plan
    missing = problem.need.copy()
    spare = _spare(problem, plan)
    for c, _, f, days in plan.flow:
        missing[c, f] -= days
    support = set(plan.support)
    for c in np.argsort(-(missing.sum(axis=1) * problem.priority), kind="stable"):
        for _ in range(problem.max_support):
            if plan.lead[c] < 0 or not missing[c].any() or sum(k == c for k, _ in support) >= problem.max_support:
                break
            help_from = np.minimum(missing[c], spare).sum(axis=1) * problem.allowed[c]
            help_from[[plan.lead[c], *(s for k, s in support if k == c)]] = 0
            s = int(np.lexsort((problem.km[c], -help_from))[0])
            if not help_from[s]:
                break
            served = np.minimum(missing[c], spare[s])
            missing[c] -= served
            spare[s] -= served
            support.add((int(c), s))
    return best_flow(problem, plan.lead, support) if len(support) > len(plan.support) else plan


def _spare(problem: Problem, plan: Plan) -> IntArray:
    """[s, f] person-days each school could still give in one field alone (an optimist's view of R6)."""
    load = np.zeros((len(problem.schools), len(problem.fields)), dtype=np.int64)
    for _, s, f, days in plan.flow:
        load[s, f] += days
    spare = np.zeros_like(load)
    for s, staffing in enumerate(problem.staffing):
        left = staffing.limits - staffing.sets @ load[s]
        room = np.where(staffing.sets, left[:, None], staffing.whole)
        spare[s] = np.minimum(room.min(axis=0, initial=staffing.whole), staffing.whole - load[s].sum())
    return np.maximum(0, spare)


def _pins(problem: Problem, led: IntArray) -> int:
    pinned = {p.commune for p in problem.document.pins}
    return sum(problem.communes[c] in pinned for c in led)


def _greedy_lead(problem: Problem) -> IntArray:
    """Pinned communes first, then those with least choice; kept ties before staffing before distance."""
    limit, led = problem.lead_limit.copy(), np.zeros(len(problem.schools), dtype=np.int64)
    load = np.zeros((len(problem.schools), len(problem.fields)), dtype=np.int64)
    lead = np.full(len(problem.communes), NO_SCHOOL, dtype=np.int64)
    kept = problem.kept.max(axis=1, initial=0)
    for c in np.lexsort((-problem.needed, problem.choices.sum(axis=1), -kept)):
        able = np.nonzero(problem.choices[c] & (limit > 0))[0]
        beyond = led[able] >= problem.lead_bound[able]
        if not len(able):
            continue
        short = np.array([_short(problem, int(s), load[s] + problem.need[c]) for s in able])
        s = int(able[np.lexsort((problem.km[c, able], short, -problem.kept[c, able], beyond))[0]])
        lead[c] = s
        limit[s] -= 1
        led[s] += 1
        load[s] += problem.need[c]
    return lead


def _short(problem: Problem, school: int, load: IntArray) -> int:
    """Person-days of a load that the school cannot staff, at least."""
    staffing = problem.staffing[school]
    over = (staffing.sets @ load - staffing.limits).max(initial=0)
    return max(0, int(over), int(load.sum()) - staffing.whole)


def _exact_lead(problem: Problem) -> IntArray:
    """Hard rules by a small programme over the leads alone: most communes led, most ties kept, least travel."""
    model = Model(Budget())
    pairs = problem.choices & (problem.lead_limit > 0)
    x = np.full(pairs.shape, -1, dtype=np.int64)
    cost = problem.km * (problem.needed[:, None] + 1)
    most = float(cost.max(initial=0)) + 1.0
    x[pairs] = model.add_columns((cost - most * (len(problem.communes) + problem.kept))[pairs], integer=True)
    pinned = {p.commune for p in problem.document.pins}
    for c, commune in enumerate(problem.communes):
        model.add_row(float(commune in pinned), 1.0, x[c][pairs[c]])
    for s, limit in enumerate(problem.lead_limit):
        model.add_row(-INFINITY, float(limit), x[:, s][pairs[:, s]])
    if problem.max_changes is not None:
        model.add_row(float(problem.previous_total - problem.max_changes), INFINITY, x[pairs], problem.previous[pairs])
    result = model.minimise(step=1.0)
    if result.values is None:
        raise ArithmeticError("a problem without conflict has a plan")
    shown = np.zeros(pairs.shape)
    shown[pairs] = result.values
    return np.where(shown.max(axis=1, initial=0.0) > 0.5, shown.argmax(axis=1), NO_SCHOOL)
