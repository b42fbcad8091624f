"""Routes of units."""

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
from roster_api.staff.models import Unit
from roster_api.staff.schemas import UnitCreate, UnitFilter, UnitPatch, UnitRead

router = domain_router(tag="staff")


@router.get("/units", operation_id="list_units", summary="Units that employ people, in alphabetical order")
async def list_units(
    session: SessionDep, principal: PrincipalDep, paging: PagingDep, filters: Annotated[UnitFilter, Query()]
) -> Page[UnitRead]:
    """A unit's officer sees the own one."""
    rows, total = await repository.list_rows(session, Unit, principal=principal, filters=filters, paging=paging)
    items = [UnitRead.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.post(
    "/units",
    operation_id="create_unit",
    summary="Add a unit",
    status_code=status.HTTP_201_CREATED,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def create_unit(body: UnitCreate, session: SessionDep, principal: PrincipalDep, response: Response) -> UnitRead:
    row = await service.create_unit(session, principal=principal, body=body)
    response.headers["Location"] = f"/v1/units/{row.id}"
    return _answer(row, response)


@router.get("/units/{unit_id}", operation_id="get_unit", summary="One unit")
async def get_unit(unit_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response) -> UnitRead:
    return _answer(await service.get_row(session, Unit, unit_id, principal=principal), response)


@router.patch(
    "/units/{unit_id}",
    operation_id="change_unit",
    summary="Change a unit",
    responses=problems(409, 412, 428),
)
async def change_unit(
    unit_id: IdPath,
    patch: UnitPatch,
    session: SessionDep,
    principal: PrincipalDep,
    if_match: IfMatchDep,
    response: Response,
) -> UnitRead:
    row = await service.change_row(session, Unit, unit_id, principal=principal, if_match=if_match, patch=patch)
    return _answer(row, response)


@router.post(
    "/units/{unit_id}/archive", operation_id="archive_unit", summary="Take a unit out of use", responses=problems(409)
)
async def archive_unit(unit_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response) -> UnitRead:
    return _answer(await service.set_archived(session, Unit, unit_id, principal=principal, archived=True), response)


@router.post("/units/{unit_id}/restore", operation_id="restore_unit", summary="Bring a unit back into use")
async def restore_unit(unit_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response) -> UnitRead:
    return _answer(await service.set_archived(session, Unit, unit_id, principal=principal, archived=False), response)


def _answer(row: Unit, response: Response) -> UnitRead:
    set_etag(response, row.row_version)
    return UnitRead.model_validate(row)
