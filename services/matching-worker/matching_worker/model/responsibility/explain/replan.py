"""Re-planning: the least that must change, and what each further change would buy."""

from collections.abc import Iterable
from dataclasses import dataclass

from commune_schemas.documents import InstanceDocument, InstanceSolution

from matching_worker.model.outcome import SILENT, Lap, Limits, Monitor, Outcome
from matching_worker.model.responsibility.solve import solve


@dataclass(frozen=True)
class CurvePoint:
    """The best plan with at most `max_changes` leads changed, and how many it changes."""

    max_changes: int
    outcome: Outcome
    changes: int | None
    """None when so few changes allow no plan at all."""


def curve(
    problem: InstanceDocument, max_changes: Iterable[int], *, limits: Limits, monitor: Monitor = SILENT
) -> list[CurvePoint]:
    """Quality against the number of leads that may differ from `previous`, fewest first; never worse with more.

    Changes are capped here instead of being a level of their own, so each point spends its changes where they buy
    most. `limits` hold for each point. A point starts from the plan of the one before it, which it may keep.
    """
    points: list[CurvePoint] = []
    last: InstanceSolution | None = None
    for most in sorted(set(max_changes)):
        policy = problem.policy.model_copy(update={"max_changes": most, "keep_previous": False})
        capped = problem.model_copy(update={"policy": policy})
        outcome = solve(capped, limits=limits, warm_start=last, monitor=Lap(monitor))
        if isinstance(outcome.solution, InstanceSolution):
            last = outcome.solution
        changes = None if outcome.solution is None or last is None else count_changes(problem, last)
        points.append(CurvePoint(max_changes=most, outcome=outcome, changes=changes))
    return points


def without_school(problem: InstanceDocument, school: str, *, previous: InstanceSolution) -> InstanceDocument:
    """The problem after a school withdrew: it serves nobody, pins on it fall, the old plan is `previous`."""
    communes = [c.id for c in problem.communes]
    barred = {(c, school) for c in communes}
    return problem.model_copy(
        update={
            "forbid": sorted({*problem.forbid, *barred}),
            "pins": [pin for pin in problem.pins if pin.school != school],
            "volunteers": [v for v in problem.volunteers if v.school != school],
            "previous": sorted(previous.lead.items()),
        }
    )


def without_people(
    problem: InstanceDocument, volunteers: Iterable[str], *, previous: InstanceSolution
) -> InstanceDocument:
    """The problem after people dropped out; the old plan is `previous`."""
    gone = set(volunteers)
    return problem.model_copy(
        update={
            "volunteers": [v for v in problem.volunteers if v.id not in gone],
            "previous": sorted(previous.lead.items()),
        }
    )


def count_changes(problem: InstanceDocument, solution: InstanceSolution) -> int:
    """Leads that differ from the problem's previous plan."""
    return sum(solution.lead.get(c) != s for c, s in problem.previous)
