"""How much of the limits is left, shared by all the solver calls of one solve."""

from dataclasses import dataclass, field

from matching_worker.model.outcome import SILENT, Limits, Monitor


@dataclass
class Budget:
    """Seconds are counted by the monitor and by the solver's own clock, whichever saw more; nodes by the solver."""

    limits: Limits = field(default_factory=Limits)
    monitor: Monitor = SILENT
    solver_seconds: float = 0.0
    nodes: int = 0
    was_stopped: bool = False

    def spend(self, *, seconds: float, nodes: int) -> None:
        self.solver_seconds += seconds
        self.nodes += max(0, nodes)

    def spent_seconds(self) -> float:
        return max(self.monitor.seconds(), self.solver_seconds)

    def seconds_left(self) -> float | None:
        if self.limits.time_seconds is None:
            return None
        return max(0.0, self.limits.time_seconds - self.spent_seconds())

    def nodes_left(self) -> int | None:
        return None if self.limits.work is None else max(0, self.limits.work - self.nodes)

    def should_stop(self) -> bool:
        if not self.was_stopped and (self.monitor.should_stop() or self.seconds_left() == 0 or self.nodes_left() == 0):
            self.was_stopped = True
        return self.was_stopped
