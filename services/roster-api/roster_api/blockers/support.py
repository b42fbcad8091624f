"""The support log: who helped a commune, when, and how many of the minutes were outside working hours."""

from datetime import timedelta
from uuid import uuid4

from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.blockers import repository
from roster_api.blockers.models import SupportEntry
from roster_api.blockers.schemas import LogSupport, SupportOut
from roster_api.blockers.service import Office, describe
from roster_api.blockers.steps import make_clock
from roster_api.campaigns.models import Campaign
from roster_api.errors import invalid_field
from roster_api.groups.scope import sees_commune
from roster_api.paging import Page, Paging, fetch_page

MINUTE = timedelta(minutes=1)


async def log_support(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, office: Office, body: LogSupport
) -> SupportOut:
    """404 for a blocker that the principal does not see."""
    commune = await repository.find_commune(session, province_code=campaign.province_code, code=body.commune_code)
    sees = commune is not None and await sees_commune(
        session, principal, campaign_id=campaign.id, commune_code=commune.code
    )
    if commune is None or not sees:
        raise invalid_field("/commune_code", code="commune.unknown", vi="Không có xã này.", en="No such commune.")
    if body.ended_at > clock.now():
        raise invalid_field("/ended_at", code="support.too_early", vi="Chưa đến giờ này.", en="That is still to come.")
    if body.blocker_id is not None:
        await describe(session, principal=principal, campaign=campaign, blocker_id=body.blocker_id)
    worked = make_clock(campaign, office.spans).between(body.began_at, body.ended_at)
    whole = body.ended_at - body.began_at
    entry = SupportEntry(
        id=uuid4(),
        campaign_id=campaign.id,
        commune_code=commune.code,
        blocker_id=body.blocker_id,
        began_at=body.began_at,
        ended_at=body.ended_at,
        minutes=whole // MINUTE,
        minutes_outside=(whole - worked) // MINUTE,
        words=body.words,
        logged_by=principal.label,
    )
    session.add(entry)
    await session.flush()
    return SupportOut.model_validate(entry)


async def list_support(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, commune: str | None, paging: Paging
) -> Page[SupportOut]:
    rows, total = await fetch_page(session, repository.select_support(campaign.id, principal, commune), paging=paging)
    items = [SupportOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)
