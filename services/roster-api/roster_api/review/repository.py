"""SQL of the review."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.allowances.models import AllowanceStatement
from roster_api.attendance.models import DutyCount, Outcome, ServiceDay
from roster_api.blockers.models import Blocker, BlockerState, Level
from roster_api.campaigns.working_time import WorkClock
from roster_api.communes.models import Commune
from roster_api.evaluations.models import Evaluation
from roster_api.fields.models import Duty, ExpertiseField
from roster_api.plans.models import Shortfall
from roster_api.schools.models import School

SETTLED = ServiceDay.is_disputed.is_(False)
SERVED = sa.and_(ServiceDay.served_by_volunteer_id.is_not(None), SETTLED)


def day_counts(today: date) -> list[sa.ColumnElement[int]]:
    """Planned, served, absent, unconfirmed, disputed."""
    conditions = (
        SERVED,
        sa.and_(ServiceDay.outcome == Outcome.ABSENT, SETTLED),
        sa.and_(ServiceDay.outcome.is_(None), ServiceDay.serves_on <= today, SETTLED),
        ServiceDay.is_disputed.is_(True),
    )
    return [sa.func.count(), *(sa.func.count().filter(condition) for condition in conditions)]


async def count_all(session: AsyncSession, campaign_id: UUID, today: date) -> Sequence[int]:
    """People planned, people who came, then the days."""
    query = sa.select(
        sa.func.count(ServiceDay.volunteer_id.distinct()),
        sa.func.count(ServiceDay.served_by_volunteer_id.distinct()).filter(SERVED),
        *day_counts(today),
    ).where(ServiceDay.campaign_id == campaign_id)
    return list((await session.execute(query)).one())


async def list_communes(session: AsyncSession, campaign_id: UUID, today: date) -> Sequence[Any]:
    query = (
        sa.select(
            Commune.code,
            Commune.full_name,
            sa.func.count(ServiceDay.volunteer_id.distinct()),
            sa.func.count(ServiceDay.served_by_volunteer_id.distinct()).filter(SERVED),
            *day_counts(today),
        )
        .join(Commune, Commune.code == ServiceDay.commune_code)
        .where(ServiceDay.campaign_id == campaign_id)
        .group_by(Commune.code)
        .order_by(Commune.sort_key, Commune.code)
    )
    return (await session.execute(query)).all()


async def list_schools(session: AsyncSession, campaign_id: UUID, today: date) -> Sequence[Any]:
    is_own = sa.and_(SERVED, ServiceDay.served_by_volunteer_id == ServiceDay.volunteer_id)
    query = (
        sa.select(
            School.code,
            School.name,
            sa.func.count(ServiceDay.volunteer_id.distinct()),
            sa.func.count(ServiceDay.volunteer_id.distinct()).filter(is_own),
            *day_counts(today),
        )
        .join(School, School.id == ServiceDay.school_id)
        .where(ServiceDay.campaign_id == campaign_id)
        .group_by(School.id)
        .order_by(School.sort_key, School.code)
    )
    return (await session.execute(query)).all()


async def sum_allowances(session: AsyncSession, campaign_id: UUID) -> dict[str, int]:
    """By school's code."""
    query = (
        sa.select(School.code, sa.func.sum(AllowanceStatement.total_vnd))
        .join(School, School.id == AllowanceStatement.school_id)
        .where(AllowanceStatement.campaign_id == campaign_id)
        .group_by(School.code)
    )
    return {code: int(total) for code, total in await session.execute(query)}


async def count_blockers(session: AsyncSession, campaign_id: UUID, clock: WorkClock) -> Sequence[int | None]:
    """Raised, still open, solved, gone up to the Secretary's office; from raised to solved, on average, whole hours of
    all the time and of the offices' working hours; of none solved there is no average."""
    query = sa.select(Blocker.state, Blocker.level, Blocker.raised_at, Blocker.solved_at)
    rows = (await session.execute(query.where(Blocker.campaign_id == campaign_id))).all()
    solved = [(row.raised_at, row.solved_at) for row in rows if row.state != BlockerState.OPEN]
    took = sum((end - start for start, end in solved), timedelta())
    worked = sum((clock.between(start, end) for start, end in solved), timedelta())
    at_the_top = sum(row.level == Level.SECRETARY_OFFICE for row in rows)
    hours = [each // (timedelta(hours=1) * len(solved)) if solved else None for each in (took, worked)]
    return [len(rows), len(rows) - len(solved), len(solved), at_the_top, *hours]


async def list_marks(session: AsyncSession, campaign_id: UUID) -> Sequence[tuple[str, dict[str, int]]]:
    """(who was rated: person, school, commune; marks by criterion) of each evaluation."""
    query = sa.select(Evaluation.rated, Evaluation.marks).where(Evaluation.campaign_id == campaign_id)
    return [(rated, marks) for rated, marks in await session.execute(query)]


async def list_duties(session: AsyncSession, campaign_id: UUID) -> Sequence[Any]:
    query = (
        sa.select(
            Duty.code,
            Duty.name_vi,
            Duty.name_en,
            Commune.code,
            Commune.full_name,
            DutyCount.week_on,
            sa.func.sum(DutyCount.number),
        )
        .join(Duty, Duty.code == DutyCount.duty_code)
        .join(Commune, Commune.code == DutyCount.commune_code)
        .where(DutyCount.campaign_id == campaign_id)
        .group_by(Duty.code, Commune.code, DutyCount.week_on)
        .order_by(Duty.position, Duty.code, Commune.sort_key, Commune.code, DutyCount.week_on)
    )
    return (await session.execute(query)).all()


async def list_lacks(session: AsyncSession, plan_id: UUID) -> Sequence[Any]:
    query = (
        sa.select(
            Commune.code,
            Commune.full_name,
            ExpertiseField.code,
            ExpertiseField.name_vi,
            ExpertiseField.name_en,
            Shortfall.unmet_days,
        )
        .join(Commune, Commune.code == Shortfall.commune_code)
        .join(ExpertiseField, ExpertiseField.code == Shortfall.field_code)
        .where(Shortfall.plan_id == plan_id, Shortfall.unmet_days > 0)
        .order_by(Commune.sort_key, Commune.code, ExpertiseField.code)
    )
    return (await session.execute(query)).all()
