"""Decisions about API keys: who may hold which, and revoking them."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.keys import add_key
from roster_api.access.models import ApiKey
from roster_api.access.principal import Principal, Role
from roster_api.access.scope import province_scope
from roster_api.api_keys.schemas import KeyCreate, KeyRead
from roster_api.communes.repository import find_commune
from roster_api.errors import NotFoundError, invalid_field
from roster_api.paging import Page, Paging, fetch_page
from roster_api.provinces.repository import find_province
from roster_api.schools.repository import find_school


def _select_keys(principal: Principal) -> Select[ApiKey]:
    return select(ApiKey).where(*province_scope(principal, ApiKey.province_code))


async def list_keys(
    session: AsyncSession, *, principal: Principal, q: str | None, role: Role | None, revoked: bool, paging: Paging
) -> Page[KeyRead]:
    """Newest first; the values are nowhere."""
    query = _select_keys(principal).where(ApiKey.revoked_at.is_not(None) if revoked else ApiKey.revoked_at.is_(None))
    if q:
        query = query.where(ApiKey.label.icontains(q, autoescape=True))
    if role:
        query = query.where(ApiKey.role == role.value)
    rows, total = await fetch_page(session, query.order_by(ApiKey.created_at.desc(), ApiKey.id), paging=paging)
    items = [KeyRead.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


async def _province_of(session: AsyncSession, *, principal: Principal, body: KeyCreate) -> str | None:
    """The province the key is bound to: of its school or commune, else as asked, else the maker's own."""
    bounds = {body.province_code, principal.province_code}
    if body.school_id is not None:
        school = await find_school(session, principal=principal, school_id=body.school_id)
        if school is None:
            raise invalid_field("/school_id", code="school.unknown", vi="Không có trường này.", en="No such school.")
        bounds.add(school.province_code)
    if body.commune_code is not None:
        commune = await find_commune(session, principal=principal, code=body.commune_code)
        if commune is None:
            raise invalid_field("/commune_code", code="commune.unknown", vi="Không có xã này.", en="No such commune.")
        bounds.add(commune.province_code)
    if body.province_code and await find_province(session, principal=principal, code=body.province_code) is None:
        raise invalid_field("/province_code", code="province.unknown", vi="Không có tỉnh này.", en="No such province.")
    bounds.discard(None)
    if len(bounds) > 1:
        raise invalid_field(
            "/province_code",
            code="key.bounds",
            vi="Trường hoặc xã không thuộc tỉnh này.",
            en="The school or commune is not in this province.",
        )
    return bounds.pop() if bounds else None


async def create_key(session: AsyncSession, *, principal: Principal, body: KeyCreate) -> tuple[ApiKey, str]:
    """(row, value to show once)."""
    return await add_key(
        session,
        role=body.role,
        label=body.label,
        province_code=await _province_of(session, principal=principal, body=body),
        school_id=body.school_id,
        commune_code=body.commune_code,
    )


async def revoke_key(session: AsyncSession, *, principal: Principal, key_id: UUID) -> ApiKey:
    """From the next request on; a revoked key never comes back. Revoking again changes nothing."""
    row = await session.scalar(_select_keys(principal).where(ApiKey.id == key_id).with_for_update())
    if row is None:
        raise NotFoundError
    if row.revoked_at is None:
        row.revoked_at = datetime.now(UTC)
        await session.flush()
    return row
