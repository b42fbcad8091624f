"""The gate of every route: finds the route's rule, then the principal, and refuses by default, before any body is read.

It stands in the route's class: as a dependency it would come after the body was read and parsed for whoever sent it.
"""

import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Annotated, Any

from commune_schemas.jobs import API_KEY_HEADER
from commune_schemas.spelling import find_parameter_fault
from fastapi import Depends, Request, Response
from fastapi._compat import field_annotation_is_sequence
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import ParamTypes
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader, HTTPBearer
from fastapi.sse import EventSourceResponse
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.routing import Match
from starlette.types import Scope

from roster_api.access.accounts import (
    ACTING_AS_HEADER,
    SignedIn,
    act_as,
    bind_account,
    choose_assignment,
    find_signed_in,
    not_invited,
)
from roster_api.access.bearer import verify_token
from roster_api.access.grants import list_live_grants
from roster_api.access.keys import find_principal
from roster_api.access.measure import admit_in_measure, in_hand, rule_key
from roster_api.access.principal import Principal
from roster_api.access.rules import ACCOUNT, LINK, OPEN, PUBLIC, RULES, is_open_to_groups
from roster_api.access.unasked import without_query
from roster_api.errors import ForbiddenError, InvalidError, UnauthenticatedError

CALENDAR = ".ics"
"""Of calendar feeds, which add parameters of their own; so do pages, and the programs that open them for people."""
READS = frozenset({"GET", "HEAD"})
Handler = Callable[[Request], Coroutine[Any, Any, Response]]

BEARER_PREFIX = re.compile(r"bearer +", re.IGNORECASE)
api_key_header = APIKeyHeader(
    name=API_KEY_HEADER, auto_error=False, description="A machine's key; see POST /v1/api-keys"
)
bearer_header = HTTPBearer(
    auto_error=False,
    bearerFormat="JWT",
    description=f"A person's token, of a configured issuer. With several roles: {ACTING_AS_HEADER}, see GET /v1/me",
)


class GatedRoute(APIRoute):
    """A route that decides who may before it reads a byte of the body."""

    @cached_property
    def beginning(self) -> str:
        """Of every path that it answers."""
        return self.path_format.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Hundreds of routes are asked for each request: most need no more than the beginning of its path."""
        if not scope.get("root_path") and not scope["path"].startswith(self.beginning):
            return Match.NONE, {}
        return super().matches(scope)

    async def admit(self, request: Request) -> None:
        """Lets the request pass or raises what it is answered with. Whatever overrides it must call it first."""
        await authorize(request)

    def after_admission(self, handle: Handler) -> Handler:
        """What a kind of route does around the handler of an admitted request."""
        return handle

    def _handle_with(self, dependant: Dependant) -> Handler:
        """The handler, with these dependencies instead of those that the description names."""
        declared = self.dependant
        self.dependant = dependant
        try:
            return self.after_admission(super().get_route_handler())
        finally:
            self.dependant = declared

    def get_route_handler(self) -> Handler:
        known = list_query_parameters(self)
        # The gate stands around it: asking again whether there is one would cost as much as all other dependencies.
        asked = [each for each in self.dependant.dependencies if each.call != refuse_ungated]
        gated = replace(self.dependant, dependencies=asked)
        handle = handle_unasked = self._handle_with(gated)
        if known and (unasked := without_query(gated)):
            handle_unasked = self._handle_with(unasked)
        is_stream = isinstance(self.response_class, type) and issubclass(self.response_class, EventSourceResponse)
        is_strict = self.path.startswith("/v1/") and not self.path.endswith(CALENDAR)

        async def handle_admitted(request: Request) -> Response:
            with in_hand(request, is_stream=is_stream):
                await admit_in_measure(request, self.admit)
                if not request.scope["query_string"]:
                    return await handle_unasked(request)
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
    """422 for a query parameter that the route does not declare, or sent more often than it can be meant: a filter
    ignored would answer another question."""
    sent = [name for name, _ in request.query_params.multi_items()]
    fault = find_parameter_fault(sent, known=known)
    if fault is not None:
        raise InvalidError(fault.code, vi=fault.vi, en=fault.en, errors=fault.errors)


async def authorize(request: Request) -> None:
    """401 without a known key, 403 for a role that may not, or for a route nobody wrote a rule for."""
    rule = RULES.get(rule_key(request))
    if rule is None:
        raise no_rule()
    if rule == ACCOUNT:
        await _sign_in(request, _get_bearer(request))
    elif rule not in (PUBLIC, OPEN, LINK):
        principal = request.state.principal = await _find_principal(request)
        if principal.role not in rule:
            raise ForbiddenError(
                "access.role", vi="Vai trò này không được làm việc này.", en="This role may not do this."
            )
        if principal.is_read_only and request.method not in READS:
            raise ForbiddenError("access.read_only", vi="Khóa này chỉ để đọc.", en="This key may only read.")
        if principal.is_of_group and not is_open_to_groups(rule_key(request)):
            raise ForbiddenError(
                "access.group_only",
                vi="Vai trò này chỉ xem được các xã của nhóm mình theo dõi.",
                en="This role sees the communes of its own group, and nothing else.",
            )
        request.app.state.last_use.note(principal)
    request.state.is_admitted = True


async def refuse_ungated(
    request: Request,
    _key: Annotated[str | None, Depends(api_key_header)],
    _token: Annotated[object, Depends(bearer_header)],
) -> None:
    """Every route's first dependency: 403 for one whose class has no gate. Declares key and token in OpenAPI."""
    if not getattr(request.state, "is_admitted", False):
        raise no_rule()


