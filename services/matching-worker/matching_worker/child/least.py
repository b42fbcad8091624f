"""The question how few people's places can change, of all schools' people in one document, answered school by school.

Without a cap nothing binds one school's people to another's, and small programmes are proved where a large one is not.
"""

from dataclasses import replace
from typing import Any, Literal

from commune_schemas.base import Message
from commune_schemas.documents import PlacementDocument, PlacementSolution
from pydantic import BaseModel

from matching_worker.child.messages import dump_outcome
from matching_worker.model.outcome import Limits, Monitor, Outcome, Status
from matching_worker.model.placement.problem.costs import CHANGED
from matching_worker.model.placement.problem.least import list_parts, only_changes


class LeastQuestion(Message):
    """Asked of a document that joins all schools (campaign/joint.py)."""

    kind: Literal["least"] = "least"


def find_least(problem: BaseModel, *, limits: Limits, monitor: Monitor) -> dict[str, Any]:
    """An outcome as data: a plan with as few people changed as were found, with `changed` alone as objective and bound.

    Infeasible, with the conflict, where some school's decisions clash whatever changes.
    """
    from matching_worker.model.placement.solve import solve  # noqa: PLC0415 - loads a solver library

    assert isinstance(problem, PlacementDocument)  # noqa: S101 - the worker asks it of stage B
    parts = list_parts(problem)
    whole = Outcome(Status.OPTIMAL, PlacementSolution(place=[]), {CHANGED: 0}, {CHANGED: 0}, solver="")
    people = 0
    everyone = max(1, len(problem.volunteers))
    for part in sorted(parts, key=lambda part: len(part.volunteers)):
        people += len(part.volunteers)
        until = None if limits.time_seconds is None else limits.time_seconds * people / everyone
        outcome = solve(only_changes(part), limits=replace(limits, time_seconds=until), monitor=monitor)
        if not isinstance(outcome.solution, PlacementSolution):
            return dump_outcome(outcome)
        whole = add(whole, outcome, *count_changed(part, outcome), outcome.solution)
    return dump_outcome(whole)


def count_changed(part: PlacementDocument, outcome: Outcome) -> tuple[int, int]:
    """At least, at most. Where nobody had a place newcomers count here, though the part alone is a first plan."""
    if any(person.previous_commune is not None for person in part.volunteers):
        return outcome.bound[CHANGED], outcome.objective[CHANGED]
    assert isinstance(outcome.solution, PlacementSolution)  # noqa: S101 - the caller looked
    pinned = sum(person.pinned_commune is not None for person in part.volunteers)
    return pinned, len(outcome.solution.place)


def add(whole: Outcome, part: Outcome, at_least: int, at_most: int, solution: PlacementSolution) -> Outcome:
    so_far = whole.solution
    assert isinstance(so_far, PlacementSolution)  # noqa: S101 - made so above
    return replace(
        whole,
        status=Status.OPTIMAL if whole.status is Status.OPTIMAL and at_least == at_most else Status.FEASIBLE,
        solution=PlacementSolution(place=[*so_far.place, *solution.place], work=[*so_far.work, *solution.work]),
        objective={CHANGED: whole.objective[CHANGED] + at_most},
        bound={CHANGED: whole.bound[CHANGED] + at_least},
        solver=part.solver,
    )
