"""The empty list a school may fill in: an example, choices, checks no narrower than the reader, A4 landscape."""

from io import BytesIO
from typing import Any

import xlsxwriter

from roster_api.rosters.reading.expertise import FIELD_NAMES
from roster_api.rosters.reading.row_kinds import EXAMPLE_PHONE
from roster_api.workbook_layout import LINE, height_of, print_on_a4

ROWS = 500
HEADER_ROW = 5
"""From 0; the example stands below it, then the rows to fill in."""
FIRST, LAST = HEADER_ROW + 2, HEADER_ROW + 1 + ROWS
PRINTED, ROOM_TO_WRITE = 24, 27.0
"""Empty rows on paper, for who fills it in by hand, and their height in points: one page of A4."""
REQUIRED = {"Họ và tên", "Vai trò", "Số điện thoại", "Ngày rảnh", "Lĩnh vực"}
HEADERS: tuple[tuple[str, int, str, str], ...] = (
    ("STT", 6, "VD", ""),
    ("Mã số", 14, "GV001", "Mã cán bộ hoặc mã sinh viên; giúp nhận ra cùng một người ở lần gửi sau."),
    ("Họ và tên", 26, "Nguyễn Văn An", "Bắt buộc. Tiếng Việt có dấu, ví dụ Nguyễn Văn An."),
    ("Vai trò", 18, "Giảng viên", "Bắt buộc. Giảng viên, Giáo viên, Sinh viên năm 3, Sinh viên năm 4, Viên chức."),
    ("Số điện thoại", 16, EXAMPLE_PHONE, "Bắt buộc. Số di động 10 chữ số; ô đã định dạng Văn bản để giữ số 0."),
    ("Email", 26, "an@truong.example", "Nên có. Không có email thì chỉ nhận được tin nhắn SMS."),
    ("Ngày rảnh", 16, "T2, T4", "Bắt buộc. Ví dụ T2, T4, T6. Chọn trong danh sách hoặc gõ."),
    ("Số ngày/tuần", 10, "2", "Số ngày tối đa mỗi tuần, 1 đến 5. Để trống: 2."),
    ("Lĩnh vực", 36, "Số hóa hồ sơ, Tập huấn", "Bắt buộc. Một hay nhiều lĩnh vực, cách nhau bằng dấu phẩy."),
    ("Đi xa tối đa (km)", 12, "100", "Khoảng cách tối đa từ trường. Để trống: không giới hạn."),
    ("Tổ", 8, "", "Người cùng tổ được cử đến cùng một xã. Có thể để trống."),
    (
        "Ngày bận",
        26,
        "thi 9/12/2026",
        "Ngày dạy, thi, nghỉ: thi 20/11/2026, nghỉ 24-28/11/2026. Có thể để trống.",
    ),
)
ROLES = ["Giảng viên", "Giáo viên", "Sinh viên năm 3", "Sinh viên năm 4", "Viên chức"]
DAYS = [
    "T2",
    "T3",
    "T4",
    "T5",
    "T6",
    "T2, T4",
    "T3, T5",
    "T2, T4, T6",
    "T2, T3, T4, T5, T6",
    "sáng T2",
    "cả tuần trừ T4",
]
TOP = (
    "TRƯỜNG: ........................................................................",
    "DANH SÁCH NGƯỜI THAM GIA HỖ TRỢ XÃ, PHƯỜNG",
    "Ngày lập: ......../......../............   Người lập: ......................   Ký duyệt: ......................",
    "Cột có dấu * là bắt buộc. Dòng VD là ví dụ, không được đọc. Mỗi người một dòng.",
)
HELP = "Hướng dẫn"


