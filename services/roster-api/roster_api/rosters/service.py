"""Decisions about roster uploads: who may send, look, commit, cancel and undo, and when."""

from typing import cast
from uuid import UUID, uuid4

import structlog
from commune_schemas.amounts import amount
from commune_service import clock
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.audit.recording import name_actor
from roster_api.database import LateSession
from roster_api.errors import ConflictError, InvalidError, NotFoundError, TooLargeError, pointer_error
from roster_api.idempotency import Once
from roster_api.paging import Page, Paging
from roster_api.rosters import repository
from roster_api.rosters.commits import revert, settle, write_people
from roster_api.rosters.models import RosterUpload, RowStatus, UploadStatus
from roster_api.rosters.previews import read_upload, remarks
from roster_api.rosters.reading.limited import Opener
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.readings import (
    refusal,
    refuse_if_purged,
    refuse_unless_open,
    safe_name,
    too_many_waiting,
)
from roster_api.rosters.removals import refuse_unless_confirmed
from roster_api.rosters.schemas import (
    CommitUpload,
    ElsewhereRead,
    OtherListRead,
    UploadRead,
    UploadRowRead,
    UploadSummary,
)
from roster_api.rosters.sent_files import SentFile, sealed, store
from roster_api.rosters.states import CANCELLABLE, COMMITTED, refuse_unless
from roster_api.schools.repository import find_school
from roster_api.volunteers import bulk
from roster_api.volunteers.humans import list_twins
from roster_api.work.claiming import release

log = structlog.get_logger(__name__)
UPLOADS = cast("Table", RosterUpload.__table__)
MAXIMUM_FILE_BYTES = 20 * 1024 * 1024
ERRORS_NAMED = 100
SHORT_COMMIT = 1000
"""So many people are written while the request waits; more are written by the reader."""


async def upload_roster(
    late: LateSession, *, once: Once, principal: Principal, school_id: UUID, sent: SentFile, at_once: int
) -> UploadRead:
    """Keeps the file for a reader; the roster stays as it is. 429 while `at_once` lists of the school or key wait."""
    if sent.size > MAXIMUM_FILE_BYTES:
        raise TooLargeError(
            "file.too_large", vi="Tệp lớn hơn 20 MB. Danh sách thông thường nhỏ hơn 1 MB; hãy bỏ hình ảnh.",
            en="The file is over 20 MB. A list is usually under 1 MB; leave pictures out.",
        )  # fmt: skip
    async with sealed(sent, UPLOADS.c.content) as content:
        session = await late.open()
        await refuse_unless_open(session, principal=principal, school_id=school_id)
        await once.settle(session)
        waiting = await repository.count_waiting(session, school_id=school_id, key_id=principal.holder_id)
        if max(waiting) >= at_once:
            raise too_many_waiting()
        upload = RosterUpload(
            id=uuid4(), school_id=school_id, uploaded_by=principal.holder_id, file_name=safe_name(sent.name),
            content_sha256=content.content_sha256, size_bytes=sent.size, include_hidden=sent.include_hidden,
            status=UploadStatus.UPLOADED.value,
            mapping_asked=sent.mapping.model_dump(mode="json") if sent.mapping else None,
        )  # fmt: skip
        session.add(upload)
        await session.flush()
        await store(session, UPLOADS, upload.id, content)
    await repository.call_reader(session)
    log.info("roster.uploaded", upload_id=str(upload.id), school_id=str(school_id), bytes=upload.size_bytes)
    return read_upload(upload)


async def find_own_upload(
    session: AsyncSession, *, principal: Principal, upload_id: UUID, with_content: bool = False
) -> RosterUpload:
    """404 for an upload that is missing, or another school's."""
    upload = await repository.find_upload(session, principal=principal, upload_id=upload_id, with_content=with_content)
    if upload is None:
        raise NotFoundError
    return upload


async def get_upload(session: AsyncSession, *, principal: Principal, upload_id: UUID) -> UploadRead:
    return read_upload(await find_own_upload(session, principal=principal, upload_id=upload_id))


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
    """(format, the file with a column of errors). 409 while it is not read; 422 when it could not be."""
    async with late.reading() as session:
        upload = await find_own_upload(session, principal=principal, upload_id=upload_id, with_content=True)
        refuse_if_purged(upload)
        if upload.counts is None:
            refuse_unless(upload, (), vi="Chưa có tệp kèm lỗi.", en="There is no annotated file yet.")
        rows = await repository.list_rows_with_findings(session, upload_id=upload_id)
    try:
        return await opener.annotate(upload.content, remarks(upload, rows))
    except RefusedFileError as refused:
        raise refusal(refused) from refused


