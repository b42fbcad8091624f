"""Placement, solved: greedy plan, relaxation, a MIP over the pairs that still matter, then proof level by level.

1. A greedy plan, checked, reported at once. 2. The relaxation of the weighted sum of all levels: a bound, and duals
that price every (person, commune) pair. 3. A MIP over the cheap pairs, then over every pair that could still be part of
a better plan: that proves the weighted optimum. 4. Each level above travel is bounded on its own; where the bound
falls short of the plan, a MIP of that level alone closes it. What is left open is stated as a gap.
"""

from dataclasses import replace
from typing import Any

from commune_schemas.documents import PlacementDocument, PlacementSolution
from commune_verify.placement import verify

from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import solver_name
from matching_worker.model.outcome import SILENT, Conflict, Lap, Limits, Monitor, Outcome, Status
from matching_worker.model.placement.problem.costs import CHANGED
from matching_worker.model.placement.problem.least import only_changes
from matching_worker.model.placement.problem.problem import Problem, read_problem
from matching_worker.model.placement.proof.conflict import find_conflict
from matching_worker.model.placement.proof.formulation import CutShortError
from matching_worker.model.placement.proof.highs import InfeasibleError
from matching_worker.model.placement.proof.search import Search
from matching_worker.model.placement.search.greedy import find_greedy_plan
from matching_worker.model.placement.search.improve import drop_idle, seat_the_rest
from matching_worker.model.placement.search.incumbent import Incumbent
from matching_worker.model.placement.search.plan import Plan, from_solution, is_allowed, to_solution

WARM_START_REFUSED = (
    "Không dùng phương án ban đầu: nó phạm một quy tắc của bài toán này. / "
    "Warm start refused: it breaks a rule of this problem."
)
CUT_SHORT = "Hết giới hạn trước khi chứng minh xong. / A limit was reached before the proof."
NOT_PROVED = "Chứng minh chưa đầy đủ. / The proof is not complete."
NO_PLAN_IN_TIME = (
    "Hết giới hạn mà chưa tìm được phương án nào giữ mọi ghim, mọi nhóm và trần thay đổi. / "
    "A limit was reached before any plan was found that keeps every pin, team and cap."
)
LONGEST_LEAST_SECONDS = 5.0
"""For saying beside a cap that clashes how many people must change."""


def solve(
    problem: PlacementDocument,
    *,
    limits: Limits,
    warm_start: PlacementSolution | None = None,
    monitor: Monitor = SILENT,
) -> Outcome:
    """The best plan found within the limits, with a proved bound for every level.

    `limits.work` counts branch-and-bound nodes; with 0 the relaxation still bounds the greedy plan. The answer does
    not depend on `limits.seed` or `limits.workers`. Raises ProblemError for a document that is not consistent.
    """
    compiled = read_problem(problem)
    budget = Budget(limits, monitor)
    incumbent = Incumbent(compiled, budget)
    notes: list[str] = []
    started = None
    if warm_start is not None:
        started = find_warm_plan(compiled, warm_start)
        if started is None:
            notes.append(WARM_START_REFUSED)
    incumbent.offer(find_greedy_plan(compiled))
    incumbent.offer(started)
    incumbent.report(with_solution=True)
    statistics: dict[str, Any] = {}
    try:
        search = Search(compiled, budget, incumbent)
        statistics = search.statistics
        search.run()
    except CutShortError:
        budget.was_cut = True
    except InfeasibleError:
        return infeasible(compiled, budget)
    if incumbent.plan is None:
        return undecided(compiled, budget)
    incumbent.offer(seat_the_rest(compiled, incumbent.plan))
    plan = drop_idle(compiled, incumbent.plan)
    return certify(
        compiled, plan, dict(incumbent.bound), budget, notes=[*notes, *incumbent.notes], statistics=statistics
    )


def certify(
    problem: Problem, plan: Plan, bound: dict[str, int], budget: Budget, *, notes: list[str], statistics: dict[str, Any]
) -> Outcome:
    """The plan beside its bound; a note says why where the two do not meet."""
    objective = dict(plan.objective)
    proved = all(bound[level] == objective[level] for level in problem.levels)
    if not proved:
        notes = [*notes, CUT_SHORT if budget.was_cut else NOT_PROVED]
    return Outcome(
        status=Status.OPTIMAL if proved else Status.FEASIBLE,
        solution=to_solution(problem, plan),
        objective=objective,
        bound=bound,
        solver=solver_name(),
        seconds=budget.seconds(),
        notes=tuple(notes),
        statistics=statistics,
    )


def find_warm_plan(problem: Problem, solution: PlacementSolution) -> Plan | None:
    """The warm start as a plan, or None when the document's rules refuse it."""
    if not verify(problem.document, solution).accepted:
        return None
    plan = from_solution(problem, solution)
    return plan if is_allowed(problem, plan) else None


def with_least(document: PlacementDocument, conflict: tuple[Conflict, ...], budget: Budget) -> tuple[Conflict, ...]:
    """The conflict with how many people must change said beside the cap on changes, where that is known in time."""
    if all(member.rule != "P9" for member in conflict) or budget.is_out_of_time():
        return conflict
    limits = replace(budget.limits, time_seconds=min(LONGEST_LEAST_SECONDS, budget.seconds_left()))
    outcome = solve(only_changes(document), limits=limits, monitor=Lap(budget.monitor))
    if outcome.solution is None:
        return conflict
    low = outcome.bound[CHANGED]
    return tuple(
        replace(member, vi=f"{member.vi}, mà ít nhất {low} người phải đổi", en=f"{member.en}, and at least {low} must")
        if member.rule == "P9"
        else member
        for member in conflict
    )


def infeasible(problem: Problem, budget: Budget) -> Outcome:
    return Outcome(
        status=Status.INFEASIBLE,
        solution=None,
        objective={},
        bound={},
        solver=solver_name(),
        seconds=budget.seconds(),
        conflict=with_least(problem.document, find_conflict(problem.document, budget), budget),
    )


def undecided(problem: Problem, budget: Budget) -> Outcome:
    """Limits so tight that pins, teams or caps could not be satisfied yet: no plan, and no claim that there is none."""
    del problem
    return Outcome(
        status=Status.FEASIBLE,
        solution=None,
        objective={},
        bound={},
        solver=solver_name(),
        seconds=budget.seconds(),
        notes=(NO_PLAN_IN_TIME,),
    )
