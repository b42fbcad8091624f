"""Lists of further kinds that schools send, made here: tables side by side, merged groups, ticks, ends, broken csv."""

import io
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

NAMES = ["Lê Thị Hoa", "Trần Văn Bình", "Nguyễn Thị Cúc", "Phạm Văn Dũng"]
LONG = ["STT", "Mã số", "Họ và tên", "Vai trò", "Số điện thoại", "Email", "Ngày rảnh", "Số ngày/tuần", "Lĩnh vực", "Tổ"]
SHORT = ["Họ và tên", "Vai trò", "SĐT", "Ngày rảnh", "Lĩnh vực"]
TICKS = ["Họ và tên", "Vai trò", "SĐT", "T2", "T3", "T4", "T5", "T6", "Lĩnh vực"]
Row = Sequence[Any]


def long(number: int, **other: Any) -> list[Any]:
    values = [
        number, f"GV{number:03}", NAMES[number - 1], "GV", f"0950000{number:03}", f"p{number}@truong.example", "T2, T4",
        2, "Số hóa hồ sơ", None,
    ]  # fmt: skip
    return list((dict(zip(LONG, values, strict=True)) | other).values())


def short(number: int, **other: Any) -> list[Any]:
    values = [NAMES[number - 1], "GV", f"0950000{number:03}", "T2, T4", "Số hóa hồ sơ"]
    return list((dict(zip(SHORT, values, strict=True)) | other).values())


def ticks(*marks: Any) -> list[Any]:
    return [NAMES[0], "GV", "0950000001", *marks, "KPI"]


def book(
    rows: Sequence[Row], *, merge: str = "", prepare: Callable[[Any], object] | None = None
) -> Callable[[], bytes]:
    """What makes a workbook of one sheet 'DS'; `merge`: ranges with blanks between."""
    return lambda: _write(rows, merge, prepare)


def _write(rows: Sequence[Row], merge: str, prepare: Callable[[Any], object] | None) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "DS"
    for row in rows:
        sheet.append(list(row))
    for place in merge.split():
        sheet.merge_cells(place)
    if prepare:
        prepare(sheet)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def with_sheet(rows: Sequence[Row], name: str, others: Sequence[Row], *, state: str = "visible") -> Callable[[], bytes]:
    """What makes a workbook of two sheets, 'DS' first."""

    def add(sheet: Any) -> None:
        other = sheet.parent.create_sheet(name)
        for row in others:
            other.append(list(row))
        other.sheet_state = state

    return book(rows, prepare=add)


def csv_of(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def hide_row(number: int) -> Callable[[Any], object]:
    return lambda sheet: setattr(sheet.row_dimensions[number], "hidden", True)


def hide_column(letters: str) -> Callable[[Any], object]:
    return lambda sheet: setattr(sheet.column_dimensions[letters], "hidden", True)


def colour_rows(sheet: Any) -> None:
    sheet["A3"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["C4"].font = Font(color="FFFF0000")


def comment(sheet: Any) -> None:
    for place, text in (("C2", "gọi sau 17 giờ"), ("G3", "xin rút từ tháng 12"), ("A4", "trước là 5")):
        sheet[place].comment = Comment(text, "x")


def cross_out(sheet: Any) -> None:
    sheet["G2"].font = sheet["C3"].font = Font(strike=True)
    sheet["G4"] = CellRichText("T2, ", TextBlock(InlineFont(strike=True), "T4"))


def set_formats(sheet: Any) -> None:
    for cell, value, code in (
        ("B2", 101, "00000"), ("E2", 950000001, "0000000000"), ("H3", 0, "0;-0;;@"), ("B3", 7, '"SV"000'),
    ):  # fmt: skip
        sheet[cell].value, sheet[cell].number_format = value, code
