"""Explanations for the command line: each stage's own reasons, put into lines, Vietnamese first."""

from collections.abc import Iterator

from commune_schemas.documents import PlacementDocument, PlacementSolution
from pydantic import BaseModel

from matching_worker.model.outcome import ProblemError
from matching_worker.stages import AnyProblem


def explain_plan(problem: AnyProblem, solution: BaseModel, *, commune: str, person: str | None) -> Iterator[str]:
    """Why the plan does what it does for one commune. Raises ProblemError for what the documents do not name."""
    if isinstance(problem, PlacementDocument) and isinstance(solution, PlacementSolution):
        yield from explain_placement(problem, solution, commune=commune, person=person)
        return
    raise ProblemError(
        "/schema", "loại tài liệu này chưa có phần giải thích", "there are no explanations for this kind of document"
    )


def explain_placement(
    problem: PlacementDocument, solution: PlacementSolution, *, commune: str, person: str | None
) -> Iterator[str]:
    """Who serves the commune and why, what stays unmet there and its cheapest mend; or why one person does not go."""
    from matching_worker.model.placement import explain  # noqa: PLC0415 - only when asked

    if person is not None:
        refusal = explain.explain_refusal(problem, solution, person, commune)
        yield from (refusal.vi, refusal.en)
        return
    unmet = explain.explain_unmet(problem, solution, commune)
    for placed, where, _ in solution.place:
        if where == commune:
            reasons = explain.explain_person(problem, solution, placed)
            yield from (f"{placed}: {reasons.vi}", f"{placed}: {reasons.en}")
    for reason in unmet:
        yield from (reason.vi, reason.en)
    if not unmet:
        yield "Xã này không thiếu gì. / Nothing is missing in this commune."
