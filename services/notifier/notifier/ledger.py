"""What a sender writes of each message, over a connection of its own: one statement and one round trip a message.

That a provider took a message is written together with the beginning of the next: in one transaction, before the next
is handed over. So there is never more than one message whose end is not written, but for those begun ahead
(begun_ahead.py): their ends are written together, when the next ones are begun.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import structlog
from asyncpg import Connection, Record
from sqlalchemy import TextClause
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.database import AWAY, Sessions, one_statement
from notifier.steps import NOTHING_BEGUN, NOTHING_TAKEN, STEP, STEPS, Beginning, Begun, Taken, in_columns

log = structlog.get_logger(__name__)

TRY_AGAIN_SECONDS = 0.5


Statement = tuple[str, list[str]]


def write_for_driver(statement: TextClause) -> Statement:
    """As asyncpg takes it: with $1, $2 and so on, and the names they stand for."""
    compiled = statement.compile(dialect=PGDialect_asyncpg())  # type: ignore[no-untyped-call]
    return str(compiled), list(compiled.positiontup or ())


SINGLE, SEVERAL = write_for_driver(STEP), write_for_driver(STEPS)


class Ledger:
    """Of one sender. Its connection comes from the pool and is kept until `close`, or until it is no good."""

    def __init__(self, sessions: Sessions, *, patience_seconds: float) -> None:
        """`patience_seconds`: an answer is tried to be written for so long; then others may judge the message."""
        self._sessions = sessions
        self._patience_seconds = patience_seconds
        self._taken: list[Taken] = []
        self._stack = AsyncExitStack()
        self._session: AsyncSession | None = None
        self._connection: Connection[Record] | None = None

    def note_taken(self, taken: Taken) -> None:
        """It is written with what is begun next, or by `write_taken`: call either before anything else is awaited, but
        handing over what was begun with it."""
        self._taken.append(taken)

    async def begin(self, beginning: Beginning) -> Begun | None:
        """As steps.begin_handing_over, committed; raises one of AWAY where it may not be."""
        if len(self._taken) > 1:
            await self.write_taken()
        values = self._taken[0].as_values() if self._taken else NOTHING_TAKEN
        (row,) = await self._step(SINGLE, values | beginning.as_values())
        self._note_written({self._taken[0].message.id} if self._taken and row["settled"] else set())
        return None if row["number"] is None else Begun(row["number"], row["reference"])

    async def begin_ahead(self, beginnings: Sequence[Beginning]) -> dict[UUID, Begun]:
        """By message; what is not in it is ours no longer. Of none of them may the address be another than before."""
        rows = await self._step(SEVERAL, in_columns(self._taken, beginnings))
        self._note_written({row["id"] for row in rows if row["number"] is None})
        return {row["id"]: Begun(row["number"], row["reference"]) for row in rows if row["number"] is not None}

    async def _step(self, statement: Statement, values: dict[str, Any]) -> list[Record]:
        """What was taken is written even where nothing more can be begun."""
        try:
            return await self._ask(statement, values)
        except AWAY:
            await self.write_taken()
            raise

    async def write_taken(self) -> None:
        """What the provider said is known here only: while Postgres is away, it is tried again. TimeoutError after
        `patience_seconds`."""
        if not self._taken:
            return
        try:
            async with asyncio.timeout(self._patience_seconds):
                while self._taken:
                    try:
                        await self._write_taken()
                    except AWAY as error:
                        message_id = str(self._taken[0].message.id)
                        log.warning("message.answer_waits", message_id=message_id, reason=type(error).__name__)
                        await asyncio.sleep(TRY_AGAIN_SECONDS)
        finally:
            self._taken = []

    async def _write_taken(self) -> None:
        if len(self._taken) == 1:
            (row,) = await self._ask(SINGLE, NOTHING_BEGUN | self._taken[0].as_values())
            self._note_written({self._taken[0].message.id} if row["settled"] else set())
        else:
            rows = await self._ask(SEVERAL, in_columns(self._taken, ()))
            self._note_written({row["id"] for row in rows})

    async def close(self) -> None:
        """The connection goes back to the pool."""
        self._connection = self._session = None
        await self._stack.aclose()

    def _note_written(self, settled: set[UUID]) -> None:
        taken, self._taken = self._taken, []
        for each in taken:
            event = "message.settled" if each.message.id in settled else "message.fenced_off"
            log.info(event, message_id=str(each.message.id), outcome="sent", code=each.provider_code)

    async def _ask(self, statement: Statement, values: dict[str, Any]) -> list[Record]:
        sql, names = statement
        try:
            connection = self._connection or await self._open()
            rows: list[Record] = await connection.fetch(sql, *(values[name] for name in names))
        except BaseException:
            await self._give_up()
            raise
        return rows

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
