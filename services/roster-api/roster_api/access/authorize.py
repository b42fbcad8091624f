"""The gate before every route: finds the rule of the route, then the principal, and refuses by default."""

from typing import Annotated

from commune_schemas.jobs import API_KEY_HEADER
from fastapi import Depends, Request
from fastapi.security import APIKeyHeader

from roster_api.access.keys import find_principal
from roster_api.access.principal import Principal
from roster_api.access.rules import LINK, PUBLIC, RULES
from roster_api.database import SessionDep
from roster_api.errors import ForbiddenError, UnauthenticatedError

api_key_header = APIKeyHeader(name=API_KEY_HEADER, auto_error=False, description="An API key; see POST /v1/api-keys")


async def authorize(
    request: Request, session: SessionDep, key_value: Annotated[str | None, Depends(api_key_header)]
) -> Principal | None:
    """401 without a known key, 403 for a role that may not, or for a route nobody wrote a rule for."""
    rule = RULES.get((request.method, request.scope["route"].path))
    if rule is None:
        raise ForbiddenError(
            "access.no_rule", vi="Địa chỉ này chưa được phép dùng.", en="No access rule allows this route."
        )
    if rule in (PUBLIC, LINK):
        return None
    principal = await find_principal(session, key_value=key_value) if key_value else None
    if principal is None:
        raise UnauthenticatedError(
            "access.key_unknown" if key_value else "access.key_missing",
            vi="Thiếu khóa truy cập (X-Api-Key), hoặc khóa không đúng hay đã bị thu hồi.",
            en="The API key (X-Api-Key) is missing, unknown or revoked.",
            headers={"WWW-Authenticate": "ApiKey"},
        )
    if principal.role not in rule:
        raise ForbiddenError(
            "access.role",
            vi="Vai trò của khóa này không được làm việc này.",
            en="The role of this key may not do this.",
        )
    request.state.principal = principal
    return principal
