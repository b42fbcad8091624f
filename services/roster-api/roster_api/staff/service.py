"""Decisions about units, staff and posts: what a row may name, and how one is kept, changed and taken out of use."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.communes.repository import find_commune
from roster_api.errors import ConflictError, InvalidError, NotFoundError, invalid_field, pointer_error
from roster_api.etags import check_version
from roster_api.fields.repository import list_field_codes
from roster_api.provinces.repository import find_province
from roster_api.shapes import Body, PatchBody
from roster_api.staff import repository
from roster_api.staff.models import StaffMember, Unit
from roster_api.staff.repository import RowT
from roster_api.staff.schemas import PostCreate, StaffCreate, UnitCreate
from roster_api.text import name_sort_key, search_key, sort_key


def name_keys(table: type[Any], name: str, code: str) -> dict[str, str]:
    """The columns that lists are searched and sorted by."""
    key = name_sort_key(name) if table is StaffMember else sort_key(name)
    return {"search_key": search_key(f"{name} {code}"), "sort_key": key}


def name_of(values: Mapping[str, Any]) -> str | None:
    name: str | None = values.get("full_name") or values.get("name") or values.get("title")
    return name


def as_columns(body: Body) -> dict[str, Any]:
    """What a body says, as a row keeps it."""
    values = body.changes() if isinstance(body, PatchBody) else body.model_dump()
    return {name: value.value if isinstance(value, StrEnum) else value for name, value in values.items()}


async def get_row(
    session: AsyncSession, table: type[RowT], row_id: UUID, *, principal: Principal, for_update: bool = False
) -> RowT:
    """404 for what is missing, or another unit's."""
    row = await repository.find_row(session, table, row_id, principal=principal, for_update=for_update)
    if row is None:
        raise NotFoundError
    return row


async def create_unit(session: AsyncSession, *, principal: Principal, body: UnitCreate) -> Unit:
    if await find_province(session, principal=principal, code=body.province_code) is None:
        raise invalid_field("/province_code", code="province.unknown", vi="Không có tỉnh này.", en="No such province.")
    return await _create(session, Unit, body.province_code, as_columns(body), principal=principal)


async def create_in_unit(
    session: AsyncSession, table: type[RowT], *, principal: Principal, body: StaffCreate | PostCreate
) -> RowT:
    """Somebody of a unit, or a post of it."""
    unit = await repository.find_row(session, Unit, body.unit_id, principal=principal)
    if unit is None or unit.archived_at is not None:
        raise no_unit()
    return await _create(session, table, unit.province_code, as_columns(body), principal=principal)


async def _create(
    session: AsyncSession, table: type[RowT], province_code: str, values: dict[str, Any], *, principal: Principal
) -> RowT:
    values["province_code"] = province_code
    await refuse_unknown(session, province_code, values, principal=principal)
    row = table(**values, **name_keys(table, name_of(values) or "", values["code"]))
    session.add(row)
    await session.flush()
    return row


async def change_row(
    session: AsyncSession, table: type[RowT], row_id: UUID, *, principal: Principal, if_match: str, patch: PatchBody
) -> RowT:
    row = await get_row(session, table, row_id, principal=principal, for_update=True)
    check_version(row, if_match)
    values = as_columns(patch)
    await refuse_unknown(session, row.province_code, values, principal=principal)
    name = name_of(values)
    if name is not None:
        values |= name_keys(table, name, row.code)
    for column, value in values.items():
        setattr(row, column, value)
    await session.flush()
    return row


async def set_archived(
    session: AsyncSession, table: type[RowT], row_id: UUID, *, principal: Principal, archived: bool
) -> RowT:
    """Archiving what is archived changes nothing. 409 while a decision takes it: that is ended first, and told."""
    row = await get_row(session, table, row_id, principal=principal, for_update=True)
    if archived and row.archived_at is None and await repository.has_live_secondment(session, row):
        raise ConflictError(
            "staff.secondment_in_force",
            vi="Có quyết định điều động, biệt phái chưa kết thúc. Hãy kết thúc hoặc bỏ quyết định đó trước.",
            en="A secondment is not over. End or discard it first: those concerned are told by that.",
        )
    if archived != (row.archived_at is not None):
        row.archived_at = clock.now() if archived else None
        await session.flush()
    return row


def no_unit() -> InvalidError:
    return invalid_field("/unit_id", code="unit.unknown", vi="Không có đơn vị này.", en="No such unit.")


async def refuse_unknown(
    session: AsyncSession, province_code: str, values: Mapping[str, Any], *, principal: Principal
) -> None:
    """422 for a commune, a unit or a field that is not there, or another province's."""
    for name in ("commune_code", "home_commune_code"):
        code = values.get(name)
        commune = await find_commune(session, principal=principal, code=code) if code else None
        if code and (commune is None or (name == "commune_code" and commune.province_code != province_code)):
            raise invalid_field(f"/{name}", code="commune.unknown", vi="Không có xã này.", en="No such commune.")
    if values.get("unit_id") is not None:
        unit = await repository.find_row(session, Unit, values["unit_id"], principal=principal)
        if unit is None or unit.province_code != province_code:
            raise no_unit()
    named = [
        (f"/qualifications/{i}/field_code", q["field_code"]) for i, q in enumerate(values.get("qualifications") or ())
    ]
    named += [("/field_code", values["field_code"])] if "field_code" in values else []
    known = set(await list_field_codes(session)) if named else set()
    errors = [
        pointer_error(pointer, code="field.unknown", vi=f"Không có lĩnh vực '{code}'.", en=f"No field '{code}'.")
        for pointer, code in named
        if code not in known
    ]
    if errors:
        raise InvalidError(
            "field.unknown", vi="Có mã lĩnh vực không đúng.", en="Some field codes are unknown.", errors=errors
        )
