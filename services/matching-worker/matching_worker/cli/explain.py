"""Explanations for the command line: each stage's own reasons about one commune, as data and in both languages."""

from dataclasses import asdict

from commune_schemas.documents import (
    BorderDocument,
    BorderSolution,
    GroupsDocument,
    GroupsSolution,
    InstanceDocument,
    InstanceSolution,
    PlacementDocument,
    PlacementSolution,
    SecondmentDocument,
    SecondmentSolution,
)
from pydantic import BaseModel

from matching_worker.child.curve_words import Answer
from matching_worker.child.stages import AnyProblem
from matching_worker.model.outcome import ProblemError


def explain_plan(
    problem: AnyProblem,
    solution: BaseModel,
    *,
    commune: str,
    person: str | None = None,
    school: str | None = None,
    resolve: bool = False,
) -> Answer:
    """Why the plan does what it does for one commune. Raises ProblemError for what the documents do not name."""
    match problem, solution:
        case InstanceDocument(), InstanceSolution():
            return explain_responsibility(problem, solution, commune=commune, school=school, resolve=resolve)
        case PlacementDocument(), PlacementSolution():
            return explain_placement(problem, solution, commune=commune, person=person)
        case SecondmentDocument(), SecondmentSolution():
            return explain_secondment(problem, solution, commune=commune, person=person, resolve=resolve)
        case GroupsDocument(), GroupsSolution():
            return explain_group(problem, solution, commune=commune)
        case BorderDocument(), BorderSolution():
            return explain_border(problem, solution, commune=commune)
    raise ProblemError(
        "/schema", "loại tài liệu này chưa có phần giải thích", "there are no explanations for this kind of document"
    )


def explain_responsibility(
    problem: InstanceDocument, solution: InstanceSolution, *, commune: str, school: str | None, resolve: bool
) -> Answer:
    """Why this school leads the commune, the next best, why not another school, and what would mend unmet need."""
    from matching_worker.model.responsibility.explain.explain import explain  # noqa: PLC0415 - only when asked

    found = explain(problem, solution, commune=commune, school=school, resolve=resolve)
    return Answer(asdict(found), found.text_vi, found.text_en)


def explain_placement(
    problem: PlacementDocument, solution: PlacementSolution, *, commune: str, person: str | None
) -> Answer:
    """Who serves the commune and why, what stays unmet there and its cheapest mend; or why one person does not go."""
    from matching_worker.model.placement.explain import explain, shortfall  # noqa: PLC0415 - only when asked

    if person is not None:
        refusal = explain.explain_refusal(problem, solution, person, commune)
        return Answer(asdict(refusal), refusal.vi, refusal.en)
    unmet = shortfall.explain_unmet(problem, solution, commune)
    people = [explain.explain_person(problem, solution, who) for who, where, _ in solution.place if where == commune]
    vi = [f"{one.person}: {one.vi}." for one in people] + [reason.vi for reason in unmet]
    en = [f"{one.person}: {one.en}." for one in people] + [reason.en for reason in unmet]
    if not unmet:
        vi, en = [*vi, "Xã này không thiếu gì."], [*en, "Nothing is missing in this commune."]
    data = {
        "commune": commune,
        "people": [asdict(one) for one in people],
        "unmet": [asdict(reason) for reason in unmet],
    }
    return Answer(data, "\n".join(vi), "\n".join(en))


def explain_secondment(
    problem: SecondmentDocument, solution: SecondmentSolution, *, commune: str, person: str | None, resolve: bool
) -> Answer:
    """Who fills the commune's posts and who would be next, or why a post stays empty and what would fill it."""
    from matching_worker.model.secondment.explain import explain  # noqa: PLC0415 - only when asked

    found = explain(problem, solution, commune=commune, person=person, resolve=resolve)
    return Answer(asdict(found), found.text_vi, found.text_en)


def explain_group(problem: GroupsDocument, solution: GroupsSolution, *, commune: str) -> Answer:
    """Why the commune is in its group, and what its best move and swap would cost."""
    from matching_worker.model.groups.explain import explain  # noqa: PLC0415 - only when asked

    found = explain(problem, solution, commune=commune)
    return Answer(asdict(found), found.text_vi, found.text_en)


def explain_border(problem: BorderDocument, solution: BorderSolution, *, commune: str) -> Answer:
    """Which schools of other provinces help the commune, who would be next, and why days stay unmet."""
    from matching_worker.model.border.explain import explain  # noqa: PLC0415 - only when asked

    found = explain(problem, solution, commune=commune)
    return Answer(asdict(found), found.text_vi, found.text_en)