async def commit_upload(
    session: AsyncSession, *, principal: Principal, upload_id: UUID, body: CommitUpload
) -> UploadRead:
    """Writes the list to the roster, or has a reader do it where it is long. Committing again changes nothing."""
    upload = await find_own_upload(session, principal=principal, upload_id=upload_id)
    await repository.lock_upload(session, upload=upload)
    if upload.status in COMMITTED:
        return read_upload(upload)
    refuse_if_purged(upload)
    refuse_unless(upload, {UploadStatus.IN_REVIEW.value}, vi="Không ghi được lúc này.", en="It cannot be committed.")
    counts = upload.counts or {}
    if counts[RowStatus.ERROR.value] and not body.only_good_rows:
        raise await _has_errors(session, upload)
    if body.remove_missing:
        await refuse_unless_confirmed(session, upload, is_confirmed=body.confirm_mass_removal)
    upload.commit_asked, upload.asked_by = body.model_dump(), name_actor(principal)
    upload.status = UploadStatus.COMMITTING.value
    people = counts[RowStatus.NEW.value] + counts[RowStatus.CHANGED.value]
    people += counts[RowStatus.MISSING.value] * body.remove_missing
    if people > SHORT_COMMIT:
        upload.stage, upload.rows_read, upload.rows_total = None, 0, people
        release(upload)
        await repository.call_reader(session)
    else:
        await settle(session, upload, await write_people(session, upload))
    await session.flush()
    return read_upload(upload)


async def _has_errors(session: AsyncSession, upload: RosterUpload) -> InvalidError:
    count = (upload.counts or {})[RowStatus.ERROR.value]
    findings = await repository.list_error_findings(session, upload_id=upload.id, limit=ERRORS_NAMED)
    return InvalidError(
        "roster.has_errors",
        vi=f"Danh sách còn {count} dòng lỗi; chưa có gì được ghi. Hãy sửa rồi gửi lại tệp, hoặc chọn "
        "chỉ ghi các dòng đúng (only_good_rows).",
        en=f"{amount(count, 'row has', 'rows have')} errors; nothing was written. Mend them and send the file again, "
        "or send only_good_rows = true to write the good rows alone.",
        errors=[
            pointer_error(f"row:{one['row']}/column:{one['column']}", code=one["code"], vi=one["vi"], en=one["en"])
            for one in findings
        ],
    )


async def list_elsewhere(session: AsyncSession, *, principal: Principal, upload_id: UUID) -> list[ElsewhereRead]:
    """The people of a committed list who are on another school's too; runs and publishing treat them as one."""
    upload = await find_own_upload(session, principal=principal, upload_id=upload_id)
    refuse_unless(upload, {UploadStatus.COMMITTED.value}, vi="Hãy ghi trước.", en="Commit it first.")
    twins = await list_twins(session, await repository.list_people_of(session, upload=upload))
    ids = {*twins, *(other for others in twins.values() for other in others)}
    people = await repository.list_with_school(session, principal=principal, ids=ids)
    return [
        ElsewhereRead(
            volunteer_id=one, full_name=people[one][0],
            others=[
                OtherListRead(
                    volunteer_id=other, full_name=people[other][0], school_id=people[other][1],
                    school_name=people[other][2],
                )
                for other in sorted(others) if other in people and people[other][1] != upload.school_id
            ],
        )
        for one, others in sorted(twins.items())
        if one in people and any(other in people and people[other][1] != upload.school_id for other in others)
    ]  # fmt: skip


async def cancel_upload(session: AsyncSession, *, principal: Principal, upload_id: UUID) -> UploadRead:
    """Nothing of it will be written; a reader that has it stops. Cancelling again changes nothing."""
    upload = await find_own_upload(session, principal=principal, upload_id=upload_id)
    await repository.lock_upload(session, upload=upload)
    if upload.status != UploadStatus.CANCELLED.value:
        refuse_unless(upload, CANCELLABLE, vi="Không hủy được nữa.", en="It cannot be cancelled any more.")
        upload.status = UploadStatus.CANCELLED.value
        release(upload)
        await session.flush()
        log.info("roster.cancelled", upload_id=str(upload.id), school_id=str(upload.school_id))
    return read_upload(upload)


async def undo_upload(session: AsyncSession, *, principal: Principal, upload_id: UUID) -> UploadRead:
    """Puts the roster back as it was before the commit, as long as nobody changed it since."""
    upload = await find_own_upload(session, principal=principal, upload_id=upload_id)
    await repository.lock_upload(session, upload=upload)
    if upload.status == UploadStatus.UNDONE.value:
        return read_upload(upload)
    known = await repository.list_known(session, school_id=upload.school_id, for_update=True)
    is_untouched = upload.roster_left == await bulk.fingerprint(session, school_id=upload.school_id)
    if upload.status != UploadStatus.COMMITTED.value or upload.undo is None or not is_untouched:
        raise ConflictError(
            "roster.undo_too_late",
            vi="Không hoàn tác được: danh sách chưa được ghi, hoặc đã thay đổi sau đó.",
            en="It cannot be undone: the list was not committed, or the roster has changed since.",
        )
    await revert(session, upload.undo, known)
    upload.status, upload.undone_at = UploadStatus.UNDONE.value, clock.now()
    await session.flush()
    log.info("roster.undone", upload_id=str(upload.id), school_id=str(upload.school_id))
    return read_upload(upload)
