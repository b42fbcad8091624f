"""Decisions about register uploads: read, preview, commit once, give back with what is to be mended."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID, uuid4

import structlog
from commune_schemas.amounts import amount
from commune_service import clock
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.campaigns.service import get_changeable_campaign
from roster_api.database import LateSession
from roster_api.errors import InvalidError, NotFoundError, TooLargeError, invalid_field, pointer_error
from roster_api.etags import check_version
from roster_api.idempotency import Once
from roster_api.paging import Page, Paging, fetch_page
from roster_api.provinces.repository import find_province
from roster_api.registers import repository
from roster_api.registers.commits import revert, too_late, write_rows
from roster_api.registers.declarations import Register
from roster_api.registers.models import RegisterUpload
from roster_api.registers.need_commits import revert_needs, write_needs
from roster_api.registers.schemas import (
    CommitRegister,
    RegisterFinding,
    RegisterRowRead,
    RegisterRowStatus,
    RegisterUploadRead,
    RegisterUploadSummary,
    WriteRegisterMapping,
)
from roster_api.rosters.models import UploadStatus
from roster_api.rosters.previews import line_of
from roster_api.rosters.reading.annotating import HEADER, Remarks
from roster_api.rosters.reading.choices import LEFT_OUT
from roster_api.rosters.reading.limited import Opener
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.readings import refusal, refuse_if_purged, safe_name, too_many_waiting
from roster_api.rosters.repository import call_reader
from roster_api.rosters.sent_files import SentFile, sealed, store
from roster_api.rosters.states import CANCELLABLE, COMMITTED, READABLE_AGAIN, refuse_unless
from roster_api.work.claiming import release

log = structlog.get_logger(__name__)
UPLOADS = cast("Table", RegisterUpload.__table__)
MAXIMUM_FILE_BYTES = 20 * 1024 * 1024
ERRORS_NAMED = 100


@dataclass(frozen=True)
class Place:
    """Where a register belongs: needs to a campaign of the province, the others to the province."""

    province_code: str
    register: Register
    campaign_id: UUID | None


async def upload_register(
    late: LateSession, *, once: Once, principal: Principal, place: Place, sent: SentFile, at_once: int
) -> RegisterUploadRead:
    """Keeps the file for a reader; the register stays as it is. 429 while `at_once` of the province wait."""
    if sent.size > MAXIMUM_FILE_BYTES:
        raise TooLargeError("file.too_large", vi="Tệp lớn hơn 20 MB.", en="The file is over 20 MB.")
    async with sealed(sent, UPLOADS.c.content) as content:
        session = await late.open()
        await _refuse_unknown_province(session, principal=principal, code=place.province_code)
        await _check_campaign(session, principal=principal, place=place)
        await once.settle(session)
        if await repository.count_waiting(session, province_code=place.province_code) >= at_once:
            raise too_many_waiting()
        upload = RegisterUpload(
            id=uuid4(), province_code=place.province_code, register_name=place.register.value,
            uploaded_by=principal.label, file_name=safe_name(sent.name), include_hidden=sent.include_hidden,
            status=UploadStatus.UPLOADED.value, campaign_id=place.campaign_id,
            duties=await repository.list_duties(session) if place.register is Register.NEEDS else [],
        )  # fmt: skip
        session.add(upload)
        await session.flush()
        await store(session, UPLOADS, upload.id, content)
    await call_reader(session)
    log.info("register.uploaded", upload_id=str(upload.id), register=place.register.value, bytes=sent.size)
    return RegisterUploadRead.model_validate(upload)


async def change_mapping(
    session: AsyncSession, *, principal: Principal, upload_id: UUID, if_match: str, body: WriteRegisterMapping
) -> RegisterUploadRead:
    """The kept file is read again with the body's mapping. 422 for what is no column of the register."""
    upload = await get_upload(session, principal=principal, upload_id=upload_id, for_update=True)
    refuse_unless(
        upload, READABLE_AGAIN,
        vi="Cách đọc cột không đổi được lúc này.", en="What its columns mean cannot change now.",
    )  # fmt: skip
    refuse_if_purged(upload)
    check_version(upload, if_match)
    _refuse_unknown_meanings(upload, body)
    upload.mapping_asked = body.model_dump(mode="json")
    upload.status, upload.refusal = UploadStatus.UPLOADED.value, None
    release(upload)
    await session.flush()
    await call_reader(session)
    log.info("register.mapped", upload_id=str(upload_id), register=upload.register_name)
    return RegisterUploadRead.model_validate(upload)


def _refuse_unknown_meanings(upload: RegisterUpload, body: WriteRegisterMapping) -> None:
    known = [column.meaning for column in upload.columns]
    named = [
        (f"/sheets/{number}/columns/{letters}", meaning)
        for number, sheet in enumerate(body.sheets)
        for letters, meaning in sheet.columns.items()
        if meaning != LEFT_OUT
    ]
    for pointer, meaning in [*named, *((f"/values/{name}", name) for name in body.values)]:
        if meaning not in known:
            raise invalid_field(
                pointer, code="mapping.unknown_meaning",
                vi=f"“{meaning}” không phải cột của sổ này; hãy chọn: {', '.join(known)}, {LEFT_OUT}.",
                en=f"“{meaning}” is no column of this register; choose: {', '.join(known)}, {LEFT_OUT}.",
            )  # fmt: skip


