"""SQL of attendance."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from roster_api.attendance.models import AttendanceTick, DutyCount, Outcome, ServiceDay, Side
from roster_api.communes.models import Commune
from roster_api.plans.scope import RowScope
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer, VolunteerStatus

MOST_STAND_INS = 20
DayKey = tuple[UUID, date]
"""(volunteer, day) within a campaign."""


async def lock_days(
    session: AsyncSession, *, campaign_id: UUID, keys: Collection[DayKey], scope: RowScope
) -> dict[DayKey, ServiceDay]:
    """Those of these days that there are within the scope. Always in the same order, so two batches never embrace."""
    query = (
        sa.select(ServiceDay)
        .where(
            ServiceDay.campaign_id == campaign_id,
            sa.tuple_(ServiceDay.volunteer_id, ServiceDay.serves_on).in_(list(keys)),
            *scope.conditions(ServiceDay),
        )
        .order_by(ServiceDay.volunteer_id, ServiceDay.serves_on)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {(day.volunteer_id, day.serves_on): day for day in await session.scalars(query)} if keys else {}


async def list_ticks_by_key(session: AsyncSession, *, sender: str, keys: Collection[str]) -> dict[str, AttendanceTick]:
    query = sa.select(AttendanceTick).where(AttendanceTick.sender == sender, AttendanceTick.tick_key.in_(keys))
    return {tick.tick_key: tick for tick in await session.scalars(query)}


async def list_newest_ticks(
    session: AsyncSession, *, campaign_id: UUID, keys: Collection[DayKey]
) -> dict[DayKey, dict[Side, AttendanceTick]]:
    """Of each day the tick that holds of each side: the one ticked last, whenever it arrived."""
    query = (
        sa.select(AttendanceTick)
        .where(
            AttendanceTick.campaign_id == campaign_id,
            sa.tuple_(AttendanceTick.volunteer_id, AttendanceTick.serves_on).in_(list(keys)),
        )
        .order_by(AttendanceTick.ticked_at, AttendanceTick.number)
    )
    newest: dict[DayKey, dict[Side, AttendanceTick]] = {}
    for tick in await session.scalars(query) if keys else ():
        newest.setdefault((tick.volunteer_id, tick.serves_on), {})[Side(tick.side)] = tick
    return newest


def select_days(campaign_id: UUID, scope: RowScope, filters: RowScope) -> sa.Select[*tuple[Any, ...]]:
    """(ServiceDay, Volunteer, School, Commune, name of who came instead or None), by day, commune and name."""
    other = aliased(Volunteer)
    is_other = sa.and_(
        other.id == ServiceDay.served_by_volunteer_id, ServiceDay.served_by_volunteer_id != ServiceDay.volunteer_id
    )
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(ServiceDay, Volunteer, School, Commune, other.full_name)
        .join(Volunteer, Volunteer.id == ServiceDay.volunteer_id)
        .join(School, School.id == ServiceDay.school_id)
        .join(Commune, Commune.code == ServiceDay.commune_code)
        .outerjoin(other, is_other)
        .where(ServiceDay.campaign_id == campaign_id, *scope.conditions(ServiceDay), *filters.conditions(ServiceDay))
        .order_by(ServiceDay.serves_on, Commune.sort_key, Commune.code, Volunteer.sort_key, Volunteer.id)
    )
    return query


async def count_days(session: AsyncSession, *, campaign_id: UUID, scope: RowScope, today: date) -> Sequence[Any]:
    """(commune_code, school_id, planned, due, present, absent, replaced, unconfirmed, disputed) of each pair."""
    due = ServiceDay.serves_on <= today

    def number(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.count().filter(*conditions)

    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            ServiceDay.commune_code,
            ServiceDay.school_id,
            sa.func.count().label("planned"),
            number(due).label("due"),
            *(number(ServiceDay.outcome == each.value).label(each.value) for each in Outcome),
            number(due, ServiceDay.outcome.is_(None)).label("unconfirmed"),
            number(ServiceDay.is_disputed.is_(True)).label("disputed"),
        )
        .where(ServiceDay.campaign_id == campaign_id, *scope.conditions(ServiceDay))
        .group_by(ServiceDay.commune_code, ServiceDay.school_id)
    )
    return (await session.execute(query)).all()


async def name_places(
    session: AsyncSession, *, communes: Collection[str], schools: Collection[UUID]
) -> tuple[dict[str, str], dict[UUID, tuple[str, str]]]:
    """(full name by commune code, (code, name) by school id), each in alphabetical order."""
    of_communes = sa.select(Commune.code, Commune.full_name).where(Commune.code.in_(communes))
    of_schools = sa.select(School.id, School.code, School.name).where(School.id.in_(schools))
    named_communes = await session.execute(of_communes.order_by(Commune.sort_key, Commune.code))
    named_schools = await session.execute(of_schools.order_by(School.sort_key, School.id))
    return dict(named_communes.all()), {row[0]: (row[1], row[2]) for row in named_schools}


async def list_free_people(
    session: AsyncSession, *, campaign_id: UUID, commune_code: str, scope: RowScope, day: date, words: str
) -> Sequence[tuple[Volunteer, School]]:
    """Active people of the schools that send anybody to a commune, serving nowhere on that day, with `words` in their
    search key."""
    busy = sa.select(ServiceDay.volunteer_id).where(
        ServiceDay.serves_on == day, ServiceDay.volunteer_id == Volunteer.id
    )
    sent = sa.select(ServiceDay.school_id).where(
        ServiceDay.campaign_id == campaign_id, ServiceDay.commune_code == commune_code
    )
    query = (
        sa.select(Volunteer, School)
        .join(School, School.id == Volunteer.school_id)
        .where(
            Volunteer.school_id.in_(sent),
            Volunteer.search_key.contains(words, autoescape=True),
            *scope.conditions(Volunteer),
            Volunteer.status == VolunteerStatus.ACTIVE.value,
            ~busy.exists(),
        )
        .order_by(Volunteer.sort_key, Volunteer.id)
        .limit(MOST_STAND_INS)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def list_days_of(session: AsyncSession, pairs: Collection[DayKey]) -> dict[DayKey, list[tuple[UUID, str]]]:
    """By (person, day): whose days, and where, that person is planned on or was there instead; of every campaign."""
    people = {person for person, _ in pairs}
    query = sa.select(
        ServiceDay.volunteer_id, ServiceDay.served_by_volunteer_id, ServiceDay.serves_on, ServiceDay.commune_code
    ).where(
        ServiceDay.serves_on.in_({day for _, day in pairs}),
        sa.or_(ServiceDay.volunteer_id.in_(people), ServiceDay.served_by_volunteer_id.in_(people)),
    )
    days: dict[DayKey, list[tuple[UUID, str]]] = {}
    for planned, came, day, commune in (await session.execute(query)).all() if pairs else ():
        for person in people.intersection({planned, came}):
            days.setdefault((person, day), []).append((planned, commune))
    return days


async def list_school_ids(session: AsyncSession, people: Collection[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """(school, province) of each of these people who are active."""
    query = (
        sa.select(Volunteer.id, Volunteer.school_id, School.province_code)
        .join(School, School.id == Volunteer.school_id)
        .where(Volunteer.id.in_(people), Volunteer.status == VolunteerStatus.ACTIVE.value)
    )
    return {row[0]: (row[1], row[2]) for row in await session.execute(query)} if people else {}


async def lock_week(session: AsyncSession, *, campaign_id: UUID, commune_code: str, week_on: date) -> None:
    """Whoever counts the same week at the same moment waits."""
    of = f"duty-counts/{campaign_id}/{commune_code}/{week_on}"
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(of, 0))))


async def list_counts(
    session: AsyncSession, *, campaign_id: UUID, commune_code: str, week_on: date
) -> Sequence[DutyCount]:
    query = (
        sa.select(DutyCount)
        .where(
            DutyCount.campaign_id == campaign_id,
            DutyCount.commune_code == commune_code,
            DutyCount.week_on == week_on,
        )
        .order_by(DutyCount.volunteer_id, DutyCount.duty_code)
    )
    return (await session.scalars(query)).all()


async def list_people_of_week(
    session: AsyncSession, *, campaign_id: UUID, commune_code: str, first: date, last: date
) -> dict[UUID, str]:
    """Names of who is planned in the commune, or came instead of somebody, within these days."""
    here = sa.and_(
        ServiceDay.campaign_id == campaign_id,
        ServiceDay.commune_code == commune_code,
        ServiceDay.serves_on.between(first, last),
    )
    ids: sa.CompoundSelect[Any] = sa.union(
        sa.select(ServiceDay.volunteer_id).where(here),
        sa.select(ServiceDay.served_by_volunteer_id).where(here, ServiceDay.served_by_volunteer_id.is_not(None)),
    )
    query = sa.select(Volunteer.id, Volunteer.full_name).where(Volunteer.id.in_(ids))
    return dict((await session.execute(query.order_by(Volunteer.sort_key, Volunteer.id))).all())
