"""How much of the limits is left, shared by all the solver calls of one solve."""

from dataclasses import dataclass, field

from matching_worker.model.outcome import SILENT, Limits, Monitor

NO_TIME_LIMIT = float("inf")
NO_NODE_LIMIT = 2**31 - 1


@dataclass
class Budget:
    """Seconds are told by the monitor and by the solver's own clock, whichever saw more; nodes by the solver.

    Where the limits say that seconds are counted, no clock is asked: only what is spent here.
    """

    limits: Limits = field(default_factory=Limits)
    monitor: Monitor = SILENT
    solver_seconds: float = 0.0
    running_seconds: float = 0.0
    """Counted seconds of the solver call that is under way."""
    nodes: int = 0
    kept_seconds: float = 0.0
    """Set aside for one more relaxation."""
    was_cut: bool = False
    """A limit, or the wish to stop, came before the end."""

    def spend(self, *, seconds: float, nodes: int = 0) -> None:
        self.solver_seconds += seconds
        self.running_seconds = 0.0
        self.nodes += max(0, nodes)

    def seconds(self) -> float:
        if self.limits.counted:
            return self.solver_seconds + self.running_seconds
        return max(self.monitor.seconds(), self.solver_seconds)

    def spend_counted(self, seconds: float) -> None:
        """For work outside the solver, which the clock sees by itself."""
        if self.limits.counted:
            self.solver_seconds += seconds

    def seconds_left(self) -> float:
        """NO_TIME_LIMIT where there is none."""
        if self.limits.time_seconds is None:
            return NO_TIME_LIMIT
        return max(0.0, self.limits.time_seconds - self.seconds())

    def keep_for_relaxations(self, seconds: float) -> None:
        """Set time aside for one more relaxation, by how long one took: a last bound beats a last node."""
        if self.limits.time_seconds is not None:
            self.kept_seconds = min(2.0 * seconds, 0.3 * self.limits.time_seconds)

    def seconds_left_for_search(self) -> float:
        return max(0.0, self.seconds_left() - self.kept_seconds)

    def nodes_left(self) -> int:
        """NO_NODE_LIMIT where there is none."""
        return NO_NODE_LIMIT if self.limits.work is None else max(0, self.limits.work - self.nodes)

    def is_out_of_time(self) -> bool:
        """True when not even a relaxation may run; a work limit of 0 still allows it."""
        spent = self.monitor.should_stop() or self.seconds_left() <= 0
        self.was_cut = self.was_cut or spent
        return spent

    def is_spent(self) -> bool:
        """True when no search may begin."""
        spent = self.is_out_of_time() or self.seconds_left_for_search() <= 0 or self.nodes_left() <= 0
        self.was_cut = self.was_cut or spent
        return spent
