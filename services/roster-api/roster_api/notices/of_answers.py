"""The notice of a "cannot go": to the school's contact, at once without names of stand-ins, then with them."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.notices import (
    CannotGoNotice,
    NoticeKind,
    NoticePage,
    Recipient,
    RecipientKind,
    Source,
    SourceKind,
    StandIn,
)
from commune_schemas.placement_details import PlacementDetails
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.models import PlacementAnswer, Vacancy
from roster_api.campaigns.models import Campaign
from roster_api.errors import NotFoundError
from roster_api.plans.frozen import read_told_of
from roster_api.plans.models import Placement
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

AT_ONCE, WITH_STAND_INS = 1, 2
"""Versions of the source: the second one's words hold, so the first is dropped where it was not sent yet."""


async def list_notices_of_answer(
    session: AsyncSession, *, source_id: UUID, unchanged: bool, limit: int, offset: int
) -> NoticePage:
    """One notice. It is frozen by its version: that without stand-ins, or that with those worked out."""
    query = (
        sa.select(Vacancy, PlacementAnswer, Placement, Volunteer, School, Campaign)
        .join(PlacementAnswer, PlacementAnswer.id == Vacancy.answer_id)
        .join(Placement, sa.and_(Placement.plan_id == Vacancy.plan_id, Placement.volunteer_id == Vacancy.volunteer_id))
        .join(Volunteer, Volunteer.id == Vacancy.volunteer_id)
        .join(School, School.id == Placement.school_id)
        .join(Campaign, Campaign.id == PlacementAnswer.campaign_id)
        .where(Vacancy.answer_id == source_id)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFoundError
    items = [] if unchanged or offset else [_notice(*row, details=await read_told_of(session, row[2]))][:limit]
    return NoticePage(items=items, total=0 if unchanged else 1, limit=limit, offset=offset)


def _notice(
    vacancy: Vacancy,
    answer: PlacementAnswer,
    placement: Placement,
    person: Volunteer,
    school: School,
    campaign: Campaign,
    *,
    details: PlacementDetails,
) -> CannotGoNotice:
    is_ready = vacancy.stand_ins is not None
    source = Source(kind=SourceKind.ANSWER, id=answer.id, version=WITH_STAND_INS if is_ready else AT_ONCE)
    return CannotGoNotice(
        source=source,
        recipient=Recipient(kind=RecipientKind.SCHOOL, id=str(school.id)),
        kind=NoticeKind.PERSON_CANNOT_GO,
        thread=f"answer/{answer.id}",
        school_name=school.name,
        commune_code=placement.commune_code,
        full_name=person.full_name,
        campaign_name=campaign.name,
        reason=answer.reason or "",
        placement=details,
        stand_ins=[StandIn.model_validate(one) for one in vacancy.stand_ins or []] if is_ready else None,
    )


async def find_campaigns_of_answers(session: AsyncSession, answer_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    query = sa.select(PlacementAnswer.id, PlacementAnswer.campaign_id).where(PlacementAnswer.id.in_(answer_ids))
    return dict((await session.execute(query)).all())
