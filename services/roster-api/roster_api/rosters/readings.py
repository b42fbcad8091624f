"""A sent file and how it is to be read; what an upload keeps of the reading, or of the reader's refusal."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.errors import ConflictError, InvalidError, NotFoundError, pointer_error
from roster_api.rosters.models import RosterUpload
from roster_api.rosters.reading.cells import without_hidden_characters
from roster_api.rosters.reading.choices import Choices, SheetChoice
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.schemas import WriteMapping
from roster_api.schools.repository import find_school


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came, and how it is to be read. `mapping` None: nothing was said about its columns."""

    name: str
    content: bytes
    include_hidden: bool = False
    mapping: WriteMapping | None = None


def refusal(refused: RefusedFileError) -> InvalidError:
    """422 with the reader's words."""
    errors = [pointer_error(fault.pointer, code=fault.code, vi=fault.vi, en=fault.en) for fault in refused.faults]
    return InvalidError(refused.code, vi=refused.vi, en=refused.en, errors=errors)


def refusal_to_keep(refused: RefusedFileError) -> dict[str, Any]:
    """Column `refusal`; what a file says of itself is shown without marks that hide or turn round."""
    shown = without_hidden_characters
    return {
        "code": refused.code, "vi": shown(refused.vi), "en": shown(refused.en),
        "errors": [
            {"pointer": shown(fault.pointer), "code": fault.code, "vi": shown(fault.vi), "en": shown(fault.en)}
            for fault in refused.faults
        ],
    }  # fmt: skip


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


def values_to_keep(rest: dict[str, Any], *, was_chosen: bool) -> dict[str, Any]:
    """The columns of roster_uploads that come from a reading. `was_chosen`: somebody said what the columns are."""
    notes = [{"vi": without_hidden_characters(vi), "en": without_hidden_characters(en)} for vi, en in rest["notes"]]
    return {
        "notes": notes, "header_rows": rest["header_rows"], "mapping": rest["tables"],
        "choices": rest["choices"] if rest["choices"] or was_chosen else None,
    }  # fmt: skip


def choices_of(upload: RosterUpload, *, last: list[dict[str, Any]] | None) -> Choices:
    """What was asked for; where nothing was, what was chosen for the school's last committed list is proposed."""
    if upload.mapping_asked is None:
        return remembered(last)
    return chosen(WriteMapping.model_validate(upload.mapping_asked))


def chosen(body: WriteMapping) -> Choices:
    """The body as the reader takes it."""
    sheets = tuple(SheetChoice(one.sheet, one.header_row, dict(one.columns)) for one in body.sheets)
    return Choices(sheets, body.values.model_dump(exclude_none=True))


def remembered(kept: list[dict[str, Any]] | None) -> Choices:
    """Choices of an earlier list, to hold where the header's texts match."""
    return Choices(remembered=tuple(
        SheetChoice(
            sheet=choice["sheet"], header_row=choice["header_row"], columns=choice["columns"],
            values=choice["values"], texts=tuple(choice["texts"]),
        )
        for choice in kept or []
    ))  # fmt: skip
