"""All SQL of the outbox. Times are the database's, so clocks of processes do not matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_service.queue_health import QueueState
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.outbox.models import OutboxRow, RelayHeartbeat

CHANNEL = "roster_outbox"
"""NOTIFY channel that wakes the relay."""
QUEUE_FAULT = "queue: "
"""How a heartbeat's error begins that is about the queue; its state follows."""
HEARD_WITHIN = timedelta(seconds=30)
OVERDUE_AFTER = timedelta(minutes=5)
"""A job that is not done by then waits for something: its consumer is away, or older than what it is given."""


@dataclass(frozen=True)
class ClaimedRow:
    """What a relay needs to enqueue a job, free of the session it was read in."""

    id: UUID
    topic: str
    queue: str
    args: dict[str, Any]
    attempt: int

    @property
    def job_id(self) -> str:
        """Id of the job to enqueue now."""
        return f"{self.id}:{self.attempt}"

    @property
    def previous_job_id(self) -> str | None:
        """Id of the job enqueued last, if there was one."""
        return f"{self.id}:{self.attempt - 1}" if self.attempt else None


async def insert_row(session: AsyncSession, row: OutboxRow) -> None:
    session.add(row)
    await session.flush()
    await session.execute(sa.select(sa.func.pg_notify(CHANNEL, "")))


async def claim_due_rows(session: AsyncSession, *, limit: int, hold_for: timedelta) -> Sequence[ClaimedRow]:
    """Take up to `limit` due rows that no living relay holds, oldest first, and hold them for `hold_for`."""
    due = (
        sa.select(OutboxRow.id)
        .where(
            OutboxRow.done_at.is_(None),
            OutboxRow.next_enqueue_at <= sa.func.now(),
            sa.or_(OutboxRow.claimed_until.is_(None), OutboxRow.claimed_until <= sa.func.now()),
        )
        .order_by(OutboxRow.next_enqueue_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = await session.execute(
        sa.update(OutboxRow)
        .where(OutboxRow.id.in_(due.scalar_subquery()))
        .values(claimed_until=sa.func.now() + hold_for)
        .returning(OutboxRow.id, OutboxRow.topic, OutboxRow.queue, OutboxRow.args, OutboxRow.attempt)
        .execution_options(synchronize_session=False)
    )
    return [ClaimedRow(*row) for row in claimed]


async def mark_enqueued(session: AsyncSession, row: ClaimedRow, *, again_in: timedelta) -> None:
    """The job is in Redis. Unless its consumer moves it, the row is due again after `again_in`."""
    await session.execute(
        sa.update(OutboxRow)
        .where(OutboxRow.id == row.id, OutboxRow.attempt == row.attempt)
        .values(
            attempt=row.attempt + 1,
            # A worker may have been faster than we are: never pull a live lease's date back.
            next_enqueue_at=sa.func.greatest(OutboxRow.next_enqueue_at, sa.func.now() + again_in),
            last_enqueued_at=sa.func.now(),
            claimed_until=None,
            last_error=None,
        )
        .execution_options(synchronize_session=False)
    )


async def mark_waiting(session: AsyncSession, row: ClaimedRow, *, again_in: timedelta) -> None:
    """Its last job still waits in Redis for a free worker: nothing to do but to look again."""
    await session.execute(
        sa.update(OutboxRow)
        .where(OutboxRow.id == row.id)
        .values(
            next_enqueue_at=sa.func.greatest(OutboxRow.next_enqueue_at, sa.func.now() + again_in),
            claimed_until=None,
        )
        .execution_options(synchronize_session=False)
    )


async def mark_failed_to_enqueue(session: AsyncSession, ids: Sequence[UUID], *, error: str) -> None:
    """Redis is away: give the rows back at once, with the reason for people to see."""
    await session.execute(
        sa.update(OutboxRow)
        .where(OutboxRow.id.in_(ids))
        .values(claimed_until=None, last_error=error)
        .execution_options(synchronize_session=False)
    )


async def postpone(session: AsyncSession, outbox_id: UUID, *, until_in: timedelta) -> None:
    """Its consumer lives: not due before `until_in` from now."""
    await session.execute(
        sa.update(OutboxRow)
        .where(OutboxRow.id == outbox_id, OutboxRow.done_at.is_(None))
        .values(next_enqueue_at=sa.func.now() + until_in)
        .execution_options(synchronize_session=False)
    )


async def mark_done(session: AsyncSession, outbox_id: UUID) -> None:
    """Nothing more to enqueue. Doing it twice changes nothing."""
    await session.execute(
        sa.update(OutboxRow)
        .where(OutboxRow.id == outbox_id, OutboxRow.done_at.is_(None))
        .values(done_at=sa.func.now(), claimed_until=None)
        .execution_options(synchronize_session=False)
    )


async def find_row(session: AsyncSession, outbox_id: UUID) -> OutboxRow | None:
    return await session.get(OutboxRow, outbox_id)


async def beat(session: AsyncSession, *, name: str, error: str | None) -> None:
    values = {"beat_at": sa.func.now(), "last_error": error}
    await session.execute(
        insert(RelayHeartbeat).values(name=name, **values).on_conflict_do_update(index_elements=["name"], set_=values)
    )


async def find_queue_state(session: AsyncSession) -> QueueState | None:
    """What the relay that was heard last says of the queue; None where none was heard lately."""
    newest = (
        sa.select(RelayHeartbeat.last_error)
        .where(RelayHeartbeat.beat_at > sa.func.now() - HEARD_WITHIN, ~RelayHeartbeat.name.startswith("reader:"))
        .order_by(RelayHeartbeat.beat_at.desc())
        .limit(1)
    )
    rows = (await session.execute(newest)).all()
    if not rows:
        return None
    words: str = rows[0].last_error or ""
    return QueueState(words.removeprefix(QUEUE_FAULT)) if words.startswith(QUEUE_FAULT) else QueueState.OK


async def has_overdue(session: AsyncSession, *, queue: str) -> bool:
    """Whether a job of this queue was asked for long ago and is not done."""
    overdue = sa.exists().where(
        OutboxRow.done_at.is_(None),
        OutboxRow.queue == queue,
        OutboxRow.created_at < sa.func.now() - OVERDUE_AFTER,
    )
    return bool(await session.scalar(sa.select(overdue)))
