"""All SQL of data requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import sqlalchemy as sa
from commune_service.database_clock import NOW
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.access.scope import Conditions, province_scope
from roster_api.data_requests.models import DataRequest, RequestKind, RequestState, SubjectKind
from roster_api.data_requests.schemas import DataRequestFilter
from roster_api.data_requests.subjects import Subject, load_subjects
from roster_api.paging import Paging
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer
from roster_api.volunteers.repository import volunteer_scope

IS_LATE = sa.and_(DataRequest.state == RequestState.OPEN.value, DataRequest.due_at <= NOW)


@dataclass(frozen=True)
class Whose:
    """Whose requests: a volunteer's, or another subject's."""

    kind: SubjectKind
    id: str

    @classmethod
    def of_volunteer(cls, volunteer_id: UUID) -> Self:
        return cls(SubjectKind.VOLUNTEER, str(volunteer_id))

    def as_columns(self) -> dict[str, Any]:
        is_volunteer = self.kind is SubjectKind.VOLUNTEER
        return {
            "subject_kind": self.kind.value,
            "volunteer_id": UUID(self.id) if is_volunteer else None,
            "subject_id": None if is_volunteer else self.id,
        }

    def matches(self) -> Conditions:
        if self.kind is SubjectKind.VOLUNTEER:
            return [DataRequest.volunteer_id == UUID(self.id)]
        return [DataRequest.subject_kind == self.kind.value, DataRequest.subject_id == self.id]


@dataclass(frozen=True)
class Row:
    """A request with who it is about: a volunteer and their school, or another subject."""

    request: DataRequest
    person: Volunteer | None
    school: School | None
    subject: Subject | None

    @property
    def whose(self) -> Whose:
        return whose(self.request)


def whose(request: DataRequest) -> Whose:
    kind = SubjectKind(request.subject_kind)
    return Whose(kind, str(request.volunteer_id if kind is SubjectKind.VOLUNTEER else request.subject_id))


def _scope(principal: Principal) -> sa.ColumnElement[bool]:
    """Volunteers within one's bounds; of the others a school's coordinator sees what its own contact asks."""
    is_volunteer = DataRequest.subject_kind == SubjectKind.VOLUNTEER.value
    others = [sa.not_(is_volunteer), *province_scope(principal, DataRequest.province_code)]
    if principal.role.is_of_school:
        others += [
            DataRequest.subject_kind == SubjectKind.SCHOOL_CONTACT.value,
            DataRequest.subject_id == str(principal.school_id),
        ]
    return sa.or_(sa.and_(is_volunteer, *volunteer_scope(principal)), sa.and_(*others))


def _select(principal: Principal) -> sa.Select[DataRequest, Volunteer, School]:
    return (
        sa.select(DataRequest, Volunteer, School)
        .outerjoin(Volunteer, Volunteer.id == DataRequest.volunteer_id)
        .outerjoin(School, School.id == Volunteer.school_id)
        .where(_scope(principal))
    )


async def _with_subjects(session: AsyncSession, found: Sequence[Any]) -> list[Row]:
    named = [(request, whose(request)) for request, _, _ in found if request.volunteer_id is None]
    subjects = await load_subjects(session, ((each.kind, each.id) for _, each in named)) if named else {}
    by_request = {request.id: subjects.get((each.kind, each.id)) for request, each in named}
    return [Row(request, person, school, by_request.get(request.id)) for request, person, school in found]


async def list_requests(
    session: AsyncSession, *, principal: Principal, filters: DataRequestFilter, paging: Paging
) -> tuple[Sequence[Row], int]:
    """Open ones first, the soonest due before the others; then the newest."""
    query = _select(principal)
    wanted = ((DataRequest.state, filters.state), (DataRequest.kind, filters.kind))
    for column, value in (*wanted, (DataRequest.subject_kind, filters.subject_kind)):
        query = query if value is None else query.where(column == value.value)
    if filters.volunteer_id is not None:
        query = query.where(DataRequest.volunteer_id == filters.volunteer_id)
    if filters.late is not None:
        query = query.where(IS_LATE if filters.late else sa.not_(IS_LATE))
    is_open = DataRequest.state == RequestState.OPEN.value
    ordered = query.order_by(
        is_open.desc(), sa.case((is_open, DataRequest.due_at)), DataRequest.filed_at.desc(), DataRequest.id
    )
    total = await session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = (await session.execute(ordered.limit(paging.limit).offset(paging.offset))).all()
    return await _with_subjects(session, rows), total


async def find_request(
    session: AsyncSession, *, principal: Principal, request_id: UUID, for_update: bool = False
) -> Row | None:
    query = _select(principal).where(DataRequest.id == request_id)
    rows = (await session.execute(query.with_for_update(of=DataRequest) if for_update else query)).all()
    return next(iter(await _with_subjects(session, rows)), None)


async def load_row(session: AsyncSession, request: DataRequest) -> Row:
    """Of a request that one may see."""
    person = None if request.volunteer_id is None else await session.get_one(Volunteer, request.volunteer_id)
    school = None if person is None else await session.get_one(School, person.school_id)
    return (await _with_subjects(session, [(request, person, school)]))[0]


async def find_open(session: AsyncSession, *, whose: Whose, kind: RequestKind) -> DataRequest | None:
    live = (RequestState.OPEN.value, RequestState.ERASING.value)
    query = sa.select(DataRequest).where(*whose.matches(), DataRequest.kind == kind.value, DataRequest.state.in_(live))
    return (await session.scalars(query.with_for_update())).one_or_none()


async def lock_person(session: AsyncSession, volunteer_id: UUID) -> Volunteer:
    """Whoever asks, decides or changes the same person meanwhile waits."""
    query = sa.select(Volunteer).where(Volunteer.id == volunteer_id).with_for_update()
    return (await session.scalars(query)).one()


async def list_of(session: AsyncSession, whose: Whose) -> Sequence[DataRequest]:
    """The newest first."""
    query = sa.select(DataRequest).where(*whose.matches())
    return (await session.scalars(query.order_by(DataRequest.filed_at.desc(), DataRequest.id))).all()


async def count_filed_since(session: AsyncSession, *, whose: Whose, since: datetime) -> int:
    query = sa.select(sa.func.count()).where(*whose.matches(), DataRequest.filed_at > since)
    return await session.scalar(query) or 0


async def list_open_for_update(session: AsyncSession, *, due_before: datetime) -> Sequence[DataRequest]:
    """Open ones that are due by then; those that somebody decides just now are left out."""
    query = sa.select(DataRequest).where(DataRequest.state == RequestState.OPEN.value, DataRequest.due_at <= due_before)
    return (await session.scalars(query.order_by(DataRequest.due_at).with_for_update(skip_locked=True))).all()
