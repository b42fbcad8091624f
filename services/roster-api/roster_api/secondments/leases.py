"""What a matching worker may do with a secondment run: take a lease, renew it by progress, end the run.

As with matching runs: the token is what counts, and whoever lost it is refused with 'lease.lost'. A result is judged
here once more, by commune_verify on the frozen document, before it is kept.
"""

import hashlib
from uuid import UUID, uuid4

import structlog
from commune_schemas.documents import SecondmentDocument, SecondmentSolution
from commune_schemas.leases import ProgressAnswer, RunFailure, RunLease, RunProgress
from commune_schemas.matching import RunStatus
from commune_schemas.secondment import SecondmentProblem, SecondmentResult
from commune_verify.secondment import verify
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.errors import InvalidError, NotFoundError
from roster_api.secondments import repository
from roster_api.secondments.models import SecondmentRun
from roster_api.work import handing_out as work

log = structlog.get_logger(__name__)
LEASE_SECONDS = 10
TAKE_BACK_MARGIN_SECONDS = 0.5
WORDS = work.RefusalWords(
    finished=("run.finished", "Lần chọn này đã kết thúc hoặc đã bị hủy.", "This run is finished or was cancelled."),
    held=("lease.held", "Một tiến trình khác đang giải bài này.", "Another worker holds the lease of this run."),
)
RESULTS = {RunStatus.SUCCEEDED, RunStatus.CANCELLED}


async def claim_run(session: AsyncSession, *, run_id: UUID, worker: str) -> RunLease:
    """A new lease. 409 'lease.held' while another worker's lives, 'run.finished' when there is nothing left to do."""
    run = await work.get_locked(session, SecondmentRun, run_id)
    if run.cancel_requested_at is not None:
        raise WORDS.when_finished()
    await work.take(session, run, words=WORDS, seconds=LEASE_SECONDS)
    run.started_at = run.started_at or (await work.now_and_later(session))[0]
    run.lease_token = token = uuid4()
    run.worker = worker
    await _renew(session, run)
    log.info("secondment.claimed", run_id=str(run.id), worker=worker, attempt=run.attempts)
    return RunLease(lease_token=token, lease_seconds=LEASE_SECONDS, cancel_requested=False)


async def get_problem(session: AsyncSession, *, run_id: UUID) -> SecondmentProblem:
    if await session.get(SecondmentRun, run_id) is None:
        raise NotFoundError
    run = await repository.load_documents(session, run_id)
    limit, seed = run.criteria["time_limit_seconds"], run.criteria["seed"]
    document = SecondmentDocument.model_validate(run.document)
    return SecondmentProblem(run_id=run.id, document=document, time_limit_seconds=limit, seed=seed)


async def keep_progress(session: AsyncSession, *, run_id: UUID, progress: RunProgress) -> ProgressAnswer:
    """The worker's newest word; renews the lease and brings back a wish to cancel."""
    run = await work.get_leased(session, SecondmentRun, run_id, token=progress.lease_token, words=WORDS)
    run.progress = progress.model_dump(mode="json", exclude={"lease_token"})
    await _renew(session, run)
    return ProgressAnswer(cancel_requested=run.cancel_requested_at is not None)


async def keep_result(session: AsyncSession, *, run_id: UUID, result: SecondmentResult) -> None:
    """Keeps plan, certificate and explanations, and ends the run. The same result again changes nothing."""
    if result.status not in RESULTS:
        raise InvalidError("result.status", vi="Trạng thái kết quả không hợp lệ.", en="Not the status of a result.")
    digest = hashlib.sha256(result.model_dump_json().encode()).hexdigest()
    if (await work.get_locked(session, SecondmentRun, run_id)).result_sha256 == digest:
        return
    run = await work.get_leased(session, SecondmentRun, run_id, token=result.lease_token, words=WORDS)
    run.result_sha256 = digest
    frozen = SecondmentDocument.model_validate((await repository.load_documents(session, run_id)).document)
    fault = find_fault(frozen, result)
    if fault is not None:
        log.error("secondment.refused", run_id=str(run_id), fault=fault)
        vi, en = (
            f"Phương án không qua được kiểm tra của hệ thống: {fault}",
            f"The plan failed the service's check: {fault}",
        )
        await fail_run(session, run, kind="verification", vi=vi, en=en)
        return
    run.certificate = result.certificate.model_dump(mode="json")
    run.solution = result.documents.solution
    run.explanations = {name: reasons.model_dump(mode="json") for name, reasons in result.explanations.items()}
    await end_run(session, run, status=result.status)


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


async def keep_failure(session: AsyncSession, *, run_id: UUID, failure: RunFailure) -> None:
    """The worker gives up and says why. The same failure again changes nothing."""
    digest = hashlib.sha256(failure.model_dump_json().encode()).hexdigest()
    if (await work.get_locked(session, SecondmentRun, run_id)).result_sha256 == digest:
        return
    run = await work.get_leased(session, SecondmentRun, run_id, token=failure.lease_token, words=WORDS)
    run.result_sha256 = digest
    await fail_run(session, run, kind=failure.kind, vi=failure.detail_vi, en=failure.detail_en)


async def fail_run(session: AsyncSession, run: SecondmentRun, *, kind: str, vi: str, en: str) -> None:
    run.failure_kind, run.failure_vi, run.failure_en = kind, vi, en
    await end_run(session, run, status=RunStatus.FAILED)


async def end_run(session: AsyncSession, run: SecondmentRun, *, status: RunStatus) -> None:
    """The last change of a locked run: no lease, no more jobs."""
    await work.end(session, run, status=status)
    log.info("secondment.finished", run_id=str(run.id), status=status, failure=run.failure_kind)


async def end_overdue_secondment_runs(session: AsyncSession) -> int:
    """What time alone does: no result after all attempts, or past the deadline, is a failure. The relay calls it."""
    query = work.is_overdue(SecondmentRun, is_given_up=SecondmentRun.cancel_requested_at.is_not(None))
    rows = await repository.list_overdue(session, query)
    for run in rows:
        if run.cancel_requested_at is not None:
            await end_run(session, run, status=RunStatus.CANCELLED)
            continue
        is_tried = run.attempts >= work.MAX_ATTEMPTS
        vi = f"Không có kết quả sau {run.attempts} lần thử. Hãy kiểm tra matching-worker và Redis."
        en = f"No result after {run.attempts} attempts. See whether matching-worker and Redis are up."
        await fail_run(session, run, kind="no_result" if is_tried else "deadline", vi=vi, en=en)
    return len(rows)


async def _renew(session: AsyncSession, run: SecondmentRun) -> None:
    await work.hold(session, run, seconds=LEASE_SECONDS, margin_seconds=TAKE_BACK_MARGIN_SECONDS)
