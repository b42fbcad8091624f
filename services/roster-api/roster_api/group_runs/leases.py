"""What a matching worker hands in of a run of groups: judged once more on the frozen document, then a draft of it."""

from uuid import UUID

from commune_schemas.documents import GroupsDocument, GroupsSolution, InfeasibleSolution
from commune_schemas.groups import GroupsProblem, GroupsResult
from commune_schemas.matching import RunStatus
from commune_verify.groups import verify
from commune_verify.impossible import cannot_be_grouped, find_groups
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.errors import InvalidError, NotFoundError
from roster_api.group_runs import repository
from roster_api.group_runs.drafting import draft_of_run
from roster_api.groups.models import GroupRun
from roster_api.work import solving
from roster_api.work.handing_out import RefusalWords

WORDS = RefusalWords(
    finished=(
        "run.finished",
        "Lần chia nhóm này đã kết thúc hoặc đã bị hủy.",
        "This run is finished or was cancelled.",
    ),
    held=("lease.held", "Một tiến trình khác đang giải bài này.", "Another worker holds the lease of this run."),
)
RUNS = solving.RunKind(GroupRun, "groups", WORDS)
RESULTS = {RunStatus.SUCCEEDED, RunStatus.CANCELLED, RunStatus.INFEASIBLE}


async def get_problem(session: AsyncSession, *, run_id: UUID) -> GroupsProblem:
    run = await repository.find_run(session, run_id, with_documents=True)
    if run is None:
        raise NotFoundError
    limit, seed = run.terms["time_limit_seconds"], run.terms["seed"]
    document = GroupsDocument.model_validate(run.document)
    return GroupsProblem(run_id=run.id, document=document, time_limit_seconds=limit, seed=seed)


async def keep_result(session: AsyncSession, *, run_id: UUID, result: GroupsResult) -> None:
    """Keeps grouping, certificate and explanations, makes a draft, and ends the run. Again changes nothing."""
    if result.status not in RESULTS:
        raise InvalidError("result.status", vi="Trạng thái kết quả không hợp lệ.", en="Not the status of a result.")
    run = await solving.lock_for_end(session, RUNS, run_id=run_id, token=result.lease_token, content=result)
    if run is None:
        return
    await repository.find_run(session, run_id, with_documents=True)
    frozen = GroupsDocument.model_validate(run.document)
    fault = find_fault(frozen, result)
    if fault is not None:
        await solving.refuse_result(session, RUNS, run, fault=fault)
        return
    certificate = result.certificate
    if result.status is RunStatus.INFEASIBLE:  # a claim, unless it was proved here
        certificate = certificate.model_copy(update={"verified": cannot_be_grouped(frozen)})
    run.certificate = certificate.model_dump(mode="json")
    run.solution = result.documents.solution
    run.explanations = {name: reasons.model_dump(mode="json") for name, reasons in result.explanations.items()}
    if result.status is not RunStatus.INFEASIBLE:
        await draft_of_run(session, run, owner=GroupsSolution.model_validate(run.solution).group)
    await solving.end_run(session, RUNS, run, status=result.status)


def find_fault(frozen: GroupsDocument, result: GroupsResult) -> str | None:
    """What is wrong with a worker's result, judged from the frozen document alone; None when nothing is."""
    try:
        if result.status is RunStatus.INFEASIBLE:
            return _refute(frozen, InfeasibleSolution.model_validate(result.documents.solution))
        solution = GroupsSolution.model_validate(result.documents.solution)
    except ValidationError:
        return "the solution is none of stage D"
    verdict = verify(frozen, solution)
    if not verdict.accepted:
        return "; ".join(verdict.violations[:3])
    if dict(verdict.objective) != result.certificate.objective:
        return f"the objective is {dict(verdict.objective)}, not {result.certificate.objective}"
    return None


def _refute(frozen: GroupsDocument, claim: InfeasibleSolution) -> str | None:
    if not claim.conflict:
        return "a result says that there is no grouping, and names nothing that clashes"
    if find_groups(frozen) is not None:
        return "a grouping exists, though the result says that there is none"
    return None


async def end_overdue_group_runs(session: AsyncSession) -> int:
    """What time alone does; the relay calls it."""
    return await solving.end_overdue(session, RUNS)
