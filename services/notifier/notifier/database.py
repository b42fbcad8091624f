"""The engine and its limits, the metadata every table hangs on, and one transaction per request."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated

from asyncpg.exceptions import InterfaceError, InternalClientError, PostgresError
from commune_service.bounded_engine import create_bounded_engine
from fastapi import Depends, Request
from sqlalchemy import DateTime, MetaData, Text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.orm import DeclarativeBase

SCHEMA = "notifier"
TRANSACTION_SECONDS = 30
"""All are short here; a stopped sender keeps its locks no longer."""

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Sessions = async_sessionmaker[AsyncSession]

AWAY = (SQLAlchemyError, PostgresError, InterfaceError, InternalClientError, OSError, TimeoutError)
"""What Postgres being away looks like."""


class Base(DeclarativeBase):
    """Every table of this service: schema "notifier", constraint names by convention, aware times."""

    metadata = MetaData(schema=SCHEMA, naming_convention=NAMING_CONVENTION)
    type_annotation_map = {datetime: DateTime(timezone=True), str: Text()}


def create_engine(
    database_url: str, *, pool_size: int = 10, checks_connections: bool = True, timeout_seconds: float | None = 10
) -> AsyncEngine:
    """TimeoutError after `timeout_seconds` of silence, wherever it waits. Errors never show parameters (people).

    `checks_connections`: asks each connection whether it is alive before it is used. Who tries again anyway needs not.
    """
    return create_bounded_engine(
        database_url,
        timeout_seconds=timeout_seconds,
        transaction_seconds=TRANSACTION_SECONDS,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_use_lifo=True,  # the one used last has its statements and Postgres's own memory at hand
        pool_pre_ping=checks_connections,
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
        await request.app.state.record(request, session)


SessionDep = Annotated[AsyncSession, Depends(open_session, scope="function")]
