"""Making, hashing and finding API keys."""

import hashlib
import secrets
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.models import ApiKey
from roster_api.access.principal import Principal, Role
from roster_api.settings import Settings

PREFIX_LENGTH = 8


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
) -> tuple[ApiKey, str]:
    """(row, value). The value is nowhere else afterwards: show it now."""
    value = new_key_value()
    row = ApiKey(
        role=role.value,
        label=label,
        prefix=value[:PREFIX_LENGTH],
        key_sha256=hash_key(value),
        province_code=province_code,
        school_id=school_id,
        commune_code=commune_code,
    )
    session.add(row)
    await session.flush()
    return row, value


async def ensure_key(session: AsyncSession, *, value: str, role: Role, label: str) -> None:
    """Makes sure that a key with exactly this value exists; a revoked one stays revoked."""
    row = {"role": role.value, "label": label, "prefix": value[:PREFIX_LENGTH], "key_sha256": hash_key(value)}
    await session.execute(insert(ApiKey).values(row).on_conflict_do_nothing(index_elements=["key_sha256"]))


async def find_principal(session: AsyncSession, *, key_value: str) -> Principal | None:
    """The principal of a key that exists and was not revoked."""
    row = await session.scalar(
        select(ApiKey).where(ApiKey.key_sha256 == hash_key(key_value), ApiKey.revoked_at.is_(None))
    )
    if row is None:
        return None
    return Principal(
        key_id=row.id,
        role=Role(row.role),
        label=row.label,
        province_code=row.province_code,
        school_id=row.school_id,
        commune_code=row.commune_code,
    )


async def is_key_live(session: AsyncSession, key_id: UUID) -> bool:
    """Whether the key that was good when the request began still is."""
    return await session.scalar(select(ApiKey.id).where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None))) is not None


async def ensure_configured_keys(session: AsyncSession, settings: Settings) -> None:
    """The keys that the environment names: the first administrator's, and one for each service that asks."""
    configured = (
        (settings.bootstrap_key, Role.ADMIN),
        (settings.solver_key, Role.SOLVER),
        (settings.notifier_key, Role.NOTIFIER),
    )
    for secret, role in configured:
        if secret is not None:
            await ensure_key(session, value=secret.get_secret_value(), role=role, label=f"configured {role.value}")
