"""Watching live runs: one look at a run's row for all who watch it, so that a full room costs as much as one person."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from roster_api.matching_runs import repository
from roster_api.matching_runs.models import RunEvent
from roster_api.work.handing_out import LIVE

log = structlog.get_logger(__name__)
Answer = TypeVar("Answer")
POLL_SECONDS = 0.4


@dataclass(frozen=True)
class RunState:
    """What a look shows. `status` is None for a run that is gone."""

    status: str | None
    last_event: int

    @property
    def is_live(self) -> bool:
        return self.status in LIVE


class RunWatch:
    """One run, looked at again and again while somebody watches."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], run_id: UUID) -> None:
        self._sessions = sessions
        self._run_id = run_id
        self._news = asyncio.Event()
        self._state: RunState | None = None
        self._fetched: dict[int, asyncio.Task[Sequence[RunEvent]]] = {}
        self.watchers = 0
        self.looking = asyncio.create_task(self._look())

    async def state(self, *, other_than: RunState | None, seconds: float) -> RunState | None:
        """The newest state, as soon as it is another one. After `seconds` the same again; None before the first look.

        Raises what a look raised: never that Postgres is away.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while (self._state is None or self._state == other_than) and not self.looking.done():
                    await self._news.wait()
        if self.looking.done():
            self.looking.result()
        return self._state

    async def events(self, *, after: int) -> Sequence[RunEvent]:
        """Events after this number. Who is equally far shares one query."""
        if after not in self._fetched:
            self._fetched[after] = asyncio.create_task(self._fetch(after))
        return await asyncio.shield(self._fetched[after])

    def stop(self) -> None:
        """Nobody watches any more."""
        for asking in (self.looking, *self._fetched.values()):
            asking.cancel()

    async def _fetch(self, after: int) -> Sequence[RunEvent]:
        return await self._ask(lambda session: repository.list_events(session, self._run_id, after=after))

    async def _ask(self, question: Callable[[AsyncSession], Awaitable[Answer]]) -> Answer:
        """Again and again while Postgres is away or too busy: whoever watches goes on when it is back."""
        while True:
            try:
                async with self._sessions() as session:
                    return await question(session)
            except (SQLAlchemyError, OSError) as error:
                log.warning("run_watch.postgres_away", error=type(error).__name__)
                await asyncio.sleep(POLL_SECONDS)

    async def _look(self) -> None:
        try:
            while self._state is None or self._state.is_live:
                seen = RunState(*await self._ask(lambda session: repository.look_at_run(session, self._run_id)))
                if seen != self._state:
                    self._state = seen
                    self._fetched.clear()
                    self._tell()
                await asyncio.sleep(POLL_SECONDS)
        finally:
            self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


class RunWatches:
    """The runs that are being watched just now. One an application."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions
        self._watches: dict[UUID, RunWatch] = {}

    @contextlib.asynccontextmanager
    async def watching(self, run_id: UUID) -> AsyncIterator[RunWatch]:
        """A watch on this run, shared with whoever else has one; nobody looks any more when the last has gone."""
        watch = self._watches.get(run_id)
        if watch is None or watch.looking.done():
            watch = self._watches[run_id] = RunWatch(self._sessions, run_id)
        watch.watchers += 1
        try:
            yield watch
        finally:
            watch.watchers -= 1
            if not watch.watchers:
                watch.stop()
                if self._watches.get(run_id) is watch:
                    del self._watches[run_id]