async def _check_campaign(session: AsyncSession, *, principal: Principal, place: Place) -> None:
    """Needs are of a campaign of the province that may still change, other registers of none."""
    if (place.campaign_id is not None) != (place.register is Register.NEEDS):
        raise invalid_field(
            "/campaign_id", code="register.campaign",
            vi="Bảng nhu cầu phải nêu một chiến dịch; sổ khác thì không nêu.",
            en="Needs take the campaign_id of their campaign; other registers take none.",
        )  # fmt: skip
    if place.campaign_id is not None:
        campaign = await get_changeable_campaign(session, principal=principal, campaign_id=place.campaign_id)
        if campaign.province_code != place.province_code:
            raise NotFoundError


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
) -> Page[RegisterUploadSummary]:
    await _refuse_unknown_province(session, principal=principal, code=province_code)
    query = repository.select_uploads(principal=principal, province_code=province_code)
    rows, total = await fetch_page(session, query, paging=paging)
    items = [RegisterUploadSummary.model_validate(row) for row in rows]
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
    async with late.reading() as session:
        upload = await get_upload(session, principal=principal, upload_id=upload_id)
        refuse_if_purged(upload)
        if upload.rows is None:
            refuse_unless(upload, (), vi="Chưa có tệp kèm lỗi.", en="There is no annotated file yet.")
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
    if upload.status in COMMITTED:
        return RegisterUploadRead.model_validate(upload)
    refuse_unless(upload, {UploadStatus.IN_REVIEW.value}, vi="Không ghi được lúc này.", en="It cannot be committed.")
    rows = _rows_of(upload)
    wrong = [RegisterFinding(**f) for row in rows for f in row["findings"] if f["severity"] == "error"]
    if wrong and not body.only_good_rows:
        raise _has_errors(upload, wrong)
    to_write = [row for row in rows if row["status"] in {"new", "changed"}]
    if upload.register_name == Register.NEEDS.value:
        conflicts = await write_needs(session, upload, to_write, principal=principal)
    else:
        conflicts = await write_rows(session, upload, to_write)
    upload.counts = (upload.counts or {}) | {"conflict": conflicts}
    upload.status, upload.committed_at = UploadStatus.COMMITTED.value, clock.now()
    await session.flush()
    log.info("register.committed", upload_id=str(upload.id), register=upload.register_name, conflicts=conflicts)
    return RegisterUploadRead.model_validate(upload)


async def cancel_upload(session: AsyncSession, *, principal: Principal, upload_id: UUID) -> RegisterUploadRead:
    """Nothing of it will be written; a reader that has it stops. Cancelling again changes nothing."""
    upload = await get_upload(session, principal=principal, upload_id=upload_id, for_update=True)
    if upload.status != UploadStatus.CANCELLED.value:
        refuse_unless(upload, CANCELLABLE, vi="Không hủy được nữa.", en="It cannot be cancelled any more.")
        upload.status = UploadStatus.CANCELLED.value
        release(upload)
        await session.flush()
    return RegisterUploadRead.model_validate(upload)


async def undo_upload(session: AsyncSession, *, principal: Principal, upload_id: UUID) -> RegisterUploadRead:
    """The register as it was before the commit, as long as nobody changed a row of it since."""
    upload = await get_upload(session, principal=principal, upload_id=upload_id, for_update=True)
    if upload.status == UploadStatus.UNDONE.value:
        return RegisterUploadRead.model_validate(upload)
    if upload.status != UploadStatus.COMMITTED.value or upload.undo is None:
        raise too_late()
    if upload.register_name == Register.NEEDS.value:
        await revert_needs(session, upload, principal=principal)
    else:
        await revert(session, upload)
    upload.status, upload.undone_at = UploadStatus.UNDONE.value, clock.now()
    await session.flush()
    log.info("register.undone", upload_id=str(upload.id), register=upload.register_name)
    return RegisterUploadRead.model_validate(upload)


def _rows_of(upload: RegisterUpload) -> list[dict[str, Any]]:
    """None while it is not read, and where it could not be."""
    refuse_if_purged(upload)
    return upload.rows or []


def _has_errors(upload: RegisterUpload, wrong: list[RegisterFinding]) -> InvalidError:
    count = (upload.counts or {})["error"]
    return InvalidError(
        "register.has_errors",
        vi=f"Còn {count} dòng lỗi; chưa ghi gì. Hãy sửa, hoặc chọn chỉ ghi các dòng đúng.",
        en=f"{amount(count, 'row has', 'rows have')} errors; nothing was written. Mend, or send only_good_rows = true.",
        errors=[
            pointer_error(f"row:{one.row}/column:{one.column}", code=one.code, vi=one.vi, en=one.en)
            for one in wrong[:ERRORS_NAMED]
        ],
    )
