"""Who cannot go, as plans are to take it: by the person's own last word, unless the office pinned them after that."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.repository import list_unable
from roster_api.decisions.models import Decision, DecisionKind


async def list_unable_since_pins(
    session: AsyncSession, campaign_id: UUID, *, at: datetime | None = None
) -> dict[UUID, datetime]:
    """Whose last word in the campaign is that they cannot go, and who was not pinned since; when they said it.

    `at`: by the pins that held at that moment, not now.
    """
    said_no = await list_unable(session, campaign_id)
    pins = await session.scalars(
        sa.select(Decision).where(
            Decision.campaign_id == campaign_id,
            Decision.kind == DecisionKind.PLACEMENT_PIN,
            Decision.withdrawn_at.is_(None) if at is None else _held(at),
            Decision.volunteer_id.in_(said_no),
        )
    )
    for pin in pins:
        if pin.volunteer_id and pin.decided_at > said_no[pin.volunteer_id]:
            said_no.pop(pin.volunteer_id)
    return said_no


def _held(at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(Decision.decided_at <= at, sa.or_(Decision.withdrawn_at.is_(None), Decision.withdrawn_at > at))
