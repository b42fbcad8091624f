"""Making, hashing and finding API keys."""

import hashlib
import secrets
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from roster_api.access.models import ApiKey
from roster_api.access.principal import Principal, Role
from roster_api.direct import Reader, Statement
from roster_api.settings import Settings

log = structlog.get_logger(__name__)


def new_key_value() -> str:
    """'cr_' + 32 random bytes, URL-safe."""
    return "cr_" + secrets.token_urlsafe(32)


def hash_key(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


async def add_key(
    session: AsyncSession,
    *,
    role: Role,
    label: str,
    province_code: str | None = None,
    school_id: UUID | None = None,
    commune_code: str | None = None,
    **life: Any,
) -> tuple[ApiKey, str]:
    """(row, value). The value is nowhere else afterwards: show it now. `life`: when it ends, by whom it was made ..."""
    value = new_key_value()
    row = ApiKey(
        role=role.value,
        label=label,
        key_sha256=hash_key(value),
        province_code=province_code,
        school_id=school_id,
        commune_code=commune_code,
        **life,
    )
    session.add(row)
    await session.flush()
    return row, value


async def ensure_configured_key(session: AsyncSession, *, value: str, role: Role) -> None:
    """Makes this value the role's one live configured key; the one configured before is revoked from now on.

    A revoked one stays revoked, even if the settings name it again: the log says so.
    """
    sha256 = hash_key(value)
    rotated = await session.execute(
        update(ApiKey)
        .where(ApiKey.is_configured, ApiKey.role == role.value, ApiKey.revoked_at.is_(None))
        .where(ApiKey.key_sha256 != sha256)
        .values(revoked_at=func.now())
        .returning(ApiKey.id)
    )
    for key_id in rotated.scalars():
        log.info("keys.configured_key_replaced", role=role.value, key_id=str(key_id))
    row = {"role": role.value, "label": f"configured {role.value}", "key_sha256": sha256, "is_configured": True}
    await session.execute(insert(ApiKey).values(row).on_conflict_do_nothing(index_elements=["key_sha256"]))
    kept = (await session.scalars(select(ApiKey).where(ApiKey.key_sha256 == sha256))).one()
    if kept.revoked_at is not None or kept.role != role.value:
        log.error("keys.configured_key_is_useless", role=role.value, key_id=str(kept.id), kept_role=kept.role)


LIVE_KEY = Statement(
    select(
        ApiKey.id,
        ApiKey.role,
        ApiKey.label,
        ApiKey.province_code,
        ApiKey.school_id,
        ApiKey.commune_code,
        ApiKey.expires_at,
        ApiKey.is_read_only,
    ).where(ApiKey.key_sha256 == bindparam("key_sha256"), ApiKey.holds_now())
)


async def find_principal(engine: AsyncEngine, *, key_value: str) -> Principal | None:
    """The principal of a key that holds at this moment: asked with every request, so that none outlives its end."""
    async with Reader(engine) as reader:
        row = await reader.fetch_one(LIVE_KEY, key_sha256=hash_key(key_value))
    if row is None:
        return None
    return Principal(
        key_id=row["id"],
        role=Role(row["role"]),
        label=row["label"],
        province_code=row["province_code"],
        school_id=row["school_id"],
        commune_code=row["commune_code"],
        valid_until=row["expires_at"],
        is_read_only=row["is_read_only"],
    )


async def ensure_configured_keys(session: AsyncSession, settings: Settings) -> None:
    """The keys that the environment names: the first administrator's, and one for each service that asks."""
    configured = (
        (settings.bootstrap_key, Role.ADMIN),
        (settings.solver_key, Role.SOLVER),
        (settings.notifier_key, Role.NOTIFIER),
    )
    for secret, role in configured:
        if secret is not None:
            await ensure_configured_key(session, value=secret.get_secret_value(), role=role)
