"""The notices of a reminder: to each person reminded, the placement as it was told when the plan was published."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.matching import VolunteerRole
from commune_schemas.notices import NoticeKind, NoticePage, PersonNotice, Recipient, RecipientKind, Source, SourceKind
from commune_schemas.placement_details import PlacementDetails
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.calendar import make_calendar_uid
from roster_api.answers.models import FirstDay, Reminded, Reminder
from roster_api.campaigns.models import Campaign
from roster_api.errors import NotFoundError
from roster_api.plans.frozen import read_told
from roster_api.plans.models import Placement, Plan
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

KINDS = {"answer": NoticeKind.PLACEMENT_REMINDER, "first_day": NoticeKind.FIRST_DAY}


async def list_notices_of_reminder(
    session: AsyncSession, *, source_id: UUID, unchanged: bool, limit: int, offset: int
) -> NoticePage:
    """By volunteer id. In the placement's own thread: a newer plan's word overtakes a reminder not sent yet."""
    reminder = await session.get(Reminder, source_id)
    plan = await session.get(Plan, reminder.plan_id) if reminder else None
    if reminder is None or plan is None or plan.version is None:
        raise NotFoundError
    campaign = await session.get_one(Campaign, plan.campaign_id)
    query = (
        sa.select(Placement, Volunteer, School)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .join(School, School.id == Placement.school_id)
        .where(Placement.volunteer_id.in_(_people_of(reminder)), Placement.plan_id == plan.id)
        .order_by(Placement.volunteer_id)
    )
    rows = [] if unchanged else (await session.execute(query)).all()
    source = Source(kind=SourceKind.REMINDER, id=reminder.id, version=plan.version)
    page = rows[offset : offset + limit]
    told = await read_told(session, [row[0] for row in page])
    kind = KINDS[reminder.kind]
    items = [_notice(source, kind, campaign, told[row[0].volunteer_id], *row) for row in page]
    return NoticePage(items=items, total=len(rows), limit=limit, offset=offset)


def _people_of(reminder: Reminder) -> sa.Select[UUID]:
    table = FirstDay if reminder.kind == "first_day" else Reminded
    return sa.select(table.volunteer_id).where(table.reminder_id == reminder.id)


def _notice(
    source: Source,
    kind: NoticeKind,
    campaign: Campaign,
    told: PlacementDetails,
    placement: Placement,
    person: Volunteer,
    school: School,
) -> PersonNotice:
    return PersonNotice(
        source=source,
        recipient=Recipient(kind=RecipientKind.VOLUNTEER, id=str(person.id)),
        kind=kind,
        thread=make_calendar_uid(campaign.id, person.id),
        school_name=school.name,
        commune_code=placement.commune_code,
        full_name=person.full_name,
        role=VolunteerRole(person.role),
        campaign_name=campaign.name,
        placement=told,
        previous=None,
        calendar_sequence=source.version,
    )


async def find_campaigns_of_reminders(session: AsyncSession, reminder_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    query = (
        sa.select(Reminder.id, Plan.campaign_id)
        .join(Plan, Plan.id == Reminder.plan_id)
        .where(Reminder.id.in_(reminder_ids))
    )
    return dict((await session.execute(query)).all())
