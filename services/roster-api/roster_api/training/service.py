"""Decisions about courses: what one may be, whom a commune may send, what attendance and results come to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.amounts import amount
from commune_service.database_clock import ask_now
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.attendance.models import ServiceDay
from roster_api.communes.models import Commune
from roster_api.errors import ConflictError, InvalidError, NotFoundError, invalid_field, pointer_error
from roster_api.fields.models import ExpertiseField
from roster_api.paging import Page, Paging, fetch_page
from roster_api.papers.codes import make_code
from roster_api.provinces.repository import find_province
from roster_api.staff.models import StaffMember
from roster_api.text import sort_key
from roster_api.training import repository
from roster_api.training.models import Course, CourseResult, CourseSession, Nomination, Result
from roster_api.training.schemas import (
    CertificatesOut,
    CourseCreate,
    CourseOut,
    Nominations,
    NominationsOut,
    Participant,
    SessionOut,
)


async def create_course(session: AsyncSession, *, principal: Principal, body: CourseCreate) -> CourseOut:
    """422 for a day that is no day of service of who gives the session, at a course of a school in a commune."""
    if await find_province(session, principal=principal, code=body.province_code) is None:
        raise invalid_field("/province_code", code="province.unknown", vi="Không có tỉnh này.", en="No such province.")
    await _refuse_unknown(session, body)
    values = body.model_dump(exclude={"sessions", "mode"}) | {"mode": body.mode.value}
    course = Course(**values, sort_key=sort_key(body.topic), made_by=principal.label)
    session.add(course)
    await session.flush()
    session.add_all(
        CourseSession(
            course_id=course.id, number=number, held_on=each.held_on, kind=each.kind.value,
            volunteer_id=each.volunteer_id,
        )
        for number, each in enumerate(body.sessions, start=1)
    )  # fmt: skip
    await session.flush()
    return (await show_courses(session, [course]))[0]


async def _refuse_unknown(session: AsyncSession, body: CourseCreate) -> None:
    if await session.get(ExpertiseField, body.field_code) is None:
        raise invalid_field("/field_code", code="field.unknown", vi="Không có lĩnh vực này.", en="No such field.")
    if body.school_id is None:
        return
    commune = await session.get(Commune, body.commune_code)
    is_own = commune is not None and commune.province_code == body.province_code
    if not is_own or not await repository.school_is_of(session, body.school_id, body.province_code):
        raise invalid_field(
            "/school_id", code="course.place", vi="Không có trường hoặc xã này trong tỉnh.",
            en="No such school or commune in the province.",
        )  # fmt: skip
    errors = []
    for place, each in enumerate(body.sessions):
        if each.volunteer_id is None:
            continue
        planned = sa.select(ServiceDay.volunteer_id).where(
            ServiceDay.volunteer_id == each.volunteer_id,
            ServiceDay.serves_on == each.held_on,
            ServiceDay.commune_code == body.commune_code,
            ServiceDay.school_id == body.school_id,
        )
        if await session.scalar(planned.limit(1)) is None:
            errors.append(
                pointer_error(
                    f"/sessions/{place}/held_on", code="course.not_planned",
                    vi="Người này không có ngày phục vụ ở xã vào ngày đó theo phương án.",
                    en="By the plan this person does not serve the commune on that day.",
                )
            )  # fmt: skip
    if errors:
        raise InvalidError("course.not_planned", vi="Có buổi ngoài kế hoạch.", en="Not planned.", errors=errors)


async def get_course(
    session: AsyncSession, *, principal: Principal, course_id: UUID, for_update: bool = False
) -> Course:
    course = await repository.find_course(session, principal, course_id, for_update=for_update)
    if course is None:
        raise NotFoundError
    return course


async def list_courses(
    session: AsyncSession, *, principal: Principal, province_code: str | None, paging: Paging
) -> Page[CourseOut]:
    rows, total = await fetch_page(session, repository.select_courses(principal, province_code), paging=paging)
    return Page(items=await show_courses(session, rows), total=total, limit=paging.limit, offset=paging.offset)


async def show_courses(session: AsyncSession, courses: Sequence[Course]) -> list[CourseOut]:
    ids = [course.id for course in courses]
    sessions, counts = await repository.list_sessions(session, ids), await repository.count_courses(session, ids)
    columns = set(CourseOut.model_fields) - {"sessions", "nominated", "people", "attendances", "passed"}
    return [
        CourseOut(
            **{name: getattr(course, name) for name in columns},
            sessions=[SessionOut.model_validate(each) for each in sessions.get(course.id, [])],
            **dict(zip(("nominated", "people", "attendances", "passed"), counts[course.id], strict=True)),
        )
        for course in courses
    ]


async def nominate(
    session: AsyncSession, *, principal: Principal, course_id: UUID, body: Nominations
) -> NominationsOut:
    """Replaces what the commune had nominated; 409 beyond the course's capacity, 422 for people of elsewhere."""
    course = await get_course(session, principal=principal, course_id=course_id, for_update=True)
    commune = _commune(principal, body)
    wanted = set(body.staff_ids)
    query = repository.select_staff(course.province_code, commune).where(StaffMember.id.in_(wanted))
    known = {person.id for person in await session.scalars(query)}
    errors = [
        pointer_error(f"/staff_ids/{n}", code="staff.unknown", vi="Không phải người của xã.", en="Not the commune's.")
        for n, each in enumerate(body.staff_ids)
        if each not in known
    ]
    if errors:
        raise InvalidError(
            "staff.unknown", vi="Có người không thuộc xã.", en="Some are not the commune's.", errors=errors
        )
    rows = list(await session.scalars(sa.select(Nomination).where(Nomination.course_id == course.id)))
    others = [row for row in rows if row.commune_code != commune]
    left = None if course.capacity is None else course.capacity - len(others) - len(wanted)
    if left is not None and left < 0:
        raise ConflictError(
            "course.full", vi=f"Khóa học thiếu {-left} chỗ.", en=f"The course is {amount(-left, 'place')} short.",
            facts={"capacity": course.capacity, "others": len(others)},
        )  # fmt: skip
    mine = {row.staff_id: row for row in rows if row.commune_code == commune}
    for staff_id in mine.keys() - wanted:
        await session.delete(mine[staff_id])
    session.add_all(
        Nomination(course_id=course.id, staff_id=each, commune_code=commune, nominated_by=principal.label)
        for each in sorted(wanted - mine.keys())
    )
    await session.flush()
    return NominationsOut(commune_code=commune, nominated=len(wanted), left=left)


