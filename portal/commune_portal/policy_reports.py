"""What browsers report of broken page policies: counted by directive, never kept; so many a minute and no more."""

import hmac
import json
import time
from typing import Any
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest

from commune_portal.guard import REPORTS

log = structlog.get_logger(__name__)
router = APIRouter()
MAXIMUM_BYTES = 16_000
A_MINUTE = 120
KNOWN = frozenset(
    {"default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem", "style-src-attr",
     "img-src", "font-src", "connect-src", "form-action", "base-uri", "frame-ancestors", "object-src"}
)  # fmt: skip
"""Directives that are counted by name; whatever else is sent counts as 'other'."""


class PolicyReports:
    """Counts of reports, and how many may still come this minute."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.violations = Counter(
            "portal_policy_violations", "Page policy broken, as browsers report", ("directive",), registry=self.registry
        )
        self.refused = Counter(
            "portal_policy_reports_refused", "Beyond the limit, or no report", registry=self.registry
        )
        self._minute, self._taken = 0, 0

    def may_take(self) -> bool:
        """Counts this one; false beyond the limit of the minute."""
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute, self._taken = minute, 0
        self._taken += 1
        return self._taken <= A_MINUTE


def list_reports(content: bytes) -> list[dict[str, Any]]:
    """Both forms, {"csp-report": {...}} and a list of {"body": {...}}; nothing of what is neither."""
    try:
        found = json.loads(content)
    except ValueError:
        return []
    sent = [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict)]
    bodies = [each.get("csp-report", each.get("body")) for each in sent]
    return [body for body in bodies if isinstance(body, dict)]


@router.post(REPORTS)
async def take_report(request: Request) -> Response:
    """204 whatever it says, so that nobody learns anything; 413 and 429 where it is too much."""
    reports: PolicyReports = request.app.state.policy_reports
    if not reports.may_take():
        reports.refused.inc()
        return Response(status_code=429)
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > MAXIMUM_BYTES:
            reports.refused.inc()
            return Response(status_code=413)
    bodies = list_reports(content)
    if not bodies:
        reports.refused.inc()
    for body in bodies:
        named = body.get("effective-directive") or body.get("effectiveDirective") or body.get("violated-directive")
        directive = str(named).partition(" ")[0]
        directive = directive if directive in KNOWN else "other"
        reports.violations.labels(directive=directive).inc()
        log.warning("policy.broken", directive=directive, scheme=scheme_of(body))
    return Response(status_code=204)


def scheme_of(body: dict[str, Any]) -> str:
    """Of what was blocked: 'https', 'inline' ...; nothing else of the address, which may hold anything."""
    try:
        found = urlsplit(str(body.get("blocked-uri") or body.get("blockedURL") or "")).scheme
    except ValueError:
        return ""
    return found[:20]


@router.get("/metrics")
async def show_metrics(request: Request) -> Response:
    """For Prometheus, with the token of the settings; without one set, or with another, there is no such page."""
    token = request.app.state.settings.metrics_token
    given = request.headers.get("Authorization", "")
    if token is None or not hmac.compare_digest(given.encode(), f"Bearer {token.get_secret_value()}".encode()):
        return Response(status_code=404)
    return Response(generate_latest(request.app.state.policy_reports.registry), media_type=CONTENT_TYPE_LATEST)
