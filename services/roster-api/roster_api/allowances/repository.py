"""SQL of statements."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.allowances.computing import Component, Line
from roster_api.allowances.models import FINAL, AllowanceLine, AllowanceRate, AllowanceStatement, StatementState
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

SERVICE_DAYS = sa.func.coalesce(
    sa.func.sum(AllowanceLine.sign * sa.func.cardinality(AllowanceLine.days)).filter(
        AllowanceLine.component == Component.SERVICE_DAY
    ),
    0,
)


def scope(principal: Principal) -> list[sa.ColumnElement[bool]]:
    """Who is bound to a school sees the statements of the school."""
    return [AllowanceStatement.school_id == principal.school_id] if principal.role.is_of_school else []


def select_statements(
    principal: Principal, campaign_id: UUID, *, month: date | None, state: StatementState | None = None
) -> sa.Select[AllowanceStatement, School, int, int]:
    """With the school, people and days of service of each; by month, school, number."""
    counts = (
        sa.select(
            AllowanceLine.statement_id,
            sa.func.count(AllowanceLine.volunteer_id.distinct()).label("people"),
            SERVICE_DAYS.label("days"),
        )
        .group_by(AllowanceLine.statement_id)
        .subquery()
    )
    query = (
        sa.select(
            AllowanceStatement,
            School,
            sa.func.coalesce(counts.c.people, 0),
            sa.func.coalesce(counts.c.days, 0),
        )
        .join(School, School.id == AllowanceStatement.school_id)
        .outerjoin(counts, counts.c.statement_id == AllowanceStatement.id)
        .where(AllowanceStatement.campaign_id == campaign_id, *scope(principal))
    )
    if month is not None:
        query = query.where(AllowanceStatement.month == month)
    if state is not None:
        query = query.where(AllowanceStatement.state == state)
    return query.order_by(AllowanceStatement.month, School.sort_key, School.id, AllowanceStatement.number)


async def find_statement(
    session: AsyncSession, principal: Principal, statement_id: UUID, *, lock: bool = False
) -> AllowanceStatement | None:
    query = sa.select(AllowanceStatement).where(AllowanceStatement.id == statement_id, *scope(principal))
    return await session.scalar(query.with_for_update() if lock else query)


async def list_statements_of_month(
    session: AsyncSession, campaign_id: UUID, month: date
) -> Sequence[AllowanceStatement]:
    """By school and number, locked."""
    query = (
        sa.select(AllowanceStatement)
        .where(AllowanceStatement.campaign_id == campaign_id, AllowanceStatement.month == month)
        .order_by(AllowanceStatement.school_id, AllowanceStatement.number)
        .with_for_update()
    )
    return (await session.scalars(query)).all()


async def list_held(session: AsyncSession, campaign_id: UUID, month: date) -> list[tuple[UUID, Line]]:
    """Lines of approved and paid statements, the oldest statement of each school first."""
    query = (
        sa.select(AllowanceStatement.school_id, AllowanceLine)
        .join(AllowanceLine, AllowanceLine.statement_id == AllowanceStatement.id)
        .where(
            AllowanceStatement.campaign_id == campaign_id,
            AllowanceStatement.month == month,
            AllowanceStatement.state.in_(FINAL),
        )
        .order_by(AllowanceStatement.school_id, AllowanceStatement.number, AllowanceLine.number)
    )
    return [(school_id, as_line(row)) for school_id, row in await session.execute(query)]


async def list_lines(session: AsyncSession, statement_id: UUID) -> list[Line]:
    query = sa.select(AllowanceLine).where(AllowanceLine.statement_id == statement_id).order_by(AllowanceLine.number)
    return [as_line(row) for row in await session.scalars(query)]


def as_line(row: AllowanceLine) -> Line:
    return Line(row.volunteer_id, Component(row.component), row.rate_id, tuple(row.days), row.sign, row.unit_vnd)


async def replace_lines(session: AsyncSession, statement_id: UUID, lines: Sequence[Line]) -> None:
    """Only of a statement that is not approved; a trigger refuses it otherwise."""
    await session.execute(sa.delete(AllowanceLine).where(AllowanceLine.statement_id == statement_id))
    rows: list[dict[str, Any]] = [
        {
            "statement_id": statement_id,
            "number": number,
            "volunteer_id": line.volunteer_id,
            "component": line.component,
            "rate_id": line.rate_id,
            "days": list(line.days),
            "sign": line.sign,
            "unit_vnd": line.unit_vnd,
            "amount_vnd": line.amount_vnd,
        }
        for number, line in enumerate(lines, start=1)
    ]
    if rows:
        await session.execute(sa.insert(AllowanceLine), rows)


async def list_named_lines(
    session: AsyncSession, statement_ids: Sequence[UUID]
) -> Sequence[sa.Row[AllowanceLine, Volunteer, str]]:
    """Lines with their person and legal basis: by given name, then as numbered."""
    query = (
        sa.select(AllowanceLine, Volunteer, AllowanceRate.legal_basis)
        .join(Volunteer, Volunteer.id == AllowanceLine.volunteer_id)
        .join(AllowanceRate, AllowanceRate.id == AllowanceLine.rate_id)
        .where(AllowanceLine.statement_id.in_(statement_ids))
        .order_by(Volunteer.sort_key, Volunteer.id, AllowanceLine.statement_id, AllowanceLine.number)
    )
    return (await session.execute(query)).all()


async def list_names(session: AsyncSession, people: Sequence[UUID]) -> dict[UUID, str]:
    query = sa.select(Volunteer.id, Volunteer.full_name).where(Volunteer.id.in_(people))
    return {row.id: row.full_name for row in await session.execute(query)}


async def count_people(session: AsyncSession, statement_ids: Sequence[UUID]) -> int:
    """Each human once, whatever their lines."""
    query = sa.select(sa.func.count(AllowanceLine.volunteer_id.distinct())).where(
        AllowanceLine.statement_id.in_(statement_ids)
    )
    return await session.scalar(query) or 0
