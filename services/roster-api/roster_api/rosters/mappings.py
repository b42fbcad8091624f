"""Decisions about an upload's mapping: who changes what its columns mean, until when, and the file read again."""

from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.authorize import refuse_if_revoked
from roster_api.access.principal import Principal
from roster_api.database import LateSession
from roster_api.errors import ConflictError, NotFoundError
from roster_api.rosters import repository
from roster_api.rosters.differences import compare, fingerprint
from roster_api.rosters.models import RosterUpload, RosterUploadRow, UploadStatus
from roster_api.rosters.previews import known_volunteer, preview_rows, read_upload
from roster_api.rosters.reading.limited import Opener
from roster_api.rosters.readings import chosen, read_file, refuse_if_purged, refuse_unless_open, values_of
from roster_api.rosters.schemas import UploadRead, WriteMapping

log = structlog.get_logger(__name__)
STILL_OPEN = {UploadStatus.READY.value, UploadStatus.HAS_ERRORS.value}


async def change_mapping(
    late: LateSession, *, principal: Principal, opener: Opener, upload_id: UUID, body: WriteMapping
) -> UploadRead:
    """Reads the kept file again with the body's mapping, against the roster as it is now; the new preview.

    409 once the upload was committed. When the file cannot be read so (InvalidError), the old preview stays.
    """
    async with late.short() as session:
        upload = await _find_open(session, principal=principal, upload_id=upload_id)
        school_id, content, include_hidden = upload.school_id, upload.content, upload.include_hidden
    _, reading = await read_file(opener, content, include_hidden=include_hidden, choices=chosen(body))
    async with late.short() as session:
        known = [known_volunteer(row) for row in await repository.list_roster(session, school_id=school_id)]
    comparison = await opener.think(
        compare, reading.rows, known, spoken_of=reading.spoken_of, is_whole=reading.is_whole
    )
    rows = await opener.think(preview_rows, upload_id, comparison)
    session = await late.open()
    await refuse_if_revoked(session, principal)
    upload = await _find_open(session, principal=principal, upload_id=upload_id)
    await repository.lock_upload(session, upload=upload)
    _refuse_if_settled(upload)
    values = values_of(reading, comparison.counts(), was_chosen=True)
    for name, value in (values | {"roster_seen": fingerprint(known)}).items():
        setattr(upload, name, value)
    await repository.replace_rows(session, upload_id=upload_id, rows=rows)
    await session.flush()
    log.info("roster.mapped", upload_id=str(upload_id), school_id=str(school_id), **upload.counts)
    return read_upload(upload, [RosterUploadRow(**row) for row in rows])


async def _find_open(session: AsyncSession, *, principal: Principal, upload_id: UUID) -> RosterUpload:
    """404 for another school's upload; 409 for one that was committed."""
    upload = await repository.find_upload(session, principal=principal, upload_id=upload_id, with_content=True)
    if upload is None:
        raise NotFoundError
    await refuse_unless_open(session, principal=principal, school_id=upload.school_id)
    _refuse_if_settled(upload)
    refuse_if_purged(upload)
    return upload


def _refuse_if_settled(upload: RosterUpload) -> None:
    if upload.status not in STILL_OPEN:
        raise ConflictError(
            "roster.already_committed",
            vi="Danh sách này đã được ghi; cách đọc cột không đổi được nữa. Hãy gửi lại tệp.",
            en="This list was committed; what its columns mean cannot change any more. Send the file again.",
        )
