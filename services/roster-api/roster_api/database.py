"""The engine, the metadata every table hangs on, and one transaction per request.

The session dependency is `scope="function"`: its code after `yield` (the commit) runs before the answer is sent. With
FastAPI's default a failed commit would have answered 201 already.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import DateTime, MetaData, String, Text, func
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

SCHEMA = "roster"
CONNECT_TIMEOUT_SECONDS = 5
STATEMENT_TIMEOUT_MS = 30_000

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


def create_engine(database_url: str, *, pool_size: int = 10) -> AsyncEngine:
    """An engine that notices dead connections, and gives up connecting after a few seconds rather than never."""
    return create_async_engine(
        database_url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        pool_pre_ping=True,
        hide_parameters=True,  # they are people's names and phones
        connect_args={
            "timeout": CONNECT_TIMEOUT_SECONDS,
            "server_settings": {"timezone": "UTC", "statement_timeout": str(STATEMENT_TIMEOUT_MS)},
        },
    )


def create_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions whose rows stay readable after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


async def open_session(request: Request) -> AsyncIterator[AsyncSession]:
    """One transaction: committed when the route returns, rolled back when it raises."""
    sessions: async_sessionmaker[AsyncSession] = request.app.state.sessions
    async with sessions() as session, session.begin():
        request.state.session = session
        yield session


SessionDep = Annotated[AsyncSession, Depends(open_session, scope="function")]
