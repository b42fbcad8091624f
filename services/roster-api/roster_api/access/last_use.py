"""When keys and accounts were last used: noted in memory by each request, written now and then, a few at a time."""

import asyncio
from uuid import UUID

import structlog
from sqlalchemy import func, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from roster_api.access.models import Account, ApiKey
from roster_api.access.principal import Principal

log = structlog.get_logger(__name__)
WRITTEN_EVERY_SECONDS = 120.0


class LastUse:
    """One an application. No request waits for it; what was noted and not written when a process dies is lost."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions
        self._keys: set[UUID] = set()
        self._accounts: set[UUID] = set()

    def note(self, principal: Principal) -> None:
        if principal.key_id is not None:
            self._keys.add(principal.key_id)
        elif principal.account_id is not None:
            self._accounts.add(principal.account_id)

    async def write(self) -> None:
        """What was noted since the last time; kept for the next when the database is away."""
        keys, accounts = self._keys, self._accounts
        self._keys, self._accounts = set(), set()
        if not keys and not accounts:
            return
        try:
            async with self._sessions.begin() as session:
                await session.execute(update(ApiKey).where(ApiKey.id.in_(keys)).values(last_used_at=func.now()))
                await session.execute(update(Account).where(Account.id.in_(accounts)).values(last_seen_at=func.now()))
        except (SQLAlchemyError, OSError) as error:
            log.warning("grants.last_use_not_written", error=type(error).__name__)
            self._keys |= keys
            self._accounts |= accounts

    async def write_for_ever(self) -> None:
        """Until cancelled; then once more."""
        try:
            while True:
                await asyncio.sleep(WRITTEN_EVERY_SECONDS)
                await self.write()
        finally:
            await self.write()
