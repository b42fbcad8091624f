"""What a matching worker may do with a run: take a lease, renew it by progress, end the run. Fenced by the token.

A lease is a token and an end. The token is what counts: a worker that was paused past its lease's end may go on as long
as nobody else took the run, and is refused with 'lease.lost' from the moment somebody did.
"""

import hashlib
from uuid import UUID, uuid4

import structlog
from commune_schemas.leases import ProgressAnswer, RunFailure, RunLease, RunProgress
from commune_schemas.matching import MatchingProblem, MatchingResult, RunStatus
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.decisions.repository import mark_unkept
from roster_api.errors import InvalidError
from roster_api.matching_runs import repository
from roster_api.matching_runs.impossible import as_judged
from roster_api.matching_runs.models import MatchingRun, RunDocument, RunExplanation
from roster_api.matching_runs.recheck import find_broken
from roster_api.plans.drafts import create_draft
from roster_api.work import handing_out as work

log = structlog.get_logger(__name__)

LEASE_SECONDS = 10
TAKE_BACK_MARGIN_SECONDS = 0.5
"""When a lease was not renewed, the job is enqueued anew just after the lease's end."""
WORDS = work.RefusalWords(
    finished=("run.finished", "Lần ghép này đã kết thúc hoặc đã bị hủy.", "This run is finished or was cancelled."),
    held=("lease.held", "Một tiến trình khác đang giải bài này.", "Another worker holds the lease of this run."),
)

REASONS_NAMED = 5
RESULTS = {RunStatus.SUCCEEDED, RunStatus.INFEASIBLE, RunStatus.CANCELLED}


async def claim_run(session: AsyncSession, *, run_id: UUID, worker: str) -> RunLease:
    """A new lease. 409 'lease.held' while another worker's lives, 'run.finished' when there is nothing left to do."""
    run = await work.get_locked(session, MatchingRun, run_id)
    if run.cancel_requested_at is not None:
        raise WORDS.when_finished()
    await work.take(session, run, words=WORDS, seconds=LEASE_SECONDS)
    run.started_at = run.started_at or (await work.now_and_later(session))[0]
    run.lease_token = token = uuid4()
    run.worker = worker
    await _renew(session, run)
    await repository.add_event(session, run, kind="status", data={"status": run.status, "attempt": run.attempts})
    log.info("run.claimed", run_id=str(run.id), worker=worker, attempt=run.attempts)
    return RunLease(lease_token=token, lease_seconds=LEASE_SECONDS, cancel_requested=False)


async def keep_progress(session: AsyncSession, *, run_id: UUID, progress: RunProgress) -> ProgressAnswer:
    """The worker's newest word; renews the lease and brings back a wish to cancel."""
    run = await work.get_leased(session, MatchingRun, run_id, token=progress.lease_token, words=WORDS)
    run.progress = progress.model_dump(mode="json", exclude={"lease_token"})
    await _renew(session, run)
    await repository.add_event(session, run, kind="progress", data=run.progress)
    return ProgressAnswer(cancel_requested=run.cancel_requested_at is not None)


async def keep_result(session: AsyncSession, *, run_id: UUID, result: MatchingResult) -> InvalidError | None:
    """Store documents, certificate and a draft plan, and end the run. The same result again changes nothing.

    A result that breaks a rule ends the run, too: it has failed, for that reason, and nobody solves it again in vain.
    What is returned is the worker's answer, to be sent once that is written.
    """
    if result.status not in RESULTS:
        raise InvalidError("result.status", vi="Trạng thái kết quả không hợp lệ.", en="Not the status of a result.")
    digest = hashlib.sha256(result.model_dump_json().encode()).hexdigest()
    if await _is_kept_already(session, run_id, digest=digest):
        return None
    run = await work.get_leased(session, MatchingRun, run_id, token=result.lease_token, words=WORDS)
    problem = MatchingProblem.model_validate(await repository.get_problem(session, run_id))
    broken = find_broken(problem, result)
    if broken is not None:
        run.result_sha256 = digest
        log.error("run.refused", run_id=str(run_id), worker=run.worker, rules=[each.code for each in broken.errors])
        words = [f" {each.en}" for each in broken.errors[:REASONS_NAMED]]
        await fail_run(session, run, kind="verification", vi=broken.vi + "".join(words), en=broken.en + "".join(words))
        return broken
    await _keep_documents(session, run, as_judged(problem, result))
    run.result_sha256 = digest
    await end_run(session, run, status=result.status)
    return None


async def _keep_documents(session: AsyncSession, run: MatchingRun, result: MatchingResult) -> None:
    documents = {"": result.stage_a} if result.stage_a else {}
    for school_code, document in {**documents, **result.stage_b}.items():
        session.add(RunDocument(run_id=run.id, school_code=school_code, **document.model_dump()))
    for commune_code, explanation in result.explanations.items():
        told = explanation.model_dump(mode="json")
        session.add(RunExplanation(run_id=run.id, commune_code=commune_code, explanation=told))
    run.certificate = result.certificate.model_dump(mode="json") if result.certificate else None
    run.conflict = result.conflict
    run.unkept_pins = [pin.model_dump(mode="json") for pin in result.unkept_pins]
    run.duplicates = [one.model_dump(mode="json") for one in result.duplicates]
    await mark_unkept(session, campaign_id=run.campaign_id, run_id=run.id, unkept=result.unkept_pins)
    run.set_aside = [one.model_dump(mode="json") for one in result.set_aside]
    archived = run.left_out
    run.left_out = [*archived, *(one.model_dump(mode="json") for one in result.left_out)]
    run.remarks = [one.model_dump(mode="json") for one in result.remarks]
    if result.responsibilities:
        await create_draft(session, campaign_id=run.campaign_id, run_id=run.id, result=result, archived=archived)


async def keep_failure(session: AsyncSession, *, run_id: UUID, failure: RunFailure) -> None:
    """The worker gives up and says why; a wished end is no failure. The same again changes nothing."""
    digest = hashlib.sha256(failure.model_dump_json().encode()).hexdigest()
    if await _is_kept_already(session, run_id, digest=digest):
        return
    run = await work.get_leased(session, MatchingRun, run_id, token=failure.lease_token, words=WORDS)
    run.result_sha256 = digest
    if run.cancel_requested_at is not None:
        log.info("run.stopped_without_plan", run_id=str(run_id), failure=failure.kind)
        await end_run(session, run, status=RunStatus.CANCELLED)
        return
    await fail_run(session, run, kind=failure.kind, vi=failure.detail_vi, en=failure.detail_en)


async def fail_run(session: AsyncSession, run: MatchingRun, *, kind: str, vi: str, en: str) -> None:
    """End a locked run without a plan, for a stated reason."""
    run.failure_kind, run.failure_vi, run.failure_en = kind, vi, en
    await end_run(session, run, status=RunStatus.FAILED)


async def end_run(session: AsyncSession, run: MatchingRun, *, status: RunStatus) -> None:
    """The last change of a locked run: no lease, no more jobs, one last event."""
    await work.end(session, run, status=status)
    await repository.add_event(session, run, kind="status", data={"status": status})
    log.info("run.finished", run_id=str(run.id), status=status, failure=run.failure_kind)


async def _is_kept_already(session: AsyncSession, run_id: UUID, *, digest: str) -> bool:
    """The digest covers the token, so only the very same PUT counts."""
    return (await work.get_locked(session, MatchingRun, run_id)).result_sha256 == digest


async def _renew(session: AsyncSession, run: MatchingRun) -> None:
    await work.hold(session, run, seconds=LEASE_SECONDS, margin_seconds=TAKE_BACK_MARGIN_SECONDS)
