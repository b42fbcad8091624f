"""Keys, roles and sign-ins that something long is done with: asked about together, so that an end is noticed."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from roster_api.access.grants import list_live_grants
from roster_api.access.principal import Grant

log = structlog.get_logger(__name__)
ASKED_EVERY_SECONDS = 3.0


class GrantWatch:
    """One an application. While nobody holds anything nothing is asked."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions
        self._held: Counter[Grant] = Counter()
        self._revoked: set[Grant] = set()
        self._asking: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def holding(self, grant: Grant) -> Iterator[None]:
        """The grant is asked about for the length of a block."""
        self._held[grant] += 1
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_for_ever())
        try:
            yield
        finally:
            self._held[grant] -= 1
            self._held += Counter()  # forgets whom nobody holds
            if not self._held and self._asking is not None:
                self._asking.cancel()
                self._asking = None

    def is_revoked(self, grant: Grant) -> bool:
        """As far as was heard; a few seconds late at most."""
        return grant in self._revoked

    async def _ask_for_ever(self) -> None:
        while True:
            await asyncio.sleep(ASKED_EVERY_SECONDS)
            held = set(self._held)
            try:
                async with self._sessions() as session:
                    self._revoked = held - await list_live_grants(session, held)
            except (SQLAlchemyError, OSError) as error:
                log.warning("grants.not_asked", error=type(error).__name__)
