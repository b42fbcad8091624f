"""A sent file and how it is to be read; what an upload keeps of the reading, or of the reader's refusal."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.errors import ConflictError, InvalidError, NotFoundError, TooManyError, pointer_error
from roster_api.rosters.reading.cells import without_hidden_characters
from roster_api.rosters.reading.choices import Choices, SheetChoice
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.reading.table_mappings import TableMapping
from roster_api.schools.repository import find_school


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


class Purged(Protocol):
    """An upload that is kept for a time."""

    @property
    def purged_at(self) -> Any: ...


def refuse_if_purged(upload: Purged) -> None:
    """409 for a list whose time is over: neither the file nor its rows are kept any more."""
    if upload.purged_at is not None:
        raise ConflictError(
            "roster.purged",
            vi="Tệp này đã hết thời hạn lưu giữ; chỉ còn số liệu tổng hợp. Hãy gửi lại tệp.",
            en="This list is kept no longer; only what it came to is. Send the file again.",
        )


def safe_name(file_name: str) -> str:
    """The file's name as it may be shown."""
    name = without_hidden_characters(file_name.replace("\\", "/").rpartition("/")[2])
    return name.encode("utf-8", "replace").decode()[:200] or "roster"


def too_many_waiting() -> TooManyError:
    """429: others of the same sender are to be read first."""
    return TooManyError(
        "upload.too_many", headers={"Retry-After": "5"},
        vi="Còn nhiều danh sách của bạn chưa đọc xong. Hãy chờ một danh sách đọc xong rồi gửi.",
        en="Several lists of yours are waiting to be read. Wait for one, then send it again.",
    )  # fmt: skip


def values_to_keep(
    *, notes: Sequence[tuple[str, str]], header_rows: dict[str, int], tables: Sequence[TableMapping],
    choices: Sequence[SheetChoice], was_chosen: bool,
) -> dict[str, Any]:  # fmt: skip
    """The columns of an upload that come from a reading. `was_chosen`: somebody said what the columns are."""
    shown = [{"vi": without_hidden_characters(vi), "en": without_hidden_characters(en)} for vi, en in notes]
    return {
        "notes": shown, "header_rows": header_rows, "mapping": tables_to_keep(tables),
        "choices": [asdict(choice) for choice in choices] if choices or was_chosen else None,
    }  # fmt: skip


def tables_to_keep(tables: Sequence[TableMapping]) -> list[dict[str, Any]]:
    """Column `mapping`."""
    return [asdict(table) for table in tables]


class Mapped(Protocol):
    """An upload that may be read as somebody asked, or as was chosen before."""

    @property
    def mapping_asked(self) -> Any: ...

    @property
    def choices(self) -> Any: ...


def chosen_of(upload: Mapped) -> dict[str, Any]:
    """By what choices it was read, as the body of a mapping states them: those asked for, else those remembered."""
    if upload.mapping_asked is not None:
        asked: dict[str, Any] = upload.mapping_asked
        return asked
    kept = upload.choices or []
    sheets = [{name: choice[name] for name in ("sheet", "header_row", "columns")} for choice in kept]
    return {"sheets": sheets, "values": kept[0]["values"] if kept else {}}


def choices_of(upload: Mapped, *, last: list[dict[str, Any]] | None) -> Choices:
    """What was asked for; where nothing was, what was chosen for the last committed list is proposed."""
    return remembered(last) if upload.mapping_asked is None else chosen(upload.mapping_asked)


def chosen(body: dict[str, Any]) -> Choices:
    """A mapping's body as the reader takes it."""
    sheets = tuple(SheetChoice(one["sheet"], one["header_row"], one["columns"]) for one in body["sheets"])
    return Choices(sheets, {name: text for name, text in body["values"].items() if text is not None})


def remembered(kept: list[dict[str, Any]] | None) -> Choices:
    """Choices of an earlier list, to hold where the header's texts match."""
    return Choices(remembered=tuple(
        SheetChoice(
            sheet=choice["sheet"], header_row=choice["header_row"], columns=choice["columns"],
            values=choice["values"], texts=tuple(choice["texts"]),
        )
        for choice in kept or []
    ))  # fmt: skip
