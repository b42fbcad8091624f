"""The core with prices proved: a plan at once, the relaxation with cuts for a bound, then mixed programmes."""

from itertools import count
from math import ceil, floor, inf

import numpy as np

from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import INFINITY, Answer, FloatArray
from matching_worker.model.engine.model import Result
from matching_worker.model.responsibility.problem.core import Core
from matching_worker.model.responsibility.problem.costs import COST, objective_of, tie_hash
from matching_worker.model.responsibility.problem.staffing import BoolArray, IntArray
from matching_worker.model.responsibility.proof import notes
from matching_worker.model.responsibility.proof.capped import Cap, cheapest_caps, offer_capped
from matching_worker.model.responsibility.proof.priced import DUST, PricedProgramme
from matching_worker.model.responsibility.proof.prove import CoreEnd
from matching_worker.model.responsibility.search.anneal import anneal, descend, load_above
from matching_worker.model.responsibility.search.greedy import round_shares
from matching_worker.model.responsibility.search.progress import Best

MOST_ROUNDS = 60
FIRST_GAP = 4e-3
WIDER = 2.0
FEW_PAIRS = 200
"""Up to so many one programme over all of them is cheaper than several over some."""
GAP_WORTH_ANNEALING = 1e-3
RELAXED_AGAIN = 4
ANNEALED = {0: range(2), 2: range(2, 4), 3: range(4, 8)}
"""Before which of the mixed programmes a cap on load is tried, and which runs of annealing follow.

Many short runs: how good the plan of one is hangs on its luck more than on its length.
"""


def prove_priced(core: Core, best: Best, budget: Budget, lead: IntArray | None) -> CoreEnd:
    """Cost to its optimum and the tie-break; `lead` is a feasible assignment where one is known."""
    search = _Search(core, best, budget)
    if lead is not None:
        search.offer(descend(core, lead))
    if not search.relax():
        return CoreEnd.NONE
    if search.lead is None and not budget.is_spent():
        search.improve(0)
    if search.lead is None:
        return CoreEnd.STOPPED
    return search.prove()


