"""The notices of a published plan to whom it holds in reserve, as they were frozen when it was published."""

from uuid import UUID

from commune_schemas.notices import NoticeKind, NoticePage, Recipient, RecipientKind, ReserveNotice, Source, SourceKind
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.calendar import make_calendar_uid
from roster_api.campaigns.models import Campaign
from roster_api.errors import NotFoundError
from roster_api.plans import repository
from roster_api.plans.models import Plan, PlanReserve
from roster_api.plans.reserve import ReserveTold, list_kept, read_reserve_told
from roster_api.plans.visibility import IN_FORCE


async def list_notices_of_reserve(
    session: AsyncSession, *, source_id: UUID, unchanged: bool, limit: int, offset: int
) -> NoticePage:
    """In the placement's own thread, by the plan's version: who is placed later hears that instead."""
    plan = await repository.find_plan(session, source_id)
    if plan is None or plan.version is None or plan.status not in IN_FORCE:
        raise NotFoundError
    if unchanged:
        return NoticePage(items=[], total=0, limit=limit, offset=offset)
    campaign = await repository.get_campaign(session, plan.campaign_id)
    rows, total = await list_kept(session, plan.id, limit=limit, offset=offset)
    told = await read_reserve_told(session, rows)
    items = [_notice(plan, plan.version, campaign, row, told[row.volunteer_id]) for row in rows]
    return NoticePage(items=items, total=total, limit=limit, offset=offset)


def _notice(plan: Plan, version: int, campaign: Campaign, row: PlanReserve, told: ReserveTold) -> ReserveNotice:
    return ReserveNotice(
        source=Source(kind=SourceKind.RESERVE, id=plan.id, version=version),
        recipient=Recipient(kind=RecipientKind.VOLUNTEER, id=str(row.volunteer_id)),
        kind=NoticeKind.RESERVE,
        thread=make_calendar_uid(campaign.id, row.volunteer_id),
        school_name=told.school_name,
        full_name=told.full_name,
        campaign_name=campaign.name,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        school_contact=told.contact,
    )
