"""The notices of a reminder to the silent: to each commune's contact, that its need has not come."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.notices import (
    NeedReminderNotice,
    NoticeKind,
    NoticePage,
    Recipient,
    RecipientKind,
    Source,
    SourceKind,
)
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.errors import NotFoundError
from roster_api.need_reviews.models import NeedReminder, RemindedCommune


async def list_notices_of_need_reminder(
    session: AsyncSession, *, source_id: UUID, unchanged: bool, limit: int, offset: int
) -> NoticePage:
    """By commune code. Each reminder is a thread of its own: it is true until the need has come."""
    reminder = await session.get(NeedReminder, source_id)
    if reminder is None:
        raise NotFoundError
    campaign = await session.get_one(Campaign, reminder.campaign_id)
    query = (
        sa.select(Commune)
        .join(RemindedCommune, RemindedCommune.commune_code == Commune.code)
        .where(RemindedCommune.reminder_id == reminder.id)
        .order_by(Commune.code)
    )
    rows = [] if unchanged else (await session.scalars(query)).all()
    items = [_notice(reminder, campaign, commune) for commune in rows[offset : offset + limit]]
    return NoticePage(items=items, total=len(rows), limit=limit, offset=offset)


def _notice(reminder: NeedReminder, campaign: Campaign, commune: Commune) -> NeedReminderNotice:
    return NeedReminderNotice(
        source=Source(kind=SourceKind.NEED_REMINDER, id=reminder.id, version=1),
        recipient=Recipient(kind=RecipientKind.COMMUNE, id=commune.code),
        kind=NoticeKind.NEED_REMINDER,
        thread=f"need-reminder/{reminder.id}/{commune.code}",
        commune_code=commune.code,
        commune_name=commune.full_name,
        contact_name=commune.contact_name or "",
        campaign_name=campaign.name,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
    )


async def find_campaigns_of_need_reminders(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    query = sa.select(NeedReminder.id, NeedReminder.campaign_id).where(NeedReminder.id.in_(ids))
    return dict((await session.execute(query)).all())
