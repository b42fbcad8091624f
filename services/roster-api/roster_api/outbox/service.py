"""What the other folders may ask of the outbox: append a job, keep it from being enqueued, close it."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid4

from commune_schemas.jobs import JOB_QUEUES, NOTICES_QUEUE
from commune_service.queue_health import QueueState
from commune_service.tracing import trace_job
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.outbox import repository
from roster_api.outbox.models import OutboxRow


async def append(session: AsyncSession, *, topic: str, args: Mapping[str, str], id_argument: str | None = None) -> UUID:
    """Ask for job `topic` in this transaction; `args` are ids only. With `id_argument` the row's own id goes along."""
    row_id = uuid4()
    own_id = {id_argument: str(row_id)} if id_argument else {}
    row = OutboxRow(id=row_id, topic=topic, queue=JOB_QUEUES[topic], args={**args, **own_id})
    with trace_job("notices.asked", row.args, is_first=True, outbox_id=str(row_id)):
        await repository.insert_row(session, row)
    return row_id


async def find_args(session: AsyncSession, *, outbox_id: UUID) -> dict[str, str] | None:
    """What the row's job was asked for with; None when there is no such row."""
    row = await repository.find_row(session, outbox_id)
    return None if row is None else row.args


async def keep_alive(session: AsyncSession, *, outbox_id: UUID, for_seconds: float) -> None:
    """The consumer is at work: do not enqueue again before `for_seconds` are over."""
    await repository.postpone(session, outbox_id, until_in=timedelta(seconds=for_seconds))


async def close(session: AsyncSession, *, outbox_id: UUID) -> None:
    """The consumer is done. Idempotent."""
    await repository.mark_done(session, outbox_id)


async def find_queue_state(session: AsyncSession) -> QueueState | None:
    """What the relay that was heard last says of the queue; None where none was heard for 30 s."""
    return await repository.find_queue_state(session)


async def are_notices_overdue(session: AsyncSession) -> bool:
    """Whether what the notifier is to do was asked for more than five minutes ago and is not done."""
    return await repository.has_overdue(session, queue=NOTICES_QUEUE)
