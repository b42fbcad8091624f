"""SQL of roster uploads."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import LargeBinary, Table, delete, func, select, text, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from roster_api.access.principal import Principal
from roster_api.copying import copy_rows
from roster_api.paging import Paging, fetch_page
from roster_api.rosters.differences import COLUMNS
from roster_api.rosters.identity import Known
from roster_api.rosters.models import PERSON, RosterUpload, RosterUploadRow, RowStatus, UploadStatus
from roster_api.schools.models import School
from roster_api.schools.repository import school_scope
from roster_api.volunteers import bulk
from roster_api.volunteers.models import Volunteer

ROWS_AT_ONCE = 5000
CHANNEL = "roster_uploads"
"""NOTIFY channel that wakes the readers."""
UNREAD = (UploadStatus.UPLOADED.value, UploadStatus.READING.value)


@dataclass(slots=True)
class PlannedRow:
    """A row of a preview with somebody known in it, as far as committing needs it. Never changed."""

    position: int
    status: str
    shown_name: str
    volunteer_id: UUID | None
    seen_version: int | None
    changes: dict[str, list[Any]]


class Newcomer(NamedTuple):
    """A row of a preview with somebody new in it."""

    position: int
    shown_name: str
    sealed: bytes

    def open(self) -> dict[str, Any]:
        """The person, as the preview has them."""
        person: dict[str, Any] = PERSON.read(self.sealed)
        return person


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
    await lock_school(session, school_id=upload.school_id)
    await session.refresh(upload, with_for_update=True)
    await session.refresh(upload, ["undo"])


async def read_content(session: AsyncSession, *, upload_id: UUID) -> bytes:
    """The file as it was sent."""
    content: bytes | None = await session.scalar(select(RosterUpload.content).where(RosterUpload.id == upload_id))
    return content or b""


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


async def list_rows_with_findings(session: AsyncSession, *, upload_id: UUID) -> list[RosterUploadRow]:
    query = select(RosterUploadRow).where(RosterUploadRow.upload_id == upload_id, RosterUploadRow.findings.is_not(None))
    return list(await session.scalars(query.order_by(RosterUploadRow.position)))


async def list_error_findings(session: AsyncSession, *, upload_id: UUID, limit: int) -> list[dict[str, Any]]:
    """The first errors of the list, in its order."""
    rows = await list_rows_with_findings(session, upload_id=upload_id)
    errors = (finding for row in rows for finding in row.findings if finding["severity"] == "error")
    return list(islice(errors, limit))


async def list_planned(
    session: AsyncSession, *, upload_id: UUID, statuses: Collection[RowStatus]
) -> list[PlannedRow]:  # fmt: skip
    """The rows of these statuses as plain rows: past the session, which has none of them."""
    row = RosterUploadRow
    columns = (row.position, row.status, row.shown_name, row.volunteer_id, row.seen_version, row.changes)
    query = select(*columns).where(row.upload_id == upload_id, row.status.in_([one.value for one in statuses]))
    connection = await session.connection()
    return [PlannedRow(*one) for one in await connection.execute(query.order_by(row.position))]


async def list_newcomers(session: AsyncSession, *, upload_id: UUID, after: int) -> list[Newcomer]:
    """The next ROWS_AT_ONCE new people behind a position, still sealed."""
    row = RosterUploadRow
    query = select(row.position, row.shown_name, type_coerce(row.person, LargeBinary)).where(
        row.upload_id == upload_id, row.position > after, row.status == RowStatus.NEW.value
    )
    connection = await session.connection()
    return [Newcomer(*one) for one in await connection.execute(query.order_by(row.position).limit(ROWS_AT_ONCE))]


async def replace_rows(session: AsyncSession, *, upload_id: UUID, rows: Iterable[dict[str, Any]]) -> None:
    """Another preview in the place of the upload's old one."""
    await session.execute(delete(RosterUploadRow).where(RosterUploadRow.upload_id == upload_id))
    table: Table = RosterUploadRow.__table__  # type: ignore[assignment]
    await copy_rows(session, table, [column.name for column in table.columns], rows)


