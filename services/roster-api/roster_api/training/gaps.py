"""What training came to, and who still lacks what: counted from the rows, nothing decided."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.communes.models import Commune
from roster_api.errors import NotFoundError
from roster_api.paging import Page, Paging
from roster_api.staff.models import Post, StaffMember
from roster_api.staff.repository import find_row
from roster_api.training import repository
from roster_api.training.models import Course, CourseAttendance, CourseResult, CourseSession, Learning, Result
from roster_api.training.schemas import (
    CourseOfPerson,
    Gap,
    LackingPerson,
    LearningOut,
    LearningWrite,
    Record,
    TrainedCommune,
    TrainingTotals,
)


async def describe_totals(session: AsyncSession, province_code: str) -> TrainingTotals:
    rows = await repository.count_by_commune(session, province_code)
    courses = sa.select(sa.func.count()).where(Course.province_code == province_code)
    return TrainingTotals(
        province_code=province_code,
        courses=await session.scalar(courses) or 0,
        people=sum(row[3] for row in rows),
        attendances=sum(int(row[4]) for row in rows),
        passed=await repository.count_passed(session, province_code),
        communes=[
            TrainedCommune(commune_code=code, commune_name=name, staff=staff, people=people, attendances=int(times))
            for code, name, staff, people, times in rows
        ],
    )


async def list_fields(session: AsyncSession, province_code: str) -> list[str]:
    """The fields that anybody is asked to know: of courses and of posts in use."""
    query = sa.union(
        sa.select(Course.field_code).where(Course.province_code == province_code),
        sa.select(Post.field_code).where(Post.province_code == province_code, Post.archived_at.is_(None)),
    )
    return sorted(await session.scalars(query))


async def list_gaps(
    session: AsyncSession, *, province_code: str, commune_code: str | None, field: str | None
) -> list[Gap]:
    """By commune and field. Each person of a commune is one of qualified, trained, lacking."""
    fields = [field] if field else await list_fields(session, province_code)
    one = _narrow(province_code, fields, commune_code).subquery()
    knows, trained = one.c.knows, sa.and_(~one.c.knows, one.c.trained)
    lacks = sa.and_(~one.c.knows, ~one.c.trained)
    count = sa.func.count
    query = (
        sa.select(
            one.c.commune_code, one.c.commune_name, one.c.field_code, count(), count().filter(knows),
            count().filter(trained), count().filter(sa.and_(lacks, one.c.nominated)), count().filter(lacks),
        )
        .group_by(one.c.commune_code, one.c.commune_name, one.c.commune_key, one.c.field_code)
        .order_by(one.c.commune_key, one.c.commune_code, one.c.field_code)
    )  # fmt: skip
    names = list(Gap.model_fields)
    return [Gap(**dict(zip(names, row, strict=True))) for row in await session.execute(query)]


def _narrow(province: str, fields: Collection[str], commune: str | None) -> sa.Select[*tuple[Any, ...]]:
    query = repository.select_people_by_field(province, fields)
    return query if commune is None else query.where(Commune.code == commune)


async def list_lacking(
    session: AsyncSession, *, province_code: str, commune_code: str, field: str, paging: Paging
) -> Page[LackingPerson]:
    """By name: who of a commune neither knows the field nor was trained in it."""
    one = _narrow(province_code, [field], commune_code).subquery()
    query = sa.select(one).where(~one.c.knows, ~one.c.trained)
    total = await session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    rows = await session.execute(query.order_by(one.c.sort_key, one.c.id).limit(paging.limit).offset(paging.offset))
    items = [
        LackingPerson(
            staff_id=row.id, code=row.code, full_name=row.full_name, unit_name=row.unit_name, is_nominated=row.nominated
        )
        for row in rows
    ]
    return Page(items=items, total=total or 0, limit=paging.limit, offset=paging.offset)


async def record_learning(
    session: AsyncSession, *, principal: Principal, staff_id: UUID, body: LearningWrite
) -> Record:
    """Self-study, or a commendation: kept beside the courses."""
    person = await _get_person(session, principal, staff_id)
    values = body.model_dump(exclude={"kind"}) | {"kind": body.kind.value}
    session.add(Learning(staff_id=person.id, recorded_by=principal.label, **values))
    await session.flush()
    return await describe_record(session, principal=principal, staff_id=staff_id)


async def describe_record(session: AsyncSession, *, principal: Principal, staff_id: UUID) -> Record:
    person = await _get_person(session, principal, staff_id)
    learning = await session.scalars(
        sa.select(Learning).where(Learning.staff_id == person.id).order_by(Learning.learnt_on, Learning.id)
    )
    mine = sa.and_(CourseResult.course_id == Course.id, CourseResult.staff_id == person.id)
    query = (
        sa.select(
            Course.id, Course.topic, Course.field_code, sa.func.count(), CourseResult.result, CourseResult.certified_at
        )
        .join(CourseSession, CourseSession.course_id == Course.id)
        .join(CourseAttendance, CourseAttendance.session_id == CourseSession.id)
        .outerjoin(CourseResult, mine)
        .where(CourseAttendance.staff_id == person.id)
        .group_by(Course.id, CourseResult.result, CourseResult.certified_at)
        .order_by(Course.sort_key, Course.code)
    )
    courses = [
        CourseOfPerson(
            course_id=row[0], topic=row[1], field_code=row[2], sessions=row[3],
            result=Result(row[4]) if row[4] else None, certified_at=row[5],
        )
        for row in await session.execute(query)
    ]  # fmt: skip
    return Record(staff_id=person.id, courses=courses, learning=[LearningOut.model_validate(each) for each in learning])


async def _get_person(session: AsyncSession, principal: Principal, staff_id: UUID) -> StaffMember:
    person = await find_row(session, StaffMember, staff_id, principal=principal)
    if person is None:
        raise NotFoundError
    return person
