"""Confirmed days of a month as attendance has them, and whose days none of them are."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.allowances.computing import ServedDay
from roster_api.allowances.schemas import DayCount, SchoolWord, UnpaidPerson
from roster_api.attendance.models import Outcome, ServiceDay
from roster_api.communes.models import Commune
from roster_api.plans.models import Placement, Responsibility
from roster_api.volunteers.models import Volunteer

ONLY_SCHOOL = sa.and_(
    ServiceDay.school_outcome.is_not(None),
    ServiceDay.commune_outcome.is_(None),
    ServiceDay.province_outcome.is_(None),
    ServiceDay.served_by_volunteer_id.is_not(None),
)
"""Somebody was there by the school's own word: the commune was silent, and Home Affairs has not confirmed it."""


DAYS = sa.func.array_agg(aggregate_order_by(ServiceDay.serves_on, ServiceDay.serves_on))


def month_bounds(month: date) -> tuple[date, date]:
    """The month's first day, and the first of the next."""
    return month, (month + timedelta(days=32)).replace(day=1)


async def list_served(
    session: AsyncSession, campaign_id: UUID, month: date, *, on_school_word: bool
) -> list[ServedDay]:
    """Who was there, by the word that counts; not where commune and school see it differently, and by the school's
    word alone only where the province pays upon it.

    Who came instead is paid as who they are: their role, their school, and from there the way. Nobody twice a day.
    """
    first: dict[tuple[UUID, date], ServedDay] = {}
    for row in await session.execute(select_served(campaign_id, month, on_school_word=on_school_word)):
        day = ServedDay(*row)
        first.setdefault((day.volunteer_id, day.serves_on), day)
    return list(first.values())


def select_served(campaign_id: UUID, month: date, *, on_school_word: bool) -> sa.Select[*tuple[Any, ...]]:
    """A row with the columns of ServedDay; of a person's day twice, the own one first."""
    way = sa.func.coalesce(Responsibility.distance_m, Placement.distance_m)
    is_own = ServiceDay.served_by_volunteer_id == ServiceDay.volunteer_id
    return (
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
        .where(sa.true() if on_school_word else ~ONLY_SCHOOL)
        .order_by(ServiceDay.served_by_volunteer_id, ServiceDay.serves_on, is_own.desc(), ServiceDay.volunteer_id)
    )


async def list_school_words(
    session: AsyncSession, campaign_id: UUID, month: date, *, is_paid: bool
) -> dict[UUID, list[SchoolWord]]:
    """By school, the days that it confirmed itself while the commune was silent; by person."""
    person = ServiceDay.served_by_volunteer_id
    query = (
        sa.select(Volunteer.school_id, person, DAYS)
        .join(Volunteer, Volunteer.id == person)
        .where(*_of_month(campaign_id, month), ONLY_SCHOOL, ~ServiceDay.is_disputed)
        .group_by(Volunteer.school_id, person)
        .order_by(Volunteer.school_id, person)
    )
    words: dict[UUID, list[SchoolWord]] = {}
    for school_id, volunteer_id, days in await session.execute(query):
        words.setdefault(school_id, []).append(SchoolWord(volunteer_id=volunteer_id, days=days, is_paid=is_paid))
    return words


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
            count(sa.and_(ONLY_SCHOOL, settled)),
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
    for school_id, person, *counts in await session.execute(query):
        if person not in paid:
            known = dict(zip(DayCount.model_fields, counts, strict=True))
            unpaid.setdefault(school_id, []).append(UnpaidPerson(volunteer_id=person, **known))
    return unpaid


def _of_month(campaign_id: UUID, month: date) -> list[sa.ColumnElement[bool]]:
    first, after = month_bounds(month)
    return [ServiceDay.campaign_id == campaign_id, ServiceDay.serves_on >= first, ServiceDay.serves_on < after]
