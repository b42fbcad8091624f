"""What goes over the pipe between the worker and its solver child: one JSON object a line, both ways.

To the child: the request {parent_pid, memory_mb, problem, limits, warm_start, question, stays}; later, perhaps, the
line "stop". With a question (about the plan in warm_start) the child answers that instead of solving.
From the child, by "type": started (read and loaded, now solving), alive, progress (with the incumbent, where it is
new), and as its last line on the request one of outcome, answer, bad_problem, failure. With `stays` it then waits for
another request, unless it failed.
"""

from dataclasses import asdict
from typing import Any

from pydantic import BaseModel

from matching_worker.model.outcome import Conflict, Limits, Outcome, Progress, Status


def dump_document(document: BaseModel) -> dict[str, Any]:
    """A document as JSON-ready data, with the names of the file format ("schema", not "schema_")."""
    return document.model_dump(mode="json", by_alias=True)


def dump_limits(limits: Limits) -> dict[str, Any]:
    return asdict(limits)


def load_limits(data: dict[str, Any]) -> Limits:
    return Limits(**data)


def dump_progress(progress: Progress) -> dict[str, Any]:
    return {
        "type": "progress",
        "stage": progress.stage,
        "level": progress.level,
        "objective": None if progress.objective is None else dict(progress.objective),
        "bound": None if progress.bound is None else dict(progress.bound),
        "gap": progress.gap,
        "seconds": progress.seconds,
        "solution": None if progress.solution is None else dump_document(progress.solution),
    }


def load_progress(data: dict[str, Any], solution_type: type[BaseModel]) -> Progress:
    solution = data["solution"]
    return Progress(
        stage=data["stage"],
        level=data["level"],
        objective=data["objective"],
        bound=data["bound"],
        gap=data["gap"],
        seconds=data["seconds"],
        solution=None if solution is None else solution_type.model_validate(solution),
    )


def dump_outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "type": "outcome",
        "status": outcome.status.value,
        "solution": None if outcome.solution is None else dump_document(outcome.solution),
        "objective": dict(outcome.objective),
        "bound": dict(outcome.bound),
        "solver": outcome.solver,
        "seconds": outcome.seconds,
        "conflict": [asdict(member) for member in outcome.conflict],
        "notes": list(outcome.notes),
        "statistics": dict(outcome.statistics),
    }


def load_outcome(data: dict[str, Any], solution_type: type[BaseModel]) -> Outcome:
    solution = data["solution"]
    return Outcome(
        status=Status(data["status"]),
        solution=None if solution is None else solution_type.model_validate(solution),
        objective=data["objective"],
        bound=data["bound"],
        solver=data["solver"],
        seconds=data["seconds"],
        conflict=tuple(Conflict(**{**member, "subject": tuple(member["subject"])}) for member in data["conflict"]),
        notes=tuple(data["notes"]),
        statistics=data["statistics"],
    )
