"""The route of the audit."""

from typing import Annotated

from commune_service.audit_export import ExportFormat, export_rows
from fastapi import Query, Request
from fastapi.responses import StreamingResponse

from roster_api.access.principal import PrincipalDep
from roster_api.audit import repository
from roster_api.audit.schemas import AuditEntryRead, AuditFilter
from roster_api.database import SessionDep
from roster_api.paging import Page, PagingDep
from roster_api.routing import domain_router

router = domain_router(tag="audit")


@router.get("/audit", operation_id="list_audit", summary="Who did, was refused or read what; newest first")
async def list_audit(
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    filters: Annotated[AuditFilter, Query()],
) -> Page[AuditEntryRead]:
    """Changes with before and after by field; the value of a phone or an e-mail is never kept here."""
    entries, total = await repository.list_entries(session, principal=principal, filters=filters, paging=paging)
    items = [AuditEntryRead.model_validate(entry) for entry in entries]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


@router.get(
    "/audit/export",
    operation_id="export_audit",
    summary="The same as a file, streamed; newest first",
    response_class=StreamingResponse,
)
async def export_audit(
    request: Request,
    _session: SessionDep,
    principal: PrincipalDep,
    filters: Annotated[AuditFilter, Query()],
    form: Annotated[ExportFormat, Query(alias="format")] = ExportFormat.CSV,
) -> StreamingResponse:
    """CSV, or one JSON object a line. That it was taken is an entry itself, of before the first line."""
    pieces = export_rows(request.app.state.sessions, repository.select_entries(principal, filters), form=form)
    headers = {"Content-Disposition": f'attachment; filename="audit.{form.value}"'}
    return StreamingResponse(pieces, media_type=form.media_type, headers=headers)
