"""Decisions about fields and duties."""

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.errors import NotFoundError
from roster_api.etags import check_version
from roster_api.fields import repository
from roster_api.fields.models import Duty
from roster_api.fields.schemas import DutyPatch, DutyRead, FieldRead
from roster_api.paging import Page, Paging
from roster_api.text import search_key


async def list_fields(session: AsyncSession, *, paging: Paging, q: str | None) -> Page[FieldRead]:
    rows, total = await repository.list_fields(session, paging=paging, q=q)
    items = [FieldRead.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


async def list_duties(
    session: AsyncSession, *, paging: Paging, q: str | None, field_code: str | None
) -> Page[DutyRead]:
    rows, total = await repository.list_duties(session, paging=paging, q=q, field_code=field_code)
    items = [DutyRead.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


async def get_duty(session: AsyncSession, *, code: str, for_update: bool = False) -> Duty:
    row = await repository.find_duty(session, code=code, for_update=for_update)
    if row is None:
        raise NotFoundError
    return row


async def change_duty(session: AsyncSession, *, code: str, if_match: str, patch: DutyPatch) -> Duty:
    row = await get_duty(session, code=code, for_update=True)
    check_version(row, if_match)
    for name, value in patch.changes().items():
        setattr(row, name, value)
    row.search_key = search_key(row.name_vi)
    await session.flush()
    return row
