"""The small core: every commune served whole by its lead, so levels 1-5 stand at their trivial bounds.

If such a plan exists, nothing better can exist on levels 1-5, and what remains is an assignment of communes to
schools at least travel: cost d * (need + 1), with each school's staffing (R6), fair share (R7) and number of communes
(R9) and of people asked for as its resources. With prices the fair share is none: its excess is paid for.
"""

from dataclasses import dataclass, replace

import numpy as np
from commune_verify.verdict import Objective

from matching_worker.model.responsibility.problem.costs import (
    NO_SCHOOL,
    OVERLEAD,
    SHORT,
    Plan,
    whole_flow,
    whole_heads,
)
from matching_worker.model.responsibility.problem.problem import Problem
from matching_worker.model.responsibility.problem.staffing import BoolArray, IntArray

UNBOUNDED = 1 << 40


@dataclass(frozen=True, eq=False)
class Core:
    """Arrays over the communes that can be led (c), schools (s) and resources (r)."""

    problem: Problem
    communes: IntArray
    """[c] index in the problem."""
    open: BoolArray
    """[c, s] pairs that keep levels 1-5 at their bounds."""
    cost: IntArray
    weight: IntArray
    """[c, r] what leading the commune takes; the last two resources are person-days and one commune."""
    limit: IntArray
    """[s, r] UNBOUNDED where another resource says more."""
    trivial: Objective
    """Levels 1-5 at bounds that no plan can beat."""

    previous: IntArray
    """[c, s] how often the previous plan names the pair."""
    least_kept: int
    """R10: at least so many of the previous leads must stay."""

    def capped(self, over: int) -> "Core":
        """The same with a rule: no school's load is more than so many per mille above the fair share."""
        limit = self.limit.copy()
        limit[:, -2] = np.minimum(limit[:, -2], self.problem.load_limit(self.problem.fair_permille + over))
        fits = self.weight[:, None, -2] <= limit[None, :, -2]
        return replace(self, limit=limit, open=self.open & fits)

    def keeps_enough(self, lead: IntArray) -> bool:
        return int(self.previous[np.arange(len(lead)), lead].sum()) >= self.least_kept

    def plan(self, lead: IntArray) -> Plan:
        whole = np.full(len(self.problem.communes), NO_SCHOOL, dtype=np.int64)
        whole[self.communes] = lead
        return Plan(whole, (), whole_flow(self.problem, whole), whole_heads(self.problem, whole))

    def holds(self, lead: IntArray) -> bool:
        """Is the assignment one of the core's plans?"""
        if (lead < 0).any() or not self.open[np.arange(len(lead)), lead].all():
            return False
        if not self.keeps_enough(lead):
            return False
        taken = np.zeros_like(self.limit)
        np.add.at(taken, lead, self.weight)
        return bool((taken <= self.limit).all())

    def objective(self, travel: int) -> Objective:
        """Of a plan of the core with this travel, in a problem without prices."""
        return {**self.trivial, "travel_km": travel}

    def travel(self, lead: IntArray) -> int:
        return int(self.cost[np.arange(len(lead)), lead].sum())


def trivial_bounds(problem: Problem) -> Objective:
    """What no plan can beat on levels 1-5, each commune taken for itself."""
    reach = problem.choices & (problem.lead_limit > 0)
    led = reach.any(axis=1)
    kept = np.where(reach, problem.kept, 0).max(axis=1, initial=0)
    return {
        "nolead": int((~led).sum()),
        SHORT: int((problem.priority * problem.asked)[~led].sum()),
        "unmet": int((problem.priority * problem.needed)[~led].sum()),
        OVERLEAD: max(0, int(led.sum()) - int(problem.lead_bound.sum())),
        "broken": problem.broken_total - int(kept.sum()),
        "supports": 0,
        "overcap": 0,
    }


def find_core(problem: Problem) -> Core | None:
    """None when levels 1-5 cannot all stand at their trivial bounds for a reason seen without solving."""
    reach = problem.choices & (problem.lead_limit > 0)
    best = np.where(reach, problem.kept, -1)
    ties = reach & (best == best.max(axis=1, initial=-1)[:, None])
    communes = np.nonzero(reach.any(axis=1))[0]
    least_kept = 0 if problem.max_changes is None else max(0, problem.previous_total - problem.max_changes)
    weight, limit = _resources(problem)
    fits = (weight[:, None, :] <= limit[None, :, :]).all(axis=2)
    open_pairs = (ties & fits)[communes]
    if not len(communes) or not open_pairs.any(axis=1).all():
        return None
    return Core(
        problem=problem,
        communes=communes,
        open=open_pairs,
        cost=(problem.km * (problem.needed[:, None] + 1))[communes],
        weight=weight[communes],
        limit=limit,
        trivial=trivial_bounds(problem),
        previous=problem.previous[communes],
        least_kept=least_kept,
    )


def _resources(problem: Problem) -> tuple[IntArray, IntArray]:
    """Every set of fields that binds for some school, then people, then person-days, then number of communes."""
    schools, fields = len(problem.schools), len(problem.fields)
    sets = sorted({tuple(row) for staffing in problem.staffing for row in staffing.sets.tolist()})
    position = {row: k for k, row in enumerate(sets)}
    limit = np.full((schools, len(sets) + 3), UNBOUNDED, dtype=np.int64)
    fair = problem.load_limit(problem.fair_permille if problem.prices is None else 1000)
    for s, staffing in enumerate(problem.staffing):
        for row, days in zip(staffing.sets.tolist(), staffing.limits, strict=True):
            if days < min(int(fair[s]), staffing.whole):
                limit[s, position[tuple(row)]] = days
        limit[s, -2] = min(int(fair[s]), staffing.whole)
    if problem.asked.any():
        limit[:, -3] = problem.people
    limit[:, -1] = problem.lead_bound if problem.lead_bound.any() else problem.lead_limit
    members = np.array(sets, dtype=np.int64).reshape(len(sets), fields)
    ones = np.ones((len(problem.communes), 1), dtype=np.int64)
    return np.hstack([problem.need @ members.T, problem.asked[:, None], problem.needed[:, None], ones]), limit
