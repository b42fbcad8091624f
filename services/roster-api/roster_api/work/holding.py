"""A claimed row kept while the work on it lasts: signs of life beside it, and its end when the row is another's."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from roster_api.work.claiming import Claimed, LeaseLostError, keep

log = structlog.get_logger(__name__)
BEATS_A_LEASE = 10


class Holder:
    """One claimed row. `news` is written with the next sign of life."""

    def __init__(
        self, sessions: async_sessionmaker[AsyncSession], table: type[Claimed], row: Claimed, *, lease_seconds: float
    ) -> None:
        self.sessions, self.table, self.lease_seconds = sessions, table, lease_seconds
        self.row_id: UUID = row.id
        if row.lease_token is None:
            raise LeaseLostError
        self.token: UUID = row.lease_token
        self.news: dict[str, Any] = {}
        self._beating: asyncio.Task[None] | None = None

    async def work(self, step: Callable[["Holder"], Awaitable[None]]) -> None:
        """Carries the step out, and cancels it when the row is lost: then LeaseLostError."""
        working = asyncio.ensure_future(step(self))
        self._beating = beating = asyncio.create_task(self._beat())
        try:
            await asyncio.wait({working, beating}, return_when=asyncio.FIRST_COMPLETED)
            if beating.done() and not beating.cancelled() and beating.exception() is not None:
                raise LeaseLostError
            await working
        finally:
            for task in (beating, working):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, LeaseLostError):
                    await task

    async def rest(self) -> None:
        """Before the last transaction, which locks the row itself: no sign of life comes in between."""
        if self._beating is not None:
            self._beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._beating

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.lease_seconds / BEATS_A_LEASE)
            news, self.news = self.news, {}
            try:
                async with self.sessions.begin() as session:
                    await keep(
                        session, self.table, self.row_id, token=self.token, lease_seconds=self.lease_seconds, **news
                    )
            except (SQLAlchemyError, OSError) as error:
                self.news = news | self.news
                log.warning("work.no_sign_of_life", row_id=str(self.row_id), error=type(error).__name__)
