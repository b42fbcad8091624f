"""A sent file read with what was chosen about its columns, and what an upload keeps of that reading."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.errors import ConflictError, InvalidError, NotFoundError, pointer_error
from roster_api.rosters.models import RosterUpload, UploadStatus
from roster_api.rosters.reading.cells import without_hidden_characters
from roster_api.rosters.reading.choices import Choices, SheetChoice
from roster_api.rosters.reading.limited import Opener
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.reading.roster import RosterReading, read_roster
from roster_api.rosters.schemas import WriteMapping
from roster_api.schools.repository import find_school


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came, and how it is to be read. `mapping` None: nothing was said about its columns."""

    name: str
    content: bytes
    include_hidden: bool = False
    mapping: WriteMapping | None = None


async def read_file(
    opener: Opener, content: bytes, *, include_hidden: bool, choices: Choices
) -> tuple[str, RosterReading]:
    """(format, what was read); InvalidError when the file cannot be read as a list."""
    try:
        file_format, sheets = await opener.open_sheets(content)
        return file_format, await opener.think(read_roster, sheets, include_hidden=include_hidden, choices=choices)
    except RefusedFileError as refused:
        raise refusal(refused) from refused


def refusal(refused: RefusedFileError) -> InvalidError:
    """422 with the reader's words."""
    errors = [pointer_error(fault.pointer, code=fault.code, vi=fault.vi, en=fault.en) for fault in refused.faults]
    return InvalidError(refused.code, vi=refused.vi, en=refused.en, errors=errors)


async def refuse_unless_open(session: AsyncSession, *, principal: Principal, school_id: UUID) -> None:
    """404 for a school that is missing, another's or archived."""
    school = await find_school(session, principal=principal, school_id=school_id)
    if school is None or school.archived_at is not None:
        raise NotFoundError


def refuse_if_purged(upload: RosterUpload) -> None:
    """409 for a list whose time is over: neither the file nor its rows are kept any more."""
    if upload.purged_at is not None:
        raise ConflictError(
            "roster.purged",
            vi="Tệp này đã hết thời hạn lưu giữ; chỉ còn số liệu tổng hợp. Hãy gửi lại tệp.",
            en="This list is kept no longer; only what it came to is. Send the file again.",
        )


def values_of(reading: RosterReading, counts: dict[str, int], *, was_chosen: bool) -> dict[str, Any]:
    """The columns of roster_uploads that come from a reading. `was_chosen`: somebody said what the columns are."""
    choices = [asdict(choice) for choice in reading.choices]
    return {
        "status": (UploadStatus.HAS_ERRORS if counts["error"] else UploadStatus.READY).value,
        "counts": counts,
        "notes": [
            {"vi": without_hidden_characters(vi), "en": without_hidden_characters(en)} for vi, en in reading.notes
        ],
        "header_rows": {header.sheet: max(header.row, 1) for header in reversed(reading.headers)},
        "mapping": [asdict(table) for table in reading.tables],
        "choices": choices if choices or was_chosen else None,
    }


def chosen(body: WriteMapping) -> Choices:
    """The body as the reader takes it."""
    sheets = tuple(SheetChoice(one.sheet, one.header_row, dict(one.columns)) for one in body.sheets)
    return Choices(sheets, body.values.model_dump(exclude_none=True))


def remembered(kept: list[dict[str, Any]] | None) -> Choices:
    """What was chosen for the school's last committed list, to be proposed for the next one."""
    return Choices(remembered=tuple(
        SheetChoice(
            sheet=choice["sheet"], header_row=choice["header_row"], columns=choice["columns"],
            values=choice["values"], texts=tuple(choice["texts"]),
        )
        for choice in kept or []
    ))  # fmt: skip
