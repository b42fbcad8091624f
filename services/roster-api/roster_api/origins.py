"""Whose pages may ask this service from a browser: the origins the settings name, and nobody else's (CORS)."""

from collections.abc import Sequence

from commune_schemas.jobs import API_KEY_HEADER, CORRELATION_HEADER, IDEMPOTENCY_HEADER
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ASKED_WITH = (
    "Authorization",
    API_KEY_HEADER,
    "X-Acting-As",
    IDEMPOTENCY_HEADER,
    "If-Match",
    "Content-Type",
    "Last-Event-ID",
)
SHOWN = ("ETag", "Location", "Retry-After", "Content-Disposition", "Idempotency-Replayed", CORRELATION_HEADER)
REMEMBERED_SECONDS = 600


def allow_portals(app: FastAPI, origins: Sequence[str]) -> None:
    """Without an origin nothing is added: a browser then lets no other page ask. Cookies are never taken."""
    if not origins:
        return
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=METHODS,
        allow_headers=ASKED_WITH,
        expose_headers=SHOWN,
        allow_credentials=False,
        max_age=REMEMBERED_SECONDS,
    )
