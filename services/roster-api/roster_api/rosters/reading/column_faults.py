"""Why a table cannot be read by its columns: what is missing, what is told twice, what looks like it and is not."""

from collections.abc import Sequence

from roster_api.rosters.reading.cells import Sheet, column_letters, text_of
from roster_api.rosters.reading.columns import Column, Kind
from roster_api.rosters.reading.header_words import why_not_free
from roster_api.rosters.reading.headers import ROWS_SEARCHED, Header
from roster_api.rosters.reading.refusals import FileFault, RefusedFileError
from roster_api.rosters.reading.table_mappings import TableMapping

WORDS = {
    Kind.FULL_NAME: ("Họ và tên", "full name"),
    Kind.ROLE: ("Vai trò (GV/SV)", "role"),
    Kind.PHONE: ("Số điện thoại", "phone"),
    Kind.DAYS: ("Ngày rảnh", "free weekdays"),
    Kind.FIELDS: ("Lĩnh vực", "fields"),
}
_ALIKE = {Kind.DAYS: Kind.BUSY, Kind.PHONE: Kind.OTHERS}
_NOT_ONES_OWN = ("không phải số của chính người đó", "is not the person's own")
SAMPLES = 6


def find_faults(header: Header, sheet: Sheet) -> list[FileFault]:
    """What is wrong with the columns of a table; empty when it can be read."""
    return [_missing(header, sheet, kind) for kind in header.missing()] + [
        _repeated(header, kept, other) for kept, other in header.repeated
    ]


def refuse_columns(faults: list[FileFault], tables: Sequence[TableMapping] = ()) -> RefusedFileError:
    return RefusedFileError(
        "roster.columns", tables=tables, vi="Các cột của danh sách chưa đúng; xem danh sách lỗi.",
        en="The columns of the list are not right; see errors.", faults=faults,
    )  # fmt: skip


def _missing(header: Header, sheet: Sheet, kind: Kind) -> FileFault:
    alike = [column for column in header.columns if kind in _ALIKE and column.kind is _ALIKE[kind]]
    vi, en = WORDS[kind]
    more_vi = "".join(f" Cột “{column.header}” {_why(column)[0]}." for column in _one_each(alike))
    more_en = "".join(f" Column “{column.header}” {_why(column)[1]}." for column in _one_each(alike))
    hidden = sorted(sheet.appearance.hidden_columns)
    if hidden:
        letters = ", ".join(column_letters(column) for column in hidden[:10])
        more_vi += f" Có cột bị ẩn ({letters}): hãy bỏ ẩn, hoặc gửi lại với include_hidden = true."
        more_en += f" Some columns are hidden ({letters}): show them, or send again with include_hidden = true."
    return FileFault(
        pointer=f"row:{header.row}/column:{vi}", code="column.missing",
        vi=f"Trang “{header.sheet}”: thiếu cột {vi} (dòng tiêu đề là dòng {header.row}).{more_vi}",
        en=f"Sheet “{header.sheet}”: no column for {en} (the header is row {header.row}).{more_en}",
    )  # fmt: skip


def _why(column: Column) -> tuple[str, str]:
    return why_not_free(column.header) if column.kind is Kind.BUSY else _NOT_ONES_OWN


def _one_each(columns: list[Column]) -> list[Column]:
    """One column a header: five weekdays under one group are named once."""
    return list({column.header.partition(" / ")[0]: column for column in columns}.values())


def _repeated(header: Header, kept: Column, other: Column) -> FileFault:
    return FileFault(
        pointer=f"row:{header.row}/column:{other.header}", code="column.repeated",
        vi=f"Trang “{header.sheet}”: cột {kept.letters} (“{kept.header}”) và cột {other.letters} "
        f"(“{other.header}”) cùng một nội dung; hãy xóa hoặc đổi tên một cột.",
        en=f"Sheet “{header.sheet}”: columns {kept.letters} (“{kept.header}”) and {other.letters} "
        f"(“{other.header}”) say the same; delete or rename one.",
    )  # fmt: skip


