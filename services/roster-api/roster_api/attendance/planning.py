"""From a plan's publication to service days: what a version adds, takes away, and leaves as it was served."""

import sqlalchemy as sa
from commune_service.database_clock import TODAY
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.attendance.models import ServiceDay
from roster_api.plans.models import Placement, Plan


async def keep_service_days(session: AsyncSession, *, plan: Plan, previous: Plan | None) -> None:
    """In the transaction that publishes. The first version has all its dates; a later one those from today on.

    Today's dates of who is replaced today stay: they may have been served this morning. Days of which somebody said
    something stay whatever the plan.
    """
    if previous is not None:
        await session.execute(
            sa.delete(ServiceDay).where(
                ServiceDay.campaign_id == plan.campaign_id,
                ServiceDay.serves_on > TODAY,
                sa.func.coalesce(
                    ServiceDay.school_outcome, ServiceDay.commune_outcome, ServiceDay.province_outcome
                ).is_(None),
            )
        )
    dates = sa.select(
        sa.literal(plan.campaign_id, sa.Uuid()).label("campaign_id"),
        Placement.volunteer_id,
        sa.func.unnest(Placement.dates).label("serves_on"),
        Placement.plan_id,
        Placement.school_id,
        Placement.commune_code,
    ).where(Placement.plan_id == plan.id)
    planned = dates.subquery()
    rows = sa.select(planned)
    if previous is not None:
        rows = rows.where(planned.c.serves_on >= TODAY)
    names = ["campaign_id", "volunteer_id", "serves_on", "plan_id", "school_id", "commune_code"]
    await session.execute(insert(ServiceDay).from_select(names, rows, include_defaults=False).on_conflict_do_nothing())
