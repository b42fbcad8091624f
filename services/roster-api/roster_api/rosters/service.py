"""Decisions about roster uploads: what a file is taken for, when it may change the roster, when that can be undone."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.authorize import refuse_if_revoked
from roster_api.access.principal import Principal
from roster_api.database import LateSession
from roster_api.errors import ConflictError, InvalidError, NotFoundError, TooLargeError, pointer_error
from roster_api.idempotency import Once
from roster_api.paging import Page, Paging
from roster_api.rosters import repository
from roster_api.rosters.commits import apply_rows, revert
from roster_api.rosters.differences import compare, fingerprint
from roster_api.rosters.models import RosterUpload, RosterUploadRow, RowStatus, UploadStatus
from roster_api.rosters.previews import known_volunteer, preview_rows, read_upload, remarks
from roster_api.rosters.reading.cells import without_hidden_characters
from roster_api.rosters.reading.limited import Opener
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.readings import (
    SentFile,
    chosen,
    read_file,
    refusal,
    refuse_if_purged,
    refuse_unless_open,
    remembered,
    values_of,
)
from roster_api.rosters.schemas import CommitUpload, UploadRead, UploadRowRead, UploadSummary
from roster_api.schools.repository import find_school

log = structlog.get_logger(__name__)
MAXIMUM_FILE_BYTES = 5 * 1024 * 1024
MASS_REMOVAL_SHARE = 0.20
ERRORS_NAMED = 100


async def upload_roster(
    late: LateSession, *, once: Once, principal: Principal, opener: Opener, school_id: UUID, sent: SentFile
) -> UploadRead:
    """Reads, compares and keeps the file; the roster stays as it is. InvalidError when it cannot be read as a list.

    No transaction is open while the file is read. What the roster was then is kept with the upload: a commit is refused
    when it has changed since. Hidden sheets, rows and columns are taken in only when it says so. Without a mapping,
    the school's last one holds where the header's texts match.
    """
    async with late.short() as session:
        await refuse_unless_open(session, principal=principal, school_id=school_id)
        kept = await repository.find_last_choices(session, school_id=school_id)
    if len(sent.content) > MAXIMUM_FILE_BYTES:
        raise TooLargeError(
            "file.too_large", vi="Tệp lớn hơn 5 MB. Danh sách thông thường nhỏ hơn 1 MB; hãy bỏ hình ảnh.",
            en="The file is over 5 MB. A list is usually under 1 MB; leave pictures out.",
        )  # fmt: skip
    choices = remembered(kept) if sent.mapping is None else chosen(sent.mapping)
    file_format, reading = await read_file(opener, sent.content, include_hidden=sent.include_hidden, choices=choices)
    async with late.short() as session:
        known = [known_volunteer(row) for row in await repository.list_roster(session, school_id=school_id)]
    comparison = await opener.think(
        compare, reading.rows, known, spoken_of=reading.spoken_of, is_whole=reading.is_whole
    )
    upload = _make_upload(
        sent.content, format=file_format, school_id=school_id, uploaded_by=principal.holder_id,
        file_name=_safe_name(sent.name), roster_seen=fingerprint(known), include_hidden=sent.include_hidden,
        **values_of(reading, comparison.counts(), was_chosen=sent.mapping is not None),
    )  # fmt: skip
    rows = await opener.think(preview_rows, upload.id, comparison)
    session = await late.open()
    await once.settle(session)
    await refuse_if_revoked(session, principal)
    await refuse_unless_open(session, principal=principal, school_id=school_id)
    session.add(upload)
    await session.flush()
    await repository.add_rows(session, rows)
    log.info("roster.uploaded", upload_id=str(upload.id), school_id=str(school_id), **upload.counts)
    return read_upload(upload, [RosterUploadRow(**row) for row in rows])


def _make_upload(content: bytes, **facts: Any) -> RosterUpload:
    return RosterUpload(
        id=uuid4(), content=content, content_sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content),
        **facts,
    )  # fmt: skip


def _safe_name(file_name: str) -> str:
    name = without_hidden_characters(file_name.replace("\\", "/").rpartition("/")[2])
    return name.encode("utf-8", "replace").decode()[:200] or "roster"


async def _answer(session: AsyncSession, upload: RosterUpload) -> UploadRead:
    return read_upload(upload, await repository.list_all_rows(session, upload_id=upload.id))


async def find_own_upload(
    session: AsyncSession, *, principal: Principal, upload_id: UUID, with_content: bool = False
) -> RosterUpload:
    """404 for an upload that is missing, or another school's."""
    upload = await repository.find_upload(session, principal=principal, upload_id=upload_id, with_content=with_content)
    if upload is None:
        raise NotFoundError
    return upload


async def get_upload(session: AsyncSession, *, principal: Principal, upload_id: UUID) -> UploadRead:
    return await _answer(session, await find_own_upload(session, principal=principal, upload_id=upload_id))


