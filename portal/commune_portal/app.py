"""The composition root: settings in, application out."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
from asgi_correlation_id import CorrelationIdMiddleware
from commune_service.authorities import trusted_authorities
from fastapi import Depends, FastAPI
from fastapi.responses import PlainTextResponse
from starlette.middleware.gzip import GZipMiddleware

from commune_portal import policy_reports, signing_in
from commune_portal.connections import make_pools
from commune_portal.errors import handle_errors
from commune_portal.guard import HeadersMiddleware, HeadMiddleware, OriginMiddleware, check_form
from commune_portal.kept import Kept
from commune_portal.pages import ROUTERS
from commune_portal.policy_reports import PolicyReports
from commune_portal.rendering import make_templates
from commune_portal.sessions import EndedSessions, SessionCipher, SessionMiddleware
from commune_portal.settings import Settings
from commune_portal.static_files import StaticFilesForGood

STATIC = Path(__file__).with_name("static")
API_TIMEOUT = httpx.Timeout(30, connect=3)


@contextlib.asynccontextmanager
async def hold_clients(app: FastAPI) -> AsyncIterator[None]:
    """A client of the API and one for everything else, as long as the process lives."""
    settings: Settings = app.state.settings
    trusted = trusted_authorities()
    async with (
        httpx.AsyncClient(
            base_url=settings.roster_url, timeout=API_TIMEOUT, transport=make_pools(verify=trusted)
        ) as app.state.http_of_api,
        httpx.AsyncClient(timeout=10, verify=trusted) as app.state.http,
    ):
        yield


def make_app(settings: Settings) -> FastAPI:
    app = FastAPI(
        title="Commune portal",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=hold_clients,
        dependencies=[Depends(check_form)],
    )
    static = StaticFilesForGood(STATIC)
    ended = EndedSessions()
    app.state.settings = settings
    app.state.ended = ended
    app.state.shapes = {}
    app.state.kept = Kept()
    app.state.policy_reports = PolicyReports()
    app.state.oauth = signing_in.make_oauth(settings)
    app.state.templates = make_templates(static.address)
    app.add_api_route("/health", health, include_in_schema=False, response_class=PlainTextResponse)
    app.mount("/static", static)
    app.include_router(signing_in.router)
    app.include_router(policy_reports.router)
    if settings.is_development:
        app.include_router(signing_in.development)
    for router in ROUTERS:
        app.include_router(router)
    handle_errors(app)
    cipher = SessionCipher(settings.session_secret.get_secret_value())
    app.add_middleware(SessionMiddleware, cipher=cipher, ended=ended, secure=settings.is_https)
    app.add_middleware(OriginMiddleware, public_url=settings.public_url)
    app.add_middleware(HeadersMiddleware, issuer=settings.issuer_url, is_https=settings.is_https)
    app.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=6)
    app.add_middleware(CorrelationIdMiddleware)
    app.add_middleware(HeadMiddleware)
    return app


async def health() -> str:
    """The process answers; whether the API does is said on the pages."""
    return "ok"
