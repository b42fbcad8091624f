"""The objective of placement: its levels in order, and what each unit of them weighs.

short_people (only where some commune asks for people): heads missing, each the commune's priority. unmet: a field day
not served counts the commune's priority, a missing presence on a weekday counts 3. unused (only with policy.use):
people not placed, or days not used. changed (only with policy.keep_previous): people whose commune, weekdays or fields
of work differ from before, each with its change_weight. uneven (only with policy.use): how unequally extra people are
spread. travel_km: days x whole kilometres.
"""

from dataclasses import dataclass

SHORT = "short_people"
UNMET = "unmet"
UNUSED = "unused"
CHANGED = "changed"
UNEVEN = "uneven"
TRAVEL = "travel_km"
MISSING_PRESENCE = 3
WITHOUT_IT_STAFF = 3
"""The priority of communes that get extra people first."""


def levels(*, asks_people: bool, uses_all: bool, keep_previous: bool) -> tuple[str, ...]:
    """The levels, most important first."""
    there = {SHORT: asks_people, UNUSED: uses_all, CHANGED: keep_previous, UNEVEN: uses_all}
    return tuple(level for level in (SHORT, UNMET, UNUSED, CHANGED, UNEVEN, TRAVEL) if there.get(level, True))


def cost_of_extra(number: int, priority: int) -> int:
    """What the `number`-th person beyond a commune's min_people counts in `uneven`."""
    return 2 * number + (priority < WITHOUT_IT_STAFF)


def unevenness(heads: int, min_people: int, priority: int) -> int:
    """What all the people beyond a commune's min_people count in `uneven`."""
    return sum(cost_of_extra(number, priority) for number in range(1, heads - min_people + 1))


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
