"""The engine, the metadata every table hangs on, and one transaction per request.

The session dependency is `scope="function"`: its code after `yield` (the commit) runs before the answer is sent. With
FastAPI's default a failed commit would have answered 201 already.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

from commune_service.bounded_engine import create_bounded_engine, milliseconds, statement_timeout
from fastapi import Depends, Request
from pydantic_core import from_json, to_json
from sqlalchemy import DateTime, MetaData, String, Text, func, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column

SCHEMA = "roster"
MAKING_AS_THEY_READ = ("/v1/internal/", "/v1/me/", "/a/")
PATIENT_TRANSACTION = 10

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of this service: schema "roster", constraint names by convention, aware times."""

    metadata = MetaData(schema=SCHEMA, naming_convention=NAMING_CONVENTION)
    type_annotation_map = {datetime: DateTime(timezone=True), str: Text()}


class Versioned:
    """`row_version` counts the changes of a row; it is its ETag, and a concurrent change of the row is refused."""

    row_version: Mapped[int] = mapped_column(default=1, server_default="1")

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.row_version, "eager_defaults": True}  # type: ignore[attr-defined]


class Timestamped:
    """When the row was made and last changed."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


BytewiseText = String(collation="C")
"""For sort keys: compared byte by byte, whatever the database's collation."""


def as_json(value: Any) -> str:
    """As a JSONB column is written."""
    return to_json(value).decode()


def create_engine(database_url: str, *, pool_size: int = 10, timeout_seconds: float | None = 10) -> AsyncEngine:
    """An engine that notices dead connections. TimeoutError after `timeout_seconds` of silence, wherever it waits."""
    return create_bounded_engine(
        database_url,
        timeout_seconds=timeout_seconds,
        json_serializer=as_json,
        json_deserializer=from_json,
        pool_size=2 * pool_size,
        max_overflow=0,  # a connection beyond the pool would be made and closed for each request of a burst
        pool_pre_ping=True,
    )


@asynccontextmanager
async def patient(session: AsyncSession, *, seconds: float) -> AsyncIterator[None]:
    """Statements of this transaction may take so long, for the length of a block: the limit here and the server's. The
    transaction may take PATIENT_TRANSACTION times that."""
    connection: Any = (await (await session.connection()).get_raw_connection()).driver_connection
    usual = connection._config  # noqa: SLF001 - asyncpg takes a limit a statement, or one a connection, and tells no other way
    connection._config = usual._replace(command_timeout=seconds)  # noqa: SLF001
    try:
        await session.execute(text(f"set local statement_timeout = {statement_timeout(seconds)}"))
        await session.execute(text(f"set local transaction_timeout = {milliseconds(PATIENT_TRANSACTION * seconds)}"))
        yield
    finally:
        connection._config = usual  # noqa: SLF001


def create_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions whose rows stay readable after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


def create_reading_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions whose statements each see what is committed, as READ COMMITTED does, without BEGIN and COMMIT.

    They write nothing through the session: rows that would belong together could be torn apart.
    """
    sessions = create_sessions(engine.execution_options(isolation_level="AUTOCOMMIT"))
    sessions.configure(sync_session_class=ReadingSession)
    return sessions


class ReadingSession(Session):
    """A session that refuses to write rows."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        if self.new or self.deleted or self.is_modified_any():
            raise TypeError("a session that only reads was given rows to write")
        super().flush(objects)

    def is_modified_any(self) -> bool:
        return any(self.is_modified(row) for row in self.dirty)


@asynccontextmanager
async def one_statement(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[AsyncSession]:
    """A session for a single statement, a transaction by itself: spares the round trips of BEGIN and COMMIT."""
    async with sessions() as session:
        await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        yield session


async def open_session(request: Request) -> AsyncIterator[AsyncSession]:
    """One transaction: committed when the route returns, rolled back when it raises."""
    state = request.app.state
    sessions: async_sessionmaker[AsyncSession] = state.reading_sessions if only_reads(request) else state.sessions
    async with sessions() as session, session.begin(), state.recorded(request, session):
        request.state.session = session
        yield session


def only_reads(request: Request) -> bool:
    """People's GETs. Personal links and the services' questions may make rows as they read."""
    is_get = request.method in {"GET", "HEAD"}
    return is_get and not request.scope["path"].startswith(MAKING_AS_THEY_READ)


class LateSession:
    """For a request with slow work in the middle: short transactions before, its own after, nothing between."""

    def __init__(self, request: Request, stack: AsyncExitStack) -> None:
        self._request = request
        self._stack = stack
        self._sessions: async_sessionmaker[AsyncSession] = request.app.state.sessions

    def short(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A transaction of its own, for the length of a block."""
        return self._sessions.begin()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """As `short`, with the record's entry where people are read in bulk: what is slow comes afterwards."""
        async with self.short() as session, self._request.app.state.recorded(self._request, session):
            yield session

    async def open(self) -> AsyncSession:
        """The request's transaction, as SessionDep's, from now on. To be called once."""
        session: AsyncSession = await self._stack.enter_async_context(self._sessions.begin())
        await self._stack.enter_async_context(self._request.app.state.recorded(self._request, session))
        self._request.state.session = session
        return session


async def open_late(request: Request) -> AsyncIterator[LateSession]:
    async with AsyncExitStack() as stack:
        yield LateSession(request, stack)


LateSessionDep = Annotated[LateSession, Depends(open_late, scope="function")]
SessionDep = Annotated[AsyncSession, Depends(open_session, scope="function")]
