"""SQL of the leaders' numbers: one statement a kind of fact, each grouped by commune."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.attendance.models import Outcome, ServiceDay
from roster_api.blockers.models import Blocker, BlockerState, Level
from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.needs.models import IS_SENT, NeedDeclaration
from roster_api.plans.models import Placement, Responsibility, Shortfall
from roster_api.schools.models import School


class CommuneRow(NamedTuple):
    code: str
    full_name: str
    has_need: bool
    lacks_it_staff: bool


async def list_communes(session: AsyncSession, campaign: Campaign) -> list[CommuneRow]:
    """Every commune in use of the campaign's province, by name."""
    mine = sa.and_(NeedDeclaration.commune_code == Commune.code, NeedDeclaration.campaign_id == campaign.id, IS_SENT)
    query = (
        sa.select(
            Commune.code,
            Commune.full_name,
            NeedDeclaration.id.is_not(None),
            sa.func.coalesce(NeedDeclaration.lacks_it_staff, sa.false()),
        )
        .outerjoin(NeedDeclaration, mine)
        .where(Commune.province_code == campaign.province_code, Commune.archived_at.is_(None))
        .order_by(Commune.sort_key, Commune.code)
    )
    return [CommuneRow(*row) for row in await session.execute(query)]


async def list_leads(session: AsyncSession, plan_id: UUID) -> dict[str, str]:
    query = (
        sa.select(Responsibility.commune_code, School.name)
        .join(School, School.id == Responsibility.school_id)
        .where(Responsibility.plan_id == plan_id, Responsibility.is_lead)
    )
    return dict((await session.execute(query)).all())


async def count_people(session: AsyncSession, plan_id: UUID) -> dict[str, int]:
    query = sa.select(Placement.commune_code, sa.func.count()).where(Placement.plan_id == plan_id)
    return dict((await session.execute(query.group_by(Placement.commune_code))).all())


async def sum_unmet(session: AsyncSession, plan_id: UUID) -> dict[str, int]:
    query = sa.select(Shortfall.commune_code, sa.func.sum(Shortfall.unmet_days)).where(Shortfall.plan_id == plan_id)
    rows = await session.execute(query.group_by(Shortfall.commune_code))
    return {row[0]: int(row[1]) for row in rows}


async def count_days(session: AsyncSession, *, campaign_id: UUID, today: date) -> dict[str, tuple[int, int, int]]:
    """(due, served, unconfirmed) by commune; in dispute is neither, as in the review and in what is paid."""
    served = sa.and_(ServiceDay.outcome.in_([Outcome.PRESENT.value, Outcome.REPLACED.value]), ~ServiceDay.is_disputed)
    query = (
        sa.select(
            ServiceDay.commune_code,
            sa.func.count(),
            sa.func.count().filter(served),
            sa.func.count().filter(ServiceDay.outcome.is_(None)),
        )
        .where(ServiceDay.campaign_id == campaign_id, ServiceDay.serves_on <= today)
        .group_by(ServiceDay.commune_code)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in await session.execute(query)}


async def count_blockers(session: AsyncSession, campaign_id: UUID) -> dict[str, tuple[int, int, int, int]]:
    """(raised, closed, open, highest level's place or 0) by commune."""
    is_open = Blocker.state == BlockerState.OPEN.value
    place = sa.case({each.value: number for number, each in enumerate(Level, start=1)}, value=Blocker.level)
    query = (
        sa.select(
            Blocker.commune_code,
            sa.func.count(),
            sa.func.count().filter(Blocker.state == BlockerState.CLOSED.value),
            sa.func.count().filter(is_open),
            sa.func.coalesce(sa.func.max(place).filter(is_open), 0),
        )
        .where(Blocker.campaign_id == campaign_id)
        .group_by(Blocker.commune_code)
    )
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in await session.execute(query)}