class _Search:
    def __init__(self, core: Core, best: Best, budget: Budget) -> None:
        self.core, self.best, self.budget = core, best, budget
        self.lead: IntArray | None = None
        self.least: int | None = None
        self.bound = self.root = 0.0
        self.with_pair: FloatArray = np.where(core.open, 0.0, np.inf)
        self.relaxed: PricedProgramme | None = None
        self.caps: list[Cap] | None = None
        self.over_rises = (0.0, 0.0)
        """A plan costs at least the first, and the second more for each per mille of load above the fair share."""

    def offer(self, lead: IntArray) -> None:
        """Keep the assignment where it is one of the core's plans and costs less than the best so far."""
        if not self.core.holds(lead):
            return
        plan = self.core.plan(lead)
        cost = objective_of(self.core.problem, plan)[COST]
        if self.least is None or cost < self.least:
            self.lead, self.least = lead, cost
            self.best.offer(plan, COST)

    def polish(self, lead: IntArray) -> None:
        """Offer it, and what single moves and swaps make of it."""
        self.offer(lead)
        if self.core.holds(lead):
            self.offer(descend(self.core, lead))

    def relax(self) -> bool:
        """The relaxation with every row it was found to break; False when it has no solution."""
        shares = self._relax(PricedProgramme(self.core, self.core.open, self.budget))
        if shares is not None:
            rounded = round_shares(self.core, shares)
            if rounded is not None:
                self.offer(descend(self.core, rounded))
            self.raise_bound(self.bound)
        return self.root < inf

    def improve(self, turn: int) -> None:
        """The cheapest cap on load that is left, and the next runs of annealing."""
        if self.caps is None:
            self.caps = cheapest_caps(self.core, self.budget)
        if self.caps:
            offer_capped(self.core, self.budget, self.caps.pop(0), self.offer)
        if self.lead is not None:
            made = anneal(self.core, self.lead, self.budget.limits.seed, self.budget.is_spent, ANNEALED[turn])
            self.offer(descend(self.core, made))

    def _is_worth_improving(self) -> bool:
        near = self.least is not None and self.least <= self.bound * (1 + GAP_WORTH_ANNEALING)
        return not near and not self.budget.is_spent()

    def relax_again(self) -> None:
        """Once more, of the plans cheaper than the one at hand: they can have less load above the fair share."""
        for _ in range(RELAXED_AGAIN):
            before = self.root
            if self.least is None or ceil(self.bound - 1e-5) >= self.least:
                return
            self._relax(self._programme(self.pairs(self.least - 1), self.least - 1))
            self.bound = self.root = min(self.root, float(self.least))
            self.raise_bound(self.bound)
            if self.root < before + 1:
                return

    def _relax(self, programme: PricedProgramme) -> FloatArray | None:
        """Raises the root to the bound of this programme's relaxation, infinite where it has no solution.

        The shares of its last point; None where there is none.
        """
        programme.model.relax()
        programme.model.set_costs(programme.costs())
        self.relaxed, shares = programme, None
        for _ in range(MOST_ROUNDS):
            result = programme.model.minimise()
            if result.answer is Answer.INFEASIBLE:
                self.root = inf
                return None
            if result.answer is Answer.STOPPED or result.values is None or result.reduced_costs is None:
                return shares
            self.bound = self.root = max(self.root, result.objective)
            self.over_rises = result.objective, float(result.reduced_costs[programme.over])
            there = programme.lead >= 0
            with_pair = result.objective + np.maximum(0.0, result.reduced_costs[programme.lead[there]])
            self.with_pair[there] = np.maximum(self.with_pair[there], with_pair)
            shares = programme.shares(result.values)
            if not programme.tighten(result.values):
                break
        return shares

    def raise_bound(self, value: float) -> None:
        """The bound, as far as it says something about the plan at hand."""
        if self.least is not None:
            self.best.raise_bound(COST, min(ceil(value - 1e-5), self.least))

    def prove(self) -> CoreEnd:
        """Mixed programmes over the pairs that a plan within a growing gap of the relaxation could use.

        All plans that cheap use only those pairs: the best over them is the optimum if it is that cheap itself.
        """
        gap = max(2.0, FIRST_GAP * self.root) if self.core.open.sum() > FEW_PAIRS else inf
        for turn in count():
            if self.least is None or ceil(self.bound - 1e-5) >= self.least:
                break
            if turn in ANNEALED and self._is_worth_improving():
                self.improve(turn)
            if turn == 0:
                self.relax_again()
            most = min(self.root + gap, float(self.least - 1))
            programme = self._programme(self.pairs(most), most)
            programme.model.set_costs(programme.costs())
            if not self._settle(programme, most):
                return CoreEnd.STOPPED
            gap *= WIDER
        if self.least is None:
            return CoreEnd.STOPPED
        self.best.prove(COST, self.least)
        self._break_ties(self.least)
        return CoreEnd.PROVED

    def _settle(self, programme: PricedProgramme, most: float) -> bool:
        """Rounds of one programme, until no plan of at most `most` can be missed; False when a limit came first."""
        beyond = floor(most + 1e-6) + 1
        for _ in range(MOST_ROUNDS):
            before = self.least
            result = self._minimise(programme, beyond)
            bound = float(beyond) if result.answer is Answer.INFEASIBLE else min(result.bound, float(beyond))
            if before is not None and bound > -INFINITY:
                self.bound = max(self.bound, min(bound, float(before)))
                self.raise_bound(self.bound)
            if result.answer is Answer.INFEASIBLE or ceil(self.bound - 1e-5) >= beyond:
                return True
            if result.answer is Answer.STOPPED or result.values is None:
                return False
            if before is not None and result.objective > before + 0.5:
                self.best.notes.append(notes.DEARER)
                return False
            self.offer(programme.read(result.values))
            if self.least is not None and ceil(self.bound - 1e-5) >= self.least:
                return True
            if not programme.tighten(result.values):
                self.best.notes.append(notes.NO_PLAN)
                return False
        return False

    def _minimise(self, programme: PricedProgramme, beyond: int) -> Result:
        start = None
        if self.lead is not None:
            start = programme.point(self.lead, load_above(self.core, self.lead))
        return programme.model.minimise(
            start=start,
            on_incumbent=lambda values: self.polish(programme.read(values)),
            on_bound=lambda value: self.raise_bound(max(self.bound, min(value, beyond))),
            enough=beyond - 1 + 1e-4,
        )

    def _programme(self, pairs: BoolArray, most: float) -> PricedProgramme:
        programme = PricedProgramme(self.core, pairs, self.budget, most_over=self._most_over(most))
        if self.relaxed is not None:
            programme.adopt(self.relaxed)
        self.relaxed = programme
        return programme

    def _most_over(self, most: float) -> int:
        """Load above the fair share that a plan of at most that cost can have, by the relaxation's reduced cost."""
        least, rise = self.over_rises
        return 1000 if rise <= DUST else max(0, floor((most - least + 1e-6) / rise))

    def pairs(self, most: float) -> BoolArray:
        """Pairs that a plan of at most that cost could use, and those of the plan at hand, which is the start."""
        pairs = self.core.open & (self.with_pair <= most + 1e-6)
        if self.lead is not None:
            pairs[np.arange(len(self.lead)), self.lead] = True
        return pairs

    def _break_ties(self, cost: int) -> None:
        """Among all plans of least cost, the one of least hash (R14)."""
        programme = self._programme(self.pairs(cost), cost)
        costs, every = programme.costs(), np.arange(programme.model.columns)
        programme.model.add_row(-INFINITY, float(cost), every, costs)
        programme.model.set_costs(programme.tie_costs(tie_hash(self.best.problem)[self.core.communes]))
        for _ in range(MOST_ROUNDS):
            start = None if self.lead is None else programme.point(self.lead, load_above(self.core, self.lead))
            result = programme.model.minimise(start=start)
            if result.answer is not Answer.OPTIMAL or result.values is None:
                break
            if not programme.tighten(result.values):
                lead = programme.read(result.values)
                if self.core.holds(lead):
                    self.best.offer(self.core.plan(lead), COST, tie_break=True)
                    return
                break
        self.best.notes.append(notes.TIE_BREAK_OPEN)
