"""A whole file read: the tables in its sheets, the people in them, people told twice, and what was passed over."""

import re
from dataclasses import dataclass, field

from roster_api.rosters.reading.cells import Cell, Sheet, text_of
from roster_api.rosters.reading.columns import Column, Kind
from roster_api.rosters.reading.findings import Finding, error
from roster_api.rosters.reading.headers import Header, find_header
from roster_api.rosters.reading.legacy_text.sheets import repair_notes
from roster_api.rosters.reading.people import (
    CellFinding,
    RosterRow,
    RowReader,
    duplicate_finding,
    shared_mailbox,
)
from roster_api.rosters.reading.preparing import prepare
from roster_api.rosters.reading.refusals import FileFault, RefusedFileError
from roster_api.rosters.reading.words import word_key
from roster_api.text import search_key

MAXIMUM_PEOPLE = 5000
_FOOTER = re.compile(
    r"^(tong (cong|so)|cong\b|nguoi lap|lap bieu|hieu truong|giam doc|thu truong|truong (khoa|phong)|tm\b|t m\b|kt\b"
    r"|xac nhan|ky (va )?ghi|noi nhan|an dinh danh sach|danh sach (nay )?(gom|co)"
    r"|(.*\b)?ngay( \d+)? thang( \d+)? nam\b)"
)
_SECTION = re.compile(
    r"^([ivx]+|[a-h]|\d{1,2}) |^(danh sach|khoa|lop|giang vien|sinh vien|giao vien|hoc vien|can bo)\b"
)
_WORDS = {
    Kind.FULL_NAME: ("Họ và tên", "full name"),
    Kind.ROLE: ("Vai trò (GV/SV)", "role"),
    Kind.PHONE: ("Số điện thoại", "phone"),
    Kind.DAYS: ("Ngày rảnh", "free weekdays"),
    Kind.FIELDS: ("Lĩnh vực", "fields"),
}


@dataclass(slots=True)
class RosterReading:
    """What a file says. `notes` are (vi, en) about what was read and what was passed over."""

    rows: list[RosterRow] = field(default_factory=list)
    headers: list[Header] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


def read_roster(sheets: list[Sheet]) -> RosterReading:
    """All people of all sheets that hold a list; RefusedFileError when no sheet does, or a needed column is missing."""
    reading = RosterReading()
    sheets = [prepare(sheet) for sheet in sheets]
    for sheet in sheets:
        header = find_header(sheet)
        if header is None:
            continue
        _check_columns(header)
        reading.headers.append(header)
        reading.rows += _read_rows(sheet, header, reading)
        reading.notes += repair_notes(sheet)
        if len(reading.rows) > MAXIMUM_PEOPLE:
            raise RefusedFileError(
                "roster.too_many_rows", vi=f"Tệp có hơn {MAXIMUM_PEOPLE} người; hãy chia nhỏ.",
                en=f"The file has more than {MAXIMUM_PEOPLE} people; split it.",
            )  # fmt: skip
    if not reading.headers:
        raise RefusedFileError(
            "roster.no_header",
            vi="Không tìm thấy dòng tiêu đề trong 30 dòng đầu. Cần có các cột như Họ và tên, Vai trò, Số điện thoại, "
            "Ngày rảnh, Lĩnh vực. Hãy dùng tệp mẫu.",
            en="No header row in the first 30 rows. Columns such as Họ và tên, Vai trò, Số điện thoại, Ngày rảnh and "
            "Lĩnh vực are needed. Use the template.",
        )
    if not reading.rows:
        raise RefusedFileError(
            "roster.empty", vi="Có dòng tiêu đề nhưng không có người nào bên dưới.",
            en="There is a header row, and nobody under it.",
        )  # fmt: skip
    _find_duplicates(reading.rows, reading.headers)
    _note_what_was_read(sheets, reading)
    return reading


def _check_columns(header: Header) -> None:
    faults = [
        FileFault(
            pointer=f"row:{header.row}/column:{_WORDS[kind][0]}", code="column.missing",
            vi=f"Trang “{header.sheet}”: thiếu cột {_WORDS[kind][0]} (dòng tiêu đề là dòng {header.row}).",
            en=f"Sheet “{header.sheet}”: no column for {_WORDS[kind][1]} (the header is row {header.row}).",
        )
        for kind in header.missing()
    ] + [
        FileFault(
            pointer=f"row:{header.row}/column:{other.header}", code="column.repeated",
            vi=f"Trang “{header.sheet}”: cột {kept.letters} (“{kept.header}”) và cột {other.letters} "
            f"(“{other.header}”) cùng một nội dung; hãy xóa hoặc đổi tên một cột.",
            en=f"Sheet “{header.sheet}”: columns {kept.letters} (“{kept.header}”) and {other.letters} "
            f"(“{other.header}”) say the same; delete or rename one.",
        )
        for kept, other in header.repeated
    ]  # fmt: skip
    if faults:
        raise RefusedFileError(
            "roster.columns", vi="Các cột của danh sách chưa đúng; xem danh sách lỗi.",
            en="The columns of the list are not right; see errors.", faults=faults,
        )  # fmt: skip


