"""Routes of a person's own consents, by their link."""

from fastapi import Response

from roster_api.answers.access import LinkDep, LinkRoute
from roster_api.consents import service
from roster_api.consents.schemas import ConsentsRead, MyConsent
from roster_api.database import SessionDep
from roster_api.routing import domain_router, problems

router = domain_router(tag="personal links", route_class=LinkRoute)


@router.get("/me/consents", operation_id="get_my_consents", summary="What I agreed to", responses=problems(429))
async def get_my_consents(link: LinkDep, session: SessionDep, response: Response) -> ConsentsRead:
    response.headers["Cache-Control"] = "no-store"
    return await service.describe(session, link.volunteer_id)


@router.post("/me/consents", operation_id="say_my_consent", summary="I agree / I withdraw", responses=problems(429))
async def say_my_consent(link: LinkDep, session: SessionDep, body: MyConsent) -> ConsentsRead:
    """Withdrawn: nothing is sent any more. The placement stands until the school changes it."""
    said = service.by_the_person(link.volunteer_id, purpose=body.purpose, is_given=body.is_given, link_id=link.id)
    await service.record(session, said)
    return await service.describe(session, link.volunteer_id)
