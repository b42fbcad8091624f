"""The objective of placement: its levels in order, and what each unit of them weighs.

unmet: a field day not served counts the commune's priority, a missing presence on a weekday counts 3. changed (only
with policy.keep_previous): people whose commune, weekdays or fields of work differ from before, each with its
change_weight. travel_km: days x whole kilometres.
"""

from dataclasses import dataclass

UNMET = "unmet"
CHANGED = "changed"
TRAVEL = "travel_km"
MISSING_PRESENCE = 3


def levels(*, keep_previous: bool) -> tuple[str, ...]:
    """The levels, most important first."""
    return (UNMET, CHANGED, TRAVEL) if keep_previous else (UNMET, TRAVEL)


@dataclass(frozen=True)
class Weights:
    """One number for all levels, in kilometres, for the relaxation and its MIP. Any weights give valid bounds.

    That the optimum of the weighted sum is also the lexicographic one is not assumed but proved level by level.
    """

    unmet: int
    changed: int

    def of(self, objective: dict[str, int]) -> int:
        return self.unmet * objective[UNMET] + self.changed * objective.get(CHANGED, 0) + objective[TRAVEL]


def choose_weights(farthest_km: int, *, keep_previous: bool) -> Weights:
    """Heavy enough to be lexicographic in practice, light enough to leave whole kilometres visible to the solver."""
    step = 30 * farthest_km + 100
    return Weights(unmet=20 * step, changed=step) if keep_previous else Weights(unmet=step, changed=0)
