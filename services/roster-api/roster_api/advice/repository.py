"""All SQL of advice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.advice import AdviceStatus
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.advice.models import Advice

LIVE = (AdviceStatus.QUEUED, AdviceStatus.RUNNING)


async def lock_question(session: AsyncSession, run_id: UUID, *, digest: str) -> None:
    """The same question asked twice at once is asked one after the other."""
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"{run_id}:{digest}", 0))))


async def find_question(session: AsyncSession, run_id: UUID, *, digest: str) -> Advice | None:
    query = sa.select(Advice).where(Advice.run_id == run_id, Advice.question_sha256 == digest)
    return (await session.scalars(query)).one_or_none()


async def find_advice(session: AsyncSession, advice_id: UUID) -> Advice | None:
    return await session.get(Advice, advice_id)


async def find_advice_for_update(session: AsyncSession, advice_id: UUID) -> Advice | None:
    query = sa.select(Advice).where(Advice.id == advice_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def list_overdue_for_update(session: AsyncSession, *, max_attempts: int) -> Sequence[Advice]:
    """Unanswered past the deadline, or out of attempts with no worker at it. Rows someone is changing are left out."""
    nobody_at_it = sa.func.coalesce(Advice.held_until <= sa.func.now(), sa.true())
    query = sa.select(Advice).where(
        Advice.status.in_(LIVE),
        sa.or_(
            Advice.deadline_at <= sa.func.now(),
            sa.and_(Advice.attempts >= max_attempts, nobody_at_it),
        ),
    )
    return (await session.scalars(query.with_for_update(skip_locked=True))).all()


async def now_and_later(session: AsyncSession, later: timedelta) -> tuple[datetime, datetime]:
    """The database's time of this transaction, and that plus `later`."""
    row = (await session.execute(sa.select(sa.func.now(), sa.func.now() + later))).one()
    return row[0], row[1]
