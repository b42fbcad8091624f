"""Routes of fields and duties."""

from typing import Annotated

from fastapi import Path, Query, Response

from roster_api.database import SessionDep
from roster_api.etags import IfMatchDep, set_etag
from roster_api.fields import service
from roster_api.fields.schemas import DutyPatch, DutyRead, FieldRead
from roster_api.paging import Page, PagingDep
from roster_api.routing import domain_router, problems
from roster_api.shapes import SearchText
from roster_api.text import CODE_PATTERN

router = domain_router(tag="fields and duties")
DutyCodePath = Annotated[str, Path(max_length=64, pattern=CODE_PATTERN, examples=["digitise"])]


@router.get("/fields", operation_id="list_fields", summary="Fields of expertise")
async def list_fields(session: SessionDep, paging: PagingDep, q: SearchText = None) -> Page[FieldRead]:
    return await service.list_fields(session, paging=paging, q=q)


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
    code: DutyCodePath, patch: DutyPatch, session: SessionDep, if_match: IfMatchDep, response: Response
) -> DutyRead:
    """Science & Technology keeps the catalogue."""
    row = await service.change_duty(session, code=code, if_match=if_match, patch=patch)
    set_etag(response, row.row_version)
    return DutyRead.model_validate(row)
