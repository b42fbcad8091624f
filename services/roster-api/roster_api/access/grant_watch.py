"""Keys and roles that something long is done with: asked about all together, so that a revoked one is noticed."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from roster_api.access.grants import list_live_grants

log = structlog.get_logger(__name__)
ASKED_EVERY_SECONDS = 3.0


class GrantWatch:
    """One an application. While nobody holds anything nothing is asked."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions
        self._held: Counter[UUID] = Counter()
        self._revoked: set[UUID] = set()
        self._asking: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def holding(self, grant_id: UUID) -> Iterator[None]:
        """The key or role is asked about for the length of a block."""
        self._held[grant_id] += 1
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_for_ever())
        try:
            yield
        finally:
            self._held[grant_id] -= 1
            self._held += Counter()  # forgets whom nobody holds
            if not self._held and self._asking is not None:
                self._asking.cancel()
                self._asking = None

    def is_revoked(self, grant_id: UUID) -> bool:
        """As far as was heard; a few seconds late at most."""
        return grant_id in self._revoked

    async def _ask_for_ever(self) -> None:
        while True:
            await asyncio.sleep(ASKED_EVERY_SECONDS)
            held = set(self._held)
            try:
                async with self._sessions() as session:
                    self._revoked = held - await list_live_grants(session, held)
            except (SQLAlchemyError, OSError) as error:
                log.warning("grants.not_asked", error=type(error).__name__)
