"""The engine and its limits, the metadata every table hangs on, and one transaction per request."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated

from asyncpg.exceptions import PostgresError
from fastapi import Depends, Request
from sqlalchemy import DateTime, MetaData, Text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

SCHEMA = "notifier"
CONNECT_TIMEOUT_SECONDS = 5
STATEMENT_TIMEOUT_MS = 15_000
IDLE_TRANSACTION_TIMEOUT_MS = 10_000
"""A stopped process must not keep its row locks for ever."""

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Sessions = async_sessionmaker[AsyncSession]

AWAY = (SQLAlchemyError, PostgresError, OSError, TimeoutError)
"""What Postgres being away looks like."""


class Base(DeclarativeBase):
    """Every table of this service: schema "notifier", constraint names by convention, aware times."""

    metadata = MetaData(schema=SCHEMA, naming_convention=NAMING_CONVENTION)
    type_annotation_map = {datetime: DateTime(timezone=True), str: Text()}


def create_engine(database_url: str, *, pool_size: int = 10, checks_connections: bool = True) -> AsyncEngine:
    """Gives up connecting after a few seconds rather than never. Errors never show parameters: they name people.

    `checks_connections`: asks each connection whether it is alive before it is used. Who tries again anyway needs not.
    """
    return create_async_engine(
        database_url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        pool_pre_ping=checks_connections,
        hide_parameters=True,
        connect_args={
            "timeout": CONNECT_TIMEOUT_SECONDS,
            "server_settings": {
                "timezone": "UTC",
                "statement_timeout": str(STATEMENT_TIMEOUT_MS),
                "idle_in_transaction_session_timeout": str(IDLE_TRANSACTION_TIMEOUT_MS),
            },
        },
    )


def create_sessions(engine: AsyncEngine) -> Sessions:
    """Sessions whose rows stay readable after the commit. `async with sessions.begin()` is one transaction."""
    return async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def one_statement(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """A session for a single statement, a transaction by itself: spares the round trips of BEGIN and COMMIT."""
    async with sessions.begin() as session:
        await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        yield session


async def open_session(request: Request) -> AsyncIterator[AsyncSession]:
    """One transaction: committed when the route returns (before the answer is sent), rolled back when it raises."""
    sessions: Sessions = request.app.state.sessions
    async with sessions.begin() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(open_session, scope="function")]
