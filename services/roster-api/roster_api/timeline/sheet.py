"""The starting points as one sheet, to print or to send on."""

from collections.abc import Mapping, Sequence
from io import BytesIO

from xlsxwriter import Workbook

from roster_api.timeline.schemas import StartingPointOut
from roster_api.workbook_layout import height_of, print_on_a4

HEADER = (
    "Xã, phường", "Trường phụ trách", "Trạng thái", "Buổi đầu tiên", "Nhiệm vụ đầu tiên", "Đầu mối của xã",
    "Đầu mối của trường", "Theo lời", "Ghi chú",
)  # fmt: skip
WIDTHS = (26, 36, 14, 14, 30, 24, 24, 16, 40)
STATES = {"none": "Chưa có", "proposed": "Đã đề xuất", "agreed": "Đã thống nhất"}
SIDES = {"school": "trường", "commune": "xã"}


def write_points(points: Sequence[StartingPointOut], duties: Mapping[str, str]) -> bytes:
    """`duties`: {code: its Vietnamese name}."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#EDEDED", "text_wrap": True, "valign": "top"})
        body = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Điểm khởi đầu")
        print_on_a4(sheet)
        sheet.freeze_panes(1, 1)
        for column, text in enumerate(HEADER):
            sheet.set_column(column, column, WIDTHS[column])
            sheet.write_string(0, column, text, head)
        for number, point in enumerate(points, start=1):
            cells = _cells(point, duties)
            sheet.set_row(number, height_of(cells, WIDTHS))
            for column, text in enumerate(cells):
                sheet.write_string(number, column, text, body)
    return out.getvalue()


def _cells(point: StartingPointOut, duties: Mapping[str, str]) -> tuple[str, ...]:
    return (
        point.commune_name, point.school_name, STATES[point.state],
        f"{point.first_visit_on:%d/%m/%Y}" if point.first_visit_on else "",
        "; ".join(duties.get(code, code) for code in point.duties),
        point.commune_contact or "", point.school_contact or "", ", ".join(SIDES[side] for side in point.agreed_by),
        point.words,
    )  # fmt: skip
