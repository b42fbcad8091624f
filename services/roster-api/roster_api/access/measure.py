"""Measure at the gate: how many requests at once, and how often one caller asks; around the question who it is."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext

from commune_schemas.jobs import API_KEY_HEADER
from fastapi import Request

from roster_api.access.principal import Principal
from roster_api.access.rates import get_rates
from roster_api.access.rules import PUBLIC, RULES
from roster_api.at_once import Limit, get_turns
from roster_api.errors import UnauthenticatedError
from roster_api.ports import PORT, Port

STREAMS_SHARE = 8
"""Of the requests at once, one in so many may be a stream that begins: others hardly notice."""
CREDENTIALS = (API_KEY_HEADER, "authorization")


def rule_key(request: Request) -> tuple[str, str]:
    """(method, path) as RULES has it: HEAD asks for what GET answers, without its body."""
    return "GET" if request.method == "HEAD" else request.method, request.scope["route"].path


def is_measured(request: Request) -> bool:
    """Health and the other services' port are not: they must answer when people ask too much."""
    return request.scope.get(PORT) is not Port.INTERNAL and RULES.get(rule_key(request)) != PUBLIC


def in_hand(request: Request, *, is_stream: bool) -> AbstractContextManager[None]:
    """A turn for the length of a request, or until a stream has begun; 429 when this process has none left."""
    if not is_measured(request):
        return nullcontext()
    at_once: int = request.app.state.settings.requests_at_once
    limit = Limit(
        "service.busy",
        max(1, at_once // STREAMS_SHARE) if is_stream else at_once,
        vi="Hệ thống đang trả lời quá nhiều yêu cầu cùng lúc. Hãy thử lại sau vài giây.",
        en="Too many requests are being answered at this moment. Try again in a few seconds.",
        retry_after_seconds=2,
    )
    return get_turns(request).hold(limit, "streams" if is_stream else "process")


async def admit_in_measure(request: Request, admit: Callable[[Request], Awaitable[None]]) -> None:
    """As `admit`; 429 for an account, a key or an address that asks too often, or guesses."""
    if not is_measured(request):
        await admit(request)
        return
    rates = get_rates(request)
    await rates.count_address(request)
    try:
        await admit(request)
    except UnauthenticatedError:
        if any(request.headers.get(name) for name in CREDENTIALS):
            await rates.count_wrong_key(request)
        raise
    principal: Principal | None = getattr(request.state, "principal", None)
    if principal is not None:
        await rates.count_principal(request, principal, rule_key(request))
    elif getattr(request.state, "signed_in", None) is not None:
        await rates.count_account(request.state.signed_in.account.id)
