"""Why a published version leaves out people whom the version before had placed: frozen at publishing."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.notices import WithdrawalCause
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.plans.models import Placement, Plan, PlanWithdrawal


async def list_left_out(session: AsyncSession, *, plan_id: UUID, previous_id: UUID) -> set[UUID]:
    """Volunteers whom the previous version places and this one does not."""
    placed = sa.select(Placement.volunteer_id).where(Placement.plan_id == plan_id)
    query = sa.select(Placement.volunteer_id).where(
        Placement.plan_id == previous_id, Placement.volunteer_id.not_in(placed)
    )
    return set(await session.scalars(query))


async def keep_causes(session: AsyncSession, *, plan_id: UUID, causes: Mapping[UUID, WithdrawalCause]) -> None:
    """Before the plan is published: afterwards a trigger refuses it."""
    session.add_all(
        PlanWithdrawal(plan_id=plan_id, volunteer_id=volunteer_id, cause=cause.value)
        for volunteer_id, cause in sorted(causes.items())
    )
    await session.flush()


async def list_causes(session: AsyncSession, plan_id: UUID) -> dict[UUID, WithdrawalCause]:
    """By volunteer; nobody of a plan published before causes were kept."""
    rows = await session.scalars(sa.select(PlanWithdrawal).where(PlanWithdrawal.plan_id == plan_id))
    return {row.volunteer_id: WithdrawalCause(row.cause) for row in rows}


async def find_last_cause(session: AsyncSession, *, campaign_id: UUID, volunteer_id: UUID) -> WithdrawalCause | None:
    """Why this person was left out the last time that a version of the campaign did so."""
    query = (
        sa.select(PlanWithdrawal.cause)
        .join(Plan, Plan.id == PlanWithdrawal.plan_id)
        .where(Plan.campaign_id == campaign_id, PlanWithdrawal.volunteer_id == volunteer_id)
        .order_by(Plan.published_at.desc())
        .limit(1)
    )
    cause = await session.scalar(query)
    return WithdrawalCause(cause) if cause else None
