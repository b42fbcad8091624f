"""A person's row read with what the sheet shows: errors in cells, crossed-out text, ticks beside words, half days."""

from roster_api.rosters.reading.beside import is_busy_elsewhere
from roster_api.rosters.reading.cells import (
    MAXIMUM_CELL_LENGTH,
    TOO_LONG,
    Cell,
    Sheet,
    address,
    column_letters,
    text_of,
    without_hidden_characters,
)
from roster_api.rosters.reading.columns import Column, Kind
from roster_api.rosters.reading.findings import Finding, error, warning
from roster_api.rosters.reading.header_words import why_not_free
from roster_api.rosters.reading.headers import Header
from roster_api.rosters.reading.people import CellFinding, RosterRow, RowReader
from roster_api.rosters.reading.repeats import join_fields, repeat_above, role_of_ticks
from roster_api.rosters.reading.weekdays import NAMES_VI
from roster_api.rosters.reading.words import word_key

_NO_MARKS = {"", "0", "-", "khong", "ko", "no", "false", "k"}
_UNREAD = {Kind.NUMBERING, Kind.OTHERS}
_TWICE = (
    (Kind.DAYS, Kind.DAY_MARK, "days", "ngày rảnh", "free days"),
    (Kind.FIELDS, Kind.FIELD_MARK, "fields", "lĩnh vực", "fields"),
)


def read_person(header: Header, number: int, sheet: Sheet) -> RosterRow:
    """Row `number` (from 0) of the sheet as a person, with every finding; `person` is None while it has errors."""
    cells = list(sheet.rows[number])
    remarks: list[CellFinding] = []
    faulty = _take_out_faults(header, number, sheet, cells, remarks)
    _split_merged_name(header, number, sheet, cells)
    for column, finding in repeat_above(header, number, sheet, cells):
        remarks.append(_at(column, number, finding, _cell(sheet.rows[number], column)))
    join_fields(header, cells)
    with_role, faults = role_of_ticks(header, cells)
    remarks += [_at(column, number, finding, _cell(sheet.rows[number], column)) for column, finding in faults]
    row = RowReader(_one_way_each(with_role, number, cells, remarks), number + 1, cells).read()
    row.columns = header.places
    row.findings = [item for item in row.findings if item.cell not in faulty] + remarks
    _look_at_busy(header, number, cells, row)
    _look_at_halves(header, number, cells, row)
    _look_at_strikes(header, number, sheet, row)
    if sheet.appearance.is_delimited:
        _look_at_width(header, number, sheet, row)
    if row.has_errors:
        row.person = None
    return row


def _at(column: Column, number: int, finding: Finding, cell: Cell) -> CellFinding:
    found = without_hidden_characters(text_of(cell))
    return CellFinding(finding, column=column.header, cell=address(number, column.index), written=found)


def _cell(cells: list[Cell], column: Column) -> Cell:
    return cells[column.index] if column.index < len(cells) else None


def _take_out_faults(
    header: Header, number: int, sheet: Sheet, cells: list[Cell], remarks: list[CellFinding]
) -> set[str]:
    """Empties the cells that show an error or an uncomputed formula, and tells of each; the addresses emptied."""
    faulty: set[str] = set()
    if not sheet.appearance.faults:
        return faulty
    for column in header.columns:
        fault = sheet.appearance.faults.get((number, column.index))
        if fault is None or column.kind in _UNREAD:
            continue
        if column.index < len(cells):
            cells[column.index] = None
        faulty.add(address(number, column.index))
        if fault == TOO_LONG:
            remarks.append(_at(column, number, _too_long(), _cell(sheet.rows[number], column)))
            continue
        is_formula = fault.startswith("=")
        remarks.append(_at(column, number, error(
            "cell.formula" if is_formula else "cell.error",
            vi=f"Ô này là công thức chưa được tính ({fault})." if is_formula else f"Ô này đang báo lỗi {fault}.",
            en=f"The cell is a formula never computed ({fault})." if is_formula else f"The cell shows {fault}.",
            mend_vi="Gõ giá trị thật vào ô, hoặc mở bằng Excel, tính lại và lưu.",
            mend_en="Type the value itself, or open it in Excel, compute and save.",
        ), fault))  # fmt: skip
    return faulty


def _too_long() -> Finding:
    return error(
        "cell.too_long", vi=f"Ô này có hơn {MAXIMUM_CELL_LENGTH} ký tự; phần sau không được đọc.",
        en=f"The cell has more than {MAXIMUM_CELL_LENGTH} characters; what follows is not read.",
        mend_vi="Viết ngắn lại, mỗi ô một nội dung.", mend_en="Write less: one thing in a cell.",
    )  # fmt: skip


def _split_merged_name(header: Header, number: int, sheet: Sheet, cells: list[Cell]) -> None:
    """A whole name in one cell merged over the two columns of names: its last word is the given name."""
    family, given = header.find(Kind.FAMILY), header.find(Kind.GIVEN)
    if family is None or given is None:
        return
    for top, left, bottom, right in sheet.appearance.merges:
        if top <= number <= bottom and left <= family.index and right >= given.index > family.index:
            words = text_of(_cell(cells, family)).split()
            if len(words) > 1:
                cells[family.index], cells[given.index] = " ".join(words[:-1]), words[-1]


