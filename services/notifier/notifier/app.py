"""Composition root of the notifier's HTTP service: settings in, application out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from asgi_correlation_id import CorrelationIdMiddleware
from commune_schemas.jobs import CORRELATION_HEADER
from commune_schemas.problem import Problem
from commune_service.headers import SecurityHeadersMiddleware
from commune_service.large_bodies import AnswerTooLarge
from commune_service.slow_clients import SlowBodyMiddleware
from fastapi import Depends, FastAPI
from starlette.types import ASGIApp

from notifier.api.access import refuse_ungated
from notifier.api.audit import router as audit
from notifier.api.errors import add_error_handlers, answer_too_large, answer_too_slow
from notifier.api.limits import router as limits
from notifier.api.redriving import router as redriving
from notifier.api.routes import health, router
from notifier.api.suppressions import router as suppressions
from notifier.api.templates import router as templates
from notifier.api.webhooks import router as webhooks
from notifier.audit.recording import record, record_refusal
from notifier.database import create_engine, create_sessions
from notifier.roster_client import RosterClient
from notifier.settings import Settings

MAXIMUM_BODY_BYTES = 100_000


class EdgedApp(FastAPI):
    """FastAPI, save for what its answers are wrapped in: headers on every one, a problem for a body too large."""

    def build_middleware_stack(self) -> ASGIApp:
        inner = AnswerTooLarge(super().build_middleware_stack(), answer=answer_too_large)
        return SecurityHeadersMiddleware(SlowBodyMiddleware(inner, answer=answer_too_slow))


def describe_problems(app: FastAPI) -> None:
    """The schema every route's refusals refer to; FastAPI's own shape of a 422, which we never answer, is left out."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = generate()
            components = schema["components"]["schemas"]
            for name in ("HTTPValidationError", "ValidationError"):
                components.pop(name, None)
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            components |= problem.pop("$defs") | {"Problem": problem}
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def create_app(settings: Settings) -> FastAPI:
    """Needs a migrated database, but starts and answers 503 without one."""
    engine = create_engine(
        settings.notifier_database_url,
        pool_size=settings.notifier_database_pool,
        timeout_seconds=settings.notifier_database_timeout_seconds,
    )

    roster = RosterClient(settings.roster_api_url, key=settings.roster_notifier_key.get_secret_value())

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await roster.close()
        await engine.dispose()

    app = EdgedApp(
        title="Notifier",
        version="1",
        lifespan=lifespan,
        dependencies=[Depends(refuse_ungated)],
        max_body_size=MAXIMUM_BODY_BYTES,
        redirect_slashes=False,  # a redirect would name whatever host the request did
        docs_url=None,  # pages that run another host's scripts, where people would paste their keys
        redoc_url=None,
        openapi_url=None if settings.is_production else "/openapi.json",
    )
    app.state.settings = settings
    app.state.roster = roster
    app.state.sessions = create_sessions(engine)
    app.state.record = record
    app.state.record_refusal = record_refusal
    add_error_handlers(app)
    app.add_middleware(CorrelationIdMiddleware, header_name=CORRELATION_HEADER)
    for routes in (health, redriving, router, audit, limits, suppressions, templates, webhooks):
        app.include_router(routes)
    describe_problems(app)
    return app
