"""The empty list a school may fill in: headers, choices, number formats that keep the zero, and a sheet of help."""

from io import BytesIO

import xlsxwriter

from roster_api.rosters.reading.expertise import FIELD_NAMES

ROWS = 500
HEADERS: tuple[tuple[str, int, str], ...] = (
    ("STT", 6, ""),
    ("Mã số", 16, "Mã cán bộ hoặc mã sinh viên; giúp nhận ra cùng một người ở lần gửi sau."),
    ("Họ và tên", 28, "Bắt buộc. Tiếng Việt có dấu, ví dụ Nguyễn Văn An."),
    ("Vai trò", 18, "Bắt buộc. Giảng viên, Giáo viên, Sinh viên năm 3, Sinh viên năm 4, Viên chức."),
    ("Số điện thoại", 18, "Bắt buộc. Số di động 10 chữ số; ô đã định dạng Văn bản để giữ số 0."),
    ("Email", 28, "Nên có. Không có email thì chỉ nhận được tin nhắn SMS."),
    ("Ngày rảnh", 18, "Bắt buộc. Ví dụ T2, T4, T6."),
    ("Số ngày/tuần", 14, "Số ngày tối đa mỗi tuần, 1 đến 5. Để trống: 2."),
    ("Lĩnh vực", 44, "Bắt buộc. Một hay nhiều lĩnh vực, cách nhau bằng dấu phẩy (xem bên dưới)."),
    ("Đi xa tối đa (km)", 18, "Khoảng cách tối đa từ trường. Để trống: không giới hạn."),
    ("Tổ", 10, "Người cùng tổ được cử đến cùng một xã. Có thể để trống."),
    ("Ngày bận", 30, "Ngày dạy, thi, nghỉ cụ thể, ví dụ: thi 20/11/2026, nghỉ 24-28/11/2026. Có thể để trống."),
)
ROLES = ["Giảng viên", "Giáo viên", "Sinh viên năm 3", "Sinh viên năm 4", "Viên chức"]


def write_template() -> bytes:
    """An .xlsx with the sheets 'Danh sách' (to fill in) and 'Hướng dẫn' (how)."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#DDEBF7", "text_wrap": True, "valign": "vcenter"})
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet("Danh sách")
    for column, (header, width, note) in enumerate(HEADERS):
        sheet.set_column(column, column, width, text if header not in {"STT", "Số ngày/tuần"} else None)
        sheet.write_string(0, column, header, head)
        if note:
            sheet.write_comment(0, column, note)
    sheet.freeze_panes(1, 3)
    sheet.data_validation(1, 3, ROWS, 3, {
        "validate": "list", "source": ROLES, "error_title": "Vai trò",
        "error_message": "Chọn một vai trò trong danh sách.",
    })  # fmt: skip
    sheet.data_validation(1, 7, ROWS, 7, {
        "validate": "integer", "criteria": "between", "minimum": 1, "maximum": 5, "error_title": "Số ngày/tuần",
        "error_message": "Một số từ 1 đến 5.",
    })  # fmt: skip
    _write_help(book)
    book.close()
    return out.getvalue()


def _write_help(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet("Hướng dẫn")
    bold = book.add_format({"bold": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 90, wrap)
    lines = [("Cách điền danh sách", "How to fill in the list"), *((name, note) for name, _, note in HEADERS if note)]
    lines += [("Các lĩnh vực", ", ".join(FIELD_NAMES.values()))]
    example = (
        "1 | GV001 | Nguyễn Văn An | Giảng viên | 0950000123 | an@truong.example | T2, T4 | 2 | Số hóa hồ sơ | 100"
    )
    lines += [("Ví dụ một dòng", example)]
    lines += [("Gửi lại", "Gửi lại cùng một tệp không làm thay đổi gì; tệp đã sửa chỉ thay đổi chỗ đã sửa.")]
    for row, (name, note) in enumerate(lines):
        page.write_string(row, 0, name, bold)
        page.write_string(row, 1, note)
