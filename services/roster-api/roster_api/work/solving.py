"""A run that a matching worker solves: its columns, its lease, progress that renews it, a result or a failure, its end.

The token is what counts: whoever lost it is refused with 'lease.lost'. What a result is judged by is each folder's own.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

import sqlalchemy as sa
import structlog
from commune_schemas.leases import ProgressAnswer, RunFailure, RunLease, RunProgress
from commune_schemas.matching import RunStatus
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from roster_api.at_once import Limit, too_many
from roster_api.work import handing_out as work

log = structlog.get_logger(__name__)
LEASE_SECONDS = 10
TAKE_BACK_MARGIN_SECONDS = 0.5
RUN_STATUSES = ", ".join(f"'{status}'" for status in RunStatus)
STATUS_KNOWN = f"status in ({RUN_STATUSES})"
FINISHED_HAS_TIME = "(status in ('queued', 'running')) = (finished_at is null)"
LIVE_RUNS = "status in ('queued', 'running')"
MOST_LIVE_RUNS = 3
"""Of one campaign or province: a run is a few seconds of a worker that others wait for, too."""


class SolvedRun(work.Leased):
    """Mixin of a table of such runs. Frozen and handed-in documents are plain json: the order of keys is kept."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    outbox_id: Mapped[UUID] = mapped_column(sa.ForeignKey("outbox.id"), unique=True)
    status: Mapped[str] = mapped_column(default=RunStatus.QUEUED)
    requested_by: Mapped[str]
    requested_by_id: Mapped[UUID | None]
    requested_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    deadline_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[UUID | None]
    held_until: Mapped[datetime | None]
    worker: Mapped[str | None]
    cancel_requested_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None]
    cancelled_by_id: Mapped[UUID | None]
    progress: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    certificate: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    failure_kind: Mapped[str | None]
    failure_vi: Mapped[str | None]
    failure_en: Mapped[str | None]
    result_sha256: Mapped[str | None]


R = TypeVar("R", bound=SolvedRun)


async def refuse_more_live_runs(session: AsyncSession, column: InstrumentedAttribute[Any], value: UUID | str) -> None:
    """429 while as many runs of one place wait or run as may at once. `column` of the runs' table says which place."""
    key = f"{column.class_.__tablename__} {value}"  # of two requests at once the second sees the first
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(key, 0))))
    live = sa.select(sa.func.count()).where(column == value, sa.text(LIVE_RUNS))
    if (await session.scalar(live) or 0) >= MOST_LIVE_RUNS:
        raise too_many(
            Limit(
                "run.too_many",
                MOST_LIVE_RUNS,
                vi=f"Đang có {MOST_LIVE_RUNS} lần chạy chưa xong. Hãy chờ hoặc dừng bớt.",
                en=f"{MOST_LIVE_RUNS} runs are not done. Wait for them or cancel some.",
                retry_after_seconds=10,
            )
        )


@dataclass(frozen=True)
class RunKind(Generic[R]):
    """A table of runs, how it is called in the log, and what a worker is told that may not have one."""

    table: type[R]
    name: str
    words: work.RefusalWords


async def claim_run(session: AsyncSession, kind: RunKind[R], *, run_id: UUID, worker: str) -> RunLease:
    """A new lease. 409 'lease.held' while another worker's lives, 'run.finished' when there is nothing left to do."""
    run = await work.get_locked(session, kind.table, run_id)
    if run.cancel_requested_at is not None:
        raise kind.words.when_finished()
    await work.take(session, run, words=kind.words, seconds=LEASE_SECONDS)
    run.started_at = run.started_at or (await work.now_and_later(session))[0]
    run.lease_token = token = uuid4()
    run.worker = worker
    await _renew(session, run)
    log.info("run.claimed", kind=kind.name, run_id=str(run.id), worker=worker, attempt=run.attempts)
    return RunLease(lease_token=token, lease_seconds=LEASE_SECONDS, cancel_requested=False)


