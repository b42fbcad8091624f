"""Who may call what: one table, deny by default. Keys come from the environment and are compared in constant time."""

import hmac
from enum import StrEnum

from commune_schemas.jobs import API_KEY_HEADER
from fastapi import Request
from fastapi.security import APIKeyHeader

from notifier.api.errors import ProblemError
from notifier.settings import Settings

KEY_SCHEME = APIKeyHeader(name=API_KEY_HEADER, auto_error=False, description="The notifier's own key")


class Need(StrEnum):
    OPEN = "open"  # anybody
    SIGNATURE = "signature"  # checked by the route itself, over the raw body
    READ = "read"  # NOTIFIER_API_KEY or NOTIFIER_ADMIN_KEY
    ADMIN = "admin"  # NOTIFIER_ADMIN_KEY


RULES: dict[tuple[str, str], Need] = {
    ("GET", "/health/live"): Need.OPEN,
    ("GET", "/health"): Need.OPEN,
    ("GET", "/metrics"): Need.READ,
    ("GET", "/docs"): Need.OPEN,
    ("GET", "/openapi.json"): Need.OPEN,
    ("GET", "/v1/messages"): Need.READ,
    ("GET", "/v1/messages/summary"): Need.READ,
    ("GET", "/v1/messages/{message_id}"): Need.READ,
    ("POST", "/v1/messages/{message_id}/resend"): Need.ADMIN,
    ("GET", "/v1/templates"): Need.READ,
    ("GET", "/v1/templates/{kind}/preview"): Need.READ,
    ("POST", "/v1/receipts/{provider}"): Need.SIGNATURE,
}


async def authorize(request: Request) -> None:
    """Every route's first dependency. A route without a rule is refused."""
    route = request.scope.get("route")
    need = RULES.get((request.method, getattr(route, "path", "")))
    if need in {Need.OPEN, Need.SIGNATURE}:
        return
    settings: Settings = request.app.state.settings
    given = request.headers.get(API_KEY_HEADER, "")
    is_admin = _matches(given, settings.notifier_admin_key)
    is_reader = is_admin or _matches(given, settings.notifier_api_key)
    if not is_reader:
        vi, en = "Thiếu khóa hoặc khóa không đúng.", "The key is missing or not known."
        raise ProblemError(401, "access.unauthenticated", vi=vi, en=en)
    if need is None or (need is Need.ADMIN and not is_admin):
        vi, en = "Khóa này không được làm việc này.", "This key may not do this."
        raise ProblemError(403, "access.forbidden", vi=vi, en=en)


def _matches(given: str, expected: object) -> bool:
    secret = getattr(expected, "get_secret_value", None)
    return bool(given) and secret is not None and hmac.compare_digest(given.encode(), secret().encode())
