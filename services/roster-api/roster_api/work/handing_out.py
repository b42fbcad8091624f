"""How work is handed out: taken and held for a while, ended once, and ended by time alone when nobody ends it.

A table of work has the columns of `Work`. Its outbox row is due again when the hold has run out, so the relay enqueues
another job. Every time here is the database's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from roster_api.errors import ConflictError, NotFoundError
from roster_api.outbox import service as outbox

LIVE = ("queued", "running")
MAX_ATTEMPTS = 8
"""How often work is taken; after that many times without an end it has failed."""


class Work:
    """Mixin of every table of work: the columns that handing out needs."""

    id: Mapped[UUID]
    outbox_id: Mapped[UUID]
    status: Mapped[str]
    attempts: Mapped[int]
    held_until: Mapped[datetime | None]
    deadline_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Leased(Work):
    """Work that only who holds the token writes to."""

    lease_token: Mapped[UUID | None]


W = TypeVar("W", bound=Work)
L = TypeVar("L", bound=Leased)


@dataclass(frozen=True)
class RefusalWords:
    """What a worker is told that may not take the work: (code, Vietnamese, English)."""

    finished: tuple[str, str, str]
    held: tuple[str, str, str]

    def when_finished(self) -> ConflictError:
        code, vi, en = self.finished
        return ConflictError(code, vi=vi, en=en)

    def when_held(self) -> ConflictError:
        code, vi, en = self.held
        return ConflictError(code, vi=vi, en=en)


async def now_and_later(session: AsyncSession, later: timedelta = timedelta()) -> tuple[datetime, datetime]:
    """The database's time of this transaction, and that plus `later`."""
    row = (await session.execute(sa.select(sa.func.now(), sa.func.now() + later))).one()
    return row[0], row[1]


async def find_locked(session: AsyncSession, table: type[W], work_id: UUID) -> W | None:
    """The row as it is now, or None; nobody else changes it until this transaction ends."""
    query = sa.select(table).where(table.id == work_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def get_locked(session: AsyncSession, table: type[W], work_id: UUID) -> W:
    """find_locked() that raises NotFoundError."""
    row = await find_locked(session, table, work_id)
    if row is None:
        raise NotFoundError
    return row


async def get_leased(session: AsyncSession, table: type[L], work_id: UUID, *, token: UUID, words: RefusalWords) -> L:
    """The row, locked, of whoever holds `token`. ConflictError when another worker has it now, or it is finished."""
    row = await get_locked(session, table, work_id)
    if row.lease_token != token:
        raise ConflictError(
            "lease.lost",
            vi="Bài này đã được giao cho tiến trình khác; hãy dừng lại.",
            en="The lease is lost: another worker has this run now. Stop, and write nothing.",
        )
    if row.status not in LIVE:
        raise words.when_finished()
    return row


async def take(session: AsyncSession, row: Work, *, words: RefusalWords, seconds: float) -> None:
    """A locked row goes to a worker, for so long. 409 when it has ended, or while another worker holds it."""
    now, _ = await now_and_later(session)
    if row.status not in LIVE or row.attempts >= MAX_ATTEMPTS:
        raise words.when_finished()
    if row.held_until is not None and row.held_until > now:
        raise words.when_held()
    row.status = "running"
    row.attempts += 1
    await hold(session, row, seconds=seconds)


async def hold(session: AsyncSession, row: Work, *, seconds: float, margin_seconds: float = 0.0) -> None:
    """The worker lives: nobody else is given the row for so long, and no job is made until a margin after that."""
    _, row.held_until = await now_and_later(session, timedelta(seconds=seconds))
    await outbox.keep_alive(session, outbox_id=row.outbox_id, for_seconds=seconds + margin_seconds)


async def end(session: AsyncSession, row: Work, *, status: str) -> None:
    """The last change of a locked row: nobody holds it, and no job is made any more."""
    row.finished_at, _ = await now_and_later(session)
    row.status, row.held_until = status, None
    await outbox.close(session, outbox_id=row.outbox_id)


def tell_overdue(row: Work, *, vi: str = "kết quả", en: str = "result") -> tuple[str, str]:
    """Why work has failed by time alone, when this is missing; in Vietnamese, English."""
    return (
        f"Không có {vi} sau {row.attempts} lần thử. Hãy kiểm tra matching-worker và Redis.",
        f"No {en} after {row.attempts} attempts. See whether matching-worker and Redis are up.",
    )


def nobody_holds(table: type[Work]) -> sa.ColumnElement[bool]:
    """By the database's clock."""
    return sa.func.coalesce(table.held_until <= sa.func.now(), sa.true())


def is_overdue(table: type[Work], *, is_given_up: sa.ColumnElement[bool] | None = None) -> sa.ColumnElement[bool]:
    """Live but past the deadline; or held by nobody, and out of attempts or given up."""
    given_up: Any = table.attempts >= MAX_ATTEMPTS
    if is_given_up is not None:
        given_up = sa.or_(given_up, is_given_up)
    is_late = table.deadline_at <= sa.func.now()
    return sa.and_(table.status.in_(LIVE), sa.or_(is_late, sa.and_(given_up, nobody_holds(table))))


async def list_overdue_for_update(session: AsyncSession, table: type[W]) -> Sequence[W]:
    """Locked. Rows that somebody is changing just now are left out."""
    query = sa.select(table).where(is_overdue(table)).with_for_update(skip_locked=True)
    return (await session.scalars(query)).all()