async def refuse_if_revoked(session: AsyncSession, principal: Principal) -> None:
    """401 when the key or role was revoked since the request began; for what takes long."""
    if not await list_live_grants(session, {principal.grant}):
        raise unauthenticated("access.key_unknown")


def no_rule() -> ForbiddenError:
    return ForbiddenError(
        "access.no_rule", vi="Địa chỉ này chưa được phép dùng.", en="No access rule allows this route."
    )


def unauthenticated(code: str) -> UnauthenticatedError:
    return UnauthenticatedError(
        code,
        vi="Hãy đăng nhập, hoặc gửi khóa truy cập (X-Api-Key): khóa thiếu, không đúng hoặc đã bị thu hồi.",
        en="Sign in, or send an API key (X-Api-Key): it is missing, unknown, over or revoked.",
        headers={"WWW-Authenticate": "Bearer, ApiKey"},
    )


async def _find_principal(request: Request) -> Principal:
    """Of the key, or of the role the signed-in person acts in. 401 for none, an unknown one, and both at once."""
    key_value = request.headers.get(API_KEY_HEADER)
    if not key_value:
        return await _find_acting(request)
    if BEARER_PREFIX.match(request.headers.get("authorization", "")) or ACTING_AS_HEADER in request.headers:
        raise unauthenticated("access.two_credentials")
    principal = await find_principal(request.app.state.engine, key_value=key_value)
    if principal is None:
        raise unauthenticated("access.key_unknown")
    return principal


async def _find_acting(request: Request) -> Principal:
    signed_in = await _sign_in(request, _get_bearer(request))
    return act_as(signed_in, choose_assignment(signed_in, request.headers.get(ACTING_AS_HEADER)))


def _get_bearer(request: Request) -> str:
    """401 without `Authorization: Bearer`, or where no issuer is configured."""
    token = BEARER_PREFIX.match(request.headers.get("authorization", ""))
    if token is None or not request.app.state.settings.issuers:
        raise unauthenticated("access.key_missing")
    return request.headers["authorization"][token.end() :].strip()


async def _sign_in(request: Request, token: str) -> SignedIn:
    """The account of a token, kept in `request.state.signed_in`; bound to its subject at the first sign-in.

    403 for whoever was not invited.
    """
    state = request.app.state
    verified = await verify_token(token, issuers=state.settings.issuers, key_sets=state.key_sets)
    signed_in = await find_signed_in(state.engine, verified)
    if signed_in is None:
        async with state.sessions.begin() as session:
            account = await bind_account(session, verified)
            if account is not None:
                await state.record_binding(request, session, account)
        signed_in = await find_signed_in(state.engine, verified)
    if signed_in is None:
        raise not_invited()
    request.state.signed_in = signed_in
    return signed_in
