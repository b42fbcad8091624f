"""The core proved: a tight bound by columns, then exact programmes over ever more of the pairs it leaves open.

All plans within a gap g of the bound use only pairs whose bound is within g. So the best plan over those pairs is the
optimum if it lies within g itself; if it does not, the bound has risen by g and the plan found says how far to go.
"""

from enum import StrEnum
from math import ceil

import numpy as np

from matching_worker.model.responsibility.assignment import Assigned, assign
from matching_worker.model.responsibility.budget import Budget
from matching_worker.model.responsibility.columns import Bound, bound_travel
from matching_worker.model.responsibility.core import Core
from matching_worker.model.responsibility.costs import tie_hash
from matching_worker.model.responsibility.highs import Answer
from matching_worker.model.responsibility.progress import Best
from matching_worker.model.responsibility.staffing import BoolArray, IntArray

FIRST_GAP = 1e-3
WIDER = 3.0
TRAVEL = "travel_km"


class CoreEnd(StrEnum):
    PROVED = "proved"
    STOPPED = "stopped"
    NONE = "none"  # the core has no plan: levels 1-5 cannot all be at their trivial bounds


def prove_core(core: Core, best: Best, budget: Budget, lead: IntArray | None) -> CoreEnd:
    """Travel to its optimum and the tie-break; `lead` is a feasible assignment where one is known."""
    bound = bound_travel(core, budget, lead)
    if bound is None:
        return CoreEnd.NONE
    search = _Search(core, best, budget, bound, lead)
    end = search.widen()
    if end is CoreEnd.PROVED:
        search.break_ties()
    return end


class _Search:
    def __init__(self, core: Core, best: Best, budget: Budget, bound: Bound, lead: IntArray | None) -> None:
        self.core, self.best, self.budget, self.bound, self.lead = core, best, budget, bound, lead
        if lead is not None:
            best.raise_bound(TRAVEL, _up(bound.value))

    def widen(self) -> CoreEnd:
        """Exact programmes over the pairs within a growing gap of the bound."""
        gap = max(2.0, FIRST_GAP * self.bound.value)
        proved = _up(self.bound.value)
        while True:
            if self.lead is not None:
                if self.core.travel(self.lead) <= proved:
                    self.best.prove(TRAVEL, self.core.travel(self.lead))
                    return CoreEnd.PROVED
                gap = min(gap, self.core.travel(self.lead) - 1 - self.bound.value)
            pairs = self._pairs(gap)
            found = self._assign(pairs, proved)
            if found.lead is not None:
                self._offer(found.lead)
            if found.answer is Answer.STOPPED:
                if self.lead is not None:
                    reached = min(found.bound, self.bound.value + gap)
                    self.best.raise_bound(TRAVEL, min(_up(reached), self.core.travel(self.lead)))
                return CoreEnd.STOPPED
            if found.lead is None and self.lead is None and bool((pairs == self.core.open).all()):
                return CoreEnd.NONE
            here = np.inf if found.lead is None else self.core.travel(found.lead)
            proved = _up(min(here, self.bound.value + gap + 1e-6) if here > self.bound.value + gap else here)
            if self.lead is not None:
                self.best.raise_bound(TRAVEL, min(proved, self.core.travel(self.lead)))
            gap = max(gap * WIDER, 10.0)

    def break_ties(self) -> None:
        """Among all plans of least travel, the one of least hash (R14)."""
        if self.lead is None:
            return
        travel = self.core.travel(self.lead)
        ties = tie_hash(self.best.problem)[self.core.communes]
        found = assign(
            self.core,
            self._pairs(travel - self.bound.value),
            self.budget,
            cost=ties,
            travel_limit=travel,
            start=self.lead,
        )
        if found.answer is Answer.OPTIMAL and found.lead is not None:
            self.best.offer(self.core.plan(found.lead), TRAVEL, tie_break=True)
        else:
            self.best.notes.append("the tie-break was not finished: another run may find an equal plan")

    def _assign(self, pairs: BoolArray, proved: int) -> Assigned:
        inside = self.lead is not None and bool(pairs[np.arange(len(pairs)), self.lead].all())
        return assign(
            self.core,
            pairs,
            self.budget,
            start=self.lead if inside else None,
            on_lead=self._offer,
            on_bound=lambda value: (
                self.best.raise_bound(TRAVEL, proved) if value > 0 and self.lead is not None else None
            ),
        )

    def _offer(self, lead: IntArray) -> None:
        if self.lead is None or self.core.travel(lead) < self.core.travel(self.lead):
            self.lead = lead
            self.best.offer(self.core.plan(lead), TRAVEL)
            self.best.raise_bound(TRAVEL, min(_up(self.bound.value), self.core.travel(lead)))

    def _pairs(self, gap: float) -> BoolArray:
        return self.core.open & (self.bound.with_pair <= self.bound.value + gap + 1e-6)


def _up(value: float) -> int:
    """The least whole number not below the value, numerical dust aside."""
    return ceil(value - 1e-5)
