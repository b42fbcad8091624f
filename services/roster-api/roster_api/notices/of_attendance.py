"""The notice of a question about attendance: to the school's contact, which communes have been silent of which days."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.notices import (
    AttendanceQuestionNotice,
    NoticeKind,
    NoticePage,
    Recipient,
    RecipientKind,
    Source,
    SourceKind,
    UnconfirmedCommune,
)
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.attendance.models import AttendanceQuestion, ServiceDay
from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.errors import NotFoundError
from roster_api.schools.models import School


async def list_notices_of_attendance(
    session: AsyncSession, *, source_id: UUID, unchanged: bool, limit: int, offset: int
) -> NoticePage:
    """One notice. Days keep their question, so it says the same whenever it is read."""
    question = await session.get(AttendanceQuestion, source_id)
    if question is None:
        raise NotFoundError
    items = [] if unchanged or offset else [await _notice(session, question)][:limit]
    return NoticePage(items=items, total=0 if unchanged else 1, limit=limit, offset=offset)


async def _notice(session: AsyncSession, question: AttendanceQuestion) -> AttendanceQuestionNotice:
    school = await session.get_one(School, question.school_id)
    campaign = await session.get_one(Campaign, question.campaign_id)
    query = (
        sa.select(
            Commune.full_name,
            sa.func.count(),
            sa.func.count(sa.distinct(ServiceDay.volunteer_id)),
            sa.func.min(ServiceDay.serves_on),
            sa.func.max(ServiceDay.serves_on),
        )
        .join(Commune, Commune.code == ServiceDay.commune_code)
        .where(ServiceDay.question_id == question.id)
        .group_by(Commune.code)
        .order_by(Commune.sort_key, Commune.code)
    )
    rows = (await session.execute(query)).all()
    return AttendanceQuestionNotice(
        source=Source(kind=SourceKind.ATTENDANCE_QUESTION, id=question.id, version=1),
        recipient=Recipient(kind=RecipientKind.SCHOOL, id=str(school.id)),
        kind=NoticeKind.ATTENDANCE_QUESTION,
        thread=f"attendance-question/{question.id}",
        school_name=school.name,
        contact_name=school.contact_name or "",
        campaign_name=campaign.name,
        first_on=min((row[3] for row in rows), default=campaign.starts_on),
        last_on=max((row[4] for row in rows), default=campaign.ends_on),
        communes=[UnconfirmedCommune(commune_name=row[0], days=row[1], people=row[2]) for row in rows],
    )


async def find_campaigns_of_attendance(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    query = sa.select(AttendanceQuestion.id, AttendanceQuestion.campaign_id).where(AttendanceQuestion.id.in_(ids))
    return dict((await session.execute(query)).all())
