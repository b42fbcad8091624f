"""SQL of campaigns."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.access.scope import Conditions, province_scope
from roster_api.campaigns.models import Campaign, CampaignStatus
from roster_api.paging import Paging, fetch_page
from roster_api.text import search_key


def campaign_scope(principal: Principal) -> Conditions:
    return province_scope(principal, Campaign.province_code)


@dataclass(frozen=True)
class CampaignFilter:
    q: str | None = None
    province_code: str | None = None
    status: CampaignStatus | None = None
    archived: bool = False


async def list_campaigns(
    session: AsyncSession, *, principal: Principal, filters: CampaignFilter, paging: Paging
) -> tuple[list[Campaign], int]:
    """Newest first."""
    query = select(Campaign).where(*campaign_scope(principal))
    query = query.where(Campaign.archived_at.is_not(None) if filters.archived else Campaign.archived_at.is_(None))
    if filters.q:
        query = query.where(Campaign.search_key.contains(search_key(filters.q), autoescape=True))
    if filters.province_code:
        query = query.where(Campaign.province_code == filters.province_code)
    if filters.status:
        query = query.where(Campaign.status == filters.status.value)
    return await fetch_page(session, query.order_by(Campaign.starts_on.desc(), Campaign.id), paging=paging)


async def find_campaign(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, for_update: bool = False
) -> Campaign | None:
    query = select(Campaign).where(Campaign.id == campaign_id, *campaign_scope(principal))
    row: Campaign | None = await session.scalar(query.with_for_update() if for_update else query)
    return row


async def list_sandboxes(session: AsyncSession, *, campaign_ids: Collection[UUID]) -> set[UUID]:
    """Those of these campaigns whose messages reach nobody."""
    query = select(Campaign.id).where(Campaign.id.in_(campaign_ids), Campaign.is_sandbox)
    return set(await session.scalars(query))
