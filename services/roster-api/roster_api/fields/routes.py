"""Routes of fields and duties."""

from typing import Annotated

from fastapi import Path, Query, Response

from roster_api.access.principal import PrincipalDep
from roster_api.database import SessionDep
from roster_api.etags import IfMatchDep, set_etag
from roster_api.fields import repository, service
from roster_api.fields.schemas import (
    DutyCreate,
    DutyPatch,
    DutyRead,
    DutyVersionRead,
    FieldCreate,
    FieldPatch,
    FieldRead,
)
from roster_api.idempotency import OnceOnly
from roster_api.paging import Page, PagingDep, fetch_page
from roster_api.routing import domain_router, problems
from roster_api.shapes import SearchText
from roster_api.text import CODE_PATTERN

router = domain_router(tag="fields and duties")
DutyCodePath = Annotated[str, Path(max_length=64, pattern=CODE_PATTERN, examples=["digitise"])]


@router.get("/fields", operation_id="list_fields", summary="Fields of expertise")
async def list_fields(session: SessionDep, paging: PagingDep, q: SearchText = None) -> Page[FieldRead]:
    return await service.list_fields(session, paging=paging, q=q)


@router.post(
    "/fields",
    operation_id="create_field",
    summary="Add a field of expertise",
    status_code=201,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def create_field(body: FieldCreate, session: SessionDep, response: Response) -> FieldRead:
    row = await service.create_field(session, body=body)
    set_etag(response, row.row_version)
    return FieldRead.model_validate(row)


@router.patch(
    "/fields/{code}", operation_id="change_field", summary="Change a field's names", responses=problems(412, 428)
)
async def change_field(
    code: DutyCodePath, patch: FieldPatch, session: SessionDep, if_match: IfMatchDep, response: Response
) -> FieldRead:
    row = await service.change_field(session, code=code, if_match=if_match, patch=patch)
    set_etag(response, row.row_version)
    return FieldRead.model_validate(row)


@router.post(
    "/duties",
    operation_id="create_duty",
    summary="Add a duty to the catalogue",
    status_code=201,
    dependencies=[OnceOnly],
    responses=problems(409),
)
async def create_duty(body: DutyCreate, session: SessionDep, principal: PrincipalDep, response: Response) -> DutyRead:
    row = await service.create_duty(session, body=body, by=principal.label)
    set_etag(response, row.row_version)
    return DutyRead.model_validate(row)


@router.get("/duties", operation_id="list_duties", summary="The catalogue of duties")
async def list_duties(
    session: SessionDep,
    paging: PagingDep,
    q: SearchText = None,
    field_code: Annotated[str | None, Query(max_length=64, pattern=CODE_PATTERN)] = None,
) -> Page[DutyRead]:
    """What is done at a commune, with the guidance for it."""
    return await service.list_duties(session, paging=paging, q=q, field_code=field_code)


@router.get("/duties/{code}", operation_id="get_duty", summary="One duty with its guidance")
async def get_duty(code: DutyCodePath, session: SessionDep, response: Response) -> DutyRead:
    row = await service.get_duty(session, code=code)
    set_etag(response, row.row_version)
    return DutyRead.model_validate(row)


@router.patch(
    "/duties/{code}", operation_id="change_duty", summary="Change a duty's guidance", responses=problems(409, 412, 428)
)
async def change_duty(
    code: DutyCodePath,
    patch: DutyPatch,
    session: SessionDep,
    principal: PrincipalDep,
    if_match: IfMatchDep,
    response: Response,
) -> DutyRead:
    """Science & Technology keeps the catalogue."""
    row = await service.change_duty(session, code=code, if_match=if_match, patch=patch, by=principal.label)
    set_etag(response, row.row_version)
    return DutyRead.model_validate(row)


@router.get(
    "/duties/{code}/versions", operation_id="list_duty_versions", summary="What a duty's guidance was, the newest first"
)
async def list_duty_versions(code: DutyCodePath, session: SessionDep, paging: PagingDep) -> Page[DutyVersionRead]:
    await service.get_duty(session, code=code)
    rows, total = await fetch_page(session, repository.select_versions(code), paging=paging)
    items = [DutyVersionRead.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)
