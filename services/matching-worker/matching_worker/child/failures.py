"""What a failure is called: the kind that RunFailure knows, and words for whoever waits."""

from matching_worker.child.process import SolverFailed
from matching_worker.model.outcome import ProblemError


def describe_reason(error: Exception) -> tuple[str, str, str]:
    """Kind (of RunFailure), and words in both languages."""
    match error:
        case SolverFailed():
            return error.kind, error.vi, error.en
        case ProblemError():
            return "bad_problem", f"{error.pointer}: {error.vi}", f"{error.pointer}: {error.en}"
        case _:
            name = type(error).__name__
            return "internal", f"Lỗi nội bộ: {name}.", f"Internal error: {name}."
