"""An engine that waits for Postgres as long as it was told, and not longer: a frozen server is away.

The server's own statement_timeout ends a statement that is slow. A server that is frozen (a stopped process, a host
that swaps, a network that drops everything) ends nothing: then the client has to, wherever it waits. A client that is
frozen is ended by the server, with its transaction: nobody else waits for its locks longer.
"""

import asyncio
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, PoolProxiedConnection
from sqlalchemy.util import await_only, greenlet_spawn

CONNECT_TIMEOUT_SECONDS = 5.0
SERVER_GIVES_UP_EARLIER = 0.9
"""A slow statement is ended by the server, which tells why, before the client gives up on both."""
HANG_UP_NOTICED_MS = 1000
"""A statement whose client is gone is ended by the server after so long."""
TRANSACTION_SECONDS = 120.0
"""The server's limit for a whole transaction (Postgres 17 and newer). idle_in_transaction_session_timeout would not do:
a client that stops between preparing a statement and running it is not idle, it is "active" for ever."""


def create_bounded_engine(
    database_url: str,
    *,
    timeout_seconds: float | None,
    transaction_seconds: float = TRANSACTION_SECONDS,
    **pool: Any,
) -> AsyncEngine:
    """Each statement, and each wait for a connection (a turn in the pool, connecting and the question whether the
    connection lives, together), raises TimeoutError after `timeout_seconds`, and the server ends a transaction after
    `transaction_seconds`; where `timeout_seconds` is None, nothing is limited."""

    class BoundedPool(AsyncAdaptedQueuePool):
        def connect(self) -> PoolProxiedConnection:
            if self.checkedin():  # nothing to wait for; one that has died meanwhile is made anew within its own limit
                return super().connect()
            return await_only(_within(timeout_seconds, super().connect))

    connect_timeout = min(CONNECT_TIMEOUT_SECONDS, timeout_seconds or CONNECT_TIMEOUT_SECONDS)
    engine = create_async_engine(
        database_url,
        poolclass=BoundedPool,
        pool_timeout=timeout_seconds or 3600,
        hide_parameters=True,  # they are people's names and phones
        connect_args={
            "timeout": connect_timeout,
            "command_timeout": timeout_seconds,
            "server_settings": {
                "timezone": "UTC",
                "client_connection_check_interval": str(HANG_UP_NOTICED_MS),
                "statement_timeout": statement_timeout(timeout_seconds),
                "transaction_timeout": milliseconds(transaction_seconds if timeout_seconds else None),
            },
        },
        **pool,
    )
    engine.sync_engine.dialect.do_ping = _is_open  # type: ignore[method-assign,assignment]
    event.listen(engine.sync_engine, "handle_error", _give_up_connection)
    return engine


def _is_open(connection: Any) -> bool:
    """Instead of a question to the server (three, as SQLAlchemy puts it): its hanging up is heard as it happens."""
    return not connection._connection.is_closed()  # noqa: SLF001 - asyncpg's own, under SQLAlchemy's adapter


def statement_timeout(client_seconds: float | None) -> str:
    """The server's own limit for a statement, beside a client that waits so long."""
    return milliseconds((client_seconds or 0) * SERVER_GIVES_UP_EARLIER)


def milliseconds(seconds: float | None) -> str:
    """A limit as Postgres writes it; '0' is none."""
    return str(int((seconds or 0) * 1000))


async def _within(seconds: float | None, connect: Any) -> PoolProxiedConnection:
    async with asyncio.timeout(seconds):
        connection: PoolProxiedConnection = await greenlet_spawn(connect)
        return connection


def _give_up_connection(context: ExceptionContext) -> None:
    """What was asked in vain may still be answered: nobody else may get that connection. The others may be well."""
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True
        context.invalidate_pool_on_disconnect = False
