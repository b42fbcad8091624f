"""The whole of stage A as one mixed-integer programme, minimised level by level."""

from dataclasses import dataclass

import numpy as np

from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import INFINITY, FloatArray
from matching_worker.model.engine.model import Model
from matching_worker.model.responsibility.problem.costs import (
    COST,
    NO_SCHOOL,
    OVERLEAD,
    SCATTERED,
    SHORT,
    Plan,
    load_permille,
    tie_hash,
)
from matching_worker.model.responsibility.problem.problem import Problem
from matching_worker.model.responsibility.problem.staffing import BoolArray, IntArray
from matching_worker.model.responsibility.proof.contiguous import Contiguous, add_contiguity

NONE = -1


@dataclass(eq=False)
class Full:
    """The model and where its columns are (NONE where there is none)."""

    problem: Problem
    model: Model
    lead: IntArray
    """[c, s] the school leads."""
    support: IntArray
    """[c, s]"""
    unled: IntArray
    """[c]"""
    flow: IntArray
    """[c, s, f] person-days."""
    unmet: IntArray
    """[c, f] person-days."""
    load: IntArray
    """[s, f] person-days."""
    whole: IntArray
    """[s] person-days over all fields, a whole number."""
    over: int
    """Load per mille above the fairness cap."""
    beyond: IntArray
    """[s] communes led beyond the school's bound; empty where that is no level."""
    heads: IntArray
    """[c, s] people promised."""
    missing: IntArray
    """[c] people asked for and not promised."""
    contiguous: Contiguous | None
    """Only where contiguity is a level, or has a price."""

    def costs(self, level: str) -> FloatArray:
        """[column] the level as a linear function (`broken` up to its constant, the ties there are)."""
        problem, cost = self.problem, np.zeros(self.model.columns)
        counted = {
            "nolead": self.unled,
            OVERLEAD: self.beyond,
            "supports": self.support[self.support >= 0],
            "overcap": np.array([self.over]),
        }
        if level in counted:
            cost[counted[level]] = 1.0
        elif level == SHORT:
            _put(cost, self.missing, problem.priority)
        elif level == "unmet":
            _put(cost, self.unmet, np.broadcast_to(problem.priority[:, None], self.unmet.shape))
        elif level == "broken":
            _put(cost, self.lead, -problem.kept)
        elif level == SCATTERED:
            self._put_scattered(cost, 1)
        elif level == "travel_km":
            self._put_travel(cost)
        elif level == COST and problem.prices is not None:
            self._put_scattered(cost, problem.prices.scattered)
            cost[self.over] = problem.prices.overcap
            self._put_travel(cost)
        else:
            _put(cost, self.lead, tie_hash(problem))
            _put(cost, self.support, tie_hash(problem, "support"))
        return cost

    def _put_scattered(self, cost: FloatArray, price: int) -> None:
        if self.contiguous is not None:
            self.contiguous.put_costs(cost)
            cost *= price

    def _put_travel(self, cost: FloatArray) -> None:
        for columns in (self.lead, *(self.flow[:, :, f] for f in range(len(self.problem.fields)))):
            there = columns >= 0
            cost[columns[there]] += self.problem.km[there]

    def offset(self, level: str) -> int:
        return self.problem.broken_total if level == "broken" else 0

    def limit(self, level: str, value: int) -> None:
        """From now on the level stays at most at `value`."""
        cost = self.costs(level)
        columns = np.nonzero(cost)[0]
        if len(columns):
            self.model.add_row(-INFINITY, float(value - self.offset(level)), columns, cost[columns])

    def point(self, plan: Plan) -> FloatArray:
        """The plan as a point of the model."""
        problem, point = self.problem, np.zeros(self.model.columns)
        load = np.zeros((len(problem.schools), len(problem.fields)), dtype=np.int64)
        missing = problem.need.copy()
        for c, s in enumerate(plan.lead):
            point[self.unled[c] if s == NO_SCHOOL else self.lead[c, s]] = 1.0
        for c, s in plan.support:
            point[self.support[c, s]] = 1.0
        for c, s, f, days in plan.flow:
            point[self.flow[c, s, f]] = days
            load[s, f] += days
            missing[c, f] -= days
        there = self.unmet >= 0
        point[self.unmet[there]] = missing[there]
        there = self.load >= 0
        point[self.load[there]] = load[there]
        for c, s, n in plan.heads:
            point[self.heads[c, s]] = n
        there = self.missing >= 0
        promised = np.bincount([c for c, _, _ in plan.heads], [n for *_, n in plan.heads], minlength=len(problem.asked))
        point[self.missing[there]] = (problem.asked - promised)[there]
        point[self.whole] = load.sum(axis=1)
        point[self.over] = max(0, load_permille(problem, load.sum(axis=1)) - problem.fair_permille)
        if len(self.beyond):
            led = np.bincount(plan.lead[plan.lead >= 0], minlength=len(problem.schools))
            point[self.beyond] = np.maximum(0, led - problem.lead_bound)
        if self.contiguous is not None:
            self.contiguous.put_point(point, plan)
        return point

    def read(self, values: FloatArray) -> tuple[IntArray, list[tuple[int, int]]]:
        """Leads and supports of a point."""
        if not self.lead.size:
            return np.full(len(self.lead), NO_SCHOOL, dtype=np.int64), []
        led = np.where(self.lead >= 0, values[np.maximum(self.lead, 0)], 0.0)
        lead = np.where(led.max(axis=1, initial=0.0) > 0.5, led.argmax(axis=1), NO_SCHOOL)
        helped = np.where(self.support >= 0, values[np.maximum(self.support, 0)], 0.0) > 0.5
        return lead, [(int(c), int(s)) for c, s in np.argwhere(helped)]


