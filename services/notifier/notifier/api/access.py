"""Who may call what: one table, deny by default, decided before a body is read.

Keys come from the environment and are compared in constant time.
"""

import hmac
import re
from collections.abc import Callable, Coroutine, Mapping
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from commune_schemas.jobs import ACTOR_ID_HEADER, ACTOR_ROLE_HEADER, API_KEY_HEADER
from commune_schemas.spelling import find_parameter_fault
from fastapi import Depends, Request, Response
from fastapi._compat import field_annotation_is_sequence
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import ParamTypes
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader

from notifier.api.errors import ProblemError
from notifier.settings import Settings

SIGNATURE_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
ROLE_NAME = re.compile(r"[a-z_]{1,40}")
KEY_SCHEME = APIKeyHeader(name=API_KEY_HEADER, auto_error=False, description="The notifier's own key")


class Need(StrEnum):
    OPEN = "open"  # anybody
    SIGNATURE = "signature"  # its headers must be there; checked by the route itself, over the raw body
    READ = "read"  # any of the three keys
    OFFICE = "office"  # NOTIFIER_OFFICE_KEY, for a named officer, or NOTIFIER_ADMIN_KEY
    ADMIN = "admin"  # NOTIFIER_ADMIN_KEY


RULES: dict[tuple[str, str], Need] = {
    ("GET", "/health/live"): Need.OPEN,
    ("GET", "/health"): Need.OPEN,
    ("GET", "/metrics"): Need.READ,
    ("GET", "/openapi.json"): Need.OPEN,
    ("GET", "/v1/messages"): Need.READ,
    ("GET", "/v1/messages/summary"): Need.READ,
    ("GET", "/v1/messages/board"): Need.READ,
    ("GET", "/v1/messages/unreached"): Need.READ,
    ("GET", "/v1/messages/to-old-contacts"): Need.READ,
    ("GET", "/v1/messages/{message_id}"): Need.READ,
    ("POST", "/v1/messages/{message_id}/resend"): Need.ADMIN,
    ("POST", "/v1/messages/redrive"): Need.ADMIN,
    ("GET", "/v1/service-level"): Need.READ,
    ("GET", "/v1/audit"): Need.ADMIN,
    ("GET", "/v1/audit/export"): Need.ADMIN,
    ("GET", "/v1/limits"): Need.READ,
    ("POST", "/v1/limits/{channel}/release"): Need.ADMIN,
    ("GET", "/v1/suppressions"): Need.OFFICE,
    ("GET", "/v1/suppressions/{suppression_id}"): Need.OFFICE,
    ("POST", "/v1/suppressions/{suppression_id}/release"): Need.OFFICE,
    ("POST", "/v1/contacts/refused"): Need.READ,
    ("POST", "/v1/bounces"): Need.ADMIN,
    ("GET", "/v1/webhooks"): Need.OFFICE,
    ("POST", "/v1/webhooks"): Need.OFFICE,
    ("DELETE", "/v1/webhooks/{webhook_id}"): Need.OFFICE,
    ("POST", "/v1/webhooks/{webhook_id}/rotate"): Need.OFFICE,
    ("POST", "/v1/webhooks/{webhook_id}/enable"): Need.OFFICE,
    ("POST", "/v1/webhooks/{webhook_id}/disable"): Need.OFFICE,
    ("GET", "/v1/webhooks/{webhook_id}/deliveries"): Need.OFFICE,
    ("POST", "/v1/webhooks/{webhook_id}/replay"): Need.OFFICE,
    ("GET", "/v1/templates"): Need.READ,
    ("GET", "/v1/templates/in-force"): Need.READ,
    ("GET", "/v1/templates/{kind}/preview"): Need.READ,
    ("GET", "/v1/templates/{kind}/{channel}/{language}"): Need.READ,
    ("POST", "/v1/templates/{kind}/{channel}/{language}"): Need.OFFICE,
    ("POST", "/v1/templates/{kind}/{channel}/{language}/preview"): Need.OFFICE,
    ("POST", "/v1/templates/{kind}/{channel}/{language}/test"): Need.OFFICE,
    ("POST", "/v1/templates/{kind}/{channel}/{language}/{version}/publish"): Need.OFFICE,
    ("POST", "/v1/receipts/{provider}"): Need.SIGNATURE,
}


MAY: dict[Need, frozenset[str]] = {
    Need.READ: frozenset({"reader", "office", "admin"}),
    Need.OFFICE: frozenset({"office", "admin"}),
    Need.ADMIN: frozenset({"admin"}),
}
"""Whose key does for what."""


