"""SQL of roster uploads."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from roster_api.access.principal import Principal
from roster_api.paging import Paging, fetch_page
from roster_api.rosters.models import RosterUpload, RosterUploadRow, RowStatus, UploadStatus
from roster_api.schools.models import School
from roster_api.schools.repository import school_scope
from roster_api.volunteers.models import Volunteer

ROWS_AT_ONCE = 1000


async def find_upload(
    session: AsyncSession, *, principal: Principal, upload_id: UUID, with_content: bool = False
) -> RosterUpload | None:
    query = (
        select(RosterUpload)
        .join(School, School.id == RosterUpload.school_id)
        .where(RosterUpload.id == upload_id, *school_scope(principal))
    )
    if with_content:
        query = query.options(undefer(RosterUpload.content))
    row: RosterUpload | None = await session.scalar(query)
    return row


async def lock_upload(session: AsyncSession, *, upload: RosterUpload) -> None:
    """Reads the upload anew, and keeps others from committing or undoing any list of its school meanwhile."""
    await session.execute(select(School.id).where(School.id == upload.school_id).with_for_update())
    await session.refresh(upload, with_for_update=True)
    await session.refresh(upload, ["undo"])


async def list_uploads(session: AsyncSession, *, school_id: UUID, paging: Paging) -> tuple[list[RosterUpload], int]:
    """Newest first."""
    query = select(RosterUpload).where(RosterUpload.school_id == school_id)
    return await fetch_page(session, query.order_by(RosterUpload.created_at.desc(), RosterUpload.id), paging=paging)


async def list_upload_rows(
    session: AsyncSession, *, upload_id: UUID, status: RowStatus | None, paging: Paging
) -> tuple[list[RosterUploadRow], int]:
    """In the order of the file; the missing come last."""
    query = select(RosterUploadRow).where(RosterUploadRow.upload_id == upload_id)
    if status:
        query = query.where(RosterUploadRow.status == status.value)
    return await fetch_page(session, query.order_by(RosterUploadRow.position), paging=paging)


async def list_all_rows(session: AsyncSession, *, upload_id: UUID) -> list[RosterUploadRow]:
    query = select(RosterUploadRow).where(RosterUploadRow.upload_id == upload_id)
    return list(await session.scalars(query.order_by(RosterUploadRow.position)))


async def add_rows(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        await session.execute(insert(RosterUploadRow), rows[start : start + ROWS_AT_ONCE])


async def replace_rows(session: AsyncSession, *, upload_id: UUID, rows: list[dict[str, Any]]) -> None:
    """Another preview in the place of the upload's old one."""
    await session.execute(delete(RosterUploadRow).where(RosterUploadRow.upload_id == upload_id))
    await add_rows(session, rows)


async def find_last_choices(session: AsyncSession, *, school_id: UUID) -> list[dict[str, Any]] | None:
    """What was chosen about the columns of the school's last committed list for which something was."""
    query = select(RosterUpload.choices).where(
        RosterUpload.school_id == school_id, RosterUpload.status == UploadStatus.COMMITTED.value,
        RosterUpload.choices.is_not(None),
    )  # fmt: skip
    choices: list[dict[str, Any]] | None = await session.scalar(query.order_by(RosterUpload.committed_at.desc()))
    return choices


async def list_roster(session: AsyncSession, *, school_id: UUID, for_update: bool = False) -> list[Volunteer]:
    """Everyone the school ever listed, the archived too."""
    query = select(Volunteer).where(Volunteer.school_id == school_id).order_by(Volunteer.id)
    return list(await session.scalars(query.with_for_update() if for_update else query))
