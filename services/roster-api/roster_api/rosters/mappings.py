"""Decisions about an upload's mapping: who changes what its columns mean, until when; the file is then read again."""

from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.errors import invalid_field
from roster_api.etags import check_version
from roster_api.rosters import repository
from roster_api.rosters.models import RosterUpload, UploadStatus
from roster_api.rosters.previews import read_upload
from roster_api.rosters.readings import refuse_if_purged, refuse_unless_open
from roster_api.rosters.schemas import UploadRead, WriteDecisions, WriteMapping
from roster_api.rosters.service import find_own_upload
from roster_api.rosters.states import READABLE_AGAIN, refuse_unless
from roster_api.work.claiming import release

log = structlog.get_logger(__name__)


async def change_mapping(
    session: AsyncSession, *, principal: Principal, upload_id: UUID, if_match: str, body: WriteMapping
) -> UploadRead:
    """The kept file is read again with the body's mapping, against the roster as it will be then.

    409 unless it was read (or could not be), and is not committed; 412 when somebody else changed it since.
    """
    upload = await find_own_upload(session, principal=principal, upload_id=upload_id)
    await refuse_unless_open(session, principal=principal, school_id=upload.school_id)
    await repository.lock_upload(session, upload=upload)
    refuse_unless(
        upload, READABLE_AGAIN,
        vi="Cách đọc cột không đổi được lúc này.", en="What its columns mean cannot change now.",
    )  # fmt: skip
    refuse_if_purged(upload)
    check_version(upload, if_match)
    upload.mapping_asked = body.model_dump(mode="json")
    await read_again(session, upload)
    log.info("roster.mapped", upload_id=str(upload_id), school_id=str(upload.school_id))
    return read_upload(upload)


async def decide(
    session: AsyncSession, *, principal: Principal, upload_id: UUID, if_match: str, body: WriteDecisions
) -> UploadRead:
    """Says who rows are; the kept file is then compared anew. 422 for a row or person that is not there."""
    upload = await find_own_upload(session, principal=principal, upload_id=upload_id)
    await refuse_unless_open(session, principal=principal, school_id=upload.school_id)
    await repository.lock_upload(session, upload=upload)
    refuse_if_purged(upload)
    refuse_unless(
        upload, {UploadStatus.IN_REVIEW.value}, vi="Chưa quyết định được.", en="Nothing can be decided about it now."
    )
    check_version(upload, if_match)
    people = {one.volunteer_id for one in body.decisions if one.volunteer_id}
    unknown = people - await repository.list_ids_of_school(session, school_id=upload.school_id, ids=people)
    rows = await repository.list_row_places(session, upload_id=upload.id)
    for number, one in enumerate(body.decisions):
        if (one.sheet, one.row) not in rows:
            raise invalid_field(
                f"/decisions/{number}/row", code="decision.no_such_row", vi="Danh sách không có dòng này.",
                en="The list has no such row.",
            )  # fmt: skip
        if one.volunteer_id in unknown:
            raise invalid_field(
                f"/decisions/{number}/volunteer_id", code="decision.no_such_person",
                vi="Trường không có người này.", en="The school has no such person.",
            )  # fmt: skip
    upload.decisions = [one.model_dump(mode="json", by_alias=True) for one in body.decisions]
    await read_again(session, upload)
    log.info("roster.decided", upload_id=str(upload_id), decisions=len(body.decisions))
    return read_upload(upload)


async def read_again(session: AsyncSession, upload: RosterUpload) -> None:
    """A locked upload goes back to the readers."""
    upload.status, upload.refusal = UploadStatus.UPLOADED.value, None
    upload.stage = upload.rows_read = upload.rows_total = None
    release(upload)
    await session.flush()
    await repository.call_reader(session)