def write_template() -> bytes:
    """An .xlsx with the sheets 'Danh sách' (to fill in) and 'Hướng dẫn' (how)."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Danh sách")
    _write_top(book, sheet)
    _write_columns(book, sheet)
    _add_checks(sheet)
    sheet.freeze_panes(HEADER_ROW + 1, 3)
    print_on_a4(sheet, header_row=HEADER_ROW)
    sheet.print_area(0, 0, FIRST + PRINTED - 1, len(HEADERS) - 1)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.set_footer("&C&P/&N")
    _write_help(book)
    book.close()
    return out.getvalue()


def _write_top(book: Any, sheet: Any) -> None:
    plain, title = book.add_format({}), book.add_format({"bold": True, "font_size": 14, "align": "center"})
    note = book.add_format({"italic": True, "font_color": "#7F7F7F"})
    sheet.write_string(0, 0, TOP[0], plain)
    sheet.merge_range(1, 0, 1, len(HEADERS) - 1, TOP[1], title)
    sheet.write_string(2, 0, TOP[2], plain)
    sheet.write_string(3, 0, TOP[3], note)


def _write_columns(book: Any, sheet: Any) -> None:
    base = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"}
    needed, other = book.add_format({"bg_color": "#FCE4D6", **base}), book.add_format({"bg_color": "#DDEBF7", **base})
    cell = {"text_wrap": True, "valign": "vcenter"}
    text = book.add_format({"num_format": "@", **cell})
    example = book.add_format({"italic": True, "font_color": "#7F7F7F", "border": 1, **cell})
    empty = book.add_format({"num_format": "@", "border": 1, **cell})
    sheet.set_row(HEADER_ROW, 2 * LINE)
    for row in range(HEADER_ROW + 1, FIRST + PRINTED):
        sheet.set_row(row, ROOM_TO_WRITE)
    for column, (header, width, shown, note) in enumerate(HEADERS):
        sheet.set_column(column, column, width, text if header not in {"STT", "Số ngày/tuần"} else None)
        is_needed = header in REQUIRED
        sheet.write_string(HEADER_ROW, column, f"{header} *" if is_needed else header, needed if is_needed else other)
        sheet.write_string(HEADER_ROW + 1, column, shown, example)
        for row in range(FIRST, FIRST + PRINTED):
            sheet.write_blank(row, column, None, empty)
        if note:
            sheet.write_comment(HEADER_ROW, column, note)


def _add_checks(sheet: Any) -> None:
    """Choices and checks that warn and do not forbid: the reader understands more than a list of choices can hold."""
    columns = {header: column for column, (header, *_) in enumerate(HEADERS)}
    cell = f"{FIRST + 1}"
    lists = {"Vai trò": ("D", len(ROLES)), "Ngày rảnh": ("E", len(DAYS)), "Lĩnh vực": ("F", len(FIELD_NAMES))}
    for header, (letters, count) in lists.items():
        sheet.data_validation(FIRST, columns[header], LAST, columns[header], {
            "validate": "list", "source": f"='{HELP}'!${letters}$2:${letters}${count + 1}", "show_error": False,
            "input_title": header,
            "input_message": "Chọn trong danh sách, hoặc gõ nhiều mục cách nhau bằng dấu phẩy.",
        })  # fmt: skip
    sheet.data_validation(FIRST, columns["Số ngày/tuần"], LAST, columns["Số ngày/tuần"], {
        "validate": "integer", "criteria": "between", "minimum": 1, "maximum": 5, "error_title": "Số ngày/tuần",
        "error_message": "Một số từ 1 đến 5.",
    })  # fmt: skip
    formulas = {
        "Số điện thoại": (f"=AND(LEN(E{cell})>=9,LEN(E{cell})<=20)", "Số di động có 10 chữ số. Vẫn giữ?"),
        "Email": (f'=ISNUMBER(SEARCH("@",F{cell}))', "Địa chỉ email có dấu @. Vẫn giữ?"),
    }
    for header, (formula, message) in formulas.items():
        sheet.data_validation(FIRST, columns[header], LAST, columns[header], {
            "validate": "custom", "value": formula, "error_type": "warning", "error_title": header,
            "error_message": message,
        })  # fmt: skip


def _write_help(book: Any) -> None:
    page = book.add_worksheet(HELP)
    bold = book.add_format({"bold": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 90, wrap)
    page.set_column(3, 5, 24)
    lines = [("Cách điền danh sách", "How to fill in the list"), *((name, note) for name, *_, note in HEADERS if note)]
    lines += [("Các lĩnh vực", ", ".join(FIELD_NAMES.values()))]
    lines += [("Gửi lại", "Gửi lại cùng một tệp không làm thay đổi gì; tệp đã sửa chỉ thay đổi chỗ đã sửa.")]
    for row, (name, note) in enumerate(lines):
        page.set_row(row, height_of((name, note), (26, 90)))
        page.write_string(row, 0, name, bold)
        page.write_string(row, 1, note)
    for column, (name, choices) in enumerate(
        (("Vai trò", ROLES), ("Ngày rảnh", DAYS), ("Lĩnh vực", list(FIELD_NAMES.values()))), start=3
    ):
        page.write_string(0, column, name, bold)
        page.write_column(1, column, choices)
    print_on_a4(page)
