"""Explanations for the command line: each stage's own reasons, put into lines, Vietnamese first."""

from collections.abc import Iterator

from commune_schemas.documents import InstanceDocument, InstanceSolution, PlacementDocument, PlacementSolution
from pydantic import BaseModel

from matching_worker.model.outcome import ProblemError
from matching_worker.stages import AnyProblem


def explain_plan(
    problem: AnyProblem,
    solution: BaseModel,
    *,
    commune: str,
    person: str | None = None,
    school: str | None = None,
    resolve: bool = False,
) -> Iterator[str]:
    """Why the plan does what it does for one commune. Raises ProblemError for what the documents do not name."""
    if isinstance(problem, InstanceDocument) and isinstance(solution, InstanceSolution):
        yield from explain_responsibility(problem, solution, commune=commune, school=school, resolve=resolve)
        return
    if isinstance(problem, PlacementDocument) and isinstance(solution, PlacementSolution):
        yield from explain_placement(problem, solution, commune=commune, person=person)
        return
    raise ProblemError(
        "/schema", "loại tài liệu này chưa có phần giải thích", "there are no explanations for this kind of document"
    )


def explain_responsibility(
    problem: InstanceDocument, solution: InstanceSolution, *, commune: str, school: str | None, resolve: bool
) -> Iterator[str]:
    """Why this school leads the commune, the next best, why not another school, and what would mend unmet need."""
    from matching_worker.model.responsibility.explain import explain  # noqa: PLC0415 - only when asked

    found = explain(problem, solution, commune=commune, school=school, resolve=resolve)
    yield from (found.text_vi, "", found.text_en)


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
