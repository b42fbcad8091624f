"""Decides, when a version is published, why each person it leaves out is left out."""

from uuid import UUID

import sqlalchemy as sa
from commune_schemas.notices import WithdrawalCause
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.unable import list_unable_since_pins
from roster_api.consents.models import Purpose
from roster_api.consents.repository import list_withdrawn
from roster_api.plans.models import Plan
from roster_api.plans.withdrawals import keep_causes, list_left_out
from roster_api.volunteers.models import Volunteer, VolunteerStatus


async def keep_withdrawals(session: AsyncSession, *, plan: Plan, previous: Plan | None) -> None:
    """Before the plan is published. What a person did themselves counts before what the plan did without them; whom the
    office placed in the previous version although they had said no is left out by the office."""
    if previous is None:
        return
    left_out = await list_left_out(session, plan_id=plan.id, previous_id=previous.id)
    unable = await list_unable_since_pins(session, plan.campaign_id, at=previous.published_at)
    gone = await list_withdrawn(session, left_out, purpose=Purpose.MATCHING)
    gone |= set(
        await session.scalars(
            sa.select(Volunteer.id).where(Volunteer.id.in_(left_out), Volunteer.status != VolunteerStatus.ACTIVE.value)
        )
    )
    await keep_causes(
        session, plan_id=plan.id, causes={person: _cause(person, unable=set(unable), gone=gone) for person in left_out}
    )


def _cause(person: UUID, *, unable: set[UUID], gone: set[UUID]) -> WithdrawalCause:
    if person in unable:
        return WithdrawalCause.CANNOT_GO
    return WithdrawalCause.LEFT if person in gone else WithdrawalCause.REPLANNED
