"""The core with prices proved: plans by the load of their fullest school, the cheapest slice of them looked at first.

A slice is halved, then bounded by column generation, then searched by mixed programmes over the pairs and areas that a
plan within a growing gap of its bound could use. All plans that cheap use only those: the best over them is the
slice's optimum if it is that cheap itself, and else the slice's bound has risen by the gap.
"""

from math import ceil, floor, inf

import numpy as np

from matching_worker.model.engine.budget import Budget
from matching_worker.model.engine.highs import INFINITY, Answer, FloatArray
from matching_worker.model.engine.model import Result
from matching_worker.model.responsibility.problem.core import Core
from matching_worker.model.responsibility.problem.costs import COST, objective_of, tie_hash
from matching_worker.model.responsibility.problem.staffing import BoolArray, IntArray
from matching_worker.model.responsibility.proof import notes
from matching_worker.model.responsibility.proof.priced import PricedProgramme
from matching_worker.model.responsibility.proof.prove import CoreEnd
from matching_worker.model.responsibility.proof.slices import Slice, Slices
from matching_worker.model.responsibility.search.anneal import anneal, load_above, seconds_of_run
from matching_worker.model.responsibility.search.apart import Apart
from matching_worker.model.responsibility.search.descend import descend
from matching_worker.model.responsibility.search.greedy import round_shares
from matching_worker.model.responsibility.search.progress import Best

MOST_ROUNDS = 60
FIRST_GAP = 4e-3
WIDER = 1.5
FEW_PAIRS = 200
"""Up to so many one programme over all of them is cheaper than several over some."""
FEWER = 0.9
"""Pairs left by a relaxation, of those before it, that are worth listing areas again."""
NARROW = 0.5
"""What several loads may differ by in price, of what column generation gains, to be bounded by it together."""
GAP_WORTH_ANNEALING = 1e-3
ANNEALED = {1: range(2), 4: range(2, 4), 12: range(4, 8)}
"""Runs of annealing that follow some slices bounded by column generation, after which a better plan comes more cheaply.

Many short runs: how good the plan of one is hangs on its luck more than on its length.
"""


def prove_priced(core: Core, best: Best, budget: Budget, lead: IntArray | None) -> CoreEnd:
    """Cost to its optimum and the tie-break; `lead` is a feasible assignment where one is known."""
    search = _Search(core, best, budget)
    if lead is not None:
        search.offer(descend(core, lead))
    whole = search.slices.whole()
    if whole is None:
        return CoreEnd.NONE
    rounded = round_shares(core, whole.relaxed.shares)
    if rounded is not None:
        search.offer(descend(core, rounded))
    search.open = [whole]
    return search.prove()


