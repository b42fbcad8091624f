"""Routes of communes."""

from typing import Annotated

from fastapi import Query, Response

from roster_api.access.principal import PrincipalDep
from roster_api.communes import service
from roster_api.communes.models import CommuneKind
from roster_api.communes.repository import CommuneFilter
from roster_api.communes.schemas import CommunePatch, CommuneRead
from roster_api.database import SessionDep
from roster_api.etags import IfMatchDep, set_etag
from roster_api.paging import Page, PagingDep
from roster_api.routing import domain_router, problems
from roster_api.shapes import ArchivedFilter, CommuneCodePath, ProvinceCodeQuery, SearchText

router = domain_router(tag="communes")


@router.get("/communes", operation_id="list_communes", summary="Communes, wards and special zones")
async def list_communes(
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    q: SearchText = None,
    province_code: ProvinceCodeQuery = None,
    kind: Annotated[CommuneKind | None, Query()] = None,
    is_remote: Annotated[bool | None, Query()] = None,
    archived: ArchivedFilter = False,
) -> Page[CommuneRead]:
    """In alphabetical order within each province."""
    filters = CommuneFilter(q=q, province_code=province_code, kind=kind, is_remote=is_remote, archived=archived)
    return await service.list_communes(session, principal=principal, filters=filters, paging=paging)


@router.get("/communes/{code}", operation_id="get_commune", summary="One commune")
async def get_commune(
    code: CommuneCodePath, session: SessionDep, principal: PrincipalDep, response: Response
) -> CommuneRead:
    row = await service.get_commune(session, principal=principal, code=code)
    set_etag(response, row.row_version)
    return service.read_commune(row, principal=principal)


@router.patch(
    "/communes/{code}",
    operation_id="change_commune",
    summary="Change a commune's office, contact or remoteness",
    responses=problems(409, 412, 428),
)
async def change_commune(
    code: CommuneCodePath,
    patch: CommunePatch,
    session: SessionDep,
    principal: PrincipalDep,
    if_match: IfMatchDep,
    response: Response,
) -> CommuneRead:
    """Home Affairs changes all of it, the commune's own officer the office and the contact."""
    row = await service.change_commune(session, principal=principal, code=code, if_match=if_match, patch=patch)
    set_etag(response, row.row_version)
    return service.read_commune(row, principal=principal)


@router.post("/communes/{code}/archive", operation_id="archive_commune", summary="Take a commune out of use")
async def archive_commune(
    code: CommuneCodePath, session: SessionDep, principal: PrincipalDep, response: Response
) -> CommuneRead:
    row = await service.set_archived(session, principal=principal, code=code, archived=True)
    set_etag(response, row.row_version)
    return service.read_commune(row, principal=principal)


@router.post("/communes/{code}/restore", operation_id="restore_commune", summary="Bring a commune back into use")
async def restore_commune(
    code: CommuneCodePath, session: SessionDep, principal: PrincipalDep, response: Response
) -> CommuneRead:
    row = await service.set_archived(session, principal=principal, code=code, archived=False)
    set_etag(response, row.row_version)
    return service.read_commune(row, principal=principal)
