"""The gate of personal links: the token in the path or in `Authorization: Link <token>`, wrong ones all alike."""

from typing import Annotated, Any

from fastapi import Depends, Header, Request

from roster_api.access.authorize import GatedRoute
from roster_api.access.measure import rule_key
from roster_api.access.rates import get_rates
from roster_api.access.rules import LINK, RULES
from roster_api.answers.links import find_live_link
from roster_api.answers.models import PersonalLink
from roster_api.answers.tokens import find_link_id
from roster_api.database import one_statement
from roster_api.errors import NotFoundError, UnauthenticatedError

SCHEME = "Link "
TOKEN_MAXIMUM_LENGTH = 200


class LinkRoute(GatedRoute):
    """A route held by a personal link: the link is looked up before the body is read.

    404 for a wrong, expired or revoked one alike; 429 after too many of them.
    """

    async def admit(self, request: Request) -> None:
        await super().admit(request)
        if RULES[rule_key(request)] != LINK:
            return
        # Looked up first: many people may stand behind one address, and another's wrong links are no fault of theirs.
        link = await self.look_up(request, _get_token(request))
        if link is None:
            await get_rates(request).count_wrong_link(request)
            raise NotFoundError
        request.state.link = link

    async def look_up(self, request: Request, token: str) -> Any:
        """The live row behind a token, or None. A token that we did not sign costs no connection to the database."""
        settings = request.app.state.settings
        secret = settings.link_secret.get_secret_value()
        if len(token) > TOKEN_MAXIMUM_LENGTH or find_link_id(token, secret=secret) is None:
            return None
        async with one_statement(request.app.state.sessions) as session:
            return await find_live_link(session, token, secret=secret, link_days=settings.link_days)


def _get_token(request: Request) -> str:
    token: str | None = request.path_params.get("token")
    if token is not None:
        return token
    authorization = request.headers.get("authorization", "")
    if not authorization.startswith(SCHEME):
        raise UnauthenticatedError(
            "link.missing",
            vi="Thiếu liên kết cá nhân (Authorization: Link ...).",
            en="The personal link is missing (Authorization: Link <token>).",
            headers={"WWW-Authenticate": "Link"},
        )
    return authorization.removeprefix(SCHEME).strip()


async def get_link(
    request: Request,
    _authorization: Annotated[
        str | None, Header(alias="authorization", max_length=300, description="'Link <token>'")
    ] = None,
) -> PersonalLink:
    """The link that let the request in."""
    link: PersonalLink = request.state.link
    return link


LinkDep = Annotated[PersonalLink, Depends(get_link)]
