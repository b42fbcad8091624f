"""What notices may be from: by kind of source the function that lists its notices, and the one that finds its campaign.

A new kind is a line in each table; everything after it (preparing, sending, retries, receipts) is the same for all.
"""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from commune_schemas.notices import NoticePage, SourceKind
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.service import is_sandbox
from roster_api.errors import NotFoundError
from roster_api.notices.of_answers import find_campaigns_of_answers, list_notices_of_answer
from roster_api.notices.of_attendance import find_campaigns_of_attendance, list_notices_of_attendance
from roster_api.notices.of_blockers import find_campaigns_of_blocker_steps, list_notices_of_blocker_step
from roster_api.notices.of_groups import find_campaigns_of_groupings, list_notices_of_grouping
from roster_api.notices.of_invitations import list_notices_of_invitation
from roster_api.notices.of_need_reminders import find_campaigns_of_need_reminders, list_notices_of_need_reminder
from roster_api.notices.of_offices import list_notices_of_office_digest, list_notices_of_office_notice
from roster_api.notices.of_plans import find_campaigns_of_plans, list_notices_of_plan
from roster_api.notices.of_reminders import find_campaigns_of_reminders, list_notices_of_reminder
from roster_api.notices.of_reserves import list_notices_of_reserve
from roster_api.notices.of_secondments import list_notices_of_secondment
from roster_api.notices.of_timeline import (
    find_campaigns_of_starting_points,
    find_campaigns_of_steps,
    list_notices_of_starting_point,
    list_notices_of_step,
)

ListNotices = Callable[..., Awaitable[NoticePage]]
"""(session, *, source_id, unchanged, limit, offset): a page of the source's notices, in an order that never changes.
`unchanged`: in place of the news, what a source says again, for whom it did not reach; else an empty page.
NotFoundError when there is no such source, or it binds nobody yet."""
FindCampaigns = Callable[[AsyncSession, Sequence[UUID]], Awaitable[dict[UUID, UUID]]]
"""Campaign by source id, for personal links; a source of no campaign is left out, as an invitation."""

LISTERS: dict[SourceKind, ListNotices] = {
    SourceKind.PLAN: list_notices_of_plan,
    SourceKind.ANSWER: list_notices_of_answer,
    SourceKind.REMINDER: list_notices_of_reminder,
    SourceKind.NEED_REMINDER: list_notices_of_need_reminder,
    SourceKind.RESERVE: list_notices_of_reserve,
    SourceKind.ATTENDANCE_QUESTION: list_notices_of_attendance,
    SourceKind.INVITATION: list_notices_of_invitation,
    SourceKind.BLOCKER_STEP: list_notices_of_blocker_step,
    SourceKind.GROUPING: list_notices_of_grouping,
    SourceKind.SECONDMENT: list_notices_of_secondment,
    SourceKind.OFFICE_NOTICE: list_notices_of_office_notice,
    SourceKind.OFFICE_DIGEST: list_notices_of_office_digest,
    SourceKind.CAMPAIGN_STEP: list_notices_of_step,
    SourceKind.STARTING_POINT: list_notices_of_starting_point,
}
CAMPAIGNS: dict[SourceKind, FindCampaigns] = {
    SourceKind.PLAN: find_campaigns_of_plans,
    SourceKind.ANSWER: find_campaigns_of_answers,
    SourceKind.REMINDER: find_campaigns_of_reminders,
    SourceKind.NEED_REMINDER: find_campaigns_of_need_reminders,
    SourceKind.RESERVE: find_campaigns_of_plans,
    SourceKind.ATTENDANCE_QUESTION: find_campaigns_of_attendance,
    SourceKind.BLOCKER_STEP: find_campaigns_of_blocker_steps,
    SourceKind.CAMPAIGN_STEP: find_campaigns_of_steps,
    SourceKind.STARTING_POINT: find_campaigns_of_starting_points,
    SourceKind.GROUPING: find_campaigns_of_groupings,
}


def add_lister(kind: SourceKind, lister: ListNotices) -> None:
    """Of a folder that stands above this one: the application names it."""
    LISTERS[kind] = lister


async def list_notices(
    session: AsyncSession, *, kind: SourceKind, source_id: UUID, unchanged: bool, limit: int, offset: int
) -> NoticePage:
    """404 for a kind of source that has no notices."""
    lister = LISTERS.get(kind)
    if lister is None:
        raise NotFoundError
    page = await lister(session, source_id=source_id, unchanged=unchanged, limit=limit, offset=offset)
    campaigns = await find_campaigns(session, kind=kind, source_ids=[source_id])
    if not await is_sandbox(session, campaign_id=campaigns.get(source_id)):
        return page
    return page.model_copy(update={"items": [item.model_copy(update={"is_sandbox": True}) for item in page.items]})


async def find_campaigns(session: AsyncSession, *, kind: SourceKind, source_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    finder = CAMPAIGNS.get(kind)
    return {} if finder is None else await finder(session, source_ids)
