"""A worker's word that no plan exists: refused where a plain plan does, proved where the pins alone clash. Pure.

What is proved is proved on the frozen problem, of which no worker translated anything. The rest stays the worker's
claim, and the run says so.
"""

from collections.abc import Iterator

from commune_schemas.documents import (
    InfeasibleSolution,
    InstanceCommune,
    InstanceDocument,
    InstanceSchool,
    InstanceVolunteer,
    Pin,
    PlacementDocument,
    ResponsibilityPolicy,
)
from commune_schemas.matching import MatchingProblem, MatchingResult, RunStatus, StageDocuments
from commune_verify.impossible import clashes_in_pins, find_leads, find_places
from pydantic import ValidationError

from roster_api.matching_runs.judged_documents import Broken


def find_refuted(problem: MatchingProblem, result: MatchingResult) -> Iterator[Broken]:
    """Of a result that says there is no plan: what its own documents and the frozen problem hold against it."""
    if result.status is not RunStatus.INFEASIBLE:
        return
    if result.responsibilities or result.placements:
        yield "A", "a result says that there is no plan, and has one"
    if not result.conflict:
        yield "A", "a result says that there is no plan, and names nothing that clashes"
    stages = [("A", result.stage_a), *(("B", documents) for documents in result.stage_b.values())]
    claimed = [(stage, documents) for stage, documents in stages if documents is not None and _has_no_plan(documents)]
    if not claimed and not problem.previous_placements:  # a cap on changes is clashed with by all schools together
        yield "A", "a result says that there is no plan, and shows no document without one"
    for stage, documents in claimed:
        yield from _find_plan(problem, stage, documents)


def _has_no_plan(documents: StageDocuments) -> bool:
    try:
        InfeasibleSolution.model_validate(documents.solution)
    except ValidationError:
        return False
    return True


def _find_plan(problem: MatchingProblem, stage: str, documents: StageDocuments) -> Iterator[Broken]:
    try:
        if stage == "A":
            leads = find_leads(InstanceDocument.model_validate(documents.problem))
            exists = leads is not None or has_free_leads(problem)
        else:
            exists = find_places(PlacementDocument.model_validate(documents.problem)) is not None
    except ValidationError:
        yield stage, f"the documents are none of stage {stage}"
        return
    if exists:
        yield stage, "a plan exists, though the result says that there is none"


def has_free_leads(problem: MatchingProblem) -> bool:
    """Nothing is pinned and nobody led before: a plan of stage A that gives no commune a lead keeps every rule."""
    return not (problem.pins or problem.previous)


def as_judged(problem: MatchingProblem, result: MatchingResult) -> MatchingResult:
    """A certificate calls a stage without a plan verified where it was proved here, not where a worker says so."""
    if result.certificate is None or result.status is not RunStatus.INFEASIBLE:
        return result
    is_proved = is_proved_impossible(problem)
    stages = [
        stage.model_copy(update={"verified": is_proved and stage.stage == "A"})
        if stage.status == RunStatus.INFEASIBLE
        else stage
        for stage in result.certificate.stages
    ]
    return result.model_copy(update={"certificate": result.certificate.model_copy(update={"stages": stages})})


def is_proved_impossible(problem: MatchingProblem) -> bool:
    """The pinned leads alone break a rule, whatever else is planned."""
    options = problem.options
    document = InstanceDocument(
        schema_="mw-instance/1",
        id=str(problem.run_id),
        fields=problem.fields,
        schools=[InstanceSchool(id=row.code, remote_capable=row.is_remote_capable) for row in problem.schools],
        communes=[InstanceCommune(id=row.code, mode="remote" if row.is_remote else "road") for row in problem.communes],
        volunteers=[
            InstanceVolunteer(id=str(row.id), school=row.school_code, role=row.role.value) for row in problem.volunteers
        ],
        dist_m=[[0] * len(problem.schools) for _ in problem.communes],
        pins=[Pin(commune=row.commune_code, school=row.school_code) for row in problem.pins],
        forbid=[(row.commune_code, row.school_code) for row in problem.forbids],
        policy=ResponsibilityPolicy(
            max_communes_per_lecturer=options.max_communes_per_lecturer,
            lecturer_bound=options.lecturer_bound,
            supervisors=[role.value for role in options.supervisors],
        ),
    )
    return clashes_in_pins(document)
