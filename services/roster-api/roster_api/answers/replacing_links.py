"""A school takes a person's links out of use, and gives others: the tokens themselves are shown to nobody."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.answers.links import ensure_links, list_links, revoke_links
from roster_api.answers.schemas import LinkOut, LinksChange, LinksOut
from roster_api.campaigns.models import Campaign
from roster_api.errors import ConflictError
from roster_api.volunteers.models import VolunteerStatus
from roster_api.volunteers.service import get_volunteer


async def describe_links(session: AsyncSession, *, principal: Principal, volunteer_id: UUID) -> LinksOut:
    """404 for a person outside the principal's scope, here and below."""
    await get_volunteer(session, principal=principal, volunteer_id=volunteer_id)
    return await _describe(session, volunteer_id)


async def revoke(session: AsyncSession, *, principal: Principal, volunteer_id: UUID, change: LinksChange) -> LinksOut:
    await get_volunteer(session, principal=principal, volunteer_id=volunteer_id)
    await revoke_links(session, volunteer_id=volunteer_id, campaign_id=change.campaign_id)
    return await _describe(session, volunteer_id)


async def reissue(session: AsyncSession, *, principal: Principal, volunteer_id: UUID, change: LinksChange) -> LinksOut:
    """For each campaign the person had a link of. 409 when there is none, or the person is off the roster."""
    person = await get_volunteer(session, principal=principal, volunteer_id=volunteer_id)
    had = {link.campaign_id for link in await list_links(session, volunteer_id=volunteer_id)}
    wanted = sorted(had & {change.campaign_id} if change.campaign_id else had)
    if not wanted or person.status == VolunteerStatus.ARCHIVED.value:
        raise ConflictError(
            "link.none",
            vi="Người này chưa có liên kết nào để thay, hoặc đã ra khỏi danh sách. Liên kết được tạo khi ban hành.",
            en="There is no link to replace, or the person is off the roster. Links are made when a plan is published.",
        )
    await revoke_links(session, volunteer_id=volunteer_id, campaign_id=change.campaign_id)
    for campaign_id in wanted:
        campaign = await session.get_one(Campaign, campaign_id)
        await ensure_links(session, campaign_id=campaign_id, volunteer_ids=[volunteer_id], ends_on=campaign.ends_on)
    return await _describe(session, volunteer_id)


async def _describe(session: AsyncSession, volunteer_id: UUID) -> LinksOut:
    links = await list_links(session, volunteer_id=volunteer_id)
    return LinksOut(items=[LinkOut.model_validate(link) for link in links])
