"""Composition root of the HTTP service: settings in, application out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asgi_correlation_id import CorrelationIdMiddleware
from commune_schemas.jobs import CORRELATION_HEADER
from fastapi import APIRouter, Depends, FastAPI
from prometheus_client import CollectorRegistry

from roster_api import health
from roster_api.access.authorize import authorize
from roster_api.database import create_engine, create_sessions
from roster_api.errors import add_error_handlers
from roster_api.settings import Settings

MAXIMUM_BODY_BYTES = 1_000_000
"""A route that takes more (an upload) says so itself with max_body_size=."""

ROUTERS: tuple[APIRouter, ...] = (health.router,)
"""One line a domain folder."""


def create_app(settings: Settings) -> FastAPI:
    """The application; needs a migrated database, but starts and answers 503 without one."""
    engine = create_engine(settings.database_url, pool_size=settings.database_pool)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await engine.dispose()

    app = FastAPI(
        title="Commune roster",
        version="1",
        lifespan=lifespan,
        dependencies=[Depends(authorize)],
        max_body_size=MAXIMUM_BODY_BYTES,
    )
    app.state.settings = settings
    app.state.engine = engine
    app.state.sessions = create_sessions(engine)
    app.state.metrics = CollectorRegistry()
    add_error_handlers(app)
    app.add_middleware(CorrelationIdMiddleware, header_name=CORRELATION_HEADER)
    for router in ROUTERS:
        app.include_router(router)
    return app
