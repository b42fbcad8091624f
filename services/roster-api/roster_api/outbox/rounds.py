"""The relay's rounds: take due outbox rows and enqueue their jobs, for ever. relay.py starts it.

One round: claim due rows in a short transaction (SKIP LOCKED, so any number of relays may run), enqueue each job
outside any transaction, then mark it. Killed between any two of these lines, the rows are due again once the claim
has run out: a job may be enqueued twice, never not at all. Redis away: the rows are given back and tried again;
Postgres away: the round is tried again. Neither ends the process.
"""

import asyncio
import contextlib
import os
import random
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from commune_schemas.jobs import ENQUEUE_AGAIN_SECONDS
from commune_service.queue_health import QueueState
from commune_service.tracing import trace_job
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from roster_api.listening import keep_listening
from roster_api.outbox import repository
from roster_api.outbox.publisher import Publisher, PublishError
from roster_api.outbox.repository import ClaimedRow

log = structlog.get_logger(__name__)

Sweep = Callable[[AsyncSession], Awaitable[object]]
"""Work on rows that is due by time alone, done once a round in a transaction of its own."""

BATCH = 50
HOLD_FOR = timedelta(seconds=5)
AGAIN_IN = timedelta(seconds=ENQUEUE_AGAIN_SECONDS)
POLL_SECONDS = 1.0
PROBE_EVERY_SECONDS = 3.0
"""So often the queue is written to whatever there is to do, so that health tells before a job waits."""
LONGEST_PAUSE_SECONDS = 5.0


@dataclass
class Relay:
    """One relay process. `wake` is set by LISTEN/NOTIFY; without it a round starts every POLL_SECONDS."""

    sessions: async_sessionmaker[AsyncSession]
    publisher: Publisher
    database_dsn: str
    """postgresql://..., for the listening connection."""
    sweeps: Sequence[Sweep] = ()

    def __post_init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._wake = asyncio.Event()
        self.failures = 0
        self._tried_at = -PROBE_EVERY_SECONDS
        """When the queue was last written to, by the clock of this process."""

    async def run(self, stop: asyncio.Event) -> None:
        """Rounds until `stop` is set. Raises nothing for a server that is away."""
        listening = asyncio.create_task(keep_listening(self.database_dsn, repository.CHANNEL, self._wake, stop))
        log.info("relay.started", relay=self.name)
        try:
            while not stop.is_set():
                await self._rest(stop, await self._round_or_error())
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
            await self.publisher.close()
            log.info("relay.stopped", relay=self.name)

    async def run_round(self) -> int:
        """Sweep, then enqueue what is due. Returns the number of rows taken; raises when a server is away."""
        for sweep in self.sweeps:
            async with self.sessions.begin() as session:
                await sweep(session)
        async with self.sessions.begin() as session:
            rows = await repository.claim_due_rows(session, limit=BATCH, hold_for=HOLD_FOR)
        for position, row in enumerate(rows):
            try:
                await self._enqueue(row)
            except PublishError as error:
                async with self.sessions.begin() as session:
                    left = [later.id for later in rows[position:]]
                    await repository.mark_failed_to_enqueue(session, left, error=str(error))
                raise
        await self._try_queue()
        async with self.sessions.begin() as session:
            await repository.beat(session, name=self.name, error=None)
        return len(rows)

    async def _try_queue(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._tried_at >= PROBE_EVERY_SECONDS:
            await self.publisher.probe()
            self._tried_at = now

    async def _enqueue(self, row: ClaimedRow) -> None:
        last = row.previous_job_id
        if last and await self.publisher.is_waiting(job_id=last, queue=row.queue):
            async with self.sessions.begin() as session:
                await repository.mark_waiting(session, row, again_in=AGAIN_IN)
            return
        with trace_job("relay.enqueue", row.args, outbox_id=str(row.id), attempt=row.attempt):
            await self.publisher.publish(topic=row.topic, queue=row.queue, args=row.args, job_id=row.job_id)
        async with self.sessions.begin() as session:
            await repository.mark_enqueued(session, row, again_in=AGAIN_IN)
        log.info("relay.enqueued", outbox_id=str(row.id), topic=row.topic, attempt=row.attempt)

    async def _round_or_error(self) -> int:
        try:
            taken = await self.run_round()
        except PublishError as error:
            await self._say_away("relay.redis_away", error, state=error.state)
        except (SQLAlchemyError, OSError) as error:
            await self._say_away("relay.postgres_away", error)
        else:
            if self.failures:
                log.info("relay.recovered", failures=self.failures)
            self.failures = 0
            return taken
        return 0

    async def _say_away(self, event: str, error: Exception, *, state: QueueState | None = None) -> None:
        self.failures += 1
        # The text of a driver's error may quote a row; its kind is enough here.
        cause = error.orig if isinstance(error, DBAPIError) else error
        log.warning(event, failures=self.failures, error=type(cause).__name__, state=state)
        with contextlib.suppress(SQLAlchemyError, OSError):
            async with self.sessions.begin() as session:
                words = f"{repository.QUEUE_FAULT}{state}" if state else event
                await repository.beat(session, name=self.name, error=words)

    async def _rest(self, stop: asyncio.Event, taken: int) -> None:
        """Wait for news, the poll's time, or the end; a full batch means there is more to do at once."""
        if taken == BATCH:
            return
        pause = POLL_SECONDS
        if self.failures:
            pause = min(LONGEST_PAUSE_SECONDS, 0.25 * 2 ** min(self.failures, 6)) * random.uniform(0.5, 1)
        waits = [asyncio.create_task(stop.wait())]
        if not self.failures:
            waits.append(asyncio.create_task(self._wake.wait()))
        _, unfinished = await asyncio.wait(waits, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
        for task in unfinished:
            task.cancel()
        self._wake.clear()
