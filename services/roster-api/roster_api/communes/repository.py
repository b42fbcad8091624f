"""SQL of communes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.access.scope import Conditions, province_scope
from roster_api.communes.models import Commune, CommuneKind
from roster_api.paging import Paging, fetch_page
from roster_api.text import search_key


def commune_scope(principal: Principal) -> Conditions:
    """Communes are reference data: everyone sees those of the own province (contacts apart)."""
    return province_scope(principal, Commune.province_code)


@dataclass(frozen=True)
class CommuneFilter:
    q: str | None = None
    province_code: str | None = None
    kind: CommuneKind | None = None
    is_remote: bool | None = None
    archived: bool = False


async def list_communes(
    session: AsyncSession, *, principal: Principal, filters: CommuneFilter, paging: Paging
) -> tuple[list[Commune], int]:
    """In alphabetical order within each province."""
    query = select(Commune).where(*commune_scope(principal))
    query = query.where(Commune.archived_at.is_not(None) if filters.archived else Commune.archived_at.is_(None))
    if filters.q:
        key = search_key(filters.q)
        query = query.where(
            or_(
                Commune.search_key.contains(key, autoescape=True),
                Commune.old_search_key.contains(key, autoescape=True),
            )
        )
    if filters.province_code:
        query = query.where(Commune.province_code == filters.province_code)
    if filters.kind:
        query = query.where(Commune.kind == filters.kind.value)
    if filters.is_remote is not None:
        query = query.where(Commune.is_remote == filters.is_remote)
    return await fetch_page(
        session, query.order_by(Commune.province_code, Commune.sort_key, Commune.code), paging=paging
    )


async def find_commune(
    session: AsyncSession, *, principal: Principal, code: str, for_update: bool = False
) -> Commune | None:
    query = select(Commune).where(Commune.code == code, *commune_scope(principal))
    row: Commune | None = await session.scalar(query.with_for_update() if for_update else query)
    return row


async def lock_communes_of_province(session: AsyncSession, *, province_code: str) -> Sequence[Commune]:
    """Every commune of the province, archived ones too; nobody else changes them until the transaction ends."""
    query = select(Commune).where(Commune.province_code == province_code).order_by(Commune.code).with_for_update()
    return (await session.scalars(query)).all()


async def find_communes_by_code(session: AsyncSession, *, codes: set[str], province_code: str) -> dict[str, Commune]:
    """The active communes of the province among `codes`."""
    query = select(Commune).where(
        Commune.code.in_(codes), Commune.province_code == province_code, Commune.archived_at.is_(None)
    )
    return {row.code: row for row in (await session.scalars(query)).all()}
