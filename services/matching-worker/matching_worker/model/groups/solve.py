"""Solve stage D: plans from a quick search, then proof by a nearly tight relaxation and a search over what is left.

The relaxation prices every (member, centre) pair: in a plan costing at most C no pair is used whose reduced cost lifts
the bound above C. So ceilings are raised step by step over the few pairs each admits; the first ceiling under which a
plan exists gives the optimum, and every ceiling found empty is a proved bound.
"""

import math
from dataclasses import replace

import numpy as np
from commune_schemas.documents import GroupsDocument, GroupsSolution

from matching_worker.model.engine.highs import solver_name
from matching_worker.model.groups.areas import FIRST_STEPS, MOST_STEPS, Areas, list_areas
from matching_worker.model.groups.bound import PricedBound, price_groups
from matching_worker.model.groups.conflict import CanGroup, explain_by_dropping, explain_plainly
from matching_worker.model.groups.formulation import Floats, base_rows, find_cuts, to_cores, to_grouping, to_values
from matching_worker.model.groups.highs import GroupSolver, LimitReachedError, Relaxed
from matching_worker.model.groups.narrow import MOST_COMMUNES, Narrowing
from matching_worker.model.groups.problem import Grouping, Map, make_solution, possible_balance, read_map, total_cost
from matching_worker.model.groups.search import is_allowed, kick_on, search, search_from
from matching_worker.model.groups.within import list_within
from matching_worker.model.outcome import SILENT, Conflict, Limits, Monitor, Outcome, Progress, SilentMonitor, Status

STOPPED = "Dừng vì hết giới hạn, chưa chứng minh được tối ưu. / Stopped by a limit before the optimum was proved."

FIRST_STEP = 0.006
LIKELY_GAP = 0.03
"""How far above the relaxation the optimum is taken to be while no plan is known."""
RELAXATION_ROUNDS = 30
AT_A_LOSS = 4
"""Programmes that left a gap, after which a longer listing of groups is tried."""
LISTED_GAP, NEAR_GAP = 0.010, 0.014
"""How far above the bound groups are listed first, and up to where the plan known is itself the first ceiling."""
ROUNDING = 1e-6
MOST_SECONDS_A_REASON, MOST_NODES_A_REASON = 3.0, 1000


def solve(
    problem: GroupsDocument, *, limits: Limits, warm_start: GroupsSolution | None = None, monitor: Monitor = SILENT
) -> Outcome:
    """The plan does not depend on `limits.seed` or `limits.workers`; there is none where a limit came before any."""
    communes = read_map(problem)
    conflict = explain_plainly(communes)
    if conflict:
        return refuse(conflict, monitor)
    proof = Proof(communes, limits=limits, monitor=monitor)
    proof.offer_warm_start(warm_start)
    try:
        for grouping in search(communes):
            proof.offer(grouping)
        if not proof.prove():
            return refuse(explain_by_dropping(communes, can_group_within(monitor)), monitor)
    except LimitReachedError:
        return proof.outcome(Status.FEASIBLE, STOPPED)
    return proof.outcome(Status.OPTIMAL)


