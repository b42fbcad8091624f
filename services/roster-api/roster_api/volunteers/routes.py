"""Routes of volunteers."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Header, Query, Response

from roster_api.access.principal import PrincipalDep
from roster_api.database import SessionDep
from roster_api.direct import ReaderDep
from roster_api.etags import IfMatchDep, set_etag
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath
from roster_api.volunteers import reading, service, withdrawing
from roster_api.volunteers.models import VolunteerStatus
from roster_api.volunteers.schemas import (
    AbsencesWrite,
    VolunteerCreate,
    VolunteerFilter,
    VolunteerPatch,
    VolunteerRead,
    WithdrawalsRead,
    WithdrawalsRequest,
    WithdrawalWrite,
)

router = domain_router(tag="volunteers")
Why = Annotated[WithdrawalWrite, Body(default_factory=WithdrawalWrite)]
"""Of a withdrawal: it may have no body."""


@router.get(
    "/volunteers",
    operation_id="list_volunteers",
    summary="Volunteers, by given name",
    response_model=Page[VolunteerRead],
)
async def list_volunteers(
    reader: ReaderDep,
    principal: PrincipalDep,
    paging: PagingDep,
    filters: Annotated[VolunteerFilter, Query()],
) -> Response:
    """A coordinator sees the own school's. Phone and e-mail are null to those who may not see them."""
    page = await reading.list_volunteers(reader, principal=principal, filters=filters, paging=paging)
    return Response(page, media_type="application/json")


@router.post(
    "/volunteers",
    operation_id="create_volunteer",
    summary="Add a volunteer to a school's roster",
    status_code=201,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def create_volunteer(
    body: VolunteerCreate, session: SessionDep, principal: PrincipalDep, response: Response
) -> VolunteerRead:
    row = await service.create_volunteer(session, principal=principal, body=body)
    response.headers["Location"] = f"/v1/volunteers/{row.id}"
    set_etag(response, row.row_version)
    return service.read_volunteer(row, principal=principal)


@router.get("/volunteers/{volunteer_id}", operation_id="get_volunteer", summary="One volunteer")
async def get_volunteer(
    volunteer_id: IdPath, reader: ReaderDep, principal: PrincipalDep, response: Response
) -> VolunteerRead:
    volunteer = await reading.get_volunteer(reader, principal=principal, volunteer_id=volunteer_id)
    set_etag(response, volunteer.row_version)
    return volunteer


@router.patch(
    "/volunteers/{volunteer_id}",
    operation_id="change_volunteer",
    summary="Change a volunteer",
    responses=problems(409, 412, 428),
)
async def change_volunteer(
    volunteer_id: IdPath,
    patch: VolunteerPatch,
    session: SessionDep,
    principal: PrincipalDep,
    if_match: IfMatchDep,
    response: Response,
) -> VolunteerRead:
    row = await service.change_volunteer(
        session, principal=principal, volunteer_id=volunteer_id, if_match=if_match, patch=patch
    )
    set_etag(response, row.row_version)
    return service.read_volunteer(row, principal=principal)


@router.put(
    "/volunteers/{volunteer_id}/absences",
    operation_id="declare_absences",
    summary="Declare a volunteer's days of teaching, exams and leave",
    responses=problems(409, 412),
)
async def declare_absences(
    volunteer_id: IdPath,
    body: AbsencesWrite,
    session: SessionDep,
    principal: PrincipalDep,
    response: Response,
    if_match: Annotated[str | None, Header(max_length=200, description="Replace only this version")] = None,
) -> VolunteerRead:
    """All of them, all or none. A plan already made stays as it is; the next run keeps to them."""
    row = await service.declare_absences(
        session, principal=principal, volunteer_id=volunteer_id, if_match=if_match, absences=body.items
    )
    set_etag(response, row.row_version)
    return service.read_volunteer(row, principal=principal)


async def _move(
    volunteer_id: UUID,
    session: SessionDep,
    principal: PrincipalDep,
    response: Response,
    to: VolunteerStatus,
    reason: str | None = None,
) -> VolunteerRead:
    row = await service.move_volunteer(session, principal=principal, volunteer_id=volunteer_id, to=to, reason=reason)
    set_etag(response, row.row_version)
    return service.read_volunteer(row, principal=principal)


@router.post(
    "/volunteers/{volunteer_id}/withdraw",
    operation_id="withdraw_volunteer",
    summary="Say that a volunteer cannot serve any more",
    responses=problems(409),
)
async def withdraw_volunteer(
    volunteer_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response, body: Why
) -> VolunteerRead:
    """Stays known; the next plan does without. Why is kept for those who look for somebody else."""
    return await _move(volunteer_id, session, principal, response, VolunteerStatus.WITHDRAWN, body.reason)


@router.post(
    "/volunteers/withdraw",
    operation_id="withdraw_volunteers",
    summary="Say that many volunteers cannot serve any more: all of them, or none",
    responses=problems(409),
)
async def withdraw_volunteers(
    body: WithdrawalsRequest, session: SessionDep, principal: PrincipalDep
) -> WithdrawalsRead:
    """409 with an error for each id that cannot be withdrawn; then nobody is. The same again changes nothing."""
    items = await withdrawing.withdraw_volunteers(
        session, principal=principal, volunteer_ids=body.volunteer_ids, reason=body.reason
    )
    return WithdrawalsRead(items=items)


@router.post(
    "/volunteers/{volunteer_id}/archive",
    operation_id="archive_volunteer",
    summary="Take a volunteer off the roster",
    responses=problems(409),
)
async def archive_volunteer(
    volunteer_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> VolunteerRead:
    return await _move(volunteer_id, session, principal, response, VolunteerStatus.ARCHIVED)


@router.post(
    "/volunteers/{volunteer_id}/restore",
    operation_id="restore_volunteer",
    summary="Make a withdrawn or archived volunteer active again",
    responses=problems(409),
)
async def restore_volunteer(
    volunteer_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> VolunteerRead:
    return await _move(volunteer_id, session, principal, response, VolunteerStatus.ACTIVE)
