"""The two ports of one application: what people may reach, and what only the other services may.

Each answers 404 for what belongs to the other, before anything else is asked.
"""

from enum import StrEnum

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from roster_api.error_answers import HTTP_WORDS, problem_answer

PORT = "roster_api.port"
"""In a request's scope: which port it came in by. An application asked without one answers everything (tests)."""
INTERNAL_PREFIX = "/v1/internal"
METRICS_PATH = "/metrics"
"""Tells how often what was done, to whoever may reach the internal port."""
HEALTH_PATHS = frozenset({"/health", "/health/live"})
NOT_FOUND = 404


class Port(StrEnum):
    PUBLIC = "public"
    INTERNAL = "internal"

    def serves(self, path: str) -> bool:
        is_internal = path in {INTERNAL_PREFIX, METRICS_PATH} or path.startswith(f"{INTERNAL_PREFIX}/")
        return path in HEALTH_PATHS or is_internal == (self is Port.INTERNAL)


class PortMiddleware:
    """Answers 404 for what the request's port does not serve."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        port: Port | None = scope.get(PORT)
        if scope["type"] != "http" or port is None or port.serves(scope["path"]):
            await self.app(scope, receive, send)
            return
        code, vi, en = HTTP_WORDS[NOT_FOUND]
        answer = problem_answer(Request(scope), status=NOT_FOUND, title="Not found", code=code, vi=vi, en=en)
        await answer(scope, receive, send)


def entered_by(app: ASGIApp, port: Port) -> ASGIApp:
    """The application as it is behind that port."""

    async def enter(scope: Scope, receive: Receive, send: Send) -> None:
        scope[PORT] = port
        await app(scope, receive, send)

    return enter
