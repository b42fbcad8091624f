"""SQL of schools."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.access.scope import Conditions, province_scope
from roster_api.paging import Paging, fetch_page
from roster_api.schools.models import School, SchoolKind
from roster_api.text import search_key


def school_scope(principal: Principal) -> Conditions:
    """Who is bound to a school sees that one."""
    conditions = province_scope(principal, School.province_code)
    if principal.role.is_of_school:
        conditions.append(School.id == principal.school_id)
    return conditions


@dataclass(frozen=True)
class SchoolFilter:
    q: str | None = None
    province_code: str | None = None
    kind: SchoolKind | None = None
    is_remote_capable: bool | None = None
    archived: bool = False


async def list_schools(
    session: AsyncSession, *, principal: Principal, filters: SchoolFilter, paging: Paging
) -> tuple[list[School], int]:
    """In alphabetical order."""
    query = select(School).where(*school_scope(principal))
    query = query.where(School.archived_at.is_not(None) if filters.archived else School.archived_at.is_(None))
    if filters.q:
        query = query.where(School.search_key.contains(search_key(filters.q), autoescape=True))
    if filters.province_code:
        query = query.where(School.province_code == filters.province_code)
    if filters.kind:
        query = query.where(School.kind == filters.kind.value)
    if filters.is_remote_capable is not None:
        query = query.where(School.is_remote_capable == filters.is_remote_capable)
    return await fetch_page(session, query.order_by(School.sort_key, School.id), paging=paging)


async def find_school(
    session: AsyncSession, *, principal: Principal, school_id: UUID, for_update: bool = False
) -> School | None:
    query = select(School).where(School.id == school_id, *school_scope(principal))
    row: School | None = await session.scalar(query.with_for_update() if for_update else query)
    return row


async def find_active_school(session: AsyncSession, *, school_id: UUID, province_code: str) -> School | None:
    """A school of the province that is not archived."""
    row: School | None = await session.scalar(
        select(School).where(
            School.id == school_id, School.province_code == province_code, School.archived_at.is_(None)
        )
    )
    return row
