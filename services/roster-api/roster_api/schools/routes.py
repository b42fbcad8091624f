"""Routes of schools."""

from typing import Annotated

from fastapi import Query, Response, status

from roster_api.access.principal import PrincipalDep
from roster_api.database import SessionDep
from roster_api.etags import IfMatchDep, set_etag
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep
from roster_api.routing import domain_router, problems
from roster_api.schools import service
from roster_api.schools.models import SchoolKind
from roster_api.schools.repository import SchoolFilter
from roster_api.schools.schemas import SchoolCreate, SchoolPatch, SchoolRead
from roster_api.shapes import ArchivedFilter, IdPath, ProvinceCodeQuery, SearchText

router = domain_router(tag="schools")


@router.get("/schools", operation_id="list_schools", summary="Training institutions, in alphabetical order")
async def list_schools(
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    q: SearchText = None,
    province_code: ProvinceCodeQuery = None,
    kind: Annotated[SchoolKind | None, Query()] = None,
    is_remote_capable: Annotated[bool | None, Query()] = None,
    archived: ArchivedFilter = False,
) -> Page[SchoolRead]:
    """A coordinator sees the own school."""
    filters = SchoolFilter(
        q=q, province_code=province_code, kind=kind, is_remote_capable=is_remote_capable, archived=archived
    )
    return await service.list_schools(session, principal=principal, filters=filters, paging=paging)


@router.post(
    "/schools",
    operation_id="create_school",
    summary="Add a school",
    status_code=status.HTTP_201_CREATED,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def create_school(
    body: SchoolCreate, session: SessionDep, principal: PrincipalDep, response: Response
) -> SchoolRead:
    row = await service.create_school(session, principal=principal, body=body)
    response.headers["Location"] = f"/v1/schools/{row.id}"
    set_etag(response, row.row_version)
    return service.read_school(row, principal=principal)


@router.get("/schools/{school_id}", operation_id="get_school", summary="One school")
async def get_school(school_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response) -> SchoolRead:
    row = await service.get_school(session, principal=principal, school_id=school_id)
    set_etag(response, row.row_version)
    return service.read_school(row, principal=principal)


@router.patch(
    "/schools/{school_id}",
    operation_id="change_school",
    summary="Change a school",
    responses=problems(409, 412, 428),
)
async def change_school(
    school_id: IdPath,
    patch: SchoolPatch,
    session: SessionDep,
    principal: PrincipalDep,
    if_match: IfMatchDep,
    response: Response,
) -> SchoolRead:
    """Home Affairs changes all of it, the school's own coordinator the address and the contact."""
    row = await service.change_school(session, principal=principal, school_id=school_id, if_match=if_match, patch=patch)
    set_etag(response, row.row_version)
    return service.read_school(row, principal=principal)


@router.post("/schools/{school_id}/archive", operation_id="archive_school", summary="Take a school out of use")
async def archive_school(
    school_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> SchoolRead:
    row = await service.set_archived(session, principal=principal, school_id=school_id, archived=True)
    set_etag(response, row.row_version)
    return service.read_school(row, principal=principal)


@router.post("/schools/{school_id}/restore", operation_id="restore_school", summary="Bring a school back into use")
async def restore_school(
    school_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> SchoolRead:
    row = await service.set_archived(session, principal=principal, school_id=school_id, archived=False)
    set_etag(response, row.row_version)
    return service.read_school(row, principal=principal)