def build_full(problem: Problem, budget: Budget) -> Full:
    model = Model(budget)
    c, s, f = len(problem.communes), len(problem.schools), len(problem.fields)
    leads = problem.choices & (problem.lead_limit > 0)
    helps = problem.allowed & bool(problem.max_support)
    known = np.array([_known(problem, k) for k in range(s)], dtype=bool).reshape(s, f)
    flows = (leads | helps)[:, :, None] & (problem.need[:, None, :] > 0) & known[None, :, :]
    pinned = {p.commune for p in problem.document.pins}
    free = np.array([commune not in pinned for commune in problem.communes], dtype=bool)
    most = np.broadcast_to(problem.need[:, None, :], flows.shape)
    lead = _columns(model, leads, integer=True)
    sends = (leads | helps) & (problem.asked > 0)[:, None]
    prices = problem.prices
    wants_areas = problem.contiguity or (prices is not None and bool(problem.edges) and prices.scattered > 0)
    full = Full(
        problem=problem,
        model=model,
        lead=lead,
        support=_columns(model, helps, integer=True),
        unled=model.add_columns(np.zeros(c), upper=free.astype(float)),
        flow=_columns(model, flows, upper=most),
        unmet=_columns(model, problem.need > 0, upper=problem.need),
        load=_columns(model, known, upper=np.full((s, f), INFINITY)),
        whole=model.add_columns(
            np.zeros(s), upper=[float(min(t.whole, problem.needed.sum())) for t in problem.staffing], integer=True
        ),
        over=int(model.add_columns([0.0], upper=float(1000 - problem.fair_permille), integer=True)[0]),
        beyond=model.add_columns(np.zeros(s if problem.overlead else 0), upper=float(c)),
        heads=_columns(model, sends, upper=np.broadcast_to(problem.asked[:, None], leads.shape)),
        missing=_columns(model, problem.asked > 0, upper=problem.asked),
        contiguous=add_contiguity(model, problem, lead) if wants_areas else None,
    )
    _add_relations(full)
    _add_flows(full)
    _add_loads(full)
    _add_heads(full)
    return full


