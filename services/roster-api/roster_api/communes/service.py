"""Decisions about communes: who changes what."""

from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.access.scope import refuse_fields_of_admin
from roster_api.communes import repository
from roster_api.communes.models import Commune
from roster_api.communes.repository import CommuneFilter
from roster_api.communes.schemas import CommunePatch, CommuneRead
from roster_api.errors import NotFoundError
from roster_api.etags import check_version
from roster_api.paging import Page, Paging

OFFICER_FIELDS = frozenset({"office_address", "contact_name", "contact_phone", "contact_email"})


def read_commune(row: Commune, *, principal: Principal) -> CommuneRead:
    """Phone and e-mail only to those who may see them."""
    answer = CommuneRead.model_validate(row)
    if principal.may_see_contacts_of_commune(row.code):
        return answer
    return answer.model_copy(update={"contact_phone": None, "contact_email": None})


async def get_commune(session: AsyncSession, *, principal: Principal, code: str, for_update: bool = False) -> Commune:
    row = await repository.find_commune(session, principal=principal, code=code, for_update=for_update)
    if row is None:
        raise NotFoundError
    return row


async def list_communes(
    session: AsyncSession, *, principal: Principal, filters: CommuneFilter, paging: Paging
) -> Page[CommuneRead]:
    rows, total = await repository.list_communes(session, principal=principal, filters=filters, paging=paging)
    items = [read_commune(row, principal=principal) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


async def change_commune(
    session: AsyncSession, *, principal: Principal, code: str, if_match: str, patch: CommunePatch
) -> Commune:
    if principal.role is Role.COMMUNE_OFFICER and principal.commune_code != code:
        raise NotFoundError
    row = await get_commune(session, principal=principal, code=code, for_update=True)
    changes = patch.changes()
    refuse_fields_of_admin(principal, changed=set(changes), open_fields=OFFICER_FIELDS)
    check_version(row, if_match)
    for name, value in changes.items():
        setattr(row, name, value)
    await session.flush()
    return row


async def set_archived(session: AsyncSession, *, principal: Principal, code: str, archived: bool) -> Commune:
    """Archiving what is archived changes nothing."""
    row = await get_commune(session, principal=principal, code=code, for_update=True)
    if archived != (row.archived_at is not None):
        row.archived_at = clock.now() if archived else None
        await session.flush()
    return row
