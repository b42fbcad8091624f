"""Solve stage D: plans from a quick search, then proof by a nearly tight relaxation and a search over what is left.

The relaxation prices every (member, centre) pair: in a plan costing at most C no pair is used whose reduced cost lifts
the bound above C. So ceilings are raised step by step over the few pairs each admits; the first ceiling under which a
plan exists gives the optimum, and every ceiling found empty is a proved bound.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from commune_schemas.documents import GroupsDocument, GroupsSolution

from matching_worker.model.groups.conflict import CanGroup, explain_by_dropping, explain_plainly
from matching_worker.model.groups.formulation import Cut, Floats, base_rows, find_cuts, to_grouping, to_values
from matching_worker.model.groups.highs import GroupSolver, LimitReachedError, Relaxed, solver_name
from matching_worker.model.groups.problem import Grouping, Map, make_solution, read_map, total_cost
from matching_worker.model.groups.search import is_allowed, search
from matching_worker.model.outcome import SILENT, Conflict, Limits, Monitor, Outcome, Progress, SilentMonitor, Status

FIRST_STEP = 0.006
RELAXATION_ROUNDS = 30
ROUNDING = 1e-6


def solve(
    problem: GroupsDocument, *, limits: Limits, warm_start: GroupsSolution | None = None, monitor: Monitor = SILENT
) -> Outcome:
    """Raises TimeoutError when a limit is reached before any grouping was found."""
    communes = read_map(problem)
    conflict = explain_plainly(communes)
    if conflict:
        return refuse(conflict, monitor)
    proof = Proof(communes, limits=limits, monitor=monitor)
    proof.offer_warm_start(warm_start)
    try:
        for grouping in search(communes, seed=limits.seed):
            proof.offer(grouping)
        if not proof.prove():
            return refuse(explain_by_dropping(communes, can_group_within(limits, monitor)), monitor)
    except LimitReachedError:
        return proof.outcome(Status.FEASIBLE, "stopped by a limit before the optimum was proved")
    return proof.outcome(Status.OPTIMAL)


class Proof:
    """The best grouping and the best bound so far."""

    def __init__(self, problem: Map, *, limits: Limits, monitor: Monitor) -> None:
        self._problem = problem
        self._limits = limits
        self._monitor = monitor
        self.best: Grouping | None = None
        self.cost: int | None = None
        self.bound = 0
        self.cuts = 0

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
        relaxed = self._relax(solver)
        if relaxed is None:
            return False
        self._raise_bound(math.ceil(relaxed.value - ROUNDING))
        step = max(2, math.ceil(relaxed.value * FIRST_STEP))
        largest = int(cost.sum())
        while self.cost is None or self.bound < self.cost:
            ceiling = min(largest if self.cost is None else self.cost, self.bound + step)
            columns = np.flatnonzero(relaxed.reduced_cost <= ceiling - relaxed.value + ROUNDING)
            values = solver.search(columns, ceiling=ceiling, start=self._start(ceiling), cuts_of=self._find_cuts)
            if values is not None:
                self.offer(to_grouping(self._problem, values))
            if self.cost is None and ceiling == largest:
                return False
            self._raise_bound(ceiling + 1 if self.cost is None else min(self.cost, ceiling + 1))
            step *= 2
        return True

    def _start(self, ceiling: int) -> Floats | None:
        """The best grouping's columns, if the search under this ceiling has them all."""
        if self.best is None or self.cost is None or self.cost > ceiling:
            return None
        return to_values(self._problem, self.best)

    def _find_cuts(self, values: Floats) -> Iterator[Cut]:
        return find_cuts(self._problem, values)

    def _relax(self, solver: GroupSolver) -> Relaxed | None:
        """The relaxation, with cuts until its support is connected or the rounds are used up."""
        for _ in range(RELAXATION_ROUNDS):
            relaxed = solver.relax()
            if relaxed is None:
                return None
            cuts = list(self._find_cuts(relaxed.columns))
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
        if self.best is None or self.cost is None:
            raise TimeoutError("no grouping was found within the limits")
        return Outcome(
            status=Status.OPTIMAL if self.bound == self.cost else status,
            solution=make_solution(self._problem, self.best),
            objective={"cost": self.cost},
            bound={"cost": self.bound},
            solver=solver_name(),
            seconds=self._monitor.seconds(),
            notes=notes,
            statistics={"relaxation_cuts": self.cuts},
        )


def can_group_within(limits: Limits, monitor: Monitor) -> CanGroup:
    """Whether any grouping exists, as a question conflict.py may ask about relaxed problems."""

    class Unreported(SilentMonitor):
        """Plans of a relaxed problem are nobody's news; the clock and the wish to stop are the caller's."""

        should_stop = staticmethod(monitor.should_stop)
        seconds = staticmethod(monitor.seconds)

    def can_group(problem: Map, must_connect: bool) -> bool:
        everyone = [[other for other in range(problem.size) if other != one] for one in range(problem.size)]
        asked = problem if must_connect else replace(problem, neighbours=everyone)
        anything = replace(asked, km=np.zeros_like(asked.km))
        return Proof(anything, limits=limits, monitor=Unreported()).prove()

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
