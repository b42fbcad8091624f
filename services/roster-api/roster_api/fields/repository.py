"""SQL of fields and duties."""

from collections.abc import Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.fields.models import Duty, DutyVersion, ExpertiseField
from roster_api.paging import Paging, fetch_page
from roster_api.text import search_key


async def list_fields(session: AsyncSession, *, paging: Paging, q: str | None) -> tuple[list[ExpertiseField], int]:
    """In the catalogue's order."""
    query = select(ExpertiseField)
    if q:
        key = search_key(q)
        query = query.where(
            or_(
                ExpertiseField.search_key.contains(key, autoescape=True),
                ExpertiseField.code.contains(key, autoescape=True),
            )
        )
    return await fetch_page(session, query.order_by(ExpertiseField.position, ExpertiseField.code), paging=paging)


async def list_duties(
    session: AsyncSession, *, paging: Paging, q: str | None, field_code: str | None
) -> tuple[list[Duty], int]:
    """In the catalogue's order."""
    query = select(Duty)
    if q:
        key = search_key(q)
        query = query.where(
            or_(Duty.search_key.contains(key, autoescape=True), Duty.code.contains(key, autoescape=True))
        )
    if field_code:
        query = query.where(Duty.field_code == field_code)
    return await fetch_page(session, query.order_by(Duty.position, Duty.code), paging=paging)


async def find_duty(session: AsyncSession, *, code: str, for_update: bool = False) -> Duty | None:
    query = select(Duty).where(Duty.code == code)
    row: Duty | None = await session.scalar(query.with_for_update() if for_update else query)
    return row


async def list_guidance(session: AsyncSession, *, duties: Sequence[str]) -> dict[str, str]:
    """Written guidance by the Vietnamese name of the duty; duties without any, or renamed since, are left out."""
    query = select(Duty.name_vi, Duty.guidance_vi).where(Duty.name_vi.in_(duties), Duty.guidance_vi != "")
    return {row.name_vi: row.guidance_vi for row in await session.execute(query)}


async def list_field_codes(session: AsyncSession) -> list[str]:
    return list(await session.scalars(select(ExpertiseField.code).order_by(ExpertiseField.position)))


async def name_fields(session: AsyncSession) -> dict[str, str]:
    """The Vietnamese name by code: what leaves the system on paper says fields in words."""
    rows = await session.execute(select(ExpertiseField.code, ExpertiseField.name_vi))
    return {row.code: row.name_vi for row in rows}


async def get_fields_of_duties(session: AsyncSession) -> dict[str, str]:
    """Field code by duty code."""
    rows = (await session.execute(select(Duty.code, Duty.field_code))).all()
    return {row.code: row.field_code for row in rows}


async def find_field(session: AsyncSession, *, code: str, for_update: bool = False) -> ExpertiseField | None:
    query = select(ExpertiseField).where(ExpertiseField.code == code)
    row: ExpertiseField | None = await session.scalar(query.with_for_update() if for_update else query)
    return row


async def get_next_position(session: AsyncSession, table: type[ExpertiseField] | type[Duty]) -> int:
    """At the end of the catalogue."""
    return (await session.scalar(select(func.max(table.position))) or 0) + 1


def select_versions(duty_code: str) -> Select[DutyVersion]:
    """The newest first."""
    return select(DutyVersion).where(DutyVersion.duty_code == duty_code).order_by(DutyVersion.version.desc())
