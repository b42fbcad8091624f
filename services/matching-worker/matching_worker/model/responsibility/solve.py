"""Stage A solved: first plan within a second, then the small core, and level by level only where the core has none."""

from collections.abc import Mapping
from typing import Any

from commune_schemas.documents import InstanceDocument, InstanceSolution

from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import solver_name
from matching_worker.model.outcome import SILENT, Limits, Monitor, Outcome, Status
from matching_worker.model.responsibility.problem.conflict import find_conflict
from matching_worker.model.responsibility.problem.contiguity import largest_shares
from matching_worker.model.responsibility.problem.core import Core, find_core
from matching_worker.model.responsibility.problem.costs import as_plan, levels_of
from matching_worker.model.responsibility.problem.problem import Problem, build_problem
from matching_worker.model.responsibility.problem.staffing import IntArray
from matching_worker.model.responsibility.proof.levels import solve_levels
from matching_worker.model.responsibility.proof.prove import CoreEnd, prove_core
from matching_worker.model.responsibility.proof.prove_priced import prove_priced
from matching_worker.model.responsibility.search.first import add_supports, first_plan, keeps_hard_rules
from matching_worker.model.responsibility.search.flow import best_flow
from matching_worker.model.responsibility.search.gather import gather
from matching_worker.model.responsibility.search.greedy import find_lead, improve
from matching_worker.model.responsibility.search.progress import Best

STOPPED = (
    "Dừng vì hết giới hạn hoặc được yêu cầu, chưa chứng minh xong. / "
    "Stopped by a limit or by wish before the proof was complete."
)


def solve(
    problem: InstanceDocument,
    *,
    limits: Limits,
    warm_start: InstanceSolution | None = None,
    monitor: Monitor = SILENT,
) -> Outcome:
    """Raises ProblemError when the document is inconsistent. Every plan given back keeps every rule."""
    built = build_problem(problem)
    budget = Budget(limits, monitor)
    conflict = find_conflict(problem)
    if conflict:
        return Outcome(
            status=Status.INFEASIBLE,
            solution=None,
            objective={},
            bound={},
            solver=solver_name(),
            conflict=conflict,
            seconds=budget.seconds(),
        )
    core = find_core(built)
    best = Best(built, budget)
    lead = _first(built, core, best, warm_start)
    end = _prove(built, core, best, budget, lead)
    if end is CoreEnd.NONE or (end is CoreEnd.STOPPED and not budget.is_spent()):
        solve_levels(built, best, budget)  # also where the solver gave the core up though no limit stood against it
    return _outcome(built, best, budget, end)


def _prove(built: Problem, core: Core | None, best: Best, budget: Budget, lead: IntArray | None) -> CoreEnd:
    if core is None or built.contiguity:
        return CoreEnd.NONE
    return prove_core(core, best, budget, lead) if built.prices is None else prove_priced(core, best, budget, lead)


def _first(built: Problem, core: Core | None, best: Best, warm_start: InstanceSolution | None) -> IntArray | None:
    """Offer the plans that come cheap; returns the core's leads where a plan of the core is among them."""
    lead = find_lead(core) if core is not None else None
    if core is not None and lead is not None:
        best.offer(core.plan(lead), "travel_km")
        if built.contiguity:
            best.offer(core.plan(gather(core, lead)), "scattered")
    if warm_start is not None:
        lead = _warm(built, core, best, warm_start, lead)
    if best.plan is None:
        best.offer(first_plan(built), "unmet")
    return lead


def _warm(
    built: Problem, core: Core | None, best: Best, warm_start: InstanceSolution, lead: IntArray | None
) -> IntArray | None:
    """A former plan with its flows made anew, if it still keeps the hard rules."""
    old = as_plan(built, warm_start)
    if not keeps_hard_rules(built, old.lead):
        return lead
    support = [(c, s) for c, s in old.support if old.lead[c] not in (s, -1) and built.allowed[c, s]]
    if all(sum(k == c for k, _ in support) <= built.max_support for c, _ in support):
        best.offer(add_supports(built, best_flow(built, old.lead, support)), "travel_km")
    if core is None or not core.holds(old.lead[core.communes]):
        return lead
    improved = improve(core, old.lead[core.communes])
    best.offer(core.plan(improved), "travel_km")
    return improved if lead is None or core.travel(improved) < core.travel(lead) else lead


def _outcome(built: Problem, best: Best, budget: Budget, end: CoreEnd) -> Outcome:
    if best.plan is None or best.solution is None:
        raise ArithmeticError("; ".join(best.notes) or "no plan was found")
    optimal = all(best.bound[level] >= best.objective[level] for level in levels_of(built))
    notes = [*best.notes]
    if budget.was_cut and not optimal:
        notes.append(STOPPED)
    return Outcome(
        status=Status.OPTIMAL if optimal else Status.FEASIBLE,
        solution=best.solution,
        objective=dict(best.objective),
        bound=dict(best.bound),
        solver=solver_name(),
        seconds=budget.seconds(),
        notes=tuple(notes),
        statistics=_statistics(built, best, budget, end),
    )


def _statistics(built: Problem, best: Best, budget: Budget, end: CoreEnd) -> Mapping[str, Any]:
    statistics: dict[str, Any] = {
        "communes": len(built.communes),
        "schools": len(built.schools),
        "volunteers": len(built.document.volunteers),
        "nodes": budget.nodes,
        "way": "levels" if end is CoreEnd.NONE else "core",
        "fairness_cap_permille": built.fair_permille,
    }
    if built.edges and best.plan is not None:
        statistics["contiguity"] = dict(largest_shares(built, best.plan))
    return statistics
