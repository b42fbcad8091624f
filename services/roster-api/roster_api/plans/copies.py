"""The way back: what was published once, or given up, as a new draft, to be approved and published as any other."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.errors import NotFoundError
from roster_api.plans import repository
from roster_api.plans.models import Placement, Plan, PlanStatus, Responsibility, Shortfall
from roster_api.plans.service import wrong_status

NOT_COPIED = ("plan_id", "told", "told_sha256")
"""What people are told is frozen anew when the copy is published."""


async def copy_to_draft(session: AsyncSession, *, plan_id: UUID) -> Plan:
    """A draft with the same responsibilities, placements and shortfalls. 409 unless superseded or discarded."""
    plan = await repository.find_plan(session, plan_id)
    if plan is None:
        raise NotFoundError
    if plan.status not in (PlanStatus.SUPERSEDED, PlanStatus.DISCARDED):
        raise wrong_status(plan, PlanStatus.SUPERSEDED, PlanStatus.DISCARDED)
    await repository.lock_campaign(session, plan.campaign_id)
    return await begin_draft(session, plan)


async def begin_draft(session: AsyncSession, plan: Plan) -> Plan:
    """A draft that says what the plan says, whatever its status. The caller holds a lock of the campaign."""
    draft = Plan(
        campaign_id=plan.campaign_id,
        run_id=plan.run_id,
        copied_from_id=plan.id,
        draft_number=await repository.get_next_draft_number(session, plan.campaign_id),
        content_sha256=plan.content_sha256,
        is_verified=plan.is_verified,
        hand_changes=plan.hand_changes,
        left_out=plan.left_out,
        remarks=plan.remarks,
    )
    session.add(draft)
    await session.flush()
    for model in (Responsibility, Placement, Shortfall):
        columns = [column for column in model.__table__.columns if column.name not in NOT_COPIED]
        rows = sa.select(sa.literal(draft.id), *columns).where(model.plan_id == plan.id)
        names = ["plan_id", *(column.name for column in columns)]
        await session.execute(sa.insert(model).from_select(names, rows))
    return draft