def _read_rows(sheet: Sheet, header: Header, reading: RosterReading) -> list[RosterRow]:
    rows: list[RosterRow] = []
    footer_row = 0
    for number, cells in enumerate(sheet.rows[header.first_data_row - 1 :], start=header.first_data_row):
        filled = _filled(cells, header)
        if not filled:
            continue
        is_person = _is_person(cells, header)
        if footer_row and is_person:
            stray = RowReader(header, number, cells).read()
            stray.person = None
            stray.findings.append(_at_name(_after_footer(footer_row), stray, header))
            rows.append(stray)
        elif footer_row or (not is_person and _FOOTER.match(word_key(filled[0][1]))):
            footer_row = footer_row or number
        elif not is_person and len(filled) == 1 and _is_section(filled[0], header):
            text = filled[0][1]
            reading.notes.append((f"Dòng {number} là tiêu đề nhóm: “{text}”.", f"Row {number} is a heading: “{text}”."))
        else:
            rows.append(RowReader(header, number, cells).read())
        if len(rows) > MAXIMUM_PEOPLE:
            break
    return rows


def _filled(cells: list[Cell], header: Header) -> list[tuple[int, str]]:
    """(column, text) of cells with something in them, the running number left out."""
    numbering = header.find(Kind.NUMBERING)
    skipped = numbering.index if numbering else -1
    texts = [(index, text_of(cell)) for index, cell in enumerate(cells)]
    return [(index, text) for index, text in texts if text and not (index == skipped and text.isdecimal())]


def _is_person(cells: list[Cell], header: Header) -> bool:
    """Has a phone number or an address where those belong: surely meant as a person."""
    for kind in (Kind.PHONE, Kind.EMAIL):
        column = header.find(kind)
        text = text_of(cells[column.index]) if column and column.index < len(cells) else ""
        if re.fullmatch(r"[+\d\s().\-–/]{8,}", text) or "@" in text:
            return True
    return False


def _is_section(filled: tuple[int, str], header: Header) -> bool:
    index, text = filled
    is_name = any(column.index == index and column.kind in {Kind.FULL_NAME, Kind.GIVEN} for column in header.columns)
    return not is_name or bool(_SECTION.match(word_key(text)))


def _after_footer(footer_row: int) -> Finding:
    return error(
        "row.after_footer", vi=f"Dòng này nằm sau phần kết của danh sách (dòng {footer_row}).",
        en=f"This row stands below the end of the list (row {footer_row}).",
        mend_vi="Chuyển dòng lên trên phần tổng cộng, ký tên; hoặc xóa.",
        mend_en="Move it above the total and the signatures, or delete it.",
    )  # fmt: skip


def _at_name(finding: Finding, row: RosterRow, header: Header) -> CellFinding:
    return _at(header.find(Kind.FULL_NAME) or header.find(Kind.GIVEN), finding, row, row.shown_name)


def _at(column: Column | None, finding: Finding, row: RosterRow, found: str) -> CellFinding:
    letters, header = (column.letters, column.header) if column else ("A", "")
    return CellFinding(finding, column=header, cell=f"{letters}{row.row}", found=found)


def _find_duplicates(rows: list[RosterRow], headers: list[Header]) -> None:
    """The same code, phone or e-mail in two rows: an error on the later row that names the earlier."""
    by_sheet = {header.sheet: header for header in headers}
    seen: dict[tuple[Kind, str], RosterRow] = {}
    words = {
        Kind.REFERENCE: ("Mã số", "code"),
        Kind.PHONE: ("Số điện thoại", "phone number"),
        Kind.EMAIL: ("Email", "e-mail address"),
    }
    for row in rows:
        if row.person is None:
            continue
        values = {
            Kind.REFERENCE: row.person.external_ref, Kind.PHONE: row.person.phone, Kind.EMAIL: row.person.email
        }  # fmt: skip
        for kind, value in values.items():
            if value is None:
                continue
            first = seen.setdefault((kind, value.casefold()), row)
            if first is not row and kind is Kind.EMAIL and _are_two_people(first, row):
                row.findings.append(_at(by_sheet[row.sheet].find(kind), shared_mailbox(value, first), row, value))
            elif first is not row and not row.has_errors:
                finding = duplicate_finding(*words[kind], first=first, code=f"duplicate.{kind.value}")
                row.findings.append(_at(by_sheet[row.sheet].find(kind), finding, row, value))
        if row.has_errors:
            row.person = None


def _are_two_people(first: RosterRow, second: RosterRow) -> bool:
    """Other names and other phones: an address of both is a mailbox that they share."""
    if first.person is None or second.person is None:
        return False
    have_one_name = search_key(first.person.full_name) == search_key(second.person.full_name)
    return not have_one_name and first.person.phone != second.person.phone


def _note_what_was_read(sheets: list[Sheet], reading: RosterReading) -> None:
    for header in reading.headers:
        count = sum(row.sheet == header.sheet for row in reading.rows)
        reading.notes.append((
            f"Trang “{header.sheet}”: {count} người, tiêu đề ở dòng {header.row}.",
            f"Sheet “{header.sheet}”: {count} people, header in row {header.row}.",
        ))  # fmt: skip
        if header.ignored:
            names = ", ".join(f"“{name}”" for name in header.ignored)
            reading.notes.append((f"Cột không dùng đến: {names}.", f"Columns of no use here: {names}."))
    skipped = [sheet.name for sheet in sheets if sheet.name not in {header.sheet for header in reading.headers}]
    if skipped:
        names = ", ".join(f"“{name}”" for name in skipped)
        reading.notes.append((f"Trang không có danh sách: {names}.", f"Sheets without a list: {names}."))
