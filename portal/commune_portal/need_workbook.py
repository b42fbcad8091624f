"""The workbook of needs that is filled in and sent back: a row a commune, a column a duty, all of it text."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

CODE, NAME, LEAST, LACKS = "Mã xã", "Xã, phường", "Số người tối thiểu", "Thiếu công chức CNTT"
PRESENCE = tuple(f"Có mặt thứ {number}" for number in range(2, 7))
HELP = (
    "Ô của nhiệm vụ: số người x số ngày mỗi tuần (ví dụ 2 x 3), hoặc số ngày công mỗi tuần; 0: không cần ai.",
    "Thiếu công chức CNTT: ghi x. Dòng để trống mọi ô: nhu cầu của xã giữ nguyên.",
    "Bỏ cả cột nào thì nội dung ấy giữ nguyên như đã khai. Có thể thêm cột Ghi chú và cột Tổng ngày công.",
)
"""On a sheet of its own, which is not read."""
HEADER_POINTS = 64
"""Four lines of it: names of duties are long."""


def write_workbook(
    communes: Sequence[Mapping[str, Any]], duties: Sequence[Mapping[str, Any]], needs: Mapping[str, Mapping[str, Any]]
) -> bytes:
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, text = book.add_worksheet("Nhu cầu"), book.add_format({"num_format": "@", "border": 1})
        bold = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "top", "bg_color": "#EDEDED"})
        header = [CODE, NAME, *(duty["name_vi"] for duty in duties), LEAST, *PRESENCE, LACKS]
        sheet.write_row(0, 0, header, bold)
        sheet.set_column(0, len(header) - 1, 14, text)
        sheet.set_column(1, 1, 30, text)
        sheet.set_row(0, HEADER_POINTS)
        sheet.freeze_panes(1, 2)
        print_on_a4(sheet)
        for number, commune in enumerate(communes, start=1):
            cells = [commune["code"], commune["full_name"], *cells_of(duties, needs.get(commune["code"]))]
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell, text)
        help_sheet = book.add_worksheet("Hướng dẫn")
        help_sheet.write_column(0, 0, HELP)
        help_sheet.set_column(0, 0, 110)
        print_on_a4(help_sheet)
    return out.getvalue()


def print_on_a4(sheet: Any) -> None:
    """Landscape, as wide as the page, the header again on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def cells_of(duties: Sequence[Mapping[str, Any]], need: Mapping[str, Any] | None) -> list[str]:
    """What is declared, as the reader of needs reads it; empty where nothing is."""
    if need is None:
        return [""] * (len(duties) + len(PRESENCE) + 2)
    work = {item["duty_code"]: f"{item['people']} x {item['days_per_week']}" for item in need["items"]}
    least = need["min_people"]
    return [
        *(work.get(duty["code"], "" if work else "0") for duty in duties),
        "" if least is None else str(least),
        *(str(people) if people else "" for people in need["presence"]),
        "x" if need["lacks_it_staff"] else "",
    ]
