"""Routes of data requests: of the school that takes them in, of Home Affairs who decides, and of the notifier."""

from typing import Annotated
from uuid import UUID

from commune_schemas.notices import Recipient, RecipientKind
from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from roster_api.access.principal import Principal, PrincipalDep
from roster_api.data_requests import service
from roster_api.data_requests.export import collect
from roster_api.data_requests.forgetting import describe_erasure
from roster_api.data_requests.models import DataRequest, RequestChannel
from roster_api.data_requests.page import render_everything
from roster_api.data_requests.repository import Whose
from roster_api.data_requests.schemas import (
    DataRequestCreate,
    DataRequestDetail,
    DataRequestFilter,
    DataRequestRead,
    ErasureDone,
    ErasureTask,
    PersonData,
    RefusalBody,
)
from roster_api.database import LateSession, LateSessionDep, SessionDep
from roster_api.deliveries.asking import ask_messages_of
from roster_api.errors import NotFoundError
from roster_api.idempotency import OnceOnly
from roster_api.outbox import service as outbox
from roster_api.paging import Page, PagingDep
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath
from roster_api.volunteers.service import get_volunteer

router = domain_router(tag="data requests")
internal = domain_router(tag="internal", prefix="/v1/internal")


@router.get("/data-requests", operation_id="list_data_requests", summary="Requests about personal data, by their clock")
async def list_data_requests(
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    filters: Annotated[DataRequestFilter, Query()],
) -> Page[DataRequestRead]:
    """Open ones first, the soonest due before the others."""
    return await service.list_requests(session, principal=principal, filters=filters, paging=paging)


@router.post(
    "/volunteers/{volunteer_id}/data-requests",
    operation_id="file_data_request",
    summary="Take in what a person asked about their data on paper or aloud",
    dependencies=[OnceOnly],
    responses=problems(409, 429),
)
async def file_data_request(
    volunteer_id: IdPath, body: DataRequestCreate, request: Request, session: SessionDep, principal: PrincipalDep
) -> DataRequestDetail:
    """The open request of that kind, if there is one already: its clock goes on."""
    await get_volunteer(session, principal=principal, volunteer_id=volunteer_id)
    filed = await service.file(
        session,
        whose=Whose.of_volunteer(volunteer_id),
        asked=body,
        channel=RequestChannel(body.channel),
        proof=body.proof,
        filed_by=principal.label,
        working_days=request.app.state.settings.data_request_days,
    )
    return await service.describe_filed(session, principal, filed)


@router.get("/data-requests/{request_id}", operation_id="get_data_request", summary="One request, with what it wants")
async def get_data_request(request_id: IdPath, session: SessionDep, principal: PrincipalDep) -> DataRequestDetail:
    row = await service.get_request(session, principal=principal, request_id=request_id)
    return await service.describe(session, principal, row)


@router.post(
    "/data-requests/{request_id}/carry-out",
    operation_id="carry_out_data_request",
    summary="Do what was asked: given out, corrected, or erased for good",
    responses=problems(409),
)
async def carry_out_data_request(request_id: IdPath, session: SessionDep, principal: PrincipalDep) -> DataRequestDetail:
    """Access: say so once the person was given it (`GET /v1/volunteers/{id}/data`). An erasure is `erasing` until the
    notifier has emptied its own rows, too; doing it again changes nothing."""
    row = await service.carry_out(session, principal=principal, request_id=request_id)
    return await service.describe(session, principal, row)


@router.post(
    "/data-requests/{request_id}/refuse",
    operation_id="refuse_data_request",
    summary="Refuse, with the reason in words for the person",
    responses=problems(409),
)
async def refuse_data_request(
    request_id: IdPath, body: RefusalBody, session: SessionDep, principal: PrincipalDep
) -> DataRequestDetail:
    row = await service.refuse(session, principal=principal, request_id=request_id, reason=body.reason)
    return await service.describe(session, principal, row)


@router.get(
    "/volunteers/{volunteer_id}/data",
    operation_id="get_person_data",
    summary="Everything that is kept about a person, here and at the notifier",
    responses=problems(503),
)
async def get_person_data(
    volunteer_id: IdPath, request: Request, late: LateSessionDep, principal: PrincipalDep
) -> PersonData:
    """To be given to the person who asked. 503 while the notifier is away: a part would pass for all of it."""
    return await _collect(volunteer_id, request, late, principal)


@router.get(
    "/volunteers/{volunteer_id}/data.html",
    operation_id="get_person_data_as_page",
    summary="The same, to be read and printed",
    response_class=HTMLResponse,
    responses=problems(503),
)
async def get_person_data_as_page(
    volunteer_id: IdPath, request: Request, late: LateSessionDep, principal: PrincipalDep
) -> HTMLResponse:
    return render_everything(await _collect(volunteer_id, request, late, principal))


async def _collect(volunteer_id: UUID, request: Request, late: LateSession, principal: Principal) -> PersonData:
    async with late.short() as session:
        await get_volunteer(session, principal=principal, volunteer_id=volunteer_id)
    words = await ask_messages_of(
        request.app.state.settings, recipient=Recipient(kind=RecipientKind.VOLUNTEER, id=str(volunteer_id))
    )
    session = await late.open()
    person = await get_volunteer(session, principal=principal, volunteer_id=volunteer_id)
    return await collect(session, person, messages=[word.as_item() for word in words])


@internal.get("/erasures/{request_id}", operation_id="get_erasure", summary="Whom to forget, and in which messages")
async def get_erasure(request_id: IdPath, session: SessionDep) -> ErasureTask:
    """The same as often as it is asked for; 404 for a request that erased nobody."""
    return await describe_erasure(session, await _find_erasure(session, request_id))


@internal.post(
    "/erasures/{request_id}/done",
    operation_id="finish_erasure",
    summary="The notifier has forgotten the person",
    status_code=204,
)
async def finish_erasure(request_id: IdPath, body: ErasureDone, session: SessionDep) -> None:
    request = await _find_erasure(session, request_id)
    await service.finish_erasure(session, request, messages=body.messages)
    if request.outbox_id is not None:
        await outbox.close(session, outbox_id=request.outbox_id)


async def _find_erasure(session: SessionDep, request_id: UUID) -> DataRequest:
    request = await session.get(DataRequest, request_id, with_for_update=True)
    if request is None or request.outbox_id is None:
        raise NotFoundError
    return request
