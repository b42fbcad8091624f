"""Work whose result is alike whoever computes it: no token, the first result kept counts, a second PUT changes nothing.

A failed one is mended by a result that comes late.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from roster_api.work import handing_out as work

log = structlog.get_logger(__name__)
READY, FAILED = "ready", "failed"


class Answerable(work.Work):
    """Mixin of a table of such work: why there is no result."""

    failure_kind: Mapped[str | None]
    failure_vi: Mapped[str | None]
    failure_en: Mapped[str | None]


class Failure(Protocol):
    """What a worker says that gives up."""

    @property
    def kind(self) -> str: ...
    @property
    def detail_vi(self) -> str: ...
    @property
    def detail_en(self) -> str: ...


A = TypeVar("A", bound=Answerable)


@dataclass(frozen=True)
class AnswerKind(Generic[A]):
    """A table of such work, how it is called in the log, what a worker is told that may not have one, and more.

    `missing`: the failure of which time alone is the cause, and what is missing then, in Vietnamese and English.
    `then`: what follows each end, in its transaction.
    """

    table: type[A]
    name: str
    words: work.RefusalWords
    missing: tuple[str, str, str]
    then: Callable[[AsyncSession, A], Awaitable[None]] | None = None


async def take(session: AsyncSession, kind: AnswerKind[A], row: A, *, worker: str, seconds: float) -> None:
    """A locked row goes to a worker. 409 when it has ended, or while another worker is at it."""
    await work.take(session, row, words=kind.words, seconds=seconds)
    log.info("work.taken", kind=kind.name, work_id=str(row.id), worker=worker, attempt=row.attempts)


async def lock_for_result(session: AsyncSession, kind: AnswerKind[A], work_id: UUID) -> A | None:
    """The row, locked, with no failure; None when it has a result."""
    row = await work.get_locked(session, kind.table, work_id)
    if row.status == READY:
        return None
    row.failure_kind = row.failure_vi = row.failure_en = None
    return row


async def keep_failure(session: AsyncSession, kind: AnswerKind[A], work_id: UUID, *, failure: Failure) -> None:
    """There will be no result, and why. On work that has ended it changes nothing."""
    row = await work.get_locked(session, kind.table, work_id)
    if row.status in work.LIVE:
        await _fail(session, kind, row, failure=failure.kind, vi=failure.detail_vi, en=failure.detail_en)


async def end_overdue(session: AsyncSession, kind: AnswerKind[A]) -> int:
    """Work past its deadline or out of attempts has failed. The relay calls it once a round."""
    rows = await work.list_overdue_for_update(session, kind.table)
    failure, missing_vi, missing_en = kind.missing
    for row in rows:
        vi, en = work.tell_overdue(row, vi=missing_vi, en=missing_en)
        await _fail(session, kind, row, failure=failure, vi=vi, en=en)
    return len(rows)


async def _fail(session: AsyncSession, kind: AnswerKind[A], row: A, *, failure: str, vi: str, en: str) -> None:
    row.failure_kind, row.failure_vi, row.failure_en = failure, vi, en
    await end(session, kind, row, status=FAILED)


async def end(session: AsyncSession, kind: AnswerKind[A], row: A, *, status: str = READY) -> None:
    """The last change of a locked row, and what follows it."""
    await work.end(session, row, status=status)
    if kind.then is not None:
        await kind.then(session, row)
    log.info("work.finished", kind=kind.name, work_id=str(row.id), status=status, failure=row.failure_kind)
