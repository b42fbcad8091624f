"""A database as the role that owns its tables: for tests that damage what no service may touch."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from tests.support.on_demand import ask


@asynccontextmanager
async def owning(service_url: str) -> AsyncIterator[AsyncConnection]:
    """A connection to the same database; with `begin()` of its own, or rolled back at the end."""
    url = make_url(ask("owner", service_url)).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()
