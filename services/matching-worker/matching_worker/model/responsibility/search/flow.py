"""Given who leads and supports whom: the flows that leave least unmet, then stay fairest, then travel least.

Demand by commune and field against each school's staffing is a polymatroid flow, so a vertex of the linear programme
is whole numbers; whole loads truncate it and change nothing of that.
"""

from collections.abc import Iterable

import numpy as np

from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import INFINITY, Answer, FloatArray
from matching_worker.model.engine.model import Model, rounded
from matching_worker.model.responsibility.problem.costs import Flow, Plan
from matching_worker.model.responsibility.problem.problem import Problem
from matching_worker.model.responsibility.problem.staffing import IntArray
from matching_worker.model.responsibility.search.heads import best_heads

Arc = tuple[int, int, int]
"""commune, school, field"""


def best_flow(problem: Problem, lead: IntArray, support: Iterable[tuple[int, int]]) -> Plan:
    """Always answers: it takes milliseconds and asks no limit."""
    supports = tuple(sorted(support))
    relations = sorted({*supports, *((c, int(s)) for c, s in enumerate(lead) if s >= 0)})
    arcs = [(c, s, int(f)) for c, s in relations for f in np.nonzero(problem.need[c])[0]]
    heads = best_heads(problem, relations)
    if not arcs:
        return Plan(lead=lead, support=supports, flow=(), heads=heads)
    model = Model(Budget())
    y = model.add_columns(np.zeros(len(arcs)), upper=[float(problem.need[c, f]) for c, _, f in arcs])
    _add_demand(model, problem, arcs)
    _add_staffing(model, problem, arcs)
    served = [-float(problem.priority[c]) for c, _, _ in arcs]
    reached, _ = _solve(model, served)
    model.add_row(-INFINITY, reached, y, served)
    permille = _fairest(model, problem, arcs, served)
    if problem.prices is not None:
        permille = _cheapest(problem, arcs, reached=reached, least=permille, price=problem.prices.overcap)
    _add_load_limits(model, problem, arcs, permille)
    _, values = _solve(model, [float(problem.km[c, s]) for c, s, _ in arcs])
    flow: tuple[Flow, ...] = tuple((*arc, int(d)) for arc, d in zip(arcs, rounded(values), strict=True) if d > 0.5)
    return Plan(lead=lead, support=supports, flow=flow, heads=heads)


def _fairest(model: Model, problem: Problem, arcs: list[Arc], served: list[float]) -> int:
    """The smallest load per mille (from the fair one up) that still serves as much, by halving."""
    low, high = problem.fair_permille, 1000
    while low < high:
        middle = (low + high) // 2
        rows = model.rows
        _add_load_limits(model, problem, arcs, middle)
        feasible = _is_feasible(model, served)
        model.drop_rows(rows)
        low, high = (low, middle) if feasible else (middle + 1, high)
    return low


def _cheapest(problem: Problem, arcs: list[Arc], *, reached: int, least: int, price: int) -> int:
    """The load per mille at which km and the price of what is above the fair share are least together.

    Whole loads make this a small mixed programme: a load per mille is a whole number, and so is what it allows.
    """
    model = Model(Budget())
    y = model.add_columns(
        [float(problem.km[c, s]) for c, s, _ in arcs], upper=[float(problem.need[c, f]) for c, _, f in arcs]
    )
    _add_demand(model, problem, arcs)
    _add_staffing(model, problem, arcs)
    model.add_row(-INFINITY, reached, y, [-float(problem.priority[c]) for c, _, _ in arcs])
    over = int(model.add_columns([float(price)], upper=float(1000 - problem.fair_permille), integer=True)[0])
    schools = sorted({s for _, s, _ in arcs})
    whole = model.add_columns(np.zeros(len(schools)), upper=[float(problem.capacity[s]) for s in schools], integer=True)
    for s, column in zip(schools, whole, strict=True):
        mine = [k for k, arc in enumerate(arcs) if arc[1] == s]
        model.add_row(-INFINITY, 0.0, [*mine, column], [1.0] * len(mine) + [-1.0])
        capacity = float(problem.capacity[s])
        model.add_row(-INFINITY, capacity * problem.fair_permille, [column, over], [1000.0, -capacity])
    result = model.minimise(step=1.0)
    if result.values is None:
        raise ArithmeticError("a flow without limits has an optimum")
    return max(least, problem.fair_permille + int(np.rint(result.values[over])))


def _add_load_limits(model: Model, problem: Problem, arcs: list[Arc], permille: int) -> None:
    limits = problem.load_limit(permille)
    for s in sorted({s for _, s, _ in arcs}):
        model.add_row(-INFINITY, float(limits[s]), [k for k, arc in enumerate(arcs) if arc[1] == s])


def _is_feasible(model: Model, costs: list[float]) -> bool:
    model.set_costs(costs)
    return model.minimise().answer is Answer.OPTIMAL


def _solve(model: Model, costs: list[float]) -> tuple[int, FloatArray]:
    model.set_costs(costs)
    result = model.minimise()
    if result.answer is not Answer.OPTIMAL or result.values is None:
        raise ArithmeticError("a flow without limits has an optimum")
    return round(result.objective), result.values


def _add_demand(model: Model, problem: Problem, arcs: list[Arc]) -> None:
    by_need: dict[tuple[int, int], list[int]] = {}
    for k, (c, _, f) in enumerate(arcs):
        by_need.setdefault((c, f), []).append(k)
    for (c, f), columns in by_need.items():
        if len(columns) > 1:
            model.add_row(-INFINITY, float(problem.need[c, f]), columns)


def _add_staffing(model: Model, problem: Problem, arcs: list[Arc]) -> None:
    for s in sorted({s for _, s, _ in arcs}):
        mine = [k for k, arc in enumerate(arcs) if arc[1] == s]
        fields = np.array([arcs[k][2] for k in mine])
        staffing = problem.staffing[s]
        for members, limit in zip(staffing.sets, staffing.limits, strict=True):
            columns = [mine[k] for k in np.nonzero(members[fields])[0]]
            if sum(problem.need[arcs[k][0], arcs[k][2]] for k in columns) > limit:
                model.add_row(-INFINITY, float(limit), columns)