class _Search:
    def __init__(self, core: Core, best: Best, budget: Budget) -> None:
        self.core, self.best, self.budget = core, best, budget
        self.slices, self.apart = Slices(core, budget), Apart(core)
        self.lead: IntArray | None = None
        self.least: int | None = None
        self.open: list[Slice] = []
        self.grown: PricedProgramme | None = None
        """The last programme, whose lazy rows the next begins with."""
        self.generated = 0
        self.gain = 0.0
        """By how much column generation last raised the bound of a slice."""
        self.is_small = int(core.open.sum()) <= FEW_PAIRS

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

    def prove(self) -> CoreEnd:
        """Until no slice can hold a plan cheaper than the one at hand."""
        while self.open:
            cheapest = min(self.open, key=lambda one: (one.bound, one.low))
            self._raise(cheapest.bound)
            if cheapest.bound == inf or (self.least is not None and _up(cheapest.bound) >= self.least):
                break
            lost = self.least is None and cheapest.columns is not None
            if lost or self.budget.is_spent() or not self._refine(cheapest):
                return CoreEnd.STOPPED
        if self.least is None:
            return CoreEnd.NONE
        self.best.prove(COST, self.least)
        self._break_ties(self.least)
        return CoreEnd.PROVED

    def _raise(self, value: float) -> None:
        """The bound, as far as it says something about the plan at hand."""
        if self.least is not None and value < inf:
            self.best.raise_bound(COST, int(min(_up(value), self.least)))

    def _refine(self, within: Slice) -> bool:
        """One step: bound the slice better, or put its parts in its place. False when a limit came first."""
        if self.is_small:
            return self._search(within, inf)
        if within.columns is None and self._is_worth_generating(within):
            self._generate(within)
        elif within.low < within.high:
            self.open.remove(within)
            self.open += self.slices.halves(within)
        else:
            within.gap = within.gap * WIDER or max(2.0, FIRST_GAP * within.bound)
            return self._search(within, max(within.generated + within.gap, within.bound + 2.0))
        return True

    def _is_worth_generating(self, within: Slice) -> bool:
        """A single load always is; several, where it may well do more than to halve them."""
        least, most = self.slices.over(within)
        refutes = self.least is not None and within.bound + self.gain >= self.least
        return within.low == within.high or refutes or self.slices.price * (most - least) <= self.gain * NARROW

    def _generate(self, within: Slice) -> None:
        before = within.bound
        self.slices.generate(within, self.offer)
        self.gain = within.bound - before
        self.generated += 1
        near = self.least is not None and self.least <= within.bound * (1 + GAP_WORTH_ANNEALING)
        if self.lead is not None and self.generated in ANNEALED and not near:
            runs = ANNEALED[self.generated]
            made = anneal(self.core, self.lead, self.budget.limits.seed, self.budget.is_spent, runs)
            self.budget.spend_counted(len(runs) * seconds_of_run(len(self.lead)))
            self.offer(descend(self.core, made))

    def _search(self, within: Slice, most: float) -> bool:
        """Programmes until no plan of the slice of at most that cost can be missed; False when a limit came first."""
        most = most if self.least is None else min(most, float(self.least))
        programme = self._tighten(within, most)
        return programme is None or self._settle(within, programme, most)

    def _tighten(self, within: Slice, most: float) -> PricedProgramme | None:
        """The programme over what its relaxation leaves; None where that leaves no plan of at most that cost."""
        pairs, beyond = within.pairs(most), _beyond(most)
        while True:
            programme = self._programme(within, pairs, most)
            least, with_pair = _relax(programme)
            if not self._claim(within, min(least, beyond)) or _up(within.bound) >= beyond:
                return None
            left = pairs & (with_pair <= most + 1e-6)
            shrunk, pairs = left.sum() < FEWER * pairs.sum(), left
            if not shrunk or within.columns is None or len(programme.areas) == pairs.shape[1]:
                return self._programme(within, pairs, most)

    def _programme(self, within: Slice, pairs: BoolArray, most: float) -> PricedProgramme:
        pairs, over = pairs.copy(), self.slices.over(within)
        areas = within.areas(pairs, most, self.apart)
        if self.lead is not None and within.core.holds(self.lead):
            pairs[np.arange(len(self.lead)), self.lead] = True
            for s, listed in areas.items():
                mine = np.nonzero(self.lead == s)[0]
                if len(mine) and not any(np.array_equal(mine, area) for area in listed):
                    listed.append(mine)
        programme = PricedProgramme(within.core, pairs, self.budget, over=over, areas=areas)
        if self.grown is not None:
            programme.adopt(self.grown)
        self.grown = programme
        programme.model.set_costs(programme.costs())
        return programme

    def _settle(self, within: Slice, programme: PricedProgramme, most: float) -> bool:
        beyond = _beyond(most)
        for _ in range(MOST_ROUNDS):
            result, met = self._minimise(within, programme, beyond)
            bound = beyond if result.answer is Answer.INFEASIBLE else min(result.bound, beyond)
            if not self._claim(within, bound):
                return False
            if _up(within.bound) >= beyond or (self.least is not None and _up(within.bound) >= self.least):
                return True
            if result.answer is Answer.STOPPED or result.values is None:
                return False
            self.offer(programme.read(result.values))
            if self.least is not None and _up(within.bound) >= self.least:
                return True
            if not sum(programme.tighten(values) for values in [*met, result.values]):
                self.best.notes.append(notes.NO_PLAN)
                return False
        return False

    def _minimise(self, within: Slice, programme: PricedProgramme, beyond: float) -> tuple[Result, list[FloatArray]]:
        """What the programme says, and the points it met on the way."""
        met = list[FloatArray]()

        def keep(values: FloatArray) -> None:
            met.append(values)
            self.polish(programme.read(values))

        rest = min((one.bound for one in self.open if one is not within), default=inf)
        result = programme.model.minimise(
            start=self._start(programme),
            on_incumbent=keep,
            on_bound=lambda value: self._raise(min(rest, max(within.bound, min(value, beyond)))),
            enough=beyond - 1 + 1e-4,
        )
        return result, met

    def _claim(self, within: Slice, bound: float) -> bool:
        """The slice's bound as it is claimed; False, and a note, where the plan at hand refutes that."""
        if self.least is not None and bound > self.least + 0.5 and self._over_in(self.slices.over(within)) is not None:
            self.best.notes.append(notes.DEARER)
            return False
        within.bound = max(within.bound, bound)
        return True

    def _over_in(self, over: tuple[int, int]) -> int | None:
        """The load above the fair share of the plan at hand; None where it lies in another slice."""
        if self.lead is None:
            return None
        mine = load_above(self.core, self.lead)
        return mine if over[0] <= mine <= over[1] else None

    def _start(self, programme: PricedProgramme) -> FloatArray | None:
        over = self._over_in((programme.least_over, programme.most_over))
        return None if self.lead is None or over is None else programme.point(self.lead, over)

    def _break_ties(self, cost: int) -> None:
        """Among all plans of least cost, the one of least hash (R14): no slice that could hold one is left out."""
        ties = tie_hash(self.best.problem)[self.core.communes]
        chosen = list[tuple[int, IntArray]]()
        while self.open:
            within = self.open.pop()
            if _up(within.bound) > cost:
                continue
            if not self.is_small and within.low < within.high:
                self.open += self.slices.halves(within)
                continue
            if not self.is_small and within.columns is None:
                self.slices.generate(within, self.offer)
            programme = self._tighten(within, float(cost))
            if programme is not None and not self._choose(programme, ties, cost, chosen):
                self.best.notes.append(notes.TIE_BREAK_OPEN)
                return
        if chosen:
            self.best.offer(self.core.plan(min(chosen, key=lambda one: one[0])[1]), COST, tie_break=True)

    def _choose(
        self, programme: PricedProgramme, ties: IntArray, cost: int, chosen: list[tuple[int, IntArray]]
    ) -> bool:
        """Adds the programme's plan of least hash, if it has one of that cost; False when that stayed open."""
        programme.model.add_row(-INFINITY, float(cost), np.arange(programme.model.columns), programme.costs())
        programme.model.set_costs(programme.tie_costs(ties))
        for _ in range(MOST_ROUNDS):
            result = programme.model.minimise(start=self._start(programme))
            if result.answer is not Answer.OPTIMAL or result.values is None:
                return result.answer is Answer.INFEASIBLE
            if not programme.tighten(result.values):
                lead = programme.read(result.values)
                chosen.append((int(ties[np.arange(len(lead)), lead].sum()), lead))
                return self.core.holds(lead)
        return False


def _relax(programme: PricedProgramme) -> tuple[float, FloatArray]:
    """Least cost of the relaxation with every row that its points break, and [c, s] with each pair in use."""
    programme.model.relax()
    with_pair, least = np.where(programme.lead >= 0, 0.0, inf), 0.0
    for _ in range(MOST_ROUNDS):
        result = programme.model.minimise()
        if result.answer is Answer.INFEASIBLE:
            return inf, with_pair
        if result.answer is Answer.STOPPED or result.values is None or result.reduced_costs is None:
            break
        least = max(least, result.objective)
        there = programme.lead >= 0
        dearer = result.objective + np.maximum(0.0, result.reduced_costs[programme.lead[there]])
        with_pair[there] = np.maximum(with_pair[there], dearer)
        if not programme.tighten(result.values):
            break
    return least, with_pair


def _up(value: float) -> float:
    """The least whole number not below the value, numerical dust aside."""
    return value if value == inf else ceil(value - 1e-5)


def _beyond(most: float) -> float:
    """The least whole number above it."""
    return most if most == inf else floor(most + 1e-6) + 1