class Proof:
    """The best grouping and the best bound so far."""

    def __init__(self, problem: Map, *, limits: Limits, monitor: Monitor) -> None:
        least, most = possible_balance(problem)
        self._problem = replace(problem, lo=least, hi=most)
        self._limits = limits
        self._monitor = monitor
        self.best: Grouping | None = None
        self.cost: int | None = None
        self.bound = 0
        self.cuts = 0
        self._step = 0
        self._priced: PricedBound | None = None

    def offer(self, grouping: Grouping) -> None:
        cost = total_cost(self._problem, grouping)
        if self.cost is None or cost < self.cost:
            self.best, self.cost = grouping, cost
            self.report()

    def offer_warm_start(self, warm_start: GroupsSolution | None) -> None:
        if warm_start is not None and set(warm_start.group) == set(self._problem.ids):
            grouping = [warm_start.group[commune] for commune in self._problem.ids]
            if is_allowed(self._problem, grouping):
                self.offer(grouping)

    def prove(self) -> bool:
        """Find the optimum and prove it; False when no grouping exists. Raises LimitReachedError."""
        cost = self._problem.km.astype(np.float64).ravel()
        solver = GroupSolver(cost, base_rows(self._problem), limits=self._limits, monitor=self._monitor)
        listings = [FIRST_STEPS, MOST_STEPS]
        programmes = 0
        is_possible = True
        while is_possible and (self.cost is None or self.bound < self.cost):
            # The first listing is cheap. The second waits until the search is at a loss.
            if listings and (programmes == 0 or self.best is None or programmes >= AT_A_LOSS):
                areas = self._list_areas(listings.pop(0))
                if areas is not None:
                    return self._choose(solver, areas)
            programmes += 1
            relaxed = self._relax(solver)
            with_column = None if relaxed is None else self._price(relaxed)
            if with_column is not None and programmes == 1:
                self._choose_within(solver)
            is_possible = with_column is not None and (self.bound == self.cost or self._search(solver, with_column))
        return is_possible

    def _list_areas(self, most_steps: int) -> Areas | None:
        return list_areas(self._problem, most_steps=most_steps, should_stop=self._should_stop)

    def _should_stop(self) -> bool:
        limit = math.inf if self._limits.time_seconds is None else self._limits.time_seconds
        return self._monitor.should_stop() or self._monitor.seconds() > limit

    def _choose(
        self, solver: GroupSolver, areas: Areas, *, rivals: Floats | None = None, at_most: float = math.inf
    ) -> bool:
        """The optimum from these groups, which hold every plan of at most that cost; False when no k of them make one.

        An answer that the plan known refutes proves nothing.
        """
        found = solver.choose(areas, self._problem.k, rivals=rivals, at_most=at_most) if len(areas.cost) else None
        if found is None or found.cost > at_most:
            return False
        chosen = areas.members[found.columns > 0.5]
        self.offer(chosen.argmax(axis=0).tolist())
        self._raise_bound(found.cost)
        return True

    def _choose_within(self, solver: GroupSolver) -> None:
        """The optimum from the groups that plans as good as the one known can have, where these can be listed.

        Where the plan known is far above the bound, better ones are looked for first: below it groups are too many.
        """
        if self._priced is None or self._problem.size > MOST_COMMUNES:
            return
        is_listed = True
        while is_listed and self.cost is not None and self.bound < self.cost:
            is_near = self.cost <= self.bound * (1 + NEAR_GAP)
            ceiling = self.cost if is_near else self.bound + math.ceil(self.bound * LISTED_GAP)
            areas = list_within(self._problem, self._priced, ceiling, self._should_stop)
            is_listed = areas is not None and self._choose_under(solver, areas, self._priced.prices, ceiling)

    def _choose_under(self, solver: GroupSolver, areas: Areas, prices: Floats, most: int) -> bool:
        """The optimum from all groups of plans up to this cost, or a bound above it; False when a plan refutes that.

        Ceilings rise up to it: few groups are left under a low one, and what is found there ends the search.
        """
        narrowing = Narrowing(areas, self._problem.k, most, prices=prices, seed=self._limits.seed)
        if len(areas.cost):
            narrowing.run(solver.run)
            self._raise_bound(min(most + 1, math.ceil(narrowing.bound - ROUNDING)))
        step = max(2, math.ceil(self.bound * FIRST_STEP / 2))
        while self.cost is not None and self.bound < min(self.cost, most + 1):
            ceiling = min(self.cost, most, self.bound + step)
            left, rivals = narrowing.within(ceiling)
            if not self._choose(solver, left, rivals=rivals, at_most=ceiling):
                if ceiling == self.cost:
                    return False
                self._raise_bound(ceiling + 1)
            step *= 2
        return True

    def _price(self, relaxed: Relaxed) -> Floats:
        """[column] what a plan costs at least that uses it; bound and plans come up on the way."""
        size = self._problem.size
        self._raise_bound(math.ceil(relaxed.value - ROUNDING))
        with_column = relaxed.value + relaxed.reduced_cost
        if self.bound == self.cost:
            return with_column
        upper = relaxed.value * (1 + LIKELY_GAP) if self.cost is None else float(self.cost)
        self._priced = priced = price_groups(self._problem, relaxed.cut_cost.reshape(size, size), relaxed.prices, upper)
        if priced is None:
            return with_column
        for grouping in search_from(self._problem, priced.cores):
            self.offer(grouping)
        self._raise_bound(math.ceil(priced.value - ROUNDING))
        if self.best is not None and self.cost != self.bound and not self._step:
            for grouping in kick_on(self._problem, self.best):
                self.offer(grouping)
        return np.maximum(with_column, priced.with_pair.ravel())

    def _search(self, solver: GroupSolver, with_column: Floats) -> bool:
        """One programme under the next ceiling; False when it shows that no grouping exists."""
        largest = int(self._problem.km.sum())
        self._step = self._step or max(2, math.ceil(self.bound * FIRST_STEP))
        ceiling = min(largest, self.bound + self._step)
        if self.cost is not None and self.cost <= self.bound + 2 * self._step:
            ceiling = self.cost
        start = self._start(ceiling)
        # Beside the plan known, only columns of better ones are wanted.
        worthwhile = with_column <= ceiling + ROUNDING if start is None else with_column <= ceiling - 1 + ROUNDING
        columns = np.flatnonzero(worthwhile if start is None else worthwhile | (start > 0))
        found = solver.search(columns, ceiling=ceiling, start=start)
        if found is None:
            self._step *= 2
            self._raise_bound(ceiling + 1)
            return self.cost is not None or ceiling < largest
        self._raise_bound(found.cost)
        cuts = list(find_cuts(self._problem, found.columns))
        if not cuts:
            self.offer(to_grouping(self._problem, found.columns))
            return True
        solver.add(cuts)
        self.cuts += len(cuts)
        for grouping in search_from(self._problem, [to_cores(self._problem, found.columns)]):
            self.offer(grouping)
        return True

    def _start(self, ceiling: int) -> Floats | None:
        """The best grouping's columns, if its cost is within this ceiling."""
        if self.best is None or self.cost is None or self.cost > ceiling:
            return None
        return to_values(self._problem, self.best)

    def _relax(self, solver: GroupSolver) -> Relaxed | None:
        """The relaxation, with cuts until its support is connected or the rounds are used up."""
        for _ in range(RELAXATION_ROUNDS):
            relaxed = solver.relax()
            if relaxed is None:
                return None
            cuts = list(find_cuts(self._problem, relaxed.columns))
            if not cuts:
                return relaxed
            self.cuts += len(cuts)
            solver.add(cuts)
        return solver.relax()

    def _raise_bound(self, bound: int) -> None:
        self.bound = max(self.bound, bound if self.cost is None else min(bound, self.cost))
        self.report()

    def report(self) -> None:
        objective = None if self.cost is None else {"cost": self.cost}
        gap = None if self.cost is None else (self.cost - self.bound) / max(1, self.cost)
        solution = None if self.best is None else make_solution(self._problem, self.best)
        self._monitor.report(
            Progress("D", "cost", objective, {"cost": self.bound}, gap, self._monitor.seconds(), solution)
        )

    def outcome(self, status: Status, *notes: str) -> Outcome:
        return Outcome(
            status=Status.OPTIMAL if self.bound == self.cost else status,
            solution=None if self.best is None else make_solution(self._problem, self.best),
            objective={} if self.cost is None else {"cost": self.cost},
            bound={} if self.cost is None else {"cost": self.bound},
            solver=solver_name(),
            seconds=self._monitor.seconds(),
            notes=notes,
            statistics={"cuts": self.cuts},
        )


