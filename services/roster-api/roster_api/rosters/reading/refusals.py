"""Why a whole file is refused before any person in it is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from commune_schemas.amounts import amount

from roster_api.rosters.reading.table_mappings import TableMapping


@dataclass(frozen=True, slots=True)
class FileFault:
    pointer: str
    code: str
    vi: str
    en: str


class RefusedFileError(Exception):
    """The file cannot be read as a list; `vi` and `en` say why and what to send instead."""

    def __init__(
        self, code: str, *, vi: str, en: str, faults: Sequence[FileFault] = (), tables: Sequence[TableMapping] = ()
    ) -> None:
        super().__init__(f"{code}: {en}")
        self.code, self.vi, self.en, self.faults = code, vi, en, list(faults)
        self.tables = list(tables)
        """What was found all the same, so that somebody may say what its columns are."""


def too_large(rows: int, columns: int) -> RefusedFileError:
    """A sheet goes on beyond the rows and columns that are read."""
    return RefusedFileError(
        "roster.too_many_rows",
        vi=f"Trang tính có dữ liệu ngoài {rows} dòng, {columns} cột đầu; hãy xóa phần thừa hoặc chia nhỏ tệp.",
        en=f"A sheet has data beyond {amount(rows, 'row')} or {amount(columns, 'column')}; delete that, or split it.",
    )  # fmt: skip


def broken() -> RefusedFileError:
    return RefusedFileError(
        "file.broken", vi="Không mở được tệp: tệp bị hỏng. Hãy mở bằng Excel và lưu lại thành .xlsx.",
        en="The file cannot be opened: it is damaged. Open it in Excel and save it as .xlsx.",
    )  # fmt: skip


def too_heavy() -> RefusedFileError:
    return RefusedFileError(
        "file.too_heavy", vi="Tệp quá nặng để đọc. Hãy chép riêng danh sách sang một tệp .xlsx mới rồi gửi lại.",
        en="The file takes too much to read. Copy the list alone into a new .xlsx file and send that.",
    )  # fmt: skip