def refuse_without_header(sheets: list[Sheet], tables: Sequence[TableMapping]) -> RefusedFileError:
    """No sheet has a header: says what stands in the fullest row of each, and what to do."""
    seen = [words for sheet in sheets if (words := _fullest_row(sheet))]
    found = " ".join(seen[:3]) or "Tệp không có chữ nào."
    beyond = any(sheet.appearance.outside for sheet in sheets)
    more_vi = " Có dữ liệu nằm ngoài 200 cột đầu; hãy chuyển bảng về cột A." if beyond else ""
    more_en = " There is data beyond the first 200 columns; move the table to column A." if beyond else ""
    hidden = [sheet.name for sheet in sheets if sheet.appearance.is_hidden or sheet.appearance.hidden_rows]
    if hidden:
        names = ", ".join(f"“{name}”" for name in hidden[:10])
        more_vi += f" Trang {names} bị ẩn hoặc có dòng ẩn: hãy bỏ ẩn, hoặc gửi với include_hidden = true."
        more_en += f" {names} is hidden or has hidden rows: show them, or send again with include_hidden = true."
    return RefusedFileError(
        "roster.no_header", tables=tables,
        vi=f"Không tìm thấy dòng tiêu đề trong {ROWS_SEARCHED} dòng đầu. {found} Hãy thêm phía trên danh sách một dòng "
        f"ghi tên cột: Họ và tên, Vai trò, Số điện thoại, Ngày rảnh, Lĩnh vực (hoặc dùng tệp mẫu); "
        f"hoặc gửi lại tệp kèm mapping cho biết cột nào là gì (header_row = 0: không có tiêu đề).{more_vi}",
        en=f"No header row in the first {ROWS_SEARCHED} rows. {found} Add a row of column names above the list: "
        f"Họ và tên, Vai trò, Số điện thoại, Ngày rảnh, Lĩnh vực (or use the template); or "
        f"send it with a mapping that says what each column is (header_row = 0: no header).{more_en}",
    )  # fmt: skip


def _fullest_row(sheet: Sheet) -> str:
    texts = [[text_of(cell) for cell in row] for row in sheet.rows[:ROWS_SEARCHED]]
    number, row = max(enumerate(texts), key=lambda pair: sum(bool(text) for text in pair[1]), default=(0, []))
    filled = [text[:30] for text in row if text]
    if not filled:
        return ""
    shown = " | ".join(filled[:SAMPLES])
    return f"“{sheet.name}”, {number + 1}: {shown}{' ...' if len(filled) > SAMPLES else ''}."


_MEANINGS = {
    Kind.REFERENCE: "mã số", Kind.FULL_NAME: "họ và tên", Kind.FAMILY: "họ và chữ đệm", Kind.MIDDLE: "chữ đệm",
    Kind.GIVEN: "tên", Kind.ROLE: "vai trò", Kind.ROLE_MARK: "vai trò (đánh dấu)",
    Kind.YEAR: "năm thứ", Kind.PHONE: "số điện thoại", Kind.EMAIL: "email",
    Kind.DAYS: "ngày rảnh", Kind.DAY_MARK: "ngày rảnh (đánh dấu)", Kind.MAX_DAYS: "số ngày/tuần",
    Kind.FIELDS: "lĩnh vực", Kind.FIELD_MARK: "lĩnh vực (đánh dấu)", Kind.DISTANCE: "đi xa tối đa", Kind.TEAM: "tổ",
    Kind.ABSENCES: "ngày bận", Kind.BUSY: "ngày không đọc là rảnh",
}  # fmt: skip


def describe_columns(header: Header) -> tuple[str, str]:
    """(vi, en): what each column of a table was taken for, so that the sender can object."""
    known = [column for column in header.columns if column.kind in _MEANINGS]
    vi = "; ".join(f"{column.letters} “{column.header}” là {_MEANINGS[column.kind]}" for column in known)
    en = "; ".join(f"{column.letters} “{column.header}” is {column.kind.value}" for column in known)
    vi += "".join(f"; mọi dòng: {_MEANINGS[kind]} “{text}”" for kind, text in header.for_all.items())
    en += "".join(f"; in every row {kind.value} is “{text}”" for kind, text in header.for_all.items())
    return (
        f"Trang “{header.sheet}”, tiêu đề dòng {header.row}: cột {vi}.",
        f"Sheet “{header.sheet}”, header in row {header.row}: {en}.",
    )
