"""Writes the entry of a request: a change or a read into its own transaction, a refusal into one by itself."""

from typing import Any

import structlog
from asgi_correlation_id import correlation_id
from fastapi import Request
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.audit.models import AuditEntry
from notifier.database import AWAY, Sessions

log = structlog.get_logger(__name__)
READS = frozenset(
    {
        ("GET", "/v1/messages"),
        ("GET", "/v1/messages/{message_id}"),
        ("GET", "/v1/suppressions"),
        ("GET", "/v1/suppressions/{suppression_id}"),
        ("POST", "/v1/contacts/refused"),
        ("GET", "/v1/audit/export"),
    }
)
CHANGES = frozenset(
    {
        ("POST", "/v1/messages/{message_id}/resend"),
        ("POST", "/v1/messages/redrive"),
        ("POST", "/v1/limits/{channel}/release"),
        ("POST", "/v1/suppressions/{suppression_id}/release"),
        ("POST", "/v1/bounces"),
        ("POST", "/v1/webhooks"),
        ("DELETE", "/v1/webhooks/{webhook_id}"),
        ("POST", "/v1/webhooks/{webhook_id}/rotate"),
        ("POST", "/v1/webhooks/{webhook_id}/enable"),
        ("POST", "/v1/webhooks/{webhook_id}/disable"),
        ("POST", "/v1/webhooks/{webhook_id}/replay"),
        ("POST", "/v1/templates/{kind}/{channel}/{language}"),
        ("POST", "/v1/templates/{kind}/{channel}/{language}/test"),
        ("POST", "/v1/templates/{kind}/{channel}/{language}/{version}/publish"),
    }
)
"""A provider's receipt is a row by itself (table receipts), with its signature's id."""


async def record(request: Request, session: AsyncSession) -> None:
    """Adds the entry of what this request did or read, to be committed with it or not at all."""
    key = (request.method, request.scope["route"].path)
    is_read = key in READS or getattr(request.state, "reads_a_message", False)
    if is_read or key in CHANGES:
        await session.execute(insert(AuditEntry), _entry(request, "read" if is_read else "change"))


async def record_refusal(request: Request, *, code: str) -> None:
    """A known key that asked for what it may not have."""
    entry = _entry(request, "refusal")
    entry["details"] |= {"code": code}
    sessions: Sessions = request.app.state.sessions
    try:
        async with sessions.begin() as session:
            await session.execute(insert(AuditEntry), entry)
    except AWAY as error:
        log.error("audit.refusal_not_recorded", route=entry["route"], error=type(error).__name__)  # noqa: TRY400


def _entry(request: Request, action: str) -> dict[str, Any]:
    """Filters are ids, states and counts: none of them holds an address or a name."""
    query = dict(request.query_params)
    named = [*request.path_params.values(), *(value for name, value in query.items() if name.endswith("_id"))]
    stated = dict(getattr(request.state, "audit_details", {}))
    actor = getattr(request.state, "acting_for", None)
    if actor is not None:
        stated["acting_for"] = actor
        named.append(actor["id"])
    return {
        "action": action,
        "method": request.method,
        "route": request.scope["route"].path,
        "actor_role": getattr(request.state, "key_role", "unknown"),
        "subjects": [*dict.fromkeys(str(value) for value in named)],
        "details": {"query": query} | stated if query else stated,
        "request_id": correlation_id.get(),
        "address": request.client.host if request.client else None,
    }
