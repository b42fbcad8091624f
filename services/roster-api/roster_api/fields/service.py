"""Decisions about fields and duties."""

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.errors import NotFoundError, invalid_field
from roster_api.etags import check_version
from roster_api.fields import repository
from roster_api.fields.models import Duty, DutyVersion, ExpertiseField
from roster_api.fields.schemas import DutyCreate, DutyPatch, DutyRead, FieldCreate, FieldPatch, FieldRead
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


async def change_duty(session: AsyncSession, *, code: str, if_match: str, patch: DutyPatch, by: str) -> Duty:
    row = await get_duty(session, code=code, for_update=True)
    check_version(row, if_match)
    for name, value in patch.changes().items():
        setattr(row, name, value)
    row.search_key = search_key(row.name_vi)
    await session.flush()
    await _keep_version(session, row, by=by)
    return row


async def _keep_version(session: AsyncSession, row: Duty, *, by: str) -> None:
    """As it is now; nothing where nothing changed."""
    if await session.get(DutyVersion, (row.code, row.row_version)) is None:
        session.add(
            DutyVersion(
                duty_code=row.code,
                version=row.row_version,
                name_vi=row.name_vi,
                guidance_vi=row.guidance_vi,
                changed_by=by,
            )
        )
        await session.flush()


async def create_field(session: AsyncSession, *, body: FieldCreate) -> ExpertiseField:
    """409 for a code that is taken."""
    position = await repository.get_next_position(session, ExpertiseField)
    row = ExpertiseField(**body.model_dump(), search_key=search_key(body.name_vi), position=position)
    session.add(row)
    await session.flush()
    return row


async def change_field(session: AsyncSession, *, code: str, if_match: str, patch: FieldPatch) -> ExpertiseField:
    row = await repository.find_field(session, code=code, for_update=True)
    if row is None:
        raise NotFoundError
    check_version(row, if_match)
    for name, value in patch.changes().items():
        setattr(row, name, value)
    row.search_key = search_key(row.name_vi)
    await session.flush()
    return row


async def create_duty(session: AsyncSession, *, body: DutyCreate, by: str) -> Duty:
    """409 for a code that is taken, 422 for a field that is not there."""
    if await repository.find_field(session, code=body.field_code) is None:
        raise invalid_field(
            "/field_code", code="field.unknown", vi="Không có lĩnh vực này.", en="There is no such field."
        )
    position = await repository.get_next_position(session, Duty)
    row = Duty(**body.model_dump(), search_key=search_key(body.name_vi), position=position)
    session.add(row)
    await session.flush()
    await _keep_version(session, row, by=by)
    return row
