"""What a sender writes of each message, over a connection of its own: one statement and one round trip a message.

That a provider took a message is written together with the beginning of the next: in one transaction, before the next
is handed over. So there is never more than one message whose end is not written.
"""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import structlog
from asyncpg import Connection, Record
from sqlalchemy import TextClause
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.database import AWAY, Sessions, one_statement
from notifier.steps import NOTHING_BEGUN, NOTHING_TAKEN, STEP, Beginning, Begun, Taken

log = structlog.get_logger(__name__)

TRY_AGAIN_SECONDS = 0.5


def write_for_driver(statement: TextClause) -> tuple[str, list[str]]:
    """As asyncpg takes it: with $1, $2 and so on, and the names they stand for."""
    compiled = statement.compile(dialect=PGDialect_asyncpg())  # type: ignore[no-untyped-call]
    return str(compiled), list(compiled.positiontup or ())


SQL, NAMES = write_for_driver(STEP)


class Ledger:
    """Of one sender. Its connection comes from the pool and is kept until `close`, or until it is no good."""

    def __init__(self, sessions: Sessions, *, patience_seconds: float) -> None:
        """`patience_seconds`: an answer is tried to be written for so long; then others may judge the message."""
        self._sessions = sessions
        self._patience_seconds = patience_seconds
        self._taken: Taken | None = None
        self._stack = AsyncExitStack()
        self._session: AsyncSession | None = None
        self._connection: Connection[Record] | None = None

    def note_taken(self, taken: Taken) -> None:
        """It is written with what is begun next, or by `write_taken`: call either before anything else is awaited."""
        self._taken = taken

    async def begin(self, beginning: Beginning) -> Begun | None:
        """As steps.begin_handing_over, committed; raises one of AWAY where it may not be."""
        taken = self._taken
        try:
            row = await self._ask((taken.as_values() if taken else NOTHING_TAKEN) | beginning.as_values())
        except AWAY:
            await self.write_taken()
            raise
        self._note_written(row)
        return None if row["number"] is None else Begun(row["number"], row["reference"])

    async def write_taken(self) -> None:
        """What the provider said is known here only: while Postgres is away, it is tried again. TimeoutError after
        `patience_seconds`."""
        if self._taken is None:
            return
        try:
            async with asyncio.timeout(self._patience_seconds):
                while self._taken is not None:
                    try:
                        self._note_written(await self._ask(NOTHING_BEGUN | self._taken.as_values()))
                    except AWAY as error:
                        message_id = str(self._taken.message.id)
                        log.warning("message.answer_waits", message_id=message_id, reason=type(error).__name__)
                        await asyncio.sleep(TRY_AGAIN_SECONDS)
        finally:
            self._taken = None

    async def close(self) -> None:
        """The connection goes back to the pool."""
        self._connection = self._session = None
        await self._stack.aclose()

    def _note_written(self, row: Record) -> None:
        taken, self._taken = self._taken, None
        if taken is not None:
            event = "message.settled" if row["settled"] else "message.fenced_off"
            log.info(event, message_id=str(taken.message.id), outcome="sent", code=taken.provider_code)

    async def _ask(self, values: dict[str, Any]) -> Record:
        try:
            connection = self._connection or await self._open()
            row = await connection.fetchrow(SQL, *(values[name] for name in NAMES))
        except BaseException:
            await self._give_up()
            raise
        if row is None:
            raise AssertionError("the statement answers one row")
        return row

    async def _open(self) -> "Connection[Record]":
        session = await self._stack.enter_async_context(one_statement(self._sessions))
        self._session = session
        raw = await (await session.connection()).get_raw_connection()
        connection: Connection[Record] | None = raw.driver_connection
        if connection is None or connection.is_closed():
            raise ConnectionResetError("the pool's connection was closed")
        self._connection = connection
        return connection

    async def _give_up(self) -> None:
        """What was asked in vain may still be answered: nobody else may get that connection."""
        session, self._session, self._connection = self._session, None, None
        if session is not None:
            await session.invalidate()
        await self._stack.aclose()
