"""Routes of staff."""

from typing import Annotated

from fastapi import Query, Response, status

from roster_api.access.principal import PrincipalDep
from roster_api.database import SessionDep
from roster_api.etags import IfMatchDep, set_etag
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath
from roster_api.staff import repository, service
from roster_api.staff.models import StaffMember
from roster_api.staff.schemas import StaffCreate, StaffFilter, StaffPatch, StaffRead

router = domain_router(tag="staff")


@router.get("/staff", operation_id="list_staff", summary="Officials and public employees, by given name")
async def list_staff(
    session: SessionDep, principal: PrincipalDep, paging: PagingDep, filters: Annotated[StaffFilter, Query()]
) -> Page[StaffRead]:
    """A unit's officer sees the own unit's."""
    rows, total = await repository.list_rows(session, StaffMember, principal=principal, filters=filters, paging=paging)
    items = [StaffRead.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.post(
    "/staff",
    operation_id="create_staff_member",
    summary="Add a member of the staff",
    status_code=status.HTTP_201_CREATED,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def create_staff_member(
    body: StaffCreate, session: SessionDep, principal: PrincipalDep, response: Response
) -> StaffRead:
    row = await service.create_in_unit(session, StaffMember, principal=principal, body=body)
    response.headers["Location"] = f"/v1/staff/{row.id}"
    return _answer(row, response)


@router.get("/staff/{staff_id}", operation_id="get_staff_member", summary="One member of the staff")
async def get_staff_member(
    staff_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> StaffRead:
    return _answer(await service.get_row(session, StaffMember, staff_id, principal=principal), response)


@router.patch(
    "/staff/{staff_id}",
    operation_id="change_staff_member",
    summary="Change a member of the staff",
    responses=problems(409, 412, 428),
)
async def change_staff_member(
    staff_id: IdPath,
    patch: StaffPatch,
    session: SessionDep,
    principal: PrincipalDep,
    if_match: IfMatchDep,
    response: Response,
) -> StaffRead:
    row = await service.change_row(session, StaffMember, staff_id, principal=principal, if_match=if_match, patch=patch)
    return _answer(row, response)


@router.post(
    "/staff/{staff_id}/archive",
    operation_id="archive_staff_member",
    summary="Take a member of the staff out of use",
    responses=problems(409),
)
async def archive_staff_member(
    staff_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> StaffRead:
    return _answer(
        await service.set_archived(session, StaffMember, staff_id, principal=principal, archived=True), response
    )


@router.post(
    "/staff/{staff_id}/restore",
    operation_id="restore_staff_member",
    summary="Bring a member of the staff back into use",
)
async def restore_staff_member(
    staff_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> StaffRead:
    return _answer(
        await service.set_archived(session, StaffMember, staff_id, principal=principal, archived=False), response
    )


def _answer(row: StaffMember, response: Response) -> StaffRead:
    set_etag(response, row.row_version)
    return StaffRead.model_validate(row)
