"""Routes of consents, for the school: what a person said, and what they said on paper or aloud."""

from roster_api.access.principal import PrincipalDep
from roster_api.consents import service
from roster_api.consents.models import Consent
from roster_api.consents.schemas import ConsentCreate, ConsentsRead
from roster_api.database import SessionDep
from roster_api.idempotency import OnceOnly
from roster_api.routing import domain_router
from roster_api.shapes import IdPath
from roster_api.volunteers.service import get_volunteer

router = domain_router(tag="consents")


@router.get("/volunteers/{volunteer_id}/consents", operation_id="list_consents", summary="What a person agreed to")
async def list_consents(volunteer_id: IdPath, session: SessionDep, principal: PrincipalDep) -> ConsentsRead:
    """Nothing said is `not_asked`: no consent is assumed."""
    await get_volunteer(session, principal=principal, volunteer_id=volunteer_id)
    return await service.describe(session, volunteer_id)


@router.post(
    "/volunteers/{volunteer_id}/consents",
    operation_id="record_consent",
    summary="Record what a person said on paper or aloud",
    dependencies=[OnceOnly],
)
async def record_consent(
    volunteer_id: IdPath, body: ConsentCreate, session: SessionDep, principal: PrincipalDep
) -> ConsentsRead:
    """Once withdrawn, nothing is sent to the person any more: it is asked when each message is about to be sent."""
    await get_volunteer(session, principal=principal, volunteer_id=volunteer_id)
    said = Consent(**body.model_dump(mode="json"), volunteer_id=volunteer_id, recorded_by=principal.label)
    await service.record(session, said)
    return await service.describe(session, volunteer_id)
