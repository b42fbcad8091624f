"""The search: the relaxation, MIPs over fewer and fewer pairs, and what is proved of each level."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching_worker.model.engine.budget import Budget
from matching_worker.model.placement.problem.costs import TRAVEL, UNMET, choose_weights
from matching_worker.model.placement.problem.problem import Problem
from matching_worker.model.placement.proof.formulation import Formulation
from matching_worker.model.placement.proof.highs import InfeasibleError, Searched, Solver
from matching_worker.model.placement.proof.matrix import Floats
from matching_worker.model.placement.proof.pricing import price_pairs
from matching_worker.model.placement.search.improve import improve
from matching_worker.model.placement.search.incumbent import DEARER, Incumbent
from matching_worker.model.placement.search.plan import make_plan

TOLERANCE = 1e-4
FIRST_SLACK_KM = 1.0
SLACK_GROWTH = 4.0
ALL_PAIRS = 200
CHEAP_PAIRS_A_COMMUNE = 30
LEVEL_SHARE = 0.5
RELAX_SHARE = 0.7
LOCAL_SEARCH_WEEKS = 5000

Chosen = NDArray[np.bool_]


class Search:
    """One run over one problem. What is proved is in the incumbent's bounds, at any moment.

    Raises CutShortError while it is made, when the budget ends before the model is written down.
    """

    def __init__(self, problem: Problem, budget: Budget, incumbent: Incumbent) -> None:
        self.problem = problem
        self.budget = budget
        self.incumbent = incumbent
        self.weights = choose_weights(problem.farthest_km, keep_previous=problem.keep_previous)
        self.weighted_bound = -math.inf
        self.formulation = Formulation(problem, budget.is_out_of_time)
        self.solver = Solver(self.formulation, budget)
        self.statistics: dict[str, Any] = {
            "pairs": len(self.formulation.pairs),
            "columns": len(self.formulation.matrix.upper),
            "rows": len(self.formulation.matrix.row_lower),
        }

    def run(self) -> None:
        """Raises InfeasibleError when no plan keeps every hard rule."""
        if self.budget.is_out_of_time():
            return
        if self.formulation.level_terms:
            self.search_by_level()
            return
        self.search_weighted()
        for level in self.problem.levels[:-1]:
            if self.incumbent.plan is None:
                return
            self.relax_level(level)
            self.search_level(level)
            self.solver.cap_row(self.row_of(level), self.cap_of(level))
        if not self.is_weighted_proved() and not self.budget.is_spent():
            self.search_weighted()
        self.relax_level(TRAVEL)

    def search_by_level(self) -> None:
        """Each level in turn with those before it held: of many no weighted sum is exact in floating point."""
        for level in self.problem.levels:
            if self.incumbent.plan is None:
                self.find_any_plan()
            if self.incumbent.plan is None:
                return
            self.relax_level(level)
            self.search_level(level, share=1.0 if level == TRAVEL else LEVEL_SHARE)
            if level != TRAVEL:
                self.solver.cap_row(self.row_of(level), self.cap_of(level))

    def find_any_plan(self) -> None:
        """Raises InfeasibleError when there is none."""
        nothing = np.zeros(len(self.formulation.matrix.upper))
        everything = np.ones(len(self.formulation.pairs), dtype=bool)
        if self.search_pairs(nothing, everything, self.budget.seconds_left_for_search()).infeasible:
            raise InfeasibleError

    def search_weighted(self) -> None:
        """All levels as one sum: the relaxation, then MIPs until no better plan can be left, or the budget ends."""
        cost, constant = self.formulation.weighted_cost(self.weights)
        relaxed = self.solver.relax(cost, seconds=RELAX_SHARE * self.budget.seconds_left())
        if relaxed is None:
            self.improve_locally()
            return
        self.budget.keep_for_relaxations(relaxed.seconds)
        root = relaxed.value + constant
        self.statistics["relaxation"] = round(root, 3)
        self.raise_weighted_bound(root)
        self.relax_level(UNMET)
        prices = price_pairs(self.formulation, cost, relaxed.row_dual)
        chosen = self.first_choice(relaxed.columns, prices)
        slack = FIRST_SLACK_KM
        while not self.is_weighted_proved() and not self.budget.is_spent():
            searched = self.search_pairs(cost, chosen, self.budget.seconds_left_for_search())
            if not searched.finished:
                return
            if chosen.all() and self.incumbent.plan is None:
                raise InfeasibleError
            if self.is_refuted(chosen, searched.bound + constant):
                return
            left_out = prices[~chosen]
            beyond = root + float(left_out.min()) if len(left_out) else math.inf
            self.raise_weighted_bound(min(searched.bound + constant, beyond))
            if chosen.all():
                return
            chosen = prices <= (math.inf if self.incumbent.plan is None else min(slack, self.worthwhile_slack(root)))
            slack *= SLACK_GROWTH

    def is_refuted(self, chosen: Chosen, claimed: float) -> bool:
        """The solver claims that a checked plan of these pairs cannot be: it proves nothing."""
        worth = self.weighted_value()
        if worth is None or claimed <= worth + 0.5 or self.start_values(chosen) is None:
            return False
        self.incumbent.notes.append(DEARER)
        return True

    def improve_locally(self) -> None:
        """What is left to do when even the relaxation takes too long: a better plan, without a bound."""
        self.budget.was_cut = True
        if self.incumbent.plan is not None:
            better = improve(
                self.problem, self.incumbent.plan, weeks=LOCAL_SEARCH_WEEKS, is_spent=self.budget.is_out_of_time
            )
            if self.incumbent.offer(better):
                self.incumbent.report(with_solution=True)

    def first_choice(self, columns: Floats, prices: Floats) -> Chosen:
        """The pairs of the first MIP: those the relaxation uses, and a few of the cheapest others; all of a few."""
        if len(prices) <= ALL_PAIRS:
            return prices <= self.worthwhile_slack(self.weighted_bound)
        used = np.array([columns[pair.column] > TOLERANCE for pair in self.formulation.pairs])
        cheap = np.zeros(len(prices), dtype=bool)
        cheap[np.argsort(prices, kind="stable")[: CHEAP_PAIRS_A_COMMUNE * len(self.problem.communes)]] = True
        return used | (cheap & (prices <= FIRST_SLACK_KM))

    def worthwhile_slack(self, root: float) -> float:
        """A pair dearer than this is in no plan better than the incumbent (whole numbers: better is 1 less)."""
        worth = self.weighted_value()
        return math.inf if worth is None else worth - root - 1 + TOLERANCE

    def search_pairs(self, cost: Floats, chosen: Chosen, seconds: float) -> Searched:
        """A MIP over the chosen pairs; every plan on its way is offered to the incumbent."""
        searched = self.solver.search(
            cost,
            pairs=chosen,
            start=self.start_values(chosen),
            seconds=seconds,
            on_plan=self.take,
        )
        self.statistics |= {"mip_pairs": int(chosen.sum()), "nodes": self.budget.nodes}
        if searched.columns is not None:
            self.take(searched.columns)
        return searched

    def relax_level(self, level: str) -> None:
        """The level's bound by its own relaxation, given the caps on the levels before it."""
        if self.incumbent.is_proved(level):
            return
        cost, constant = self.level_cost(level)
        try:
            relaxed = self.solver.relax(cost)
        except InfeasibleError:  # only by rounding: the incumbent keeps every cap
            return
        if relaxed is not None:
            self.incumbent.raise_bound(level, math.ceil(relaxed.value + constant - TOLERANCE))
            self.incumbent.report()

    def search_level(self, level: str, *, share: float = LEVEL_SHARE) -> None:
        """A MIP of the level alone, where its relaxation falls short of the plan."""
        if self.incumbent.is_proved(level) or self.budget.is_spent():
            return
        cost, constant = self.level_cost(level)
        everything = np.ones(len(self.formulation.pairs), dtype=bool)
        searched = self.search_pairs(cost, everything, share * self.budget.seconds_left_for_search())
        if math.isfinite(searched.bound):
            self.incumbent.claim_bound(level, math.ceil(searched.bound + constant - TOLERANCE))

    def level_cost(self, level: str) -> tuple[Floats, float]:
        if level in self.formulation.level_terms:
            terms, constant = self.formulation.level_terms[level]
            return self.formulation.dense(terms), float(constant)
        if level == UNMET:
            return self.formulation.dense(self.formulation.unmet_terms), 0.0
        if level == TRAVEL:
            return self.formulation.dense(self.formulation.travel_terms), 0.0
        return self.formulation.dense(self.formulation.changed_terms), float(self.formulation.weight_of_all)

    def row_of(self, level: str) -> int:
        if level in self.formulation.level_rows:
            return self.formulation.level_rows[level]
        return self.formulation.unmet_row if level == UNMET else self.formulation.changed_row

    def cap_of(self, level: str) -> float:
        plan = self.incumbent.plan
        if plan is None:
            return math.inf
        return plan.objective[level] - self.level_cost(level)[1]

    def weighted_value(self) -> int | None:
        return None if self.incumbent.plan is None else self.weights.of(self.incumbent.plan.objective)

    def is_weighted_proved(self) -> bool:
        worth = self.weighted_value()
        return worth is not None and self.weighted_bound > worth - 1 + TOLERANCE

    def raise_weighted_bound(self, value: float) -> None:
        """A bound of the weighted sum bounds travel, once the levels above are at the plan's values."""
        self.weighted_bound = max(self.weighted_bound, value)
        plan = self.incumbent.plan
        if plan is None or not math.isfinite(self.weighted_bound):
            return
        above = self.weights.of({**plan.objective, TRAVEL: 0})
        self.incumbent.set_travel_bound(math.ceil(self.weighted_bound - TOLERANCE) - above)

    def take(self, columns: Floats) -> None:
        """Offers the plan that a MIP's whole columns describe."""
        where: list[int | None] = [None] * len(self.problem.units)
        for pair in self.formulation.pairs:
            if columns[pair.column] > 0.5:
                where[pair.unit] = pair.commune
        kept = {person for person, column in self.formulation.keep.items() if columns[column] > 0.5}
        if self.incumbent.offer(make_plan(self.problem, where, kept)):
            self.raise_weighted_bound(self.weighted_bound)
            self.incumbent.report(with_solution=True)

    def start_values(self, chosen: Chosen) -> dict[int, float] | None:
        """The incumbent as a MIP start (every whole column), when it uses chosen pairs only."""
        plan = self.incumbent.plan
        if plan is None:
            return None
        values: dict[int, float] = {}
        for pair, used in zip(self.formulation.pairs, chosen, strict=True):
            values[pair.column] = float(plan.where[pair.unit] == pair.commune)
            if values[pair.column] and not used:
                return None
        for commune, column in enumerate(self.formulation.open_columns):
            values[column] = float(commune in plan.weeks)
        for commune, column in enumerate(self.formulation.lecturer_columns):
            there = plan.weeks[commune].days if commune in plan.weeks else {}
            values[column] = float(sum(self.problem.people[person].supervises for person in there))
        for member, column in self.formulation.keep.items():
            values[column] = float(member in plan.unchanged)
        return values