class GatedRoute(APIRoute):
    """A route that decides who may before it reads a byte of the body: a dependency would come after it was parsed."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        known = list_query_parameters(self)
        needs = {RULES.get((method, self.path)) for method in self.methods or ()}
        is_strict = self.path.startswith("/v1/") and Need.SIGNATURE not in needs

        async def handle_admitted(request: Request) -> Response:
            authorize(request)
            request.state.is_admitted = True
            if is_strict:
                refuse_unknown_parameters(request, known)
            return await handle(request)

        return handle_admitted


def list_query_parameters(route: APIRoute) -> dict[str, bool]:
    """What the route and all that it depends on declare, and whether it takes several values.

    A model's fields say nothing of where they stand: they are of the query.
    """
    return {
        field.alias: field_annotation_is_sequence(field.field_info.annotation)
        for field in get_flat_params(route.dependant)
        if getattr(field.field_info, "in_", ParamTypes.query) is ParamTypes.query
    }


def refuse_unknown_parameters(request: Request, known: Mapping[str, bool]) -> None:
    """422 for a query parameter that the route does not declare, or a single value sent twice. What providers add to a
    callback is theirs."""
    sent = [name for name, _ in request.query_params.multi_items()]
    fault = find_parameter_fault(sent, known=known)
    if fault is not None:
        raise ProblemError(422, fault.code, vi=fault.vi, en=fault.en, errors=fault.errors)


async def refuse_ungated(request: Request, _key: Annotated[str | None, Depends(KEY_SCHEME)]) -> None:
    """Every route's first dependency: 403 for one whose class has no gate. Declares the key in OpenAPI."""
    if not getattr(request.state, "is_admitted", False):
        raise _forbidden()


def authorize(request: Request) -> None:
    """401 without a known key, 403 for one that may not. A route without a rule is refused."""
    asked = "GET" if request.method == "HEAD" else request.method
    need = RULES.get((asked, request.scope["route"].path))
    if need is Need.OPEN:
        return
    if need is Need.SIGNATURE:
        if not all(request.headers.get(name) for name in _list_signature_headers(request)):
            raise not_signed()
        return
    settings: Settings = request.app.state.settings
    given = request.headers.get(API_KEY_HEADER, "")
    role = _find_role(settings, given)
    if role is None:
        vi, en = "Thiếu khóa hoặc khóa không đúng.", "The key is missing or not known."
        raise ProblemError(401, "access.unauthenticated", vi=vi, en=en)
    request.state.key_role = role
    if need is None or role not in MAY[need]:
        raise _forbidden()
    request.state.acting_for = _read_actor(request) if role == "office" else None


def _find_role(settings: Settings, given: str) -> str | None:
    keys = {
        "admin": settings.notifier_admin_key,
        "office": settings.notifier_office_key,
        "reader": settings.notifier_api_key,
    }
    return next((role for role, key in keys.items() if _matches(given, key)), None)


def _read_actor(request: Request) -> dict[str, str] | None:
    """For whom roster-api asks, as its headers say. 403 where it would change something and names nobody."""
    given, role = request.headers.get(ACTOR_ID_HEADER, ""), request.headers.get(ACTOR_ROLE_HEADER, "")
    try:
        actor_id = UUID(given)
    except ValueError:
        actor_id = None
    if actor_id is not None and ROLE_NAME.fullmatch(role):
        return {"id": str(actor_id), "role": role}
    if request.method in {"GET", "HEAD"}:
        return None
    vi = f"Với khóa này, mỗi thay đổi phải nêu người thực hiện ({ACTOR_ID_HEADER}, {ACTOR_ROLE_HEADER})."
    en = f"With this key each change names who makes it ({ACTOR_ID_HEADER}, {ACTOR_ROLE_HEADER})."
    raise ProblemError(403, "access.actor_missing", vi=vi, en=en)


def _list_signature_headers(request: Request) -> tuple[str, ...]:
    """What this gateway proves its receipts with; a gateway that is not ours would need what most do."""
    settings: Settings = request.app.state.settings
    for gateway in settings.list_providers().sms_gateways:
        if gateway.name == request.path_params.get("provider") and gateway.receipts is not None:
            needed = gateway.receipts.needed_header
            return (needed,) if needed else ()
    return SIGNATURE_HEADERS


def not_signed() -> ProblemError:
    """401 for a receipt without the signature that proves where it came from."""
    vi, en = "Chữ ký không đúng hoặc đã quá hạn.", "The signature is wrong or too old."
    return ProblemError(401, "receipt.not_signed", vi=vi, en=en)


def _forbidden() -> ProblemError:
    vi, en = "Khóa này không được làm việc này.", "This key may not do this."
    return ProblemError(403, "access.forbidden", vi=vi, en=en)


def _matches(given: str, expected: object) -> bool:
    secret = getattr(expected, "get_secret_value", None)
    return bool(given) and secret is not None and hmac.compare_digest(given.encode(), secret().encode())