def _commune(principal: Principal, body: Nominations) -> str:
    own = principal.commune_code if principal.role is Role.COMMUNE_OFFICER else None
    commune = body.commune_code or own
    if commune is None or own not in (None, commune):
        raise invalid_field(
            "/commune_code", code="nomination.commune", vi="Hãy nêu xã của mình.", en="Name your own commune."
        )
    return commune


def own_commune(principal: Principal) -> str | None:
    """By which a commune's officer is bound; None: not."""
    return (principal.commune_code or "") if principal.role is Role.COMMUNE_OFFICER else None


async def list_participants(
    session: AsyncSession, *, principal: Principal, course_id: UUID, paging: Paging
) -> Page[Participant]:
    """A commune its own people."""
    course = await get_course(session, principal=principal, course_id=course_id)
    query = repository.select_participants(course.id, own_commune(principal))
    total = await session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery()))
    rows = await session.execute(query.limit(paging.limit).offset(paging.offset))
    return Page(items=[_show(*row) for row in rows], total=total or 0, limit=paging.limit, offset=paging.offset)


def _show(
    person: StaffMember, unit: str, nominated: bool, numbers: list[int] | None, result: str | None, code: str | None
) -> Participant:
    return Participant(
        staff_id=person.id, code=person.code, full_name=person.full_name, unit_name=unit, is_nominated=nominated,
        sessions=sorted(numbers or []), result=Result(result) if result else None, certificate_code=code,
    )  # fmt: skip


async def issue_certificates(session: AsyncSession, *, principal: Principal, course_id: UUID) -> CertificatesOut:
    """To everybody who passed and has none yet. Again, nobody gets another."""
    course = await get_course(session, principal=principal, course_id=course_id, for_update=True)
    query = sa.select(CourseResult).where(
        CourseResult.course_id == course.id,
        CourseResult.result == Result.PASSED.value,
        CourseResult.certificate_code.is_(None),
    )
    rows = list(await session.scalars(query))
    now = await ask_now(session)
    for row in rows:
        row.certificate_code, row.certified_at = make_code(), now
    await session.flush()
    return CertificatesOut(issued=len(rows))


async def add_rows(session: AsyncSession, table: type[Any], rows: Sequence[dict[str, Any]]) -> int:
    """How many were new: what is there already is counted once."""
    added = 0
    for start in range(0, len(rows), 2000):
        added_now = await session.execute(
            insert(table).values(list(rows[start : start + 2000])).on_conflict_do_nothing().returning(sa.literal(1))
        )
        added += len(added_now.all())
    return added