def _add_relations(full: Full) -> None:
    """One lead or none; supports only beside a lead, never the lead itself, and not too many; R9, R10."""
    problem, model = full.problem, full.model
    for c in range(len(problem.communes)):
        leads = full.lead[c][full.lead[c] >= 0]
        helps = full.support[c][full.support[c] >= 0]
        model.add_row(1.0, 1.0, [*leads, full.unled[c]])
        if len(helps):
            model.add_row(
                -INFINITY,
                float(problem.max_support),
                [*helps, full.unled[c]],
                [1.0] * len(helps) + [float(problem.max_support)],
            )
        for lead, support in zip(full.lead[c], full.support[c], strict=True):
            if lead >= 0 and support >= 0:
                model.add_row(-INFINITY, 1.0, [lead, support])
    for s, limit in enumerate(problem.lead_limit):
        leads = full.lead[:, s][full.lead[:, s] >= 0]
        if len(leads) > limit:
            model.add_row(-INFINITY, float(limit), leads)
        if len(full.beyond) and len(leads) > problem.lead_bound[s]:
            model.add_row(
                -INFINITY, float(problem.lead_bound[s]), [*leads, full.beyond[s]], [1.0] * len(leads) + [-1.0]
            )
    if problem.max_changes is not None:
        there = (full.lead >= 0) & (problem.previous > 0)
        least = float(problem.previous_total - problem.max_changes)
        model.add_row(least, INFINITY, full.lead[there], problem.previous[there])


def _add_flows(full: Full) -> None:
    """Flows serve need, and only along a relation (R8)."""
    problem, model = full.problem, full.model
    for c, f in np.argwhere(problem.need):
        days = float(problem.need[c, f])
        schools = np.nonzero(full.flow[c, :, f] >= 0)[0]
        model.add_row(days, days, [*full.flow[c, schools, f], full.unmet[c, f]])
        for s in schools:
            related = [k for k in (full.lead[c, s], full.support[c, s]) if k >= 0]
            model.add_row(-INFINITY, 0.0, [full.flow[c, s, f], *related], [1.0] + [-days] * len(related))


def _add_loads(full: Full) -> None:
    """Staffing (R6) and fair share (R7) of each school."""
    problem, model = full.problem, full.model
    for s, staffing in enumerate(problem.staffing):
        there = np.nonzero(full.load[s] >= 0)[0]
        for f in there:
            flows = full.flow[:, s, f][full.flow[:, s, f] >= 0]
            model.add_row(0.0, 0.0, [*flows, full.load[s, f]], [1.0] * len(flows) + [-1.0])
        for members, limit in zip(staffing.sets, staffing.limits, strict=True):
            fields = [f for f in there if members[f]]
            if fields:
                model.add_row(-INFINITY, float(limit), full.load[s, fields])
        model.add_row(-INFINITY, 0.0, [*full.load[s, there], full.whole[s]], [1.0] * len(there) + [-1.0])
        capacity = float(problem.capacity[s])
        model.add_row(-INFINITY, capacity * problem.fair_permille, [full.whole[s], full.over], [1000.0, -capacity])


def _add_heads(full: Full) -> None:
    """R15: people promised along a relation, to a commune no more than it asks for, by a school no more than it has."""
    problem, model = full.problem, full.model
    for c in np.nonzero(problem.asked)[0]:
        asked = float(problem.asked[c])
        able = np.nonzero(full.heads[c] >= 0)[0]
        model.add_row(asked, asked, [*full.heads[c, able], full.missing[c]])
        for school in able:
            related = [k for k in (full.lead[c, school], full.support[c, school]) if k >= 0]
            model.add_row(-INFINITY, 0.0, [full.heads[c, school], *related], [1.0] + [-asked] * len(related))
    for s, people in enumerate(problem.people):
        there = full.heads[:, s][full.heads[:, s] >= 0]
        if problem.asked[full.heads[:, s] >= 0].sum() > people:
            model.add_row(-INFINITY, float(people), there)


def _known(problem: Problem, school: int) -> list[bool]:
    """[f] does anyone at the school know the field?"""
    staffing = problem.staffing[school]
    none: BoolArray = np.zeros(len(problem.fields), dtype=bool)
    for members, limit in zip(staffing.sets, staffing.limits, strict=True):
        if limit == 0:
            none |= members
    return [not nobody for nobody in none]


def _columns(
    model: Model, there: BoolArray, *, upper: IntArray | FloatArray | None = None, integer: bool = False
) -> IntArray:
    index = np.full(there.shape, NONE, dtype=np.int64)
    bounds = np.ones(there.shape) if upper is None else np.asarray(upper, dtype=np.float64)
    index[there] = model.add_columns(np.zeros(int(there.sum())), upper=bounds[there], integer=integer)
    return index


def _put(cost: FloatArray, columns: IntArray, values: IntArray) -> None:
    there = columns >= 0
    cost[columns[there]] = values[there]
