"""Lists: `Page` is what every list answers, `PagingDep` what every list takes."""

from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Integer, Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.direct import Reader, Row, Statement

ItemT = TypeVar("ItemT")
LIMIT_MAXIMUM = 200
TOTAL = "total_of_list"
OFFSET_MAXIMUM = 10_000_000


class Page(BaseModel, Generic[ItemT]):
    """One page of a list in a stable order; `total` counts the whole list."""

    model_config = ConfigDict(extra="forbid")

    items: list[ItemT]
    total: int
    limit: int
    offset: int


@dataclass(frozen=True)
class Paging:
    limit: int
    offset: int


async def get_paging(
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAXIMUM, description="Items a page")] = 50,
    offset: Annotated[int, Query(ge=0, le=OFFSET_MAXIMUM, description="Items to pass over")] = 0,
) -> Paging:
    return Paging(limit=limit, offset=offset)


PagingDep = Annotated[Paging, Depends(get_paging)]


async def fetch_page(session: AsyncSession, query: Select[Any], *, paging: Paging) -> tuple[list[Any], int]:
    """(rows of the page, total). `query` selects one entity and must be ordered by something unique."""
    total = await session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    rows = (await session.scalars(query.limit(paging.limit).offset(paging.offset))).all()
    return list(rows), total or 0


class PageStatement:
    """A list compiled once: a page and its total, asked in one go. `query` must be ordered by something unique."""

    def __init__(self, query: Select[Any]) -> None:
        count = select(func.count()).select_from(query.order_by(None).subquery())
        page = query.add_columns(count.scalar_subquery().label(TOTAL))
        self._page = Statement(page.limit(bindparam("limit", type_=Integer)).offset(bindparam("offset", type_=Integer)))
        self._count = Statement(count.with_only_columns(func.count().label(TOTAL), maintain_column_froms=True))

    async def fetch(self, reader: Reader, paging: Paging, **values: Any) -> tuple[list[Row], int]:
        """(rows of the page, total)."""
        rows = await reader.fetch(self._page, limit=paging.limit, offset=paging.offset, **values)
        if not rows and paging.offset:  # beyond the end: no row tells the total
            counted = await reader.fetch_one(self._count, **values)
            return [], counted[TOTAL] if counted else 0
        return rows, rows[0][TOTAL] if rows else 0
