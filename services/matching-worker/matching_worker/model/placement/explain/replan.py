"""Replanning after people drop out: how good the plan can be again, for each number of people whose plan may change.

Everyone who keeps commune, weekdays and fields of work is unchanged; newcomers and people sent elsewhere or home count.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from commune_schemas.documents import PlacementDocument, PlacementSolution

from matching_worker.model.outcome import SILENT, Lap, Limits, Monitor, Outcome, Status
from matching_worker.model.placement.solve import solve


@dataclass(frozen=True)
class CurvePoint:
    """The best plan with at most `max_changes` people changed; None of a plan when none keeps every rule."""

    max_changes: int
    outcome: Outcome

    @property
    def objective(self) -> dict[str, int] | None:
        return dict(self.outcome.objective) if self.outcome.solution is not None else None


def drop_out(document: PlacementDocument, solution: PlacementSolution, leavers: Iterable[str]) -> PlacementDocument:
    """The problem without those people, with everyone else's place in `solution` as the previous one."""
    gone = set(leavers)
    before = {person: (commune, days) for person, commune, days in solution.place}
    fields: dict[str, set[str]] = {}
    for person, _, name, _ in solution.work:
        fields.setdefault(person, set()).add(name)
    volunteers = [
        person.model_copy(
            update={
                "previous_commune": before[person.id][0] if person.id in before else None,
                "previous_days": list(before[person.id][1]) if person.id in before else [],
                "previous_fields": sorted(fields.get(person.id, ())) if person.id in before else None,
            }
        )
        for person in document.volunteers
        if person.id not in gone
    ]
    distances = {person.id: document.dist_m[person.id] for person in volunteers}
    return document.model_copy(update={"volunteers": volunteers, "dist_m": distances})


def change_curve(
    document: PlacementDocument, caps: Iterable[int], *, limits: Limits, monitor: Monitor = SILENT
) -> list[CurvePoint]:
    """Quality against change: one point for each cap, smallest cap first, each with its own proof.

    `document` carries the previous placements; its own cap is replaced. Each plan is the next one's warm start, so
    that a point cut short is never worse than the one before. Raises ProblemError as solve() does.
    """
    points: list[CurvePoint] = []
    last: PlacementSolution | None = None
    for cap in sorted(set(caps)):
        capped = document.model_copy(
            update={"policy": document.policy.model_copy(update={"max_changes": cap, "keep_previous": False})}
        )
        outcome = solve(capped, limits=limits, warm_start=last, monitor=Lap(monitor))
        points.append(CurvePoint(cap, outcome))
        if isinstance(outcome.solution, PlacementSolution) and outcome.status is not Status.INFEASIBLE:
            last = outcome.solution
    return points
