"""The core proved: a tight bound, then exact programmes over ever more of the pairs it leaves open.

All plans within a gap g of the bound use only pairs whose bound is within g. So the best plan over those pairs is the
optimum if it lies within g itself; if it does not, the bound has risen by g and the plan found says how far to go.
The bound is column generation's: that of the plain relaxation leaves two or three times as many pairs open.
"""

from enum import StrEnum
from math import ceil

import numpy as np

from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import Answer, FloatArray
from matching_worker.model.responsibility.problem.core import Core
from matching_worker.model.responsibility.problem.costs import tie_hash
from matching_worker.model.responsibility.problem.staffing import BoolArray, IntArray
from matching_worker.model.responsibility.proof import notes
from matching_worker.model.responsibility.proof.assignment import Areas, Assigned, assign
from matching_worker.model.responsibility.proof.columns import Bound, bound_travel
from matching_worker.model.responsibility.proof.relaxed import Relaxed, relax
from matching_worker.model.responsibility.search.greedy import improve_ties, round_shares
from matching_worker.model.responsibility.search.progress import Best

FIRST_GAP = 1.5e-3
WIDER = 3.0
MUCH_WIDER = 6.0
MOST_AREAS = 300
TRAVEL = "travel_km"


class CoreEnd(StrEnum):
    PROVED = "proved"
    STOPPED = "stopped"
    NONE = "none"  # the core has no plan: levels 1-5 cannot all be at their trivial bounds


def prove_core(core: Core, best: Best, budget: Budget, lead: IntArray | None) -> CoreEnd:
    """Travel to its optimum and the tie-break; `lead` is a feasible assignment where one is known."""
    relaxed = relax(core, budget)
    if relaxed is None:
        return CoreEnd.NONE
    search = _Search(core, best, budget, relaxed, lead)
    end = search.widen()
    if end is CoreEnd.PROVED:
        search.break_ties()
    return end


class _Search:
    def __init__(self, core: Core, best: Best, budget: Budget, relaxed: Relaxed, lead: IntArray | None) -> None:
        self.core, self.best, self.budget, self.lead = core, best, budget, lead
        self.value, self.with_pair = relaxed.value, relaxed.with_pair
        self.columns: Bound | None = None
        self._round(relaxed.shares)
        self._raise(self.value)
        worth_it = self.lead is None or self.core.travel(self.lead) > _up(self.value)
        if worth_it and not budget.is_spent():
            self.columns = bound_travel(core, budget, relaxed.prices, self.lead, self._round)
            if self.columns.value > self.value:
                self.value = self.columns.value
                self.with_pair = np.maximum(self.with_pair, self.columns.with_pair)
                self._raise(self.value)

    def widen(self) -> CoreEnd:
        """Exact programmes over the pairs within a growing gap of the bound."""
        gap = max(2.0, FIRST_GAP * self.value) if self.columns else np.inf
        proved = _up(self.value)
        while True:
            if self.lead is not None:
                travel = self.core.travel(self.lead)
                if travel <= proved:
                    self.best.prove(TRAVEL, travel)
                    return CoreEnd.PROVED
                gap = min(gap, travel - 1 - self.value)
            pairs = self._pairs(gap)
            found = self._assign(pairs, gap)
            if found.lead is not None:
                self._offer(found.lead)
            if found.answer is Answer.STOPPED:
                self._raise(min(found.bound, self.value + gap))
                return CoreEnd.STOPPED
            if found.lead is None and self.lead is None and gap == np.inf:
                return CoreEnd.NONE
            here = np.inf if found.lead is None else self.core.travel(found.lead)
            proved = int(min(here, np.floor(self.value + gap + 1e-6) + 1))
            self._raise(proved)
            gap = np.inf if self.lead is None else self._wider(gap)

    def _wider(self, gap: float) -> float:
        """As far as any better plan could be, if that is not much farther: one search more than is needed is dear."""
        whole = self.core.travel(self.lead) - 1 - self.value if self.lead is not None else np.inf
        return whole if whole <= gap * MUCH_WIDER else max(gap * WIDER, 10.0)

    def break_ties(self) -> None:
        """Among all plans of least travel, the one of least hash (R14)."""
        if self.lead is None:
            return
        travel = self.core.travel(self.lead)
        ties = tie_hash(self.best.problem)[self.core.communes]
        gap = travel - self.value
        pairs = self._pairs(gap)
        found = assign(
            self.core,
            pairs,
            self.budget,
            areas=self._areas(pairs, gap),
            ties=(ties, travel),
            start=improve_ties(self.core, ties, self.lead),
        )
        if found.answer is Answer.OPTIMAL and found.lead is not None:
            self.best.offer(self.core.plan(found.lead), TRAVEL, tie_break=True)
        else:
            self.best.notes.append(notes.TIE_BREAK_OPEN)

    def _assign(self, pairs: BoolArray, gap: float) -> Assigned:
        return assign(
            self.core,
            pairs,
            self.budget,
            areas=self._areas(pairs, gap),
            start=self.lead,
            on_lead=self._offer,
            on_bound=lambda value: self._raise(min(value, self.value + gap)),
        )

    def _areas(self, pairs: BoolArray, gap: float) -> Areas:
        """Every area of the schools that have few; none without a gap, which is what keeps unusable pairs out."""
        if self.columns is None or np.isinf(gap):
            return {}
        listed = {s: self.columns.areas(s, pairs, gap, MOST_AREAS) for s in range(pairs.shape[1])}
        return {s: areas for s, areas in listed.items() if areas is not None}

    def _round(self, shares: FloatArray) -> None:
        rounded = round_shares(self.core, shares)
        if rounded is not None:
            self._offer(rounded)

    def _offer(self, lead: IntArray) -> None:
        if self.core.holds(lead) and (self.lead is None or self.core.travel(lead) < self.core.travel(self.lead)):
            self.lead = lead
            self.best.offer(self.core.plan(lead), TRAVEL)

    def _raise(self, value: float) -> None:
        """The bound, as far as it says something about the plan at hand (which may be no plan of the core yet)."""
        if self.lead is not None and value > 0:
            self.best.raise_bound(TRAVEL, min(_up(value), self.core.travel(self.lead)))

    def _pairs(self, gap: float) -> BoolArray:
        return self.core.open & (self.with_pair <= self.value + gap + 1e-6)


def _up(value: float) -> int:
    """The least whole number not below the value, numerical dust aside."""
    return ceil(value - 1e-5)
