"""SQL of blockers: which of them a principal sees, and who is told."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.blockers.models import Blocker, BlockerState, BlockerStep, Level, SupportEntry
from roster_api.communes.models import Commune
from roster_api.groups.scope import group_scope
from roster_api.plans.models import Plan, PlanStatus, Responsibility
from roster_api.schools.models import School


def visible_to(principal: Principal) -> list[sa.ColumnElement[bool]]:
    """A commune's own; a school's own, and those of communes that it answers for; offices see the province's,
    an overseer of a group the group's."""
    if principal.role is Role.COMMUNE_OFFICER:
        return [Blocker.commune_code == principal.commune_code]
    if principal.role.is_of_school:
        return [sa.or_(Blocker.school_id == principal.school_id, answers_for(principal.school_id, Blocker))]
    return group_scope(principal, campaign_id=Blocker.campaign_id, commune_code=Blocker.commune_code)


def answers_for(school_id: UUID | None, table: Any) -> sa.ColumnElement[bool]:
    """The school answers, in the plan in force, for the commune that a row of `table` is of."""
    return (
        sa.select(Responsibility.school_id)
        .join(Plan, Plan.id == Responsibility.plan_id)
        .where(
            Plan.campaign_id == table.campaign_id,
            Plan.status == PlanStatus.PUBLISHED.value,
            Responsibility.school_id == school_id,
            Responsibility.commune_code == table.commune_code,
        )
        .exists()
    )


def select_blockers(
    campaign_id: UUID, principal: Principal, *, state: BlockerState | None, level: Level | None, commune: str | None
) -> sa.Select[*tuple[Any, ...]]:
    """(Blocker, Commune, school's name or None): open ones first, of those the highest and oldest."""
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(Blocker, Commune, School.name)
        .join(Commune, Commune.code == Blocker.commune_code)
        .outerjoin(School, School.id == Blocker.school_id)
        .where(Blocker.campaign_id == campaign_id, *visible_to(principal))
    )
    for column, value in ((Blocker.state, state), (Blocker.level, level), (Blocker.commune_code, commune)):
        query = query if value is None else query.where(column == str(value))
    rank = sa.case({each.value: number for number, each in enumerate(Level)}, value=Blocker.level)
    return query.order_by(Blocker.state != BlockerState.OPEN.value, rank.desc(), Blocker.raised_at, Blocker.id)


async def lock_blocker(session: AsyncSession, *, campaign_id: UUID, blocker_id: UUID) -> Blocker | None:
    query = sa.select(Blocker).where(Blocker.id == blocker_id, Blocker.campaign_id == campaign_id)
    return (await session.scalars(query.with_for_update())).one_or_none()


async def list_steps(session: AsyncSession, blocker_id: UUID) -> Sequence[BlockerStep]:
    query = sa.select(BlockerStep).where(BlockerStep.blocker_id == blocker_id).order_by(BlockerStep.number)
    return (await session.scalars(query)).all()


def select_support(campaign_id: UUID, principal: Principal, commune: str | None) -> sa.Select[SupportEntry]:
    query = sa.select(SupportEntry).where(SupportEntry.campaign_id == campaign_id)
    if principal.role is Role.COMMUNE_OFFICER:
        query = query.where(SupportEntry.commune_code == principal.commune_code)
    if principal.role.is_of_school:
        query = query.where(answers_for(principal.school_id, SupportEntry))
    bounds = group_scope(principal, campaign_id=SupportEntry.campaign_id, commune_code=SupportEntry.commune_code)
    query = query.where(*bounds)
    if commune is not None:
        query = query.where(SupportEntry.commune_code == commune)
    return query.order_by(SupportEntry.began_at.desc(), SupportEntry.id)


async def find_commune(session: AsyncSession, *, province_code: str, code: str) -> Commune | None:
    query = sa.select(Commune).where(
        Commune.code == code, Commune.province_code == province_code, Commune.archived_at.is_(None)
    )
    return (await session.scalars(query)).one_or_none()


async def school_answers_for(session: AsyncSession, *, campaign_id: UUID, school_id: UUID, commune: str) -> bool:
    query = (
        sa.select(Responsibility.school_id)
        .join(Plan, Plan.id == Responsibility.plan_id)
        .where(
            Plan.campaign_id == campaign_id,
            Plan.status == PlanStatus.PUBLISHED.value,
            Responsibility.school_id == school_id,
            Responsibility.commune_code == commune,
        )
    )
    return await session.scalar(sa.select(query.exists())) or False
