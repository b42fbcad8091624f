"""Whether keys and roles that were good when a request began still are."""

from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.models import ApiKey, RoleAssignment


async def list_live_grants(session: AsyncSession, grant_ids: set[UUID]) -> set[UUID]:
    """Those of these keys and assignments that hold at this moment."""
    keys = select(ApiKey.id).where(ApiKey.id.in_(grant_ids), ApiKey.holds_now())
    assignments = select(RoleAssignment.id).where(RoleAssignment.id.in_(grant_ids), RoleAssignment.holds_now())
    return set(await session.scalars(union_all(keys, assignments)))
