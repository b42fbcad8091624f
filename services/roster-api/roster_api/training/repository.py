"""SQL of training: sums once a person and session, and who lacks what."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.access.scope import province_scope
from roster_api.communes.models import Commune
from roster_api.schools.models import School
from roster_api.staff.models import StaffMember, Unit
from roster_api.training.models import Course, CourseAttendance, CourseResult, CourseSession, Nomination, Result

IN_USE = StaffMember.archived_at.is_(None)


def select_courses(principal: Principal, province_code: str | None = None) -> sa.Select[Course]:
    """By topic. A commune those of its province, a school what it gives itself."""
    query = sa.select(Course).where(*province_scope(principal, Course.province_code))
    if principal.role is Role.COMMUNE_OFFICER:
        own = sa.select(Commune.province_code).where(Commune.code == principal.commune_code).scalar_subquery()
        query = query.where(Course.province_code == own)
    if principal.role.is_of_school:
        query = query.where(Course.school_id == principal.school_id)
    if province_code is not None:
        query = query.where(Course.province_code == province_code)
    return query.order_by(Course.sort_key, Course.code, Course.id)


async def find_course(
    session: AsyncSession, principal: Principal, course_id: UUID, *, for_update: bool = False
) -> Course | None:
    query = select_courses(principal).where(Course.id == course_id)
    row: Course | None = await session.scalar(query.with_for_update() if for_update else query)
    return row


async def list_sessions(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, list[CourseSession]]:
    query = sa.select(CourseSession).where(CourseSession.course_id.in_(ids)).order_by(CourseSession.number)
    sessions: dict[UUID, list[CourseSession]] = {}
    for row in await session.scalars(query):
        sessions.setdefault(row.course_id, []).append(row)
    return sessions


async def list_attended(session: AsyncSession, pairs: Collection[tuple[UUID, UUID]]) -> list[tuple[UUID, UUID]]:
    """Those of these (session, person) that are recorded."""
    people = {person for _, person in pairs}
    query = sa.select(CourseAttendance.session_id, CourseAttendance.staff_id).where(
        CourseAttendance.session_id.in_({one for one, _ in pairs}), CourseAttendance.staff_id.in_(people)
    )
    return [(row[0], row[1]) for row in await session.execute(query) if (row[0], row[1]) in pairs] if pairs else []


async def take_back(session: AsyncSession, attended: Collection[tuple[UUID, UUID]]) -> None:
    by_session: dict[UUID, list[UUID]] = {}
    for one, person in attended:
        by_session.setdefault(one, []).append(person)
    for one, people in by_session.items():
        await session.execute(
            sa.delete(CourseAttendance).where(CourseAttendance.session_id == one, CourseAttendance.staff_id.in_(people))
        )


async def count_courses(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, tuple[int, int, int, int]]:
    """(nominated, people, attendances, passed) by course."""
    attended = (
        sa.select(
            CourseSession.course_id,
            sa.func.count(CourseAttendance.staff_id.distinct()),
            sa.func.count(CourseAttendance.staff_id),
        )
        .join(CourseAttendance, CourseAttendance.session_id == CourseSession.id)
        .where(CourseSession.course_id.in_(ids))
        .group_by(CourseSession.course_id)
    )
    people = {row[0]: (row[1], row[2]) for row in await session.execute(attended)}
    nominated = sa.select(Nomination.course_id, sa.func.count()).where(Nomination.course_id.in_(ids))
    names = dict((await session.execute(nominated.group_by(Nomination.course_id))).all())
    passed = sa.select(CourseResult.course_id, sa.func.count()).where(
        CourseResult.course_id.in_(ids), CourseResult.result == Result.PASSED.value
    )
    results = dict((await session.execute(passed.group_by(CourseResult.course_id))).all())
    return {one: (names.get(one, 0), *people.get(one, (0, 0)), results.get(one, 0)) for one in ids}


def select_staff(province_code: str, commune_code: str | None = None) -> sa.Select[StaffMember]:
    """In use, of a commune's units where one is named."""
    query = sa.select(StaffMember).where(StaffMember.province_code == province_code, IN_USE)
    if commune_code is not None:
        units = sa.select(Unit.id).where(Unit.commune_code == commune_code)
        query = query.where(StaffMember.unit_id.in_(units))
    return query.order_by(StaffMember.sort_key, StaffMember.id)


