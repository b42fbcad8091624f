"""Routes of the data of everybody but volunteers: offices' contacts, officials, accounts."""

from enum import StrEnum
from typing import Annotated

from fastapi import Path, Request
from fastapi.responses import HTMLResponse

from roster_api.access.principal import Principal, PrincipalDep
from roster_api.data_requests import service
from roster_api.data_requests.models import SubjectKind
from roster_api.data_requests.page import render_everything
from roster_api.data_requests.schemas import DataRequestDetail, PersonData, SubjectRequestCreate
from roster_api.data_requests.subject_erasure import recipient_of
from roster_api.data_requests.subject_export import collect_subject
from roster_api.data_requests.subjects import get_subject
from roster_api.database import LateSession, LateSessionDep, SessionDep
from roster_api.deliveries.asking import ask_messages_of
from roster_api.idempotency import OnceOnly
from roster_api.routing import domain_router, problems

router = domain_router(tag="data requests")
PATH = "/data-subjects/{subject_kind}/{subject_id}"


class OtherSubject(StrEnum):
    """Everybody but volunteers, who have routes of their own."""

    SCHOOL_CONTACT = "school_contact"
    COMMUNE_CONTACT = "commune_contact"
    UNIT_CONTACT = "unit_contact"
    STAFF = "staff"
    ACCOUNT = "account"


SubjectId = Annotated[str, Path(max_length=64, pattern=r"^[0-9A-Za-z-]+$", description="An id, or a commune's code")]


@router.post(
    f"{PATH}/requests",
    operation_id="file_subject_request",
    summary="Take in what an office's contact, an official or an account's holder asked about their data",
    dependencies=[OnceOnly],
    responses=problems(409, 429),
)
async def file_subject_request(
    subject_kind: OtherSubject, subject_id: SubjectId, body: SubjectRequestCreate, request: Request,
    session: SessionDep, principal: PrincipalDep,
) -> DataRequestDetail:  # fmt: skip
    """The open request of that kind, if there is one already: its clock goes on."""
    filed = await service.file_for_subject(
        session, principal=principal, kind=SubjectKind(subject_kind), subject_id=subject_id, asked=body,
        working_days=request.app.state.settings.data_request_days,
    )  # fmt: skip
    return await service.describe_filed(session, principal, filed)


@router.get(
    f"{PATH}/data",
    operation_id="get_subject_data",
    summary="Everything that is kept about them, here and at the notifier",
    responses=problems(503),
)
async def get_subject_data(
    subject_kind: OtherSubject, subject_id: SubjectId, request: Request, late: LateSessionDep, principal: PrincipalDep
) -> PersonData:
    """To be given to the person who asked. 503 while the notifier is away: a part would pass for all of it."""
    return await _collect(SubjectKind(subject_kind), subject_id, request, late, principal)


@router.get(
    f"{PATH}/data.html",
    operation_id="get_subject_data_as_page",
    summary="The same, to be read and printed",
    response_class=HTMLResponse,
    responses=problems(503),
)
async def get_subject_data_as_page(
    subject_kind: OtherSubject, subject_id: SubjectId, request: Request, late: LateSessionDep, principal: PrincipalDep
) -> HTMLResponse:
    return render_everything(await _collect(SubjectKind(subject_kind), subject_id, request, late, principal))


async def _collect(
    kind: SubjectKind, subject_id: str, request: Request, late: LateSession, principal: Principal
) -> PersonData:
    async with late.short() as session:
        await get_subject(session, principal=principal, kind=kind, subject_id=subject_id)
    words = await ask_messages_of(request.app.state.settings, recipient=recipient_of(kind, subject_id))
    session = await late.open()
    subject = await get_subject(session, principal=principal, kind=kind, subject_id=subject_id)
    return await collect_subject(session, subject, messages=[word.as_item() for word in words])