async def list_uploads(
    session: AsyncSession, *, principal: Principal, school_id: UUID, paging: Paging
) -> Page[UploadSummary]:
    if await find_school(session, principal=principal, school_id=school_id) is None:
        raise NotFoundError
    rows, total = await repository.list_uploads(session, school_id=school_id, paging=paging)
    items = [UploadSummary.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


async def list_rows(
    session: AsyncSession, *, principal: Principal, upload_id: UUID, status: RowStatus | None, paging: Paging
) -> Page[UploadRowRead]:
    upload = await find_own_upload(session, principal=principal, upload_id=upload_id)
    rows, total = await repository.list_upload_rows(session, upload_id=upload.id, status=status, paging=paging)
    items = [UploadRowRead.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


async def annotate_upload(
    late: LateSession, *, principal: Principal, opener: Opener, upload_id: UUID
) -> tuple[str, bytes]:
    """(format, the file with a column of errors)."""
    async with late.short() as session:
        upload = await find_own_upload(session, principal=principal, upload_id=upload_id, with_content=True)
        refuse_if_purged(upload)
        rows = await repository.list_all_rows(session, upload_id=upload_id)
    try:
        return await opener.annotate(upload.content, remarks(upload, rows))
    except RefusedFileError as refused:
        raise refusal(refused) from refused


async def commit_upload(
    session: AsyncSession, *, principal: Principal, upload_id: UUID, body: CommitUpload
) -> UploadRead:
    """Writes the list to the roster, all of it or nothing. Committing again answers the same and changes nothing."""
    upload = await find_own_upload(session, principal=principal, upload_id=upload_id)
    await repository.lock_upload(session, upload=upload)
    if upload.status == UploadStatus.COMMITTED.value:
        return await _answer(session, upload)
    refuse_if_purged(upload)
    rows = await repository.list_all_rows(session, upload_id=upload_id)
    if upload.status == UploadStatus.HAS_ERRORS.value:
        findings = [finding for row in rows for finding in row.findings if finding["severity"] == "error"]
        raise InvalidError(
            "roster.has_errors",
            vi=f"Danh sách còn {upload.counts['error']} dòng lỗi; chưa có gì được ghi. Hãy sửa rồi gửi lại tệp.",
            en=f"{upload.counts['error']} rows have errors; nothing was written. Mend them and send the file again.",
            errors=[
                pointer_error(
                    f"row:{item['row']}/column:{item['column']}", code=item["code"], vi=item["vi"], en=item["en"]
                )
                for item in findings[:ERRORS_NAMED]
            ],
        )
    roster = await repository.list_roster(session, school_id=upload.school_id, for_update=True)
    known = [known_volunteer(row) for row in roster]
    if upload.status == UploadStatus.UNDONE.value or fingerprint(known) != upload.roster_seen:
        raise ConflictError(
            "roster.stale",
            vi="Danh sách của trường đã thay đổi từ lúc xem trước. Hãy gửi lại tệp để so sánh lại.",
            en="The school's roster has changed since the preview. Send the file again to compare anew.",
        )
    if body.remove_missing:
        _guard_mass_removal(upload, active=sum(one.status == "active" for one in known), body=body)
    upload.undo = await apply_rows(session, upload, roster, rows, remove_missing=body.remove_missing)
    left = await repository.list_roster(session, school_id=upload.school_id)
    upload.roster_left = fingerprint([known_volunteer(row) for row in left])
    upload.status, upload.committed_at = UploadStatus.COMMITTED.value, datetime.now(UTC)
    await session.flush()
    log.info("roster.committed", upload_id=str(upload.id), school_id=str(upload.school_id))
    return await _answer(session, upload)


def _guard_mass_removal(upload: RosterUpload, *, active: int, body: CommitUpload) -> None:
    missing = upload.counts[RowStatus.MISSING.value]
    if missing > MASS_REMOVAL_SHARE * active and not body.confirm_mass_removal:
        raise ConflictError(
            "roster.mass_removal",
            vi=f"Việc này sẽ đưa {missing} trong {active} người ra khỏi danh sách (hơn 20 %). "
            "Nếu đúng ý, gửi lại với confirm_mass_removal = true.",
            en=f"This would take {missing} of {active} people off the roster (over 20 %). "
            "If that is meant, send confirm_mass_removal = true.",
        )


async def undo_upload(session: AsyncSession, *, principal: Principal, upload_id: UUID) -> UploadRead:
    """Puts the roster back as it was before the commit, as long as nobody changed it since."""
    upload = await find_own_upload(session, principal=principal, upload_id=upload_id)
    await repository.lock_upload(session, upload=upload)
    if upload.status == UploadStatus.UNDONE.value:
        return await _answer(session, upload)
    roster = await repository.list_roster(session, school_id=upload.school_id, for_update=True)
    is_untouched = upload.roster_left == fingerprint([known_volunteer(row) for row in roster])
    if upload.status != UploadStatus.COMMITTED.value or upload.undo is None or not is_untouched:
        raise ConflictError(
            "roster.undo_too_late",
            vi="Không hoàn tác được: danh sách chưa được ghi, hoặc đã thay đổi sau đó.",
            en="It cannot be undone: the list was not committed, or the roster has changed since.",
        )
    await revert(session, upload.undo, roster)
    upload.status, upload.undone_at = UploadStatus.UNDONE.value, datetime.now(UTC)
    await session.flush()
    log.info("roster.undone", upload_id=str(upload.id), school_id=str(upload.school_id))
    return await _answer(session, upload)