def select_participants(course_id: UUID, commune_code: str | None) -> sa.Select[*tuple[Any, ...]]:
    """(person, unit's name, nominated, numbers of sessions, result, certificate) of all nominated or there."""
    numbers = (
        sa.select(CourseAttendance.staff_id, sa.func.array_agg(CourseSession.number).label("numbers"))
        .join(CourseSession, CourseSession.id == CourseAttendance.session_id)
        .where(CourseSession.course_id == course_id)
        .group_by(CourseAttendance.staff_id)
        .subquery()
    )
    mine = sa.and_(Nomination.staff_id == StaffMember.id, Nomination.course_id == course_id)
    result = sa.and_(CourseResult.staff_id == StaffMember.id, CourseResult.course_id == course_id)
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            StaffMember, Unit.name, Nomination.staff_id.is_not(None), numbers.c.numbers, CourseResult.result,
            CourseResult.certificate_code,
        )
        .join(Unit, Unit.id == StaffMember.unit_id)
        .outerjoin(Nomination, mine)
        .outerjoin(numbers, numbers.c.staff_id == StaffMember.id)
        .outerjoin(CourseResult, result)
        .where(sa.or_(Nomination.staff_id.is_not(None), numbers.c.staff_id.is_not(None)))
    )  # fmt: skip
    if commune_code is not None:
        query = query.where(Unit.commune_code == commune_code)
    return query.order_by(StaffMember.sort_key, StaffMember.id)


async def count_by_commune(session: AsyncSession, province_code: str) -> Sequence[Any]:
    """(commune's code or None, name, staff, people trained, attendances), by name."""
    attended = (
        sa.select(CourseAttendance.staff_id, sa.func.count().label("times"))
        .group_by(CourseAttendance.staff_id)
        .subquery()
    )
    query = (
        sa.select(
            Unit.commune_code,
            sa.func.coalesce(Commune.full_name, ""),
            sa.func.count(),
            sa.func.count(attended.c.staff_id),
            sa.func.coalesce(sa.func.sum(attended.c.times), 0),
        )
        .select_from(StaffMember)
        .join(Unit, Unit.id == StaffMember.unit_id)
        .outerjoin(Commune, Commune.code == Unit.commune_code)
        .outerjoin(attended, attended.c.staff_id == StaffMember.id)
        .where(StaffMember.province_code == province_code, IN_USE)
        .group_by(Unit.commune_code, Commune.full_name, Commune.sort_key)
        .order_by(Commune.sort_key.nulls_last(), Unit.commune_code)
    )
    return (await session.execute(query)).all()


async def count_passed(session: AsyncSession, province_code: str) -> int:
    query = (
        sa.select(sa.func.count())
        .select_from(CourseResult)
        .join(Course, Course.id == CourseResult.course_id)
        .where(Course.province_code == province_code, CourseResult.result == Result.PASSED.value)
    )
    return await session.scalar(query) or 0


def _of_field(table: Any, *conditions: sa.ColumnElement[bool]) -> sa.Subquery:
    """(staff, field) of whoever has a row of `table` in a course of the field."""
    query = sa.select(table.staff_id, Course.field_code).join(Course, Course.id == table.course_id)
    return query.where(*conditions).distinct().subquery()


def select_people_by_field(province_code: str, fields: Collection[str]) -> sa.Select[*tuple[Any, ...]]:
    """A row for each person of a commune and each field: who knows it, was trained in it, is nominated for it."""
    asked = sa.select(sa.func.unnest(sa.literal(list(fields), sa.ARRAY(sa.Text()))).label("field_code")).subquery()
    trained = _of_field(CourseResult, CourseResult.result == Result.PASSED.value)
    nominated = _of_field(Nomination)
    knows = StaffMember.qualifications.contains(
        sa.func.jsonb_build_array(sa.func.jsonb_build_object("field_code", asked.c.field_code))
    )
    return (
        sa.select(
            StaffMember.id, StaffMember.code, StaffMember.full_name, StaffMember.sort_key, Unit.name.label("unit_name"),
            Commune.code.label("commune_code"), Commune.full_name.label("commune_name"),
            Commune.sort_key.label("commune_key"), asked.c.field_code, knows.label("knows"),
            trained.c.staff_id.is_not(None).label("trained"), nominated.c.staff_id.is_not(None).label("nominated"),
        )
        .select_from(StaffMember)
        .join(Unit, Unit.id == StaffMember.unit_id)
        .join(Commune, Commune.code == Unit.commune_code)
        .join(asked, sa.true())
        .outerjoin(trained, sa.and_(trained.c.staff_id == StaffMember.id, trained.c.field_code == asked.c.field_code))
        .outerjoin(
            nominated, sa.and_(nominated.c.staff_id == StaffMember.id, nominated.c.field_code == asked.c.field_code)
        )
        .where(StaffMember.province_code == province_code, IN_USE)
    )  # fmt: skip


async def school_is_of(session: AsyncSession, school_id: UUID, province_code: str) -> bool:
    query = sa.select(School.id).where(School.id == school_id, School.province_code == province_code)
    return await session.scalar(query) is not None
