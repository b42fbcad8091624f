"""Personal links: one a person and campaign, made when a plan is published, checked whenever one is used."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.models import PersonalLink
from roster_api.answers.tokens import find_link_id, sign_link

KEPT_AFTER_CAMPAIGN = timedelta(days=31)


async def ensure_links(
    session: AsyncSession, *, campaign_id: UUID, volunteer_ids: Iterable[UUID], ends_on: date
) -> None:
    """Everyone has a link for this campaign afterwards; those who had one keep it, so old messages go on working."""
    last_day = min(ends_on, date.max - KEPT_AFTER_CAMPAIGN)  # a campaign from before years had bounds
    expires_at = datetime.combine(last_day, time.max, tzinfo=UTC) + KEPT_AFTER_CAMPAIGN
    rows = [
        {"campaign_id": campaign_id, "volunteer_id": volunteer_id, "expires_at": expires_at}
        for volunteer_id in volunteer_ids
    ]
    if not rows:
        return
    new = insert(PersonalLink)
    await session.execute(
        new.on_conflict_do_update(
            constraint="uq_personal_links_person",
            set_={"expires_at": sa.func.greatest(PersonalLink.expires_at, new.excluded.expires_at)},
        ),
        rows,
    )


async def list_link_ids(session: AsyncSession, *, campaign_id: UUID, volunteer_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Link id by volunteer id."""
    query = sa.select(PersonalLink.volunteer_id, PersonalLink.id).where(
        PersonalLink.campaign_id == campaign_id, PersonalLink.volunteer_id.in_(list(volunteer_ids))
    )
    return dict((await session.execute(query)).all())


async def find_live_link(session: AsyncSession, token: str, *, secret: str) -> PersonalLink | None:
    """The link of a token that is ours, not expired and not revoked; None for all else, whichever it was."""
    link_id = find_link_id(token, secret=secret)
    if link_id is None:
        return None
    query = sa.select(PersonalLink).where(
        PersonalLink.id == link_id, PersonalLink.revoked_at.is_(None), PersonalLink.expires_at > sa.func.now()
    )
    return (await session.scalars(query)).one_or_none()


def make_url(link_id: UUID, *, public_url: str, secret: str) -> str:
    """Where the person opens their page."""
    return f"{public_url}/a/{sign_link(link_id, secret=secret)}"
