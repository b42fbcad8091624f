"""A connection to Postgres that hears NOTIFY: what wakes a process before its next poll."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg
import structlog

log = structlog.get_logger(__name__)
TIMEOUT_SECONDS = 5.0
AGAIN_IN_SECONDS = 1.0


async def keep_listening(dsn: str, channel: str, wake: asyncio.Event, stop: asyncio.Event) -> None:
    """Keep a connection that listens; while there is none, the poll alone does the work."""
    while not stop.is_set():
        try:
            async with _listening(dsn, channel, wake) as closed:
                await closed.wait()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.debug("not_listening", channel=channel, error=type(error).__name__)
        await asyncio.sleep(AGAIN_IN_SECONDS)


@contextlib.asynccontextmanager
async def _listening(dsn: str, channel: str, wake: asyncio.Event) -> AsyncIterator[asyncio.Event]:
    """A connection that sets `wake` at each notice; yields an event that is set when the connection ends."""
    closed = asyncio.Event()
    connection = await asyncpg.connect(dsn, timeout=TIMEOUT_SECONDS, command_timeout=TIMEOUT_SECONDS)
    try:
        connection.add_termination_listener(lambda _: closed.set())
        await connection.add_listener(channel, lambda *_: wake.set())
        yield closed
    finally:
        connection.terminate()
