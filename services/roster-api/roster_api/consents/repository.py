"""All SQL of consents."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.consents.models import Consent, Purpose


async def list_said(session: AsyncSession, volunteer_id: UUID) -> Sequence[Consent]:
    """The newest last."""
    query = sa.select(Consent).where(Consent.volunteer_id == volunteer_id)
    return (await session.scalars(query.order_by(Consent.said_at, Consent.id))).all()


async def list_withdrawn(session: AsyncSession, volunteer_ids: Collection[UUID], *, purpose: Purpose) -> set[UUID]:
    last = (
        sa.select(Consent.volunteer_id, Consent.is_given)
        .where(Consent.volunteer_id.in_(volunteer_ids), Consent.purpose == purpose.value)
        .ext(distinct_on(Consent.volunteer_id))
        .order_by(Consent.volunteer_id, Consent.said_at.desc(), Consent.id.desc())
        .subquery()
    )
    return set(await session.scalars(sa.select(last.c.volunteer_id).where(last.c.is_given.is_(False))))
