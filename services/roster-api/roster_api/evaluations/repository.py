"""SQL of evaluations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_service.database_clock import TODAY
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.attendance.models import ServiceDay
from roster_api.communes.models import Commune
from roster_api.evaluations.models import Evaluation
from roster_api.plans.scope import RowScope
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer


async def find_service(
    session: AsyncSession, *, campaign_id: UUID, volunteer_id: UUID | None = None, **bounds: Any
) -> tuple[str, UUID] | None:
    """(commune, school) of a day of service within these bounds, the latest that has come; None when there is none.

    A person's days are those planned for them, and those on which they came instead of somebody.
    """
    query = sa.select(ServiceDay.commune_code, ServiceDay.school_id)
    if volunteer_id is not None:
        own = sa.select(Volunteer.school_id).where(Volunteer.id == volunteer_id).scalar_subquery()
        is_theirs = sa.or_(ServiceDay.volunteer_id == volunteer_id, ServiceDay.served_by_volunteer_id == volunteer_id)
        query = sa.select(ServiceDay.commune_code, own).where(is_theirs)
    query = query.filter(*(getattr(ServiceDay, name) == value for name, value in bounds.items()))
    query = query.where(ServiceDay.campaign_id == campaign_id, ServiceDay.serves_on <= TODAY)
    row = (await session.execute(query.order_by(ServiceDay.serves_on.desc()).limit(1))).one_or_none()
    return None if row is None else (row[0], row[1])


async def find_for_update(
    session: AsyncSession, *, campaign_id: UUID, rater: str, rater_id: str, rated: str, rated_id: str
) -> Evaluation | None:
    """Whoever rates the same at the same moment waits."""
    of = f"{campaign_id}/{rater}/{rater_id}/{rated}/{rated_id}"
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(of, 0))))
    query = sa.select(Evaluation).filter_by(
        campaign_id=campaign_id, rater=rater, rater_id=rater_id, rated=rated, rated_id=rated_id
    )
    return (await session.scalars(query.with_for_update())).one_or_none()


def select_evaluations(campaign_id: UUID, **bounds: Any) -> sa.Select[Evaluation]:
    """The latest first."""
    query = sa.select(Evaluation).filter_by(campaign_id=campaign_id, **bounds)
    return query.order_by(Evaluation.rated_at.desc(), Evaluation.id)


async def list_all(session: AsyncSession, campaign_id: UUID, scope: RowScope) -> Sequence[Evaluation]:
    query = sa.select(Evaluation).where(Evaluation.campaign_id == campaign_id, *scope.conditions(Evaluation))
    return (await session.scalars(query.order_by(Evaluation.words, Evaluation.id))).all()


async def find_evaluation(session: AsyncSession, *, campaign_id: UUID, evaluation_id: UUID) -> Evaluation | None:
    query = sa.select(Evaluation).where(Evaluation.id == evaluation_id, Evaluation.campaign_id == campaign_id)
    return (await session.scalars(query.with_for_update())).one_or_none()


async def list_names(session: AsyncSession, rows: Sequence[Evaluation]) -> dict[str, str]:
    """By id or code, of all communes, schools and people that these rows name."""
    people = sa.select(Volunteer.id, Volunteer.full_name).where(Volunteer.id.in_({row.volunteer_id for row in rows}))
    schools = sa.select(School.id, School.name).where(School.id.in_({row.school_id for row in rows}))
    communes = sa.select(Commune.code, Commune.full_name).where(Commune.code.in_({row.commune_code for row in rows}))
    return {str(row[0]): row[1] for query in (people, schools, communes) for row in await session.execute(query)}
