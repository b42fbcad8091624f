"""Routes of accounts: who I am."""

from typing import Annotated

from fastapi import Depends, Header, Request

from roster_api.access.accounts import ACTING_AS_HEADER, SignedIn
from roster_api.accounts import service
from roster_api.accounts.schemas import Me
from roster_api.database import SessionDep
from roster_api.routing import domain_router

router = domain_router(tag="accounts")


def get_signed_in(request: Request) -> SignedIn:
    """Whom the gate let in."""
    signed_in: SignedIn = request.state.signed_in
    return signed_in


SignedInDep = Annotated[SignedIn, Depends(get_signed_in)]


@router.get("/me", operation_id="get_me", summary="Who is signed in, and in which roles")
async def get_me(
    session: SessionDep,
    signed_in: SignedInDep,
    acting_as: Annotated[
        str | None, Header(alias=ACTING_AS_HEADER, max_length=100, description="One of `assignments`: its id")
    ] = None,
) -> Me:
    """Every other request acts in one role: the only one held, or the one that X-Acting-As names."""
    return await service.describe_me(session, signed_in, acting_as=acting_as)
