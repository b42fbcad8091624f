"""All SQL of data requests."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.data_requests.models import DataRequest, RequestKind, RequestState
from roster_api.data_requests.schemas import DataRequestFilter
from roster_api.paging import Paging
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer
from roster_api.volunteers.repository import volunteer_scope

Row = tuple[DataRequest, Volunteer, School]
IS_LATE = sa.and_(DataRequest.state == RequestState.OPEN.value, DataRequest.due_at <= sa.func.now())


def _select(principal: Principal) -> sa.Select[DataRequest, Volunteer, School]:
    return (
        sa.select(DataRequest, Volunteer, School)
        .join(Volunteer, Volunteer.id == DataRequest.volunteer_id)
        .join(School, School.id == Volunteer.school_id)
        .where(*volunteer_scope(principal))
    )


async def list_requests(
    session: AsyncSession, *, principal: Principal, filters: DataRequestFilter, paging: Paging
) -> tuple[Sequence[Row], int]:
    """Open ones first, the soonest due before the others; then the newest."""
    query = _select(principal)
    if filters.state is not None:
        query = query.where(DataRequest.state == filters.state.value)
    if filters.kind is not None:
        query = query.where(DataRequest.kind == filters.kind.value)
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
    return [(row[0], row[1], row[2]) for row in rows], total


async def find_request(
    session: AsyncSession, *, principal: Principal, request_id: UUID, for_update: bool = False
) -> Row | None:
    query = _select(principal).where(DataRequest.id == request_id)
    row = (await session.execute(query.with_for_update(of=DataRequest) if for_update else query)).one_or_none()
    return (row[0], row[1], row[2]) if row else None


async def find_open(session: AsyncSession, *, volunteer_id: UUID, kind: RequestKind) -> DataRequest | None:
    live = (RequestState.OPEN.value, RequestState.ERASING.value)
    query = sa.select(DataRequest).where(
        DataRequest.volunteer_id == volunteer_id, DataRequest.kind == kind.value, DataRequest.state.in_(live)
    )
    return (await session.scalars(query.with_for_update())).one_or_none()


async def lock_person(session: AsyncSession, volunteer_id: UUID) -> Volunteer:
    """Whoever asks, decides or changes the same person meanwhile waits."""
    query = sa.select(Volunteer).where(Volunteer.id == volunteer_id).with_for_update()
    return (await session.scalars(query)).one()


async def list_of_person(session: AsyncSession, volunteer_id: UUID) -> Sequence[DataRequest]:
    """The newest first."""
    query = sa.select(DataRequest).where(DataRequest.volunteer_id == volunteer_id)
    return (await session.scalars(query.order_by(DataRequest.filed_at.desc(), DataRequest.id))).all()


async def count_filed_since(session: AsyncSession, *, volunteer_id: UUID, since: datetime) -> int:
    query = sa.select(sa.func.count()).where(DataRequest.volunteer_id == volunteer_id, DataRequest.filed_at > since)
    return await session.scalar(query) or 0


async def list_open_for_update(session: AsyncSession, *, due_before: datetime) -> Sequence[DataRequest]:
    """Open ones that are due by then; those that somebody decides just now are left out."""
    query = sa.select(DataRequest).where(DataRequest.state == RequestState.OPEN.value, DataRequest.due_at <= due_before)
    return (await session.scalars(query.order_by(DataRequest.due_at).with_for_update(skip_locked=True))).all()
