"""Level by level, for problems whose levels 1-5 cannot all stand at their trivial bounds."""

from math import ceil

from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import Answer, FloatArray
from matching_worker.model.engine.model import Result
from matching_worker.model.responsibility.problem.costs import Plan, levels_of
from matching_worker.model.responsibility.problem.problem import Problem
from matching_worker.model.responsibility.proof import notes
from matching_worker.model.responsibility.proof.full import Full, build_full
from matching_worker.model.responsibility.search.flow import best_flow
from matching_worker.model.responsibility.search.progress import Best


def solve_levels(problem: Problem, best: Best, budget: Budget) -> None:
    """Minimise each level in turn with those before it held; stops at the first that a limit leaves unproved."""
    if budget.is_spent():
        return
    full = build_full(problem, budget)
    for level in levels_of(problem):
        if not _prove(full, level, best, budget):
            return
        full.limit(level, best.objective[level])
    result = _minimise(full, "ties", best)
    if result.answer is Answer.OPTIMAL and result.values is not None:
        best.offer(_plan(full, result.values), "travel_km", tie_break=True)
    else:
        best.notes.append(notes.TIE_BREAK_OPEN)


def _prove(full: Full, level: str, best: Best, budget: Budget) -> bool:
    """Bring the level to its optimum; False when stopped before that is proved."""
    if best.objective[level] <= best.bound[level]:
        best.prove(level, best.objective[level])
        return True
    if budget.is_spent():
        return False
    result = _minimise(full, level, best)
    if result.values is not None:
        best.offer(_plan(full, result.values), level)
    reached = ceil(result.bound + full.offset(level) - 1e-5) if result.bound > -1e20 else best.bound[level]
    if reached > best.objective[level]:
        best.notes.append(f"{level}: {notes.DEARER}")
        return False
    best.raise_bound(level, reached)
    if result.answer is not Answer.OPTIMAL:
        return False
    if best.objective[level] > round(result.objective) + full.offset(level):
        best.notes.append(f"{level}: {notes.NO_PLAN}")
        return False
    best.prove(level, best.objective[level])
    return True


def _minimise(full: Full, level: str, best: Best) -> Result:
    full.model.set_costs(full.costs(level))
    offset, seen = full.offset(level), best.bound.get(level, 0)

    def on_bound(value: float) -> None:
        if level in best.bound and value > -1e20:
            claimed = ceil(value + offset - 1e-5)
            if claimed <= best.objective[level]:  # a bound above a checked plan is none
                best.raise_bound(level, max(seen, claimed))

    start: FloatArray | None = None if best.plan is None else full.point(best.plan)
    return full.model.minimise(start=start, on_bound=on_bound)


def _plan(full: Full, values: FloatArray) -> Plan:
    """The point's relations with their best flows: whole numbers, and never worse on any level."""
    lead, support = full.read(values)
    return best_flow(full.problem, lead, support)
