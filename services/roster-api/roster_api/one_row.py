"""One row by one value, as cheaply as it can be asked: for what every request asks.

A session, and an expression built anew, cost four times what the answer does. The statement is a SQLAlchemy one,
compiled once; it goes to asyncpg over a connection of the engine's pool, a transaction by itself.
"""

from typing import Any

from asyncpg.exceptions import InterfaceError
from sqlalchemy import Executable
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi, dialect
from sqlalchemy.ext.asyncio import AsyncEngine


class OneRow:
    """A select with one bind parameter. The answer's fields have the names of its columns."""

    def __init__(self, query: Executable) -> None:
        self._sql = str(query.compile(dialect=dialect()))  # type: ignore[attr-defined,no-untyped-call]

    async def fetch(self, engine: AsyncEngine, value: object) -> Any | None:
        """TimeoutError, PostgresError or ConnectionError while Postgres is away."""
        try:
            pooled = await engine.raw_connection()
        except AsyncAdapt_asyncpg_dbapi.Error as error:  # such as of a server that is just starting
            raise ConnectionError("Postgres takes no connection") from error
        try:
            connection: Any = pooled.driver_connection
            return await connection.fetchrow(self._sql, value)
        except InterfaceError as error:
            pooled.invalidate()
            raise ConnectionError("the connection to Postgres is gone") from error
        except BaseException:
            pooled.invalidate()  # what was asked may still be answered: nobody else may get that connection
            raise
        finally:
            pooled.close()