async def mark_conflict(
    session: AsyncSession, *, upload_id: UUID, position: int, finding: dict[str, Any]
) -> None:  # fmt: skip
    """The row was not written, and says why."""
    of_row = (RosterUploadRow.upload_id == upload_id, RosterUploadRow.position == position)
    findings = await session.scalar(select(RosterUploadRow.findings).where(*of_row)) or []
    await session.execute(
        update(RosterUploadRow)
        .where(*of_row)
        .values(status=RowStatus.CONFLICT.value, findings=[*findings, finding])
        .execution_options(synchronize_session=False)
    )


async def find_last_choices(session: AsyncSession, *, school_id: UUID) -> list[dict[str, Any]] | None:
    """What was chosen about the columns of the school's last committed list for which something was."""
    query = select(RosterUpload.choices).where(
        RosterUpload.school_id == school_id, RosterUpload.status == UploadStatus.COMMITTED.value,
        RosterUpload.choices.is_not(None),
    )  # fmt: skip
    choices: list[dict[str, Any]] | None = await session.scalar(query.order_by(RosterUpload.committed_at.desc()))
    return choices


async def list_known(session: AsyncSession, *, school_id: UUID, for_update: bool = False) -> list[Known]:
    """Everyone the school ever listed, the archived too."""
    columns = (*COLUMNS, "own_words")
    rows = await bulk.list_roster(session, school_id=school_id, columns=columns, for_update=for_update)
    return [Known(*row) for row in rows]


async def list_ids_of_school(session: AsyncSession, *, school_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Those of these people who are on the school's roster, in any state."""
    query = select(Volunteer.id).where(Volunteer.school_id == school_id, Volunteer.id.in_(ids))
    return set(await session.scalars(query))


async def list_row_places(session: AsyncSession, *, upload_id: UUID) -> set[tuple[str, int]]:
    """(sheet, row of the file) of every row of the preview."""
    query = select(RosterUploadRow.sheet, RosterUploadRow.row_number).where(
        RosterUploadRow.upload_id == upload_id, RosterUploadRow.sheet.is_not(None)
    )
    return {(sheet or "", row or 0) for sheet, row in await session.execute(query)}


async def list_people_of(session: AsyncSession, *, upload: RosterUpload) -> set[UUID]:
    """Ids of everyone whom a committed list speaks of."""
    query = select(RosterUploadRow.volunteer_id).where(
        RosterUploadRow.upload_id == upload.id, RosterUploadRow.volunteer_id.is_not(None),
        RosterUploadRow.status != RowStatus.MISSING.value,
    )  # fmt: skip
    undo = await session.scalar(select(RosterUpload.undo).where(RosterUpload.id == upload.id))
    return {*(await session.scalars(query)), *(UUID(key) for key in (undo or {}).get("created", []))}


async def list_with_school(
    session: AsyncSession, *, principal: Principal, ids: Collection[UUID]
) -> dict[UUID, tuple[str, UUID, str]]:
    """{id: (name, school's id, school's name)} of those whom the principal may see."""
    query = (
        select(Volunteer.id, Volunteer.full_name, School.id, School.name)
        .join(School, School.id == Volunteer.school_id)
        .where(Volunteer.id.in_(ids), *school_scope(principal))
    )
    return {row[0]: (row[1], row[2], row[3]) for row in await session.execute(query)}


async def lock_school(session: AsyncSession, *, school_id: UUID) -> None:
    """No list of the school is committed or undone meanwhile."""
    await session.execute(select(School.id).where(School.id == school_id).with_for_update())


async def count_waiting(session: AsyncSession, *, school_id: UUID, key_id: UUID | None) -> tuple[int, int]:
    """How many lists of the school, and of the key, are not read yet. Nobody adds one to the school's meanwhile."""
    key = {"key": f"roster-uploads:{school_id}"}
    await session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), key)
    of_school, of_key = RosterUpload.school_id == school_id, RosterUpload.uploaded_by == key_id
    query = select(func.count().filter(of_school), func.count().filter(of_key)).where(RosterUpload.status.in_(UNREAD))
    counts = (await session.execute(query)).one()
    return counts[0], counts[1]


async def call_reader(session: AsyncSession) -> None:
    """There is work for it once this transaction is committed."""
    await session.execute(select(func.pg_notify(CHANNEL, "")))
