"""The notices of a published plan: one for each person whose own placement is new, changed or withdrawn."""

from uuid import UUID

import sqlalchemy as sa
from commune_schemas.matching import VolunteerRole
from commune_schemas.notices import NoticeKind, NoticePage, NoticesPrepared, PersonNotice, WithdrawalCause
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.calendar import make_calendar_uid
from roster_api.answers.links import list_link_ids, make_url
from roster_api.campaigns.models import Campaign
from roster_api.errors import InvalidError, NotFoundError
from roster_api.outbox import service as outbox
from roster_api.plans import repository
from roster_api.plans.changes import Change, PersonChange, list_changes
from roster_api.plans.models import Plan
from roster_api.plans.visibility import IN_FORCE
from roster_api.plans.withdrawals import list_causes
from roster_api.schools.models import School
from roster_api.settings import Settings
from roster_api.volunteers.models import Volunteer

KINDS = {
    Change.NEW: NoticeKind.PLACEMENT_ASSIGNED,
    Change.CHANGED: NoticeKind.PLACEMENT_CHANGED,
    Change.WITHDRAWN: NoticeKind.PLACEMENT_WITHDRAWN,
}


async def list_notices(
    session: AsyncSession, settings: Settings, *, plan_id: UUID, limit: int, offset: int
) -> NoticePage:
    """In the order of volunteer ids, the same each time: a published plan does not change."""
    plan = await repository.find_plan(session, plan_id)
    if plan is None or plan.status not in IN_FORCE:
        raise NotFoundError
    changes = [change for change in await list_changes(session, plan) if change.change in KINDS]
    page = changes[offset : offset + limit]
    campaign = await repository.get_campaign(session, plan.campaign_id)
    ids = [change.volunteer_id for change in page]
    links = await list_link_ids(session, campaign_id=campaign.id, volunteer_ids=ids)
    query = sa.select(Volunteer, School).join(School, School.id == Volunteer.school_id).where(Volunteer.id.in_(ids))
    people = {person.id: (person, school) for person, school in (await session.execute(query))}
    causes = await list_causes(session, plan.id)
    items = [
        _notice(
            change,
            plan,
            campaign,
            *people[change.volunteer_id],
            answer_url=make_url(
                links[change.volunteer_id],
                public_url=settings.public_url,
                secret=settings.link_secret.get_secret_value(),
            ),
            withdrawal=causes.get(change.volunteer_id),
        )
        for change in page
    ]
    return NoticePage(items=items, total=len(changes), limit=limit, offset=offset)


def _notice(
    change: PersonChange,
    plan: Plan,
    campaign: Campaign,
    person: Volunteer,
    school: School,
    *,
    answer_url: str,
    withdrawal: WithdrawalCause | None,
) -> PersonNotice:
    return PersonNotice(
        plan_id=plan.id,
        plan_version=plan.version,
        volunteer_id=person.id,
        kind=KINDS[change.change],
        full_name=person.full_name,
        role=VolunteerRole(person.role),
        email=person.email,
        phone=person.phone,
        school_name=school.name,
        campaign_name=campaign.name,
        placement=change.now,
        previous=change.before,
        withdrawal=withdrawal,
        answer_url=answer_url,
        calendar_uid=make_calendar_uid(campaign.id, person.id),
        calendar_sequence=plan.version,
    )


async def finish_preparing(session: AsyncSession, *, outbox_id: UUID, prepared: NoticesPrepared) -> None:
    """Every notice of the plan has its message rows: the outbox row is done. Saying so again changes nothing."""
    plan = await repository.find_plan(session, prepared.plan_id)
    if plan is None:
        raise NotFoundError
    if plan.outbox_id != outbox_id:
        raise InvalidError(
            "outbox.other_plan",
            vi="Dòng outbox này không thuộc phương án đó.",
            en="That outbox row does not belong to that plan.",
        )
    await outbox.close(session, outbox_id=outbox_id)
