"""The two steps a reader takes: a sent file to a preview, a long list to the roster. Each ends in one transaction."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from commune_service import clock
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from roster_api.audit.changes import collect
from roster_api.audit.recording import name_actor, record_for
from roster_api.database import patient
from roster_api.rosters import repository
from roster_api.rosters.commits import settle, write_people
from roster_api.rosters.decisions import as_decisions
from roster_api.rosters.differences import Comparison, compare
from roster_api.rosters.models import RosterUpload, Stage, UploadStatus
from roster_api.rosters.previews import preview_rows, show_doubts, summarise
from roster_api.rosters.reading.choices import Choices
from roster_api.rosters.reading.limited import Opener, Progress
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.reading.wire import ReadingDecoder
from roster_api.rosters.readings import choices_of, refusal_to_keep, tables_to_keep, values_to_keep
from roster_api.work.claiming import find_held, release
from roster_api.work.holding import Holder

log = structlog.get_logger(__name__)
COMMIT_ROUTE = "/v1/roster-uploads/{upload_id}/commit"


@dataclass
class Equipment:
    """What a reader works with. `at_step` hears each step before it is taken: the tests stop the process there."""

    sessions: async_sessionmaker[AsyncSession]
    opener: Opener
    patience_seconds: float = 60
    at_step: Callable[[str], None] = lambda _: None


class ReadStep:
    """reading -> in_review, or failed."""

    def __init__(self, equipment: Equipment) -> None:
        self.equipment = equipment

    async def carry_out(self, holder: Holder) -> None:
        async with self.equipment.sessions() as session:
            upload = await session.get_one(RosterUpload, holder.row_id)
            last = await repository.find_last_choices(session, school_id=upload.school_id)
        holder.news = {"stage": Stage.OPENING.value, "rows_read": 0, "rows_total": None}
        try:
            await self._read(holder, upload, choices_of(upload, last=last))
        except RefusedFileError as refused:
            await self._fail(holder, refused)

    async def _read(self, holder: Holder, upload: RosterUpload, choices: Choices) -> None:
        def hear(line: dict[str, Any]) -> None:
            holder.news |= {"stage": Stage.ROWS.value} | {
                name: line[name] for name in ("rows_read", "rows_total") if name in line
            }

        file_format, reading = await self._open(upload, choices, hear)
        self.equipment.at_step("read")
        holder.news |= {"stage": Stage.COMPARING.value}
        async with self.equipment.sessions() as session:
            known = await repository.list_known(session, school_id=upload.school_id)
            read_at = clock.now()
        rest = reading.rest
        comparison = await asyncio.to_thread(
            compare,
            reading.rows,
            known,
            spoken_of=set(rest["spoken_of"]),
            is_whole=rest["is_whole"],
            decisions=as_decisions(upload.decisions),
        )
        self.equipment.at_step("compared")
        holder.news |= {"stage": Stage.KEEPING.value}
        values = values_to_keep(
            notes=rest["notes"],
            header_rows=rest["header_rows"],
            tables=rest["tables"],
            choices=rest["choices"],
            was_chosen=upload.mapping_asked is not None,
        ) | summarise(comparison)
        values |= {
            "doubts": show_doubts(comparison),
            "format": file_format,
            "counts": comparison.counts(),
            "read_at": read_at,
        }
        await self._keep(holder, comparison, values)

    async def _open(
        self, upload: RosterUpload, choices: Choices, hear: Progress
    ) -> tuple[str, ReadingDecoder]:  # fmt: skip
        """The file is let go at the end: up to 20 MB, before the people in it are compared."""
        async with self.equipment.sessions() as session:
            content = await repository.read_content(session, upload_id=upload.id)
        opener = self.equipment.opener
        return await opener.read(content, include_hidden=upload.include_hidden, choices=choices, progress=hear)

    async def _keep(self, holder: Holder, comparison: Comparison, values: dict[str, Any]) -> None:
        await holder.rest()
        async with (
            self.equipment.sessions.begin() as session,
            patient(session, seconds=self.equipment.patience_seconds),
        ):
            upload = await find_held(session, RosterUpload, holder.row_id, token=holder.token)
            await repository.replace_rows(session, upload_id=upload.id, rows=preview_rows(upload.id, comparison))
            for name, value in values.items():
                setattr(upload, name, value)
            upload.status, upload.refusal, upload.stage = UploadStatus.IN_REVIEW.value, None, None
            release(upload)
            await session.flush()
            self.equipment.at_step("kept")
        log.info("roster.read", upload_id=str(upload.id), school_id=str(upload.school_id), **(upload.counts or {}))

    async def _fail(self, holder: Holder, refused: RefusedFileError) -> None:
        await holder.rest()
        async with self.equipment.sessions.begin() as session:
            upload = await find_held(session, RosterUpload, holder.row_id, token=holder.token)
            await repository.replace_rows(session, upload_id=upload.id, rows=())
            fail(upload, refusal_to_keep(refused))
            upload.mapping = tables_to_keep(refused.tables)
        log.info("roster.refused", upload_id=str(upload.id), code=refused.code)


class CommitStep:
    """committing -> committed, or failed."""

    def __init__(self, equipment: Equipment) -> None:
        self.equipment = equipment

    async def carry_out(self, holder: Holder) -> None:
        try:
            await self._write(holder)
        except IntegrityError as error:
            log.warning("roster.commit_refused", upload_id=str(holder.row_id), error=type(error.orig).__name__)
            await self._fail(holder)

    async def _write(self, holder: Holder) -> None:
        holder.news = {"stage": Stage.WRITING.value, "rows_read": 0}
        async with (
            self.equipment.sessions.begin() as session,
            patient(session, seconds=self.equipment.patience_seconds),
        ):
            upload = await session.get_one(RosterUpload, holder.row_id)
            await repository.lock_school(session, school_id=upload.school_id)
            noted = collect(session)
            written = await write_people(session, upload, say=lambda done: holder.news.update(rows_read=done))
            self.equipment.at_step("written")
            await holder.rest()
            # Locked only now: until here the signs of life change this row.
            upload = await find_held(session, RosterUpload, holder.row_id, token=holder.token)
            await settle(session, upload, written)
            release(upload)
            await session.flush()
            await record_for(
                session, upload.asked_by or name_actor(None), route=COMMIT_ROUTE, object_id=str(upload.id),
                details=noted.as_details(), subjects=[*noted.subjects],
            )  # fmt: skip
            self.equipment.at_step("committed")

    async def _fail(self, holder: Holder) -> None:
        await holder.rest()
        async with self.equipment.sessions.begin() as session:
            upload = await find_held(session, RosterUpload, holder.row_id, token=holder.token)
            fail(upload, {
                "code": "roster.commit_failed", "errors": [],
                "vi": "Danh sách của trường đã thay đổi trong lúc ghi; chưa có gì được ghi. Hãy gửi PUT .../mapping "
                "với {} để đọc lại, rồi ghi lại.",
                "en": "The school's roster changed while the list was written; nothing was written. Send PUT "
                ".../mapping with {} to have it read again, then commit.",
            })  # fmt: skip


GIVEN_UP = {
    "code": "roster.given_up", "errors": [],
    "vi": "Đã thử nhiều lần mà không xong; chưa có gì được ghi. Hãy gửi lại tệp, hoặc chia nhỏ.",
    "en": "It was tried several times without an end; nothing was written. Send the file again, or split it.",
}  # fmt: skip
"""The refusal of what was taken several times and never came to an end."""


def fail(upload: RosterUpload, refusal: dict[str, Any]) -> None:
    """A locked upload ends without a preview, or unwritten."""
    upload.status, upload.refusal, upload.stage = UploadStatus.FAILED.value, refusal, None
    upload.counts, upload.errors, upload.repairs = None, [], []
    release(upload)


def step_of(equipment: Equipment, status: str) -> ReadStep | CommitStep:
    """What is to be done with a list of this status."""
    return CommitStep(equipment) if status == UploadStatus.COMMITTING.value else ReadStep(equipment)
