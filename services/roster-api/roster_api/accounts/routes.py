"""Routes of accounts: who I am, who is let in, and what they may do."""

from typing import Annotated

from fastapi import Depends, Header, Query, Request

from roster_api.access.accounts import ACTING_AS_HEADER, SignedIn, end_sign_in
from roster_api.access.principal import PrincipalDep, Role
from roster_api.accounts import service
from roster_api.accounts.schemas import (
    AccountRead,
    Assignment,
    AssignmentBody,
    Invitation,
    InvitationBody,
    Me,
)
from roster_api.database import SessionDep
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath, SearchText

router = domain_router(tag="accounts")


async def get_signed_in(request: Request) -> SignedIn:
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


@router.post("/me/sign-out", operation_id="sign_out", summary="End this sign-in", status_code=204)
async def sign_out(session: SessionDep, signed_in: SignedInDep) -> None:
    """The token is refused (401) from the next request on, whoever has a copy. Other sign-ins of the person go on."""
    await end_sign_in(session, signed_in.token)


@router.get("/accounts", operation_id="list_accounts", summary="Who was let in, newest first")
async def list_accounts(
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    q: SearchText = None,
    role: Annotated[Role | None, Query()] = None,
    revoked: Annotated[bool, Query(description="true: who had a role taken away instead")] = False,
) -> Page[AccountRead]:
    """Each sees the accounts that hold a role they could give themselves; an auditor all of the own province."""
    return await service.list_accounts(session, principal=principal, q=q, role=role, revoked=revoked, paging=paging)


@router.post(
    "/accounts",
    operation_id="invite_account",
    summary="Let somebody in: by e-mail, with a role",
    status_code=201,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def invite_account(
    request: Request, body: InvitationBody, session: SessionDep, principal: PrincipalDep
) -> Invitation:
    """Nobody gives more than they have. Whoever has an account already gets the role beside the others."""
    return await service.invite(session, principal=principal, body=body, settings=request.app.state.settings)


@router.post(
    "/accounts/{account_id}/assignments",
    operation_id="grant_role",
    summary="Give an account a role more",
    status_code=201,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def grant_role(
    account_id: IdPath, body: AssignmentBody, session: SessionDep, principal: PrincipalDep
) -> Assignment:
    return await service.grant(session, principal=principal, account_id=account_id, body=body)


@router.post(
    "/accounts/{account_id}/assignments/{assignment_id}/revoke",
    operation_id="revoke_role",
    summary="Take a role away, with the next request",
)
async def revoke_role(
    account_id: IdPath, assignment_id: IdPath, session: SessionDep, principal: PrincipalDep
) -> Assignment:
    return await service.revoke(session, principal=principal, account_id=account_id, assignment_id=assignment_id)
