"""Personal links: one a person and campaign, made when a plan is published, checked whenever one is used.

A link ends with the service: some days after its campaign's last day, wherever that day is moved; while its person is
off the roster; and for good when it is revoked.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from commune_service.database_clock import TODAY
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.models import PersonalLink
from roster_api.answers.tokens import find_link_id, sign_link
from roster_api.campaigns.models import Campaign
from roster_api.volunteers.models import Volunteer, VolunteerStatus

LONGEST_AFTER_CAMPAIGN = timedelta(days=3660)
"""How long a link is kept open is a setting, asked when it is used; the row's own end is only the outermost."""


async def ensure_links(
    session: AsyncSession, *, campaign_id: UUID, volunteer_ids: Iterable[UUID], ends_on: date
) -> None:
    """Everyone has a link for this campaign afterwards; those who had one keep it, so old messages go on working."""
    last_day = min(ends_on, date.max - LONGEST_AFTER_CAMPAIGN)  # a campaign from before years had bounds
    expires_at = datetime.combine(last_day, time.max, tzinfo=UTC) + LONGEST_AFTER_CAMPAIGN
    rows = [
        {"campaign_id": campaign_id, "volunteer_id": volunteer_id, "expires_at": expires_at}
        for volunteer_id in volunteer_ids
    ]
    if not rows:
        return
    new = insert(PersonalLink)
    await session.execute(
        new.on_conflict_do_update(
            index_elements=[PersonalLink.campaign_id, PersonalLink.volunteer_id],
            index_where=PersonalLink.revoked_at.is_(None),
            set_={"expires_at": sa.func.greatest(PersonalLink.expires_at, new.excluded.expires_at)},
        ),
        rows,
    )


async def list_link_ids(session: AsyncSession, *, campaign_id: UUID, volunteer_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Link id by volunteer id, of those not revoked."""
    query = sa.select(PersonalLink.volunteer_id, PersonalLink.id).where(
        PersonalLink.campaign_id == campaign_id,
        PersonalLink.volunteer_id.in_(list(volunteer_ids)),
        PersonalLink.revoked_at.is_(None),
    )
    return dict((await session.execute(query)).all())


async def find_live_link(session: AsyncSession, token: str, *, secret: str, link_days: int) -> PersonalLink | None:
    """The link of a token that is ours, not ended and not revoked; None for all else, whichever it was."""
    link_id = find_link_id(token, secret=secret)
    if link_id is None:
        return None
    query = (
        sa.select(PersonalLink)
        .join(Campaign, Campaign.id == PersonalLink.campaign_id)
        .join(Volunteer, Volunteer.id == PersonalLink.volunteer_id)
        .where(
            PersonalLink.id == link_id,
            PersonalLink.revoked_at.is_(None),
            PersonalLink.expires_at > sa.func.now(),
            Campaign.ends_on >= TODAY - link_days,
            Volunteer.status != VolunteerStatus.ARCHIVED.value,
        )
    )
    return (await session.scalars(query)).one_or_none()


async def list_links(session: AsyncSession, *, volunteer_id: UUID) -> Sequence[PersonalLink]:
    """The person's, the newest last."""
    query = sa.select(PersonalLink).where(PersonalLink.volunteer_id == volunteer_id)
    return (await session.scalars(query.order_by(PersonalLink.created_at, PersonalLink.id))).all()


async def revoke_links(
    session: AsyncSession, *, volunteer_id: UUID, campaign_id: UUID | None
) -> Sequence[PersonalLink]:
    """The person's live links, of one campaign or of all, open nothing any more. Those that did not are left alone."""
    query = (
        sa.select(PersonalLink)
        .where(PersonalLink.volunteer_id == volunteer_id, PersonalLink.revoked_at.is_(None))
        .order_by(PersonalLink.id)
        .with_for_update()
    )
    if campaign_id is not None:
        query = query.where(PersonalLink.campaign_id == campaign_id)
    links = (await session.scalars(query)).all()
    now = await session.scalar(sa.select(sa.func.now()))
    for link in links:
        link.revoked_at = now
    await session.flush()
    return links


def make_url(link_id: UUID, *, public_url: str, secret: str) -> str:
    """Where the person opens their page."""
    return f"{public_url}/a/{sign_link(link_id, secret=secret)}"
