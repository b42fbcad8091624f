"""A run's seconds, shared out among its solves: by the clock, or counted from the work that the solves did."""

import time
from dataclasses import replace

from commune_schemas.matching import SolveOptions

from matching_worker.model.outcome import Limits

SHORTEST_SOLVE_SECONDS = 2.0
"""Of a solve that has to find a plan, also when the run's time is over."""
SHORTEST_IMPROVEMENT_SECONDS = 1.0
"""Of a solve that begins with a checked plan: a run whose time is over ends soon after."""


class Allowance:
    """Counted seconds are spent in the same amounts on every machine, in whatever order the solves end."""

    def __init__(self, options: SolveOptions) -> None:
        self.counted = options.counted_limit
        self._options = options
        self._spent = 0.0
        self._deadline = time.monotonic() + options.time_limit_seconds

    def left(self) -> float:
        if self.counted:
            return max(0.0, self._options.time_limit_seconds - self._spent)
        return self._deadline - time.monotonic()

    def spend(self, seconds: float) -> None:
        """What solves took, those beside each other once all of them have ended."""
        self._spent += seconds

    def limits(self, seconds: float, *, workers: int, has_plan: bool = False) -> Limits:
        """Of one solve, which begins with a plan or has to find one."""
        shortest = min(SHORTEST_IMPROVEMENT_SECONDS, SHORTEST_SOLVE_SECONDS) if has_plan else SHORTEST_SOLVE_SECONDS
        return replace(self.stated(workers=workers), time_seconds=round(max(shortest, seconds), 1))

    def stated(self, *, workers: int = 1) -> Limits:
        """What is certified: the run's own limit, not a solve's share of it: a rerun states the same."""
        options = self._options
        return Limits(time_seconds=options.time_limit_seconds, counted=self.counted, seed=options.seed, workers=workers)
