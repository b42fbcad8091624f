"""All SQL of advice."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.advice.models import Advice


async def lock_question(session: AsyncSession, run_id: UUID, *, digest: str) -> None:
    """The same question asked twice at once is asked one after the other."""
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"{run_id}:{digest}", 0))))


async def find_question(session: AsyncSession, run_id: UUID, *, digest: str) -> Advice | None:
    query = sa.select(Advice).where(Advice.run_id == run_id, Advice.question_sha256 == digest)
    return (await session.scalars(query)).one_or_none()


async def find_advice(session: AsyncSession, advice_id: UUID) -> Advice | None:
    return await session.get(Advice, advice_id)
