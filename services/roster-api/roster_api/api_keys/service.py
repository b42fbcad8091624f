"""Decisions about API keys: who may hold which, how one follows another, and revoking them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.bounds import Bounds
from roster_api.access.granting import refuse_more_than_own
from roster_api.access.keys import add_key
from roster_api.access.models import ApiKey
from roster_api.access.principal import Principal, Role
from roster_api.access.scope import province_scope
from roster_api.api_keys.schemas import KeyCreate, KeyRead, KeyRotation
from roster_api.errors import ConflictError, NotFoundError, invalid_field
from roster_api.paging import Page, Paging, fetch_page
from roster_api.schools.bounds import find_bounds


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


async def create_key(session: AsyncSession, *, principal: Principal, body: KeyCreate) -> tuple[ApiKey, str]:
    """(row, value to show once)."""
    bounds = await find_bounds(session, principal=principal, body=body)
    refuse_more_than_own(principal, role=body.role, bounds=bounds, until=body.expires_at)
    _refuse_past(body.expires_at)
    return await add_key(
        session,
        role=body.role,
        label=body.label,
        province_code=bounds.province_code,
        school_id=bounds.school_id,
        commune_code=bounds.commune_code,
        expires_at=body.expires_at,
        is_read_only=body.is_read_only,
        created_by=principal.label,
        created_by_id=principal.actor_id,
    )


async def rotate_key(
    session: AsyncSession, *, principal: Principal, key_id: UUID, body: KeyRotation
) -> tuple[ApiKey, str]:
    """(new row, its value to show once): the same role and bounds. The old key ends when the overlap is over."""
    old = await _lock_key(session, principal=principal, key_id=key_id)
    now = datetime.now(UTC)
    if old.is_configured or old.revoked_at is not None or (old.expires_at is not None and old.expires_at <= now):
        raise ConflictError(
            "key.not_rotated",
            vi="Khóa đặt trong cấu hình thì đổi ở cấu hình; khóa đã thu hồi hoặc hết hạn thì tạo khóa mới.",
            en="A key of the settings is changed there; instead of one that is revoked or over, make a new one.",
        )
    expires_at = body.expires_at or old.expires_at
    bounds = Bounds(old.province_code, old.school_id, old.commune_code)
    refuse_more_than_own(principal, role=Role(old.role), bounds=bounds, until=expires_at)
    _refuse_past(expires_at)
    ends_at = now + timedelta(hours=body.overlap_hours)
    old.expires_at = min(old.expires_at or ends_at, ends_at)
    return await add_key(
        session,
        role=Role(old.role),
        label=old.label,
        province_code=old.province_code,
        school_id=old.school_id,
        commune_code=old.commune_code,
        expires_at=expires_at,
        is_read_only=old.is_read_only,
        rotated_from_id=old.id,
        created_by=principal.label,
        created_by_id=principal.actor_id,
    )


async def revoke_key(session: AsyncSession, *, principal: Principal, key_id: UUID) -> ApiKey:
    """From the next request on; a revoked key never comes back. Revoking again changes nothing."""
    row = await _lock_key(session, principal=principal, key_id=key_id)
    if row.revoked_at is None:
        row.revoked_at = datetime.now(UTC)
        await session.flush()
    return row


async def _lock_key(session: AsyncSession, *, principal: Principal, key_id: UUID) -> ApiKey:
    row = await session.scalar(_select_keys(principal).where(ApiKey.id == key_id).with_for_update())
    if row is None:
        raise NotFoundError
    return row


def _refuse_past(expires_at: datetime | None) -> None:
    if expires_at is not None and expires_at <= datetime.now(UTC):
        raise invalid_field(
            "/expires_at",
            code="key.already_over",
            vi="Thời điểm hết hạn đã qua.",
            en="The key would be over already.",
        )
