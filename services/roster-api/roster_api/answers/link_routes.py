"""Routes by which a school takes a person's links out of use, and gives new ones in their place."""

from fastapi import Body as BodyParameter

from roster_api.access.principal import PrincipalDep
from roster_api.answers import replacing_links
from roster_api.answers.schemas import LinksChange, LinksOut
from roster_api.database import SessionDep
from roster_api.idempotency import OnceOnly
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath

router = domain_router(tag="personal links")
EVERY_CAMPAIGN = BodyParameter(default_factory=LinksChange)


@router.get("/volunteers/{volunteer_id}/links", operation_id="list_links", summary="A person's links, without tokens")
async def list_links(volunteer_id: IdPath, session: SessionDep, principal: PrincipalDep) -> LinksOut:
    return await replacing_links.describe_links(session, principal=principal, volunteer_id=volunteer_id)


@router.post(
    "/volunteers/{volunteer_id}/links/revoke", operation_id="revoke_links", summary="Take a person's links out of use"
)
async def revoke_links(
    volunteer_id: IdPath, session: SessionDep, principal: PrincipalDep, body: LinksChange = EVERY_CAMPAIGN
) -> LinksOut:
    """At once and for good. Whoever has no link left is told nothing by it, and may be given another."""
    return await replacing_links.revoke(session, principal=principal, volunteer_id=volunteer_id, change=body)


@router.post(
    "/volunteers/{volunteer_id}/links/reissue",
    operation_id="reissue_links",
    summary="Another link in the place of each the person had",
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def reissue_links(
    volunteer_id: IdPath, session: SessionDep, principal: PrincipalDep, body: LinksChange = EVERY_CAMPAIGN
) -> LinksOut:
    """Nobody but the person sees it: the next message has it, or the last one sent again."""
    return await replacing_links.reissue(session, principal=principal, volunteer_id=volunteer_id, change=body)