async def keep_progress(
    session: AsyncSession, kind: RunKind[R], *, run_id: UUID, progress: RunProgress
) -> ProgressAnswer:
    """The worker's newest word; renews the lease and brings back a wish to cancel."""
    run = await work.get_leased(session, kind.table, run_id, token=progress.lease_token, words=kind.words)
    run.progress = progress.model_dump(mode="json", exclude={"lease_token"})
    await _renew(session, run)
    return ProgressAnswer(cancel_requested=run.cancel_requested_at is not None)


async def lock_for_end(
    session: AsyncSession, kind: RunKind[R], *, run_id: UUID, token: UUID, content: BaseModel
) -> R | None:
    """The run, locked, of whoever hands its end in; None when this very end was kept before."""
    digest = hashlib.sha256(content.model_dump_json().encode()).hexdigest()
    if (await work.get_locked(session, kind.table, run_id)).result_sha256 == digest:
        return None
    run = await work.get_leased(session, kind.table, run_id, token=token, words=kind.words)
    run.result_sha256 = digest
    return run


async def keep_failure(session: AsyncSession, kind: RunKind[R], *, run_id: UUID, failure: RunFailure) -> None:
    """The worker gives up and says why; a wished end is no failure. The same again changes nothing."""
    run = await lock_for_end(session, kind, run_id=run_id, token=failure.lease_token, content=failure)
    if run is None:
        return
    if run.cancel_requested_at is not None:
        log.info("run.stopped_without_plan", kind=kind.name, run_id=str(run.id), failure=failure.kind)
        await end_run(session, kind, run, status=RunStatus.CANCELLED)
    else:
        await fail_run(session, kind, run, failure=failure.kind, vi=failure.detail_vi, en=failure.detail_en)


async def refuse_result(session: AsyncSession, kind: RunKind[R], run: R, *, fault: str) -> None:
    """A result that the service's own judge does not accept: the run has failed, and says so."""
    log.error("run.refused", kind=kind.name, run_id=str(run.id), fault=fault)
    vi = f"Phương án không qua được kiểm tra của hệ thống: {fault}"
    en = f"The plan failed the service's check: {fault}"
    await fail_run(session, kind, run, failure="verification", vi=vi, en=en)


async def fail_run(session: AsyncSession, kind: RunKind[R], run: R, *, failure: str, vi: str, en: str) -> None:
    run.failure_kind, run.failure_vi, run.failure_en = failure, vi, en
    await end_run(session, kind, run, status=RunStatus.FAILED)


async def end_run(session: AsyncSession, kind: RunKind[R], run: R, *, status: RunStatus) -> None:
    """The last change of a locked run: no lease, no more jobs."""
    await work.end(session, run, status=status)
    log.info("run.finished", kind=kind.name, run_id=str(run.id), status=status, failure=run.failure_kind)


async def cancel_run(session: AsyncSession, kind: RunKind[R], *, run_id: UUID, by: str) -> R:
    """queued -> cancelled at once; running: the worker learns it with its next progress. Twice changes nothing."""
    run = await work.get_locked(session, kind.table, run_id)
    if run.status in work.LIVE and run.cancel_requested_at is None:
        (run.cancel_requested_at, _), run.cancelled_by = await work.now_and_later(session), by
        if run.status == RunStatus.QUEUED:
            await end_run(session, kind, run, status=RunStatus.CANCELLED)
        await session.flush()
    return run


async def end_overdue(session: AsyncSession, kind: RunKind[R]) -> int:
    """What time alone does: no result after all attempts, or past the deadline, is a failure. The relay calls it."""
    is_given_up = kind.table.cancel_requested_at.is_not(None)
    query = sa.select(kind.table).where(work.is_overdue(kind.table, is_given_up=is_given_up))
    rows = (await session.scalars(query.with_for_update(skip_locked=True))).all()
    for run in rows:
        if run.cancel_requested_at is not None:
            await end_run(session, kind, run, status=RunStatus.CANCELLED)
            continue
        is_tried = run.attempts >= work.MAX_ATTEMPTS
        vi, en = work.tell_overdue(run)
        await fail_run(session, kind, run, failure="no_result" if is_tried else "deadline", vi=vi, en=en)
    return len(rows)


async def _renew(session: AsyncSession, run: SolvedRun) -> None:
    await work.hold(session, run, seconds=LEASE_SECONDS, margin_seconds=TAKE_BACK_MARGIN_SECONDS)
