"""SQL of units, staff and posts."""

from collections.abc import Collection
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, column, false, or_, select
from sqlalchemy import table as sa_table
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.access.scope import Conditions, province_scope
from roster_api.paging import Paging, fetch_page
from roster_api.staff.models import Post, StaffMember, Unit
from roster_api.staff.schemas import PostFilter, RegisterFilter, StaffFilter, UnitFilter
from roster_api.text import search_key

RowT = TypeVar("RowT", Unit, StaffMember, Post)


def unit_scope(principal: Principal) -> Conditions:
    """Who is bound to a unit sees that one; who should be, and is not, sees none."""
    conditions = province_scope(principal, Unit.province_code)
    if principal.role is Role.UNIT_OFFICER:
        conditions.append(Unit.code == principal.unit_code if principal.unit_code is not None else false())
    return conditions


def row_scope(principal: Principal, table: type[RowT]) -> Conditions:
    """A unit's officer sees what is of the unit."""
    if issubclass(table, Unit):
        return unit_scope(principal)
    conditions = province_scope(principal, table.province_code)
    if principal.role is Role.UNIT_OFFICER:
        conditions.append(table.unit_id.in_(select(Unit.id).where(*unit_scope(principal))))
    return conditions


def select_rows(table: type[RowT], *, principal: Principal, filters: RegisterFilter) -> Select[Any]:
    """In alphabetical order; people by given name."""
    query = select(table).where(*row_scope(principal, table))
    query = query.where(table.archived_at.is_not(None) if filters.archived else table.archived_at.is_(None))
    if filters.q:
        is_named = table.search_key.contains(search_key(filters.q), autoescape=True)
        query = query.where(or_(is_named, table.code == filters.q))
    if filters.province_code:
        query = query.where(table.province_code == filters.province_code)
    if filters.unit_id and not issubclass(table, Unit):
        query = query.where(table.unit_id == filters.unit_id)
    return query.where(*_narrow(filters)).order_by(table.sort_key, table.id)


def _narrow(filters: RegisterFilter) -> Conditions:
    conditions: Conditions = []
    if isinstance(filters, UnitFilter):
        conditions += [Unit.kind == filters.kind.value] if filters.kind else []
        conditions += [Unit.commune_code == filters.commune_code] if filters.commune_code else []
    if isinstance(filters, StaffFilter):
        conditions += [StaffMember.side == filters.side.value] if filters.side else []
        conditions += [StaffMember.availability == filters.availability.value] if filters.availability else []
        knows = StaffMember.qualifications.contains([{"field_code": filters.field}])
        conditions += [knows] if filters.field else []
    if isinstance(filters, PostFilter):
        conditions += [Post.field_code == filters.field] if filters.field else []
        conditions += [(Post.filled < Post.quota).is_(filters.vacant)] if filters.vacant is not None else []
    return conditions


async def list_rows(
    session: AsyncSession, table: type[RowT], *, principal: Principal, filters: RegisterFilter, paging: Paging
) -> tuple[list[RowT], int]:
    return await fetch_page(session, select_rows(table, principal=principal, filters=filters), paging=paging)


async def find_row(
    session: AsyncSession, table: type[RowT], row_id: UUID, *, principal: Principal, for_update: bool = False
) -> RowT | None:
    query = select(table).where(table.id == row_id, *row_scope(principal, table))
    row: RowT | None = await session.scalar(query.with_for_update() if for_update else query)
    return row


SECONDMENTS = sa_table(
    "secondments", *map(column, ("staff_id", "post_id", "from_unit_id", "to_unit_id", "status")), schema="roster"
)
"""Decisions about these rows; their package stands above this one."""
NAMED_BY = {StaffMember: ("staff_id",), Post: ("post_id",), Unit: ("from_unit_id", "to_unit_id")}
LIVE = ("approved", "published", "started")


async def has_live_secondment(session: AsyncSession, row: RowT) -> bool:
    """Whether a decision takes this person, post or unit, and is not over."""
    names = [SECONDMENTS.c[name] == row.id for name in NAMED_BY[type(row)]]
    query = select(SECONDMENTS.c.staff_id).where(or_(*names), SECONDMENTS.c.status.in_(LIVE))
    return await session.scalar(query.limit(1)) is not None


async def list_active(session: AsyncSession, table: type[RowT], *, province_code: str) -> list[RowT]:
    """Of a province, by code."""
    query = select(table).where(table.province_code == province_code, table.archived_at.is_(None))
    return list(await session.scalars(query.order_by(table.code)))


async def list_by_id(session: AsyncSession, table: type[RowT], ids: Collection[UUID]) -> dict[UUID, RowT]:
    return {row.id: row for row in await session.scalars(select(table).where(table.id.in_(ids)))}


async def lock_rows(session: AsyncSession, table: type[RowT], ids: Collection[UUID]) -> dict[UUID, RowT]:
    """Locked in the order of their ids, as they are now."""
    query = select(table).where(table.id.in_(ids)).order_by(table.id).with_for_update()
    return {row.id: row for row in await session.scalars(query.execution_options(populate_existing=True))}
