"""What somebody placed would be told by a kind of message: facts for a preview. Nothing of it is kept."""

from uuid import UUID

from commune_schemas.matching import VolunteerRole
from commune_schemas.notices import (
    NoticeKind,
    PersonNotice,
    Recipient,
    RecipientKind,
    Source,
    SourceKind,
    WithdrawalCause,
)
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.answers.calendar import make_calendar_uid
from roster_api.errors import InvalidError, NotFoundError, invalid_field
from roster_api.plans.changes import list_changes
from roster_api.plans.repository import get_campaign
from roster_api.plans.visibility import get_visible_plan
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

KINDS = frozenset(
    {
        NoticeKind.PLACEMENT_ASSIGNED,
        NoticeKind.PLACEMENT_CHANGED,
        NoticeKind.PLACEMENT_WITHDRAWN,
        NoticeKind.PLACEMENT_REMINDER,
        NoticeKind.FIRST_DAY,
    }
)
"""Messages about a placement."""


async def make_notice(
    session: AsyncSession,
    principal: Principal,
    kind: NoticeKind,
    *,
    plan_id: UUID,
    volunteer_id: UUID,
    withdrawal: WithdrawalCause | None,
) -> PersonNotice:
    """Of a published plan as it was told, of a draft as it would be. 404 where the plan, or the person in it, is not
    the caller's to see; 422 for a kind that tells of no placement. Where nobody told
    them of another place before, a change is from the place they have."""
    if kind not in KINDS:
        raise _no_placement()
    plan = await get_visible_plan(session, principal, plan_id)
    change = next((each for each in await list_changes(session, plan) if each.volunteer_id == volunteer_id), None)
    if change is None:
        raise NotFoundError
    campaign = await get_campaign(session, plan.campaign_id)
    person = await session.get_one(Volunteer, volunteer_id)
    school = await session.get_one(School, person.school_id)
    told, is_withdrawn = change.now or change.before, kind is NoticeKind.PLACEMENT_WITHDRAWN
    before = (change.before or told) if kind is NoticeKind.PLACEMENT_CHANGED else None
    return PersonNotice(
        source=Source(kind=SourceKind.PLAN, id=plan.id, version=plan.version or 1),
        recipient=Recipient(kind=RecipientKind.VOLUNTEER, id=str(person.id)),
        kind=kind,
        thread=make_calendar_uid(campaign.id, person.id),
        school_name=school.name,
        full_name=person.full_name,
        role=VolunteerRole(person.role),
        campaign_name=campaign.name,
        placement=None if is_withdrawn else told,
        previous=told if is_withdrawn else before,
        withdrawal=(withdrawal or WithdrawalCause.REPLANNED) if is_withdrawn else None,
        calendar_sequence=plan.version or 1,
    )


def _no_placement() -> InvalidError:
    return invalid_field(
        "/plan_id",
        code="template.no_placement",
        vi="Loại tin này không nói về một phân công; hãy xem trước với người mẫu.",
        en="This kind of message tells of no placement; preview it with the made-up person.",
    )
