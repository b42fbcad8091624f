"""The gate of personal links: the token in the path or in `Authorization: Link <token>`, wrong ones all alike."""

from typing import Annotated

from fastapi import Depends, Header, Path, Request
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.links import find_live_link
from roster_api.answers.models import PersonalLink
from roster_api.answers.throttle import WrongTokenThrottle
from roster_api.database import SessionDep
from roster_api.errors import NotFoundError, ProblemError, UnauthenticatedError

SCHEME = "Link "


class TooManyWrongTokensError(ProblemError):
    """429: this address has guessed too often."""

    status = 429
    title = "Too many requests"


def get_throttle(request: Request) -> WrongTokenThrottle:
    """One a process, made at its first use."""
    state = request.app.state
    if not hasattr(state, "wrong_tokens"):
        state.wrong_tokens = WrongTokenThrottle()
    throttle: WrongTokenThrottle = state.wrong_tokens
    return throttle


async def _get_link(request: Request, session: AsyncSession, token: str) -> PersonalLink:
    """The live link of a token. 404 for a wrong, expired or revoked one alike; 429 after too many of them."""
    throttle = get_throttle(request)
    address = request.client.host if request.client else "unknown"
    seconds = throttle.seconds_to_wait(address)
    if seconds:
        raise TooManyWrongTokensError(
            "link.too_many_wrong",
            vi="Có quá nhiều liên kết sai từ địa chỉ này. Hãy thử lại sau một phút.",
            en="Too many wrong links from this address. Try again in a minute.",
            headers={"Retry-After": str(seconds)},
        )
    secret = request.app.state.settings.link_secret.get_secret_value()
    link = await find_live_link(session, token, secret=secret)
    if link is None:
        throttle.count_wrong(address)
        raise NotFoundError
    return link


async def get_link_of_path(
    request: Request, session: SessionDep, token: Annotated[str, Path(max_length=200)]
) -> PersonalLink:
    return await _get_link(request, session, token)


async def get_link_of_header(
    request: Request,
    session: SessionDep,
    authorization: Annotated[str | None, Header(max_length=300, description="'Link <token>'")] = None,
) -> PersonalLink:
    if authorization is None or not authorization.startswith(SCHEME):
        raise UnauthenticatedError(
            "link.missing",
            vi="Thiếu liên kết cá nhân (Authorization: Link ...).",
            en="The personal link is missing (Authorization: Link <token>).",
            headers={"WWW-Authenticate": "Link"},
        )
    return await _get_link(request, session, authorization.removeprefix(SCHEME).strip())


PathLinkDep = Annotated[PersonalLink, Depends(get_link_of_path)]
HeaderLinkDep = Annotated[PersonalLink, Depends(get_link_of_header)]
