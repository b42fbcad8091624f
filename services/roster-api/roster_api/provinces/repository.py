"""SQL of provinces."""

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.access.scope import province_scope
from roster_api.communes.models import Commune
from roster_api.paging import Paging
from roster_api.provinces.models import Province
from roster_api.text import search_key

commune_count = select(func.count()).where(Commune.province_code == Province.code).scalar_subquery()


def _select_provinces(principal: Principal) -> Select[Province, int]:
    return select(Province, commune_count).where(*province_scope(principal, Province.code))


async def list_provinces(
    session: AsyncSession, *, principal: Principal, paging: Paging, q: str | None
) -> tuple[list[Row[Province, int]], int]:
    """(rows of province and its number of communes, total), in alphabetical order."""
    query = _select_provinces(principal)
    if q:
        query = query.where(Province.search_key.contains(search_key(q), autoescape=True))
    total = await session.scalar(select(func.count()).select_from(query.subquery()))
    page = query.order_by(Province.sort_key, Province.code).limit(paging.limit).offset(paging.offset)
    return list((await session.execute(page)).all()), total or 0


async def lock_province(session: AsyncSession, *, principal: Principal, code: str) -> Province | None:
    query = select(Province).where(Province.code == code, *province_scope(principal, Province.code))
    return await session.scalar(query.with_for_update())


async def find_province(session: AsyncSession, *, principal: Principal, code: str) -> Row[Province, int] | None:
    return (await session.execute(_select_provinces(principal).where(Province.code == code))).one_or_none()
