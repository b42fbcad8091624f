"""The notices of a published plan: one for each person whose own placement is new, changed or withdrawn.

Those whose placement is as before are listed apart: notifier tells whom no word of it ever reached.
"""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.matching import VolunteerRole
from commune_schemas.notices import (
    NoticeKind,
    NoticePage,
    PersonNotice,
    Recipient,
    RecipientKind,
    Source,
    SourceKind,
    WithdrawalCause,
)
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.calendar import make_calendar_uid
from roster_api.campaigns.models import Campaign
from roster_api.errors import NotFoundError
from roster_api.plans import repository
from roster_api.plans.changes import Change, PersonChange, list_changes
from roster_api.plans.models import Plan
from roster_api.plans.visibility import IN_FORCE
from roster_api.plans.withdrawals import list_causes
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

KINDS = {
    Change.NEW: NoticeKind.PLACEMENT_ASSIGNED,
    Change.CHANGED: NoticeKind.PLACEMENT_CHANGED,
    Change.WITHDRAWN: NoticeKind.PLACEMENT_WITHDRAWN,
    Change.UNCHANGED: NoticeKind.PLACEMENT_ASSIGNED,
}


async def list_notices_of_plan(
    session: AsyncSession, *, source_id: UUID, unchanged: bool, limit: int, offset: int
) -> NoticePage:
    """In the order of volunteer ids, the same each time: a published plan does not change."""
    plan = await repository.find_plan(session, source_id)
    if plan is None or plan.version is None or plan.status not in IN_FORCE:
        raise NotFoundError
    changes = await list_changes(session, plan)
    wanted = [change for change in changes if (change.change is Change.UNCHANGED) == unchanged]
    page = wanted[offset : offset + limit]
    campaign = await repository.get_campaign(session, plan.campaign_id)
    source = Source(kind=SourceKind.PLAN, id=plan.id, version=plan.version)
    people = await _list_people(session, [change.volunteer_id for change in page])
    causes = await list_causes(session, plan.id)
    items = [
        _notice(change, source, campaign, *people[change.volunteer_id], withdrawal=causes.get(change.volunteer_id))
        for change in page
    ]
    return NoticePage(items=items, total=len(wanted), limit=limit, offset=offset)


async def find_campaigns_of_plans(session: AsyncSession, plan_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    return dict((await session.execute(sa.select(Plan.id, Plan.campaign_id).where(Plan.id.in_(plan_ids)))).all())


async def _list_people(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, tuple[Volunteer, School]]:
    query = sa.select(Volunteer, School).join(School, School.id == Volunteer.school_id).where(Volunteer.id.in_(ids))
    return {person.id: (person, school) for person, school in await session.execute(query)}


def _notice(
    change: PersonChange,
    source: Source,
    campaign: Campaign,
    person: Volunteer,
    school: School,
    *,
    withdrawal: WithdrawalCause | None,
) -> PersonNotice:
    told = change.now or change.before
    return PersonNotice(
        source=source,
        recipient=Recipient(kind=RecipientKind.VOLUNTEER, id=str(person.id)),
        kind=KINDS[change.change],
        thread=make_calendar_uid(campaign.id, person.id),
        school_name=school.name,
        commune_code=told.commune_code if told else None,
        full_name=person.full_name,
        role=VolunteerRole(person.role),
        campaign_name=campaign.name,
        placement=change.now,
        previous=change.before,
        withdrawal=withdrawal,
        is_unchanged=change.change is Change.UNCHANGED,
        calendar_sequence=source.version,
    )
