"""Confirmed days of a month as attendance has them, and whose days none of them are."""

from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.allowances.computing import ServedDay
from roster_api.allowances.schemas import UnpaidPerson
from roster_api.attendance.models import Outcome, ServiceDay
from roster_api.communes.models import Commune
from roster_api.plans.models import Placement, Responsibility
from roster_api.volunteers.models import Volunteer


def month_bounds(month: date) -> tuple[date, date]:
    """The month's first day, and the first of the next."""
    return month, (month + timedelta(days=32)).replace(day=1)


async def list_served(session: AsyncSession, campaign_id: UUID, month: date) -> list[ServedDay]:
    """Who was there, by the word that counts; not where commune and school see it differently.

    Who came instead is paid as who they are: their role, their school, and from there the way. Nobody twice a day.
    """
    way = sa.func.coalesce(Responsibility.distance_m, Placement.distance_m)
    is_own = ServiceDay.served_by_volunteer_id == ServiceDay.volunteer_id
    query = (
        sa.select(
            ServiceDay.served_by_volunteer_id,
            Volunteer.role,
            Volunteer.school_id,
            ServiceDay.serves_on,
            ServiceDay.commune_code,
            sa.case((is_own, Placement.distance_m), else_=way),
            Commune.is_remote,
        )
        .join(Volunteer, Volunteer.id == ServiceDay.served_by_volunteer_id)
        .join(Commune, Commune.code == ServiceDay.commune_code)
        .join(
            Placement,
            sa.and_(Placement.plan_id == ServiceDay.plan_id, Placement.volunteer_id == ServiceDay.volunteer_id),
        )
        .outerjoin(
            Responsibility,
            sa.and_(
                Responsibility.plan_id == ServiceDay.plan_id,
                Responsibility.commune_code == ServiceDay.commune_code,
                Responsibility.school_id == Volunteer.school_id,
            ),
        )
        .where(*_of_month(campaign_id, month), ServiceDay.outcome.is_not(None), ~ServiceDay.is_disputed)
        .order_by(ServiceDay.served_by_volunteer_id, ServiceDay.serves_on, is_own.desc(), ServiceDay.volunteer_id)
    )
    first: dict[tuple[UUID, date], ServedDay] = {}
    for row in await session.execute(query):
        day = ServedDay(*row)
        first.setdefault((day.volunteer_id, day.serves_on), day)
    return list(first.values())


async def list_unpaid(
    session: AsyncSession, campaign_id: UUID, month: date, served: list[ServedDay]
) -> dict[UUID, list[UnpaidPerson]]:
    """By school: who was to serve that month and has no confirmed day."""

    def count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.count().filter(condition)

    settled = ~ServiceDay.is_disputed
    query = (
        sa.select(
            Volunteer.school_id,
            ServiceDay.volunteer_id,
            sa.func.count(),
            count(sa.and_(ServiceDay.outcome.is_(None), settled)),
            count(ServiceDay.is_disputed.is_(True)),
            count(sa.and_(ServiceDay.outcome == Outcome.ABSENT, settled)),
            count(sa.and_(ServiceDay.outcome == Outcome.REPLACED, settled)),
        )
        .join(Volunteer, Volunteer.id == ServiceDay.volunteer_id)
        .where(*_of_month(campaign_id, month))
        .group_by(Volunteer.school_id, ServiceDay.volunteer_id)
        .order_by(Volunteer.school_id, ServiceDay.volunteer_id)
    )
    paid = {day.volunteer_id for day in served}
    unpaid: dict[UUID, list[UnpaidPerson]] = {}
    for school_id, person, planned, unconfirmed, disputed, absent, replaced in await session.execute(query):
        if person not in paid:
            unpaid.setdefault(school_id, []).append(
                UnpaidPerson(
                    volunteer_id=person,
                    planned=planned,
                    unconfirmed=unconfirmed,
                    disputed=disputed,
                    absent=absent,
                    replaced=replaced,
                )
            )
    return unpaid


def _of_month(campaign_id: UUID, month: date) -> list[sa.ColumnElement[bool]]:
    first, after = month_bounds(month)
    return [ServiceDay.campaign_id == campaign_id, ServiceDay.serves_on >= first, ServiceDay.serves_on < after]
