"""What a matching worker hands in of a secondment run: judged once more, by commune_verify on the frozen document."""

from uuid import UUID

from commune_schemas.documents import SecondmentDocument, SecondmentSolution
from commune_schemas.matching import RunStatus
from commune_schemas.secondment import SecondmentProblem, SecondmentResult
from commune_verify.secondment import verify
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.errors import InvalidError, NotFoundError
from roster_api.secondments import repository
from roster_api.secondments.models import SecondmentRun
from roster_api.work import solving
from roster_api.work.handing_out import RefusalWords

WORDS = RefusalWords(
    finished=("run.finished", "Lần chọn này đã kết thúc hoặc đã bị hủy.", "This run is finished or was cancelled."),
    held=("lease.held", "Một tiến trình khác đang giải bài này.", "Another worker holds the lease of this run."),
)
RUNS = solving.RunKind(SecondmentRun, "secondment", WORDS)
RESULTS = {RunStatus.SUCCEEDED, RunStatus.CANCELLED}


async def get_problem(session: AsyncSession, *, run_id: UUID) -> SecondmentProblem:
    if await session.get(SecondmentRun, run_id) is None:
        raise NotFoundError
    run = await repository.load_documents(session, run_id)
    limit, seed = run.criteria["time_limit_seconds"], run.criteria["seed"]
    document = SecondmentDocument.model_validate(run.document)
    return SecondmentProblem(run_id=run.id, document=document, time_limit_seconds=limit, seed=seed)


async def keep_result(session: AsyncSession, *, run_id: UUID, result: SecondmentResult) -> None:
    """Keeps plan, certificate and explanations, and ends the run. The same result again changes nothing."""
    if result.status not in RESULTS:
        raise InvalidError("result.status", vi="Trạng thái kết quả không hợp lệ.", en="Not the status of a result.")
    run = await solving.lock_for_end(session, RUNS, run_id=run_id, token=result.lease_token, content=result)
    if run is None:
        return
    frozen = SecondmentDocument.model_validate((await repository.load_documents(session, run_id)).document)
    fault = find_fault(frozen, result)
    if fault is not None:
        await solving.refuse_result(session, RUNS, run, fault=fault)
        return
    run.certificate = result.certificate.model_dump(mode="json")
    run.solution = result.documents.solution
    run.explanations = {name: reasons.model_dump(mode="json") for name, reasons in result.explanations.items()}
    await solving.end_run(session, RUNS, run, status=result.status)


def find_fault(frozen: SecondmentDocument, result: SecondmentResult) -> str | None:
    """What is wrong with a worker's result, judged from the frozen document alone; None when nothing is."""
    try:
        solution = SecondmentSolution.model_validate(result.documents.solution)
    except ValidationError:
        return "the solution is none of stage C"
    verdict = verify(frozen, solution)
    if not verdict.accepted:
        return "; ".join(verdict.violations[:3])
    if dict(verdict.objective) != result.certificate.objective:
        return f"the objective is {dict(verdict.objective)}, not {result.certificate.objective}"
    return None


async def end_overdue_secondment_runs(session: AsyncSession) -> int:
    """What time alone does; the relay calls it."""
    return await solving.end_overdue(session, RUNS)
