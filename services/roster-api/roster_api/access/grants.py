"""Whether keys, roles and sign-ins that were good when a request began still are."""

from sqlalchemy import select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.models import ApiKey, EndedSignIn, RoleAssignment
from roster_api.access.principal import Grant


async def list_live_grants(session: AsyncSession, grants: set[Grant]) -> set[Grant]:
    """Those of these that hold at this moment, and whose sign-in nobody has ended."""
    ids = {grant.id for grant in grants}
    keys = select(ApiKey.id).where(ApiKey.id.in_(ids), ApiKey.holds_now())
    assignments = select(RoleAssignment.id).where(RoleAssignment.id.in_(ids), RoleAssignment.holds_now())
    live = set(await session.scalars(union_all(keys, assignments)))
    tokens = {grant.token_sha256 for grant in grants if grant.token_sha256 is not None}
    ended = set(await session.scalars(select(EndedSignIn.token_sha256).where(EndedSignIn.token_sha256.in_(tokens))))
    return {grant for grant in grants if grant.id in live and grant.token_sha256 not in ended}
