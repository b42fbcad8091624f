"""Decisions about register uploads: read, preview, commit once, give back with what is to be mended."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import structlog
from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.database import LateSession
from roster_api.errors import ConflictError, InvalidError, NotFoundError, TooLargeError, pointer_error
from roster_api.idempotency import Once
from roster_api.paging import Page, Paging, fetch_page
from roster_api.provinces.repository import find_province
from roster_api.registers import comparing, repository
from roster_api.registers.declarations import DECLARATIONS, Register
from roster_api.registers.models import RegisterStatus, RegisterUpload
from roster_api.registers.schemas import (
    CommitRegister,
    RegisterFinding,
    RegisterRowRead,
    RegisterRowStatus,
    RegisterUploadRead,
)
from roster_api.rosters.previews import line_of
from roster_api.rosters.reading.annotating import HEADER, Remarks
from roster_api.rosters.reading.cells import without_hidden_characters
from roster_api.rosters.reading.limited import Opener
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.readings import SentFile, refusal
from roster_api.staff.repository import lock_rows
from roster_api.staff.service import name_keys, name_of

log = structlog.get_logger(__name__)
MAXIMUM_FILE_BYTES = 20 * 1024 * 1024
ERRORS_NAMED = 100


async def upload_register(
    late: LateSession, *, once: Once, opener: Opener, principal: Principal, province_code: str, register: Register,
    sent: SentFile,
) -> RegisterUploadRead:  # fmt: skip
    """Reads the file in a limited child and keeps it with its preview; the register stays as it is."""
    if len(sent.content) > MAXIMUM_FILE_BYTES:
        raise TooLargeError("file.too_large", vi="Tệp lớn hơn 20 MB.", en="The file is over 20 MB.")
    async with late.short() as session:
        await _refuse_unknown_province(session, principal=principal, code=province_code)
    try:
        file_format, reading = await opener.read_register(
            sent.content, DECLARATIONS[register].columns, include_hidden=sent.include_hidden
        )
    except RefusedFileError as refused:
        raise refusal(refused) from refused
    session = await late.open()
    await once.settle(session)
    names = await repository.read_names(session, province_code=province_code)
    kept = await repository.read_kept(session, register=register, province_code=province_code)
    rows = comparing.compare(register, reading, names, kept)
    shown = without_hidden_characters
    upload = RegisterUpload(
        id=uuid4(), province_code=province_code, register_name=register.value, uploaded_by=principal.label,
        file_name=shown(sent.name.replace("\\", "/").rpartition("/")[2])[:200] or "register", format=file_format,
        content=sent.content, status=RegisterStatus.IN_REVIEW.value, counts=comparing.count(rows), rows=rows,
        notes=[{"vi": shown(vi), "en": shown(en)} for vi, en in reading.notes], header_rows=reading.header_rows,
    )  # fmt: skip
    session.add(upload)
    await session.flush()
    log.info("register.read", upload_id=str(upload.id), register=register.value, **upload.counts)
    return RegisterUploadRead.model_validate(upload)


async def _refuse_unknown_province(session: AsyncSession, *, principal: Principal, code: str) -> None:
    if await find_province(session, principal=principal, code=code) is None:
        raise NotFoundError


async def get_upload(
    session: AsyncSession, *, principal: Principal, upload_id: UUID, for_update: bool = False
) -> RegisterUpload:
    upload = await repository.find_upload(session, upload_id, principal=principal, for_update=for_update)
    if upload is None:
        raise NotFoundError
    return upload


async def list_uploads(
    session: AsyncSession, *, principal: Principal, province_code: str, paging: Paging
) -> Page[RegisterUploadRead]:
    await _refuse_unknown_province(session, principal=principal, code=province_code)
    query = repository.select_uploads(principal=principal, province_code=province_code)
    rows, total = await fetch_page(session, query, paging=paging)
    items = [RegisterUploadRead.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


async def list_rows(
    session: AsyncSession, *, principal: Principal, upload_id: UUID, status: RegisterRowStatus | None, paging: Paging
) -> Page[RegisterRowRead]:
    upload = await get_upload(session, principal=principal, upload_id=upload_id)
    rows = [row for row in _rows_of(upload) if status is None or row["status"] == status.value]
    page = rows[paging.offset : paging.offset + paging.limit]
    items = [RegisterRowRead.model_validate(row) for row in page]
    return Page(items=items, total=len(rows), limit=paging.limit, offset=paging.offset)


async def annotate(late: LateSession, *, principal: Principal, opener: Opener, upload_id: UUID) -> tuple[str, bytes]:
    """(format, the same file with a column of what is to be mended)."""
    async with late.short() as session:
        upload = await get_upload(session, principal=principal, upload_id=upload_id)
        rows, content = _rows_of(upload), upload.content or b""
        words: Remarks = {sheet: {row: HEADER} for sheet, row in upload.header_rows.items()}
    for row in rows:
        if row["findings"]:
            ordered = sorted(row["findings"], key=lambda finding: finding["severity"] != "error")
            words.setdefault(row["sheet"], {})[row["row"]] = "\n".join(map(line_of, ordered))
    try:
        return await opener.annotate(content, words)
    except RefusedFileError as refused:
        raise refusal(refused) from refused


async def commit_upload(
    session: AsyncSession, *, principal: Principal, upload_id: UUID, body: CommitRegister
) -> RegisterUploadRead:
    """Writes what is new and changed, in one transaction. What somebody changed since the preview is left, counted."""
    upload = await get_upload(session, principal=principal, upload_id=upload_id, for_update=True)
    if upload.status == RegisterStatus.COMMITTED.value:
        return RegisterUploadRead.model_validate(upload)
    rows = _rows_of(upload)
    if upload.status != RegisterStatus.IN_REVIEW.value:
        raise ConflictError("register.cancelled", vi="Tệp này đã bị hủy.", en="This upload was cancelled.")
    wrong = [RegisterFinding(**f) for row in rows for f in row["findings"] if f["severity"] == "error"]
    if wrong and not body.only_good_rows:
        raise _has_errors(upload, wrong)
    conflicts = await _write(session, upload, [row for row in rows if row["status"] in {"new", "changed"}])
    upload.counts = upload.counts | {"conflict": conflicts}
    upload.status, upload.committed_at = RegisterStatus.COMMITTED.value, clock.now()
    await session.flush()
    log.info("register.committed", upload_id=str(upload.id), register=upload.register_name, conflicts=conflicts)
    return RegisterUploadRead.model_validate(upload)


async def cancel_upload(session: AsyncSession, *, principal: Principal, upload_id: UUID) -> RegisterUploadRead:
    upload = await get_upload(session, principal=principal, upload_id=upload_id, for_update=True)
    if upload.status == RegisterStatus.COMMITTED.value:
        raise ConflictError("register.committed", vi="Tệp này đã được ghi.", en="This upload is committed.")
    upload.status = RegisterStatus.CANCELLED.value
    await session.flush()
    return RegisterUploadRead.model_validate(upload)


def _rows_of(upload: RegisterUpload) -> list[dict[str, Any]]:
    if upload.rows is None:
        raise ConflictError("roster.purged", vi="Tệp đã hết thời hạn lưu giữ.", en="This file is kept no longer.")
    return upload.rows


def _has_errors(upload: RegisterUpload, wrong: list[RegisterFinding]) -> InvalidError:
    return InvalidError(
        "register.has_errors",
        vi=f"Còn {upload.counts['error']} dòng lỗi; chưa ghi gì. Hãy sửa, hoặc gửi only_good_rows = true.",
        en=f"{upload.counts['error']} rows have errors; nothing was written. Mend them, or send only_good_rows = true.",
        errors=[
            pointer_error(f"row:{one.row}/column:{one.column}", code=one.code, vi=one.vi, en=one.en)
            for one in wrong[:ERRORS_NAMED]
        ],
    )


async def _write(session: AsyncSession, upload: RegisterUpload, rows: list[dict[str, Any]]) -> int:
    """How many rows were changed by somebody else since they were compared, and are left as they are."""
    table: Any = DECLARATIONS[Register(upload.register_name)].table
    ids = await repository.list_ids(session, table, province_code=upload.province_code, codes={r["code"] for r in rows})
    known = {row.code: row for row in (await lock_rows(session, table, ids)).values()}
    conflicts = 0
    for row in rows:
        values = {name: _as_column(name, value) for name, value in row["values"].items()}
        kept = known.get(row["code"])
        if (kept.row_version if kept else None) != row["seen_version"]:
            conflicts += 1
            continue
        name = name_of(values)
        values |= name_keys(table, name, row["code"]) if name else {}
        if kept is None:
            session.add(table(province_code=upload.province_code, **values))
            continue
        for column, value in (values | {"archived_at": None}).items():
            setattr(kept, column, value)
    await session.flush()
    return conflicts


def _as_column(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "unit_id":
        return UUID(value)
    return date.fromisoformat(value) if name == "serving_since" else value
