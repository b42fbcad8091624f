"""The link of an invitation: what stands in the message, and what it opens."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from roster_api.answers.access import TOKEN_MAXIMUM_LENGTH
from roster_api.answers.page import Line
from roster_api.answers.page_route import PageRoute
from roster_api.answers.tokens import INVITATION, find_link_id, sign_link
from roster_api.database import one_statement
from roster_api.invitations.models import Invitation
from roster_api.invitations.repository import find_live


def make_url(invitation_id: UUID, *, public_url: str, secret: str) -> str:
    """Where the invited person says the rest."""
    return f"{public_url}/i/{sign_link(invitation_id, secret=secret, purpose=INVITATION)}"


class InvitationRoute(PageRoute):
    """A page that an invitation's link opens; the link of a placement opens nothing here, nor the other way round."""

    nothing_came = Line(
        "Chưa nhận được nội dung bạn gửi. Hãy mở lại liên kết rồi điền lại.",
        "What you sent did not arrive. Open the link again and fill in the form.",
        "warn",
    )

    async def look_up(self, request: Request, token: str) -> Invitation | None:
        secret = request.app.state.settings.link_secret.get_secret_value()
        invitation_id = find_link_id(token, secret=secret, purpose=INVITATION)
        if len(token) > TOKEN_MAXIMUM_LENGTH or invitation_id is None:
            return None
        async with one_statement(request.app.state.sessions) as session:
            return await find_live(session, invitation_id)


async def get_invitation(request: Request) -> Invitation:
    """The invitation that let the request in."""
    invitation: Invitation = request.state.link
    return invitation


InvitationDep = Annotated[Invitation, Depends(get_invitation)]
