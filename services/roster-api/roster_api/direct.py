"""Statements compiled once and asked of asyncpg itself: for what every request, or a list that is asked for much, asks.

A session, an expression built anew and objects of its rows cost several times what the answer does. A statement is a
SQLAlchemy one with `bindparam`s for its values. What it returns are plain rows, to be read and not changed: whatever is
changed goes through a session.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from types import TracebackType
from typing import Annotated, Any, Self
from uuid import UUID

from asyncpg.exceptions import InterfaceError, PostgresError
from fastapi import Depends, Request
from pydantic_core import from_json
from sqlalchemy import ARRAY, Connection, Executable, event, select
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi, dialect
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

from roster_api.database import as_json

Row = dict[str, Any]
PEOPLE = "volunteers"
PERSON_OF = "volunteer_id"
BEGUN = "begun_connection"
DIALECT: Any = dialect(json_serializer=as_json, json_deserializer=from_json)  # type: ignore[no-untyped-call]


class Statement:
    """A statement for asyncpg. Lists are bound whole (`= any(...)`), for `in_` would make it another each time."""

    def __init__(self, statement: Executable) -> None:
        compiled: Any = statement.compile(dialect=DIALECT)  # type: ignore[attr-defined]
        self.sql = str(compiled)
        self._binds = [
            (name, compiled.params[name], compiled.binds[name].type.dialect_impl(DIALECT).bind_processor(DIALECT))
            for name in compiled.positiontup or ()
        ]
        columns = list(getattr(statement, "selected_columns", ()))
        readers = {column.key: find_reader(column.type) for column in columns}
        self._readers = [(name, reader) for name, reader in readers.items() if reader is not None]
        self.person = next((column.key for column in columns if is_persons(column)), None)
        """The column that says whose data a row is."""

    def bind(self, values: Mapping[str, Any]) -> list[Any]:
        """In the statement's order. KeyError for a name that it does not have."""
        unknown = values.keys() - {name for name, _, _ in self._binds}
        if unknown:
            raise KeyError(*unknown)
        given = [values.get(name, own) for name, own, _ in self._binds]
        return [
            value if process is None else process(value)
            for value, (_, _, process) in zip(given, self._binds, strict=True)
        ]

    def read(self, record: Any) -> Row:
        row = dict(record)
        for name, reader in self._readers:
            row[name] = reader(row[name])
        return row


def find_reader(kind: Any) -> Callable[[Any], Any] | None:
    """What makes a value of what asyncpg gives; None where that is the value: also of an array of plain ones, which
    SQLAlchemy would copy."""
    own = kind.dialect_impl(DIALECT)
    if isinstance(own, ARRAY) and own.item_type.dialect_impl(DIALECT).result_processor(DIALECT, None) is None:
        return None
    reader: Callable[[Any], Any] | None = own.result_processor(DIALECT, None)
    return reader


def is_persons(column: Any) -> bool:
    """Whether it holds a volunteer's id."""
    table = getattr(column, "table", None)
    is_their_own = getattr(table, "name", None) == PEOPLE and column.name == "id"
    return bool(is_their_own or column.key == PERSON_OF)


class Reader:
    """A connection of the engine's pool from the first statement to the block's end. Each is a transaction by itself.

    TimeoutError, PostgresError or ConnectionError while Postgres is away.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._pooled: Any = None
        self.people: dict[str, None] | None = None
        """Whose rows were read, in order; kept only where somebody put a dict here."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pooled is not None:
            self._pooled.close()

    async def fetch(self, statement: Statement, **values: Any) -> list[Row]:
        records = await self._ask(statement, values)
        rows = [statement.read(record) for record in records]
        if self.people is not None and statement.person is not None:
            ids: Sequence[UUID | None] = [row[statement.person] for row in rows]
            self.people.update(dict.fromkeys(str(person) for person in ids if person is not None))
        return rows

    async def fetch_one(self, statement: Statement, **values: Any) -> Row | None:
        """The first row, or None."""
        return next(iter(await self.fetch(statement, **values)), None)

    async def _ask(self, statement: Statement, values: Mapping[str, Any]) -> Sequence[Any]:
        bound = statement.bind(values)
        try:
            if self._pooled is None:
                self._pooled = await self._engine.raw_connection()
        except AsyncAdapt_asyncpg_dbapi.Error as error:  # such as of a server that is just starting
            raise ConnectionError("Postgres takes no connection") from error
        try:
            records: Sequence[Any] = await self._pooled.driver_connection.fetch(statement.sql, *bound)
        except PostgresError:
            raise
        except InterfaceError as error:
            self._pooled.invalidate()
            raise ConnectionError("the connection to Postgres is gone") from error
        except BaseException:
            self._pooled.invalidate()  # what was asked may still be answered: nobody else may get that connection
            raise
        return records


async def open_reader(request: Request) -> AsyncIterator[Reader]:
    """For a GET of people: closed, and its bulk read entered in the audit, before the answer is sent."""
    state = request.app.state
    async with Reader(state.engine) as reader, state.recorded(request, reader):
        yield reader


ReaderDep = Annotated[Reader, Depends(open_reader, scope="function")]


async def execute_within(session: AsyncSession, statement: Statement, values: Mapping[str, Any]) -> None:
    """In the session's transaction, after what it was given to write is flushed. What it returns is dropped."""
    begun: Connection | None = session.sync_session.info.get(BEGUN)
    is_begun = begun is not None and _is_begun(begun)
    connection: Any = begun if is_begun else await session.run_sync(_begun_connection)
    bound = statement.bind(values)
    driver: Any = connection.connection.driver_connection
    try:
        await driver.fetch(statement.sql, *bound)
    except PostgresError:
        raise
    except BaseException:
        connection.invalidate()  # as above
        raise


@event.listens_for(Session, "after_begin")
def _keep_connection(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """Asked of the session it takes a greenlet, each time."""
    session.info[BEGUN] = connection


def _is_begun(connection: Connection) -> bool:
    """Whether a statement sent past SQLAlchemy is of the session's transaction. It sends BEGIN with its own first
    statement, which there may not have been yet."""
    if connection.closed or connection.invalidated:
        return False
    driver: Any = connection.connection.driver_connection
    commits_itself = connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
    return commits_itself or bool(driver.is_in_transaction())


def _begun_connection(session: Session) -> Connection:
    connection = session.connection()
    if not _is_begun(connection):
        connection.execute(select(1))
    return connection
