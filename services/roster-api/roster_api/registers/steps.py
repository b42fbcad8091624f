"""The step that a reader takes with a register: a sent file to a preview. It ends in one transaction."""

from typing import Any

import structlog
from sqlalchemy.orm import undefer

from roster_api.registers import comparing, repository
from roster_api.registers.declarations import Register
from roster_api.registers.models import RegisterUpload
from roster_api.registers.need_rows import compare_needs
from roster_api.rosters.models import UploadStatus
from roster_api.rosters.reader import Kind
from roster_api.rosters.reading.declared import DeclaredReading
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.readings import choices_of, refusal_to_keep, tables_to_keep, values_to_keep
from roster_api.rosters.repository import UNREAD
from roster_api.rosters.steps import GIVEN_UP, Equipment
from roster_api.work.claiming import find_held, release
from roster_api.work.holding import Holder

log = structlog.get_logger(__name__)


class ReadRegisterStep:
    """reading -> in_review, or failed."""

    def __init__(self, equipment: Equipment) -> None:
        self.equipment = equipment

    async def carry_out(self, holder: Holder) -> None:
        async with self.equipment.sessions() as session:
            upload = await session.get_one(RegisterUpload, holder.row_id, options=[undefer(RegisterUpload.content)])
            last = await repository.find_last_choices(session, upload)
        try:
            file_format, reading = await self.equipment.opener.read_register(
                upload.content or b"", upload.columns, include_hidden=upload.include_hidden,
                choices=choices_of(upload, last=last),
            )  # fmt: skip
        except RefusedFileError as refused:
            await self._fail(holder, refused)
            return
        self.equipment.at_step("read")
        await self._keep(holder, upload, reading, file_format)

    async def _keep(
        self, holder: Holder, upload: RegisterUpload, reading: DeclaredReading, file_format: str
    ) -> None:  # fmt: skip
        register, province = Register(upload.register_name), upload.province_code
        async with self.equipment.sessions() as session:
            names = await repository.read_names(session, province_code=province)
            if upload.campaign_id is not None:
                rows = compare_needs(reading, names, await repository.read_kept_needs(session, upload.campaign_id))
            else:
                kept = await repository.read_kept(session, register=register, province_code=province)
                rows = comparing.compare(register, reading, names, kept)
        values = values_to_keep(
            notes=reading.notes, header_rows=reading.header_rows, tables=reading.tables, choices=reading.choices,
            was_chosen=upload.mapping_asked is not None,
        )  # fmt: skip
        values |= {"format": file_format, "rows": rows, "counts": comparing.count(rows)}
        await holder.rest()
        async with self.equipment.sessions.begin() as session:
            held = await find_held(session, RegisterUpload, holder.row_id, token=holder.token)
            for name, value in values.items():
                setattr(held, name, value)
            held.status, held.refusal = UploadStatus.IN_REVIEW.value, None
            release(held)
            await session.flush()
            self.equipment.at_step("kept")
        log.info("register.read", upload_id=str(holder.row_id), register=register.value, **comparing.count(rows))

    async def _fail(self, holder: Holder, refused: RefusedFileError) -> None:
        await holder.rest()
        async with self.equipment.sessions.begin() as session:
            held = await find_held(session, RegisterUpload, holder.row_id, token=holder.token)
            fail(held, refusal_to_keep(refused))
            held.mapping = tables_to_keep(refused.tables)
        log.info("register.refused", upload_id=str(holder.row_id), code=refused.code)


def fail(upload: RegisterUpload, refusal: dict[str, Any]) -> None:
    """A locked upload ends without a preview."""
    upload.status, upload.refusal, upload.counts, upload.rows = UploadStatus.FAILED.value, refusal, None, None
    release(upload)


REGISTERS = Kind(
    table=RegisterUpload,
    statuses=UNREAD,
    step_of=lambda equipment, _status: ReadRegisterStep(equipment),
    give_up=lambda upload: fail(upload, GIVEN_UP),
)
