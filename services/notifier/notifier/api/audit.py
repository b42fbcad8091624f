"""The routes of the audit: who did, was refused or read what at this service; a page, or all of it as a file."""

from datetime import datetime
from typing import Annotated, Any, Literal

from commune_service.audit_export import ExportFormat, export_rows
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, func, select

from notifier.api.access import GatedRoute
from notifier.api.moments import Moment
from notifier.api.routes import PROBLEMS
from notifier.audit.models import AuditEntry
from notifier.database import SessionDep

router = APIRouter(prefix="/v1", responses=PROBLEMS, route_class=GatedRoute, tags=["audit"])


class AuditFilter(BaseModel):
    """All of those given must hold."""

    subject: str | None = Field(None, max_length=200, description="Id of a message or a person")
    actor_role: Literal["reader", "office", "admin"] | None = None
    action: Literal["change", "refusal", "read"] | None = None
    since: Moment | None = Field(None, description="From this moment on")
    until: Moment | None = Field(None, description="Before this moment")


class AuditEntryRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    created_at: datetime
    action: str
    method: str
    route: str
    actor_role: str
    subjects: list[str]
    details: dict[str, Any]
    request_id: str | None
    address: str | None


class AuditPage(BaseModel):
    items: list[AuditEntryRead]
    total: int
    limit: int
    offset: int


def select_entries(wanted: AuditFilter) -> Select[AuditEntry]:
    """Newest first."""
    query = select(AuditEntry)
    if wanted.subject is not None:
        query = query.where(AuditEntry.subjects.contains([wanted.subject]))
    if wanted.actor_role is not None:
        query = query.where(AuditEntry.actor_role == wanted.actor_role)
    if wanted.action is not None:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.since is not None:
        query = query.where(AuditEntry.created_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.created_at < wanted.until)
    return query.order_by(AuditEntry.id.desc())


@router.get("/audit", operation_id="list_audit", summary="Who did, was refused or read what; newest first")
async def list_audit(
    session: SessionDep,
    wanted: Annotated[AuditFilter, Query()],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> AuditPage:
    query = select_entries(wanted)
    total = await session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = await session.scalars(query.limit(limit).offset(offset))
    items = [AuditEntryRead.model_validate(row) for row in rows]
    return AuditPage(items=items, total=total, limit=limit, offset=offset)


@router.get(
    "/audit/export",
    operation_id="export_audit",
    summary="The same as a file, streamed; newest first",
    response_class=StreamingResponse,
)
async def export_audit(
    request: Request,
    _session: SessionDep,
    wanted: Annotated[AuditFilter, Query()],
    form: Annotated[ExportFormat, Query(alias="format")] = ExportFormat.CSV,
) -> StreamingResponse:
    """CSV, or one JSON object a line. That it was taken is an entry itself."""
    pieces = export_rows(request.app.state.sessions, select_entries(wanted), form=form)
    headers = {"Content-Disposition": f'attachment; filename="audit.{form.value}"'}
    return StreamingResponse(pieces, media_type=form.media_type, headers=headers)