def _one_way_each(header: Header, number: int, cells: list[Cell], remarks: list[CellFinding]) -> Header:
    """Days (or fields) both in words and in ticks: the one that is filled; both, when they say the same."""
    for words, mark, code, vi, en in _TWICE:
        column = next((one for one in header.all(words) if text_of(_cell(cells, one))), header.find(words))
        marks = header.all(mark)
        if column is None or not marks:
            continue
        ticked = [one for one in marks if word_key(text_of(_cell(cells, one))) not in _NO_MARKS]
        if not ticked:
            header = header.without(mark)
        elif not text_of(_cell(cells, column)):
            header = header.without(words)
        else:
            by_words = RowReader(header.without(mark), number + 1, cells).read()
            by_marks = RowReader(header.without(words), number + 1, cells).read()
            if _said(by_words, code) is None or _said(by_words, code) != _said(by_marks, code):
                shown = ", ".join(one.header for one in ticked)
                remarks.append(_at(column, number, error(
                    f"{code}.contradict", vi=f"Cột này và các cột đánh dấu ({shown}) ghi {vi} khác nhau.",
                    en=f"This column and the ticks ({shown}) tell different {en}.",
                    mend_vi="Sửa cho hai chỗ giống nhau, hoặc xóa một chỗ.",
                    mend_en="Make them say the same, or delete one.",
                ), _cell(cells, column)))  # fmt: skip
            header = header.without(mark)
    return header


def _said(row: RosterRow, code: str) -> object:
    """The days or fields a row was read to; None when it has errors."""
    if row.person is None:
        return None
    return row.person.free_weekdays if code == "days" else set(row.person.skills)


def _look_at_busy(header: Header, number: int, cells: list[Cell], row: RosterRow) -> None:
    """Busy days in a column of their own: an error where they meet the free ones, or cannot be read as dates."""
    for column in header.all(Kind.BUSY):
        cell = _cell(cells, column)
        if word_key(text_of(cell)) in _NO_MARKS:
            continue
        free = row.person.free_weekdays if row.person else []
        if column.day is not None and column.day not in free:
            continue
        if column.day is None and free and not is_busy_elsewhere(text_of(cell), free):
            continue
        vi, en = why_not_free(column.header)
        row.findings.append(_at(column, number, error(
            "days.busy", vi=f"Cột “{column.header}” {vi}, trong khi ngày rảnh ghi ở cột khác.",
            en=f"Column “{column.header}” {en}, and the free days stand elsewhere.",
            mend_vi="Chỉ ghi ngày rảnh (T2 ... T6) ở cột Ngày rảnh; ngày bận cụ thể (20/11/2026) ở cột Ngày bận.",
            mend_en="Write free weekdays under Ngày rảnh alone, and dated absences (20/11/2026) under Ngày bận.",
        ), cell))  # fmt: skip


def _look_at_halves(header: Header, number: int, cells: list[Cell], row: RosterRow) -> None:
    """Ticks for half days: one half counts as the whole day, and the preview says so."""
    halves = [column for column in header.all(Kind.DAY_MARK) if column.half and column.day is not None]
    ticked = [column for column in halves if word_key(text_of(_cell(cells, column))) not in _NO_MARKS]
    for column in ticked:
        if column.day is None or sum(other.day == column.day for other in ticked) > 1:
            continue
        day = NAMES_VI[column.day]
        row.findings.append(_at(column, number, warning(
            "days.half_day", vi=f"Chỉ đánh dấu buổi {column.half} {day}; được tính cả ngày {day}.",
            en=f"Only half of {day} is ticked; it counts as the whole day.",
        ), _cell(cells, column)))  # fmt: skip


def _look_at_strikes(header: Header, number: int, sheet: Sheet, row: RosterRow) -> None:
    """Crossed-out text: what is meant by it only the sender knows."""
    appearance = sheet.appearance
    if not appearance.struck and not appearance.partly_struck:
        return
    for column in header.columns:
        place = (number, column.index)
        is_part = place in appearance.partly_struck
        if column.kind in _UNREAD or not (is_part or place in appearance.struck):
            continue
        cell = _cell(sheet.rows[number], column)
        if is_part or column.kind in {Kind.DAYS, Kind.DAY_MARK, Kind.ABSENCES, Kind.PHONE, Kind.EMAIL}:
            finding = error(
                "cell.crossed_out", vi="Chữ trong ô bị gạch ngang; không rõ còn dùng hay không.",
                en="Text in the cell is crossed out; whether it still holds is not clear.",
                mend_vi="Xóa phần không dùng, hoặc bỏ gạch ngang.", mend_en="Delete what does not hold, or uncross it.",
            )  # fmt: skip
        else:
            finding = warning(
                "cell.crossed_out", vi="Chữ trong ô bị gạch ngang, nhưng vẫn được đọc.",
                en="The text is crossed out, and read all the same.",
            )  # fmt: skip
        row.findings.append(_at(column, number, finding, cell))


def _look_at_width(header: Header, number: int, sheet: Sheet, row: RosterRow) -> None:
    """A csv row with more cells than the header: a separator inside a cell has moved what follows."""
    cells = sheet.rows[number]
    if not header.row:
        return
    width = max(len(sheet.rows[line]) for line in range(header.row - 1, header.first_data_row - 1))
    beyond = [index for index in range(width, len(cells)) if text_of(cells[index])]
    if beyond:
        row.findings.append(CellFinding(error(
            "row.too_wide", vi="Dòng có nhiều ô hơn dòng tiêu đề: có dấu phân cách nằm trong một ô nào đó.",
            en="The row has more cells than the header: a separator stands inside some cell.",
            mend_vi="Đặt ô có dấu phân cách trong ngoặc kép, hoặc gửi tệp .xlsx.",
            mend_en="Put the cell with the separator in quotation marks, or send .xlsx.",
        ), column="", cell=f"{column_letters(beyond[0])}{number + 1}", written=text_of(cells[beyond[0]])))  # fmt: skip
