"""Decisions about schools: who changes what."""

from uuid import UUID

from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.access.scope import refuse_fields_of_admin
from roster_api.errors import NotFoundError, invalid_field
from roster_api.etags import check_version
from roster_api.paging import Page, Paging
from roster_api.provinces.repository import find_province
from roster_api.schools import repository
from roster_api.schools.models import School
from roster_api.schools.repository import SchoolFilter
from roster_api.schools.schemas import SchoolCreate, SchoolPatch, SchoolRead
from roster_api.text import search_key, sort_key

COORDINATOR_FIELDS = frozenset({"address", "contact_name", "contact_phone", "contact_email"})


def read_school(row: School, *, principal: Principal) -> SchoolRead:
    """Phone and e-mail only to those who may see them."""
    answer = SchoolRead.model_validate(row)
    if principal.may_see_contacts_of_school(row.id):
        return answer
    return answer.model_copy(update={"contact_phone": None, "contact_email": None})


def _name_keys(name: str, code: str) -> dict[str, str]:
    return {"search_key": search_key(f"{name} {code}"), "sort_key": sort_key(name)}


async def get_school(
    session: AsyncSession, *, principal: Principal, school_id: UUID, for_update: bool = False
) -> School:
    """404 for a school that is missing or outside the principal's scope."""
    row = await repository.find_school(session, principal=principal, school_id=school_id, for_update=for_update)
    if row is None:
        raise NotFoundError
    return row


async def list_schools(
    session: AsyncSession, *, principal: Principal, filters: SchoolFilter, paging: Paging
) -> Page[SchoolRead]:
    rows, total = await repository.list_schools(session, principal=principal, filters=filters, paging=paging)
    items = [read_school(row, principal=principal) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


async def create_school(session: AsyncSession, *, principal: Principal, body: SchoolCreate) -> School:
    if await find_province(session, principal=principal, code=body.province_code) is None:
        raise invalid_field("/province_code", code="province.unknown", vi="Không có tỉnh này.", en="No such province.")
    values = body.model_dump() | {"kind": body.kind.value}
    row = School(**values, **_name_keys(body.name, body.code))
    session.add(row)
    await session.flush()
    return row


async def change_school(
    session: AsyncSession, *, principal: Principal, school_id: UUID, if_match: str, patch: SchoolPatch
) -> School:
    row = await get_school(session, principal=principal, school_id=school_id, for_update=True)
    changes = patch.changes()
    refuse_fields_of_admin(principal, changed=set(changes), open_fields=COORDINATOR_FIELDS)
    check_version(row, if_match)
    if "name" in changes:
        changes |= _name_keys(changes["name"], row.code)
    for name, value in changes.items():
        setattr(row, name, value)
    await session.flush()
    return row


async def set_archived(session: AsyncSession, *, principal: Principal, school_id: UUID, archived: bool) -> School:
    """Archiving what is archived changes nothing."""
    row = await get_school(session, principal=principal, school_id=school_id, for_update=True)
    if archived != (row.archived_at is not None):
        row.archived_at = clock.now() if archived else None
        await session.flush()
    return row