def can_group_within(monitor: Monitor) -> CanGroup:
    """Whether any grouping exists, as a question conflict.py may ask about relaxed problems; unknown counts as yes.

    The problem itself is proved to have none: the reasons may cost some more work, but not the answer. A rule about
    which this stays unknown is then kept among the reasons.
    """
    share = Limits(time_seconds=MOST_SECONDS_A_REASON, work=MOST_NODES_A_REASON)

    class Unreported(SilentMonitor):
        """Plans of a relaxed problem are nobody's news; the wish to stop is the caller's."""

        should_stop = staticmethod(monitor.should_stop)

        def __init__(self) -> None:
            self._started = monitor.seconds()

        def seconds(self) -> float:
            return monitor.seconds() - self._started

    def can_group(problem: Map, must_connect: bool) -> bool:
        everyone = [[other for other in range(problem.size) if other != one] for one in range(problem.size)]
        asked = problem if must_connect else replace(problem, neighbours=everyone)
        proof = Proof(replace(asked, km=np.zeros_like(asked.km)), limits=share, monitor=Unreported())
        try:
            return any(True for _ in search(asked)) or proof.prove()
        except LimitReachedError:
            return True

    return can_group


def refuse(conflict: tuple[Conflict, ...], monitor: Monitor) -> Outcome:
    return Outcome(
        status=Status.INFEASIBLE,
        solution=None,
        objective={},
        bound={},
        solver=solver_name(),
        seconds=monitor.seconds(),
        conflict=conflict,
    )
