"""The attendance sheet: down with a line a day of service, up filled in; every cell is understood or refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

import xlsxwriter
from commune_schemas.problem import FieldError

from roster_api.attendance.models import Outcome
from roster_api.attendance.schemas import AttendanceDay
from roster_api.errors import InvalidError, pointer_error
from roster_api.text import search_key
from roster_api.workbook_layout import print_on_a4

HEADS = ("STT", "Ngày", "Họ và tên", "Trường", "Có mặt", "Lý do vắng", "Người đến thay", "Mã dòng")
WIDTHS = (5, 13, 28, 36, 10, 28, 28, 50)
ANSWER, REASON, OTHER, CODE = 4, 5, 6, 7
"""Columns that are read; the others are for people."""
WORDS = {Outcome.PRESENT: "Có", Outcome.ABSENT: "Vắng", Outcome.REPLACED: "Thay"}
UNDERSTOOD = {
    **dict.fromkeys(("co", "co mat", "x", "v", "1"), Outcome.PRESENT),
    **dict.fromkeys(("vang", "vang mat", "khong", "0"), Outcome.ABSENT),
    **dict.fromkeys(("thay", "thay the", "duoc thay"), Outcome.REPLACED),
}
WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
SHEET = "Điểm danh"
LONGEST_REASON = 300


@dataclass(frozen=True)
class SheetLine:
    """A line that says something. `row`: as in the file, from 1."""

    row: int
    volunteer_id: UUID
    serves_on: date
    outcome: Outcome
    reason: str
    replaced_by: str


def code_of(volunteer_id: UUID, serves_on: date) -> str:
    return f"{serves_on.isoformat()}/{volunteer_id}"


def key_of(content: bytes, row: int) -> str:
    """The same file sent again has the same keys, so nothing is recorded twice."""
    return f"sheet-{sha256(content).hexdigest()[:24]}-{row}"


def write_sheet(days: Sequence[AttendanceDay], *, title: str, own_view: Callable[[AttendanceDay], Any]) -> bytes:
    """`own_view`: what the sender said of a day so far, or None."""
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    page = book.add_worksheet(SHEET)
    usual = {"font_name": "Times New Roman", "font_size": 12}
    bold = book.add_format({**usual, "bold": True, "font_size": 14})
    head = book.add_format({**usual, "bold": True, "border": 1, "align": "center"})
    cell, fill = (book.add_format({**usual, "border": 1, **more}) for more in ({}, {"bg_color": "#FFF7D6"}))
    page.write_string(0, 0, title, bold)
    page.write_string(
        1,
        0,
        "Điền cột Có mặt: Có, Vắng (kèm lý do) hoặc Thay (kèm tên người đến thay). Để trống: chưa rõ.",
        book.add_format(usual),
    )
    for column, (name, width) in enumerate(zip(HEADS, WIDTHS, strict=True)):
        page.write_string(3, column, name, head)
        page.set_column(column, column, width)
    for number, day in enumerate(days):
        view = own_view(day)
        said = (WORDS[view.outcome], view.reason or "", day.replaced_by_name or "") if view else ("", "", "")
        shown = f"{WEEKDAYS[day.serves_on.weekday()]} {day.serves_on:%d/%m/%Y}"
        texts = (str(number + 1), shown, day.full_name, day.school_name, *said)
        for column, text in enumerate((*texts, code_of(day.volunteer_id, day.serves_on))):
            page.write_string(4 + number, column, text, fill if ANSWER <= column <= OTHER else cell)
    if days:
        choices = {"validate": "list", "source": list(WORDS.values()), "error_type": "warning"}
        page.data_validation(4, ANSWER, 3 + len(days), ANSWER, choices)
    page.freeze_panes(4, 3)
    print_on_a4(page, header_row=3)
    page.print_area(0, 0, 3 + len(days), OTHER)  # the line's code is for the reader of the file alone
    page.set_footer("&C&P/&N")
    book.close()
    return out.getvalue()


def read_sheet(sheets: Sequence[tuple[str, list[list[str]]]]) -> list[SheetLine]:
    """Lines with an answer. 422 with the address of every cell that is not understood; then nothing is recorded."""
    name, rows, start = _find_table(sheets)
    lines, errors = [], []
    for number, row in enumerate(rows[start:], start=start + 1):
        texts = [*row, *[""] * (len(HEADS) - len(row))]
        if not texts[CODE].strip() and not any(texts[ANSWER : OTHER + 1]):
            continue
        line = _read_line(texts, number, name)
        if isinstance(line, SheetLine):
            lines.append(line)
        elif line is not None:
            errors.append(line)
    if errors:
        raise not_understood(errors)
    return lines


def not_understood(errors: Sequence[FieldError]) -> InvalidError:
    return InvalidError(
        "attendance_sheet.not_understood",
        vi=f"Có {len(errors)} ô chưa hiểu được; chưa ghi gì. Hãy sửa rồi gửi lại cả tệp.",
        en=f"{len(errors)} cells are not understood; nothing was recorded. Mend them and send the file again.",
        errors=errors,
    )


def _find_table(sheets: Sequence[tuple[str, list[list[str]]]]) -> tuple[str, list[list[str]], int]:
    for name, rows in sheets:
        for number, row in enumerate(rows[:20]):
            if tuple(row[: len(HEADS)]) == HEADS:
                return name, rows, number + 1
    raise InvalidError(
        "attendance_sheet.not_ours",
        vi="Tệp không phải phiếu điểm danh tải từ hệ thống: không có dòng tiêu đề của phiếu.",
        en="The file is no attendance sheet of this system: its heading is missing.",
    )


def _read_line(texts: Sequence[str], number: int, sheet: str) -> SheetLine | FieldError | None:
    """None of a line without an answer."""
    day, _, person = texts[CODE].strip().partition("/")
    answer = texts[ANSWER].strip()
    if not answer and not texts[REASON] and not texts[OTHER]:
        return None
    outcome = UNDERSTOOD.get(search_key(answer))
    if outcome is None:
        return cell_error(sheet, ANSWER, number, f"“{answer}” không phải Có, Vắng hoặc Thay.", "Not Có, Vắng or Thay.")
    reason, other = texts[REASON].strip(), texts[OTHER].strip()
    if outcome is Outcome.ABSENT and not 0 < len(reason) <= LONGEST_REASON:
        return cell_error(sheet, REASON, number, "Vắng thì cần lý do, tối đa 300 chữ.", "An absence needs a reason.")
    if (outcome is Outcome.REPLACED) != bool(other):
        return cell_error(sheet, OTHER, number, "Thay thì cần tên người đến thay, và chỉ khi đó.", "Who came instead?")
    try:
        return SheetLine(number, UUID(person), date.fromisoformat(day), outcome, reason[:LONGEST_REASON], other)
    except ValueError:
        return cell_error(sheet, CODE, number, "Mã dòng đã bị sửa; hãy tải phiếu mới.", "The line's code was changed.")


def cell_error(sheet: str, column: int, row: int, vi: str, en: str) -> FieldError:
    return pointer_error(f"/{sheet}/{'ABCDEFGH'[column]}{row}", code="attendance_sheet.cell", vi=vi, en=en)
