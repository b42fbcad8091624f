"""SQL of scenarios."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.matching_runs.models import MatchingRun, RunDocument
from roster_api.plans.models import Placement, Plan, Responsibility, Shortfall
from roster_api.scenarios.models import ScenarioRun, ScenarioSet
from roster_api.schools.models import School


def select_sets(campaign_id: UUID) -> sa.Select[ScenarioSet]:
    """Newest first."""
    query = sa.select(ScenarioSet).where(ScenarioSet.campaign_id == campaign_id)
    return query.order_by(ScenarioSet.requested_at.desc(), ScenarioSet.id)


async def find_set(session: AsyncSession, campaign_id: UUID, set_id: UUID) -> ScenarioSet | None:
    query = sa.select(ScenarioSet).where(ScenarioSet.id == set_id, ScenarioSet.campaign_id == campaign_id)
    return (await session.scalars(query)).one_or_none()


async def list_runs(session: AsyncSession, set_id: UUID) -> Sequence[tuple[ScenarioRun, MatchingRun]]:
    """In the order asked for."""
    query = (
        sa.select(ScenarioRun, MatchingRun)
        .join(MatchingRun, MatchingRun.id == ScenarioRun.run_id)
        .where(ScenarioRun.set_id == set_id)
        .order_by(ScenarioRun.position)
    )
    return [(scenario, run) for scenario, run in await session.execute(query)]


async def list_plans(session: AsyncSession, run_ids: Sequence[UUID]) -> dict[UUID, Plan]:
    """The computed plan of each run that has one."""
    query = sa.select(Plan).where(Plan.run_id.in_(run_ids), Plan.copied_from_id.is_(None))
    return {plan.run_id: plan for plan in await session.scalars(query)}


async def find_stage_a(session: AsyncSession, run_id: UUID) -> RunDocument | None:
    return await session.get(RunDocument, (run_id, ""))


async def list_leads(session: AsyncSession, plan_id: UUID) -> dict[str, str]:
    """School code by commune, by commune code."""
    query = (
        sa.select(Responsibility.commune_code, School.code)
        .join(School, School.id == Responsibility.school_id)
        .where(Responsibility.plan_id == plan_id, Responsibility.is_lead)
        .order_by(Responsibility.commune_code)
    )
    return dict((await session.execute(query)).all())


async def list_places(session: AsyncSession, plan_id: UUID) -> dict[UUID, tuple[str, tuple[int, ...]]]:
    """(commune, weekdays) by volunteer."""
    query = sa.select(Placement.volunteer_id, Placement.commune_code, Placement.weekdays)
    rows = await session.execute(query.where(Placement.plan_id == plan_id))
    return {person: (commune, tuple(sorted(weekdays))) for person, commune, weekdays in rows}


async def count_unmet(session: AsyncSession, plan_id: UUID) -> int:
    query = sa.select(sa.func.sum(Shortfall.unmet_days)).where(Shortfall.plan_id == plan_id)
    return int(await session.scalar(query) or 0)
