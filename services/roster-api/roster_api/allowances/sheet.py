"""The month's workbook for the treasury: sums by school, people, lines, and who is paid nothing.

Amounts are written as whole numbers, sums too: no cell is a formula. The same statements give the same bytes.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

from roster_api.allowances.amount_words import say_amount
from roster_api.allowances.computing import Component
from roster_api.allowances.schemas import PaidPerson, SchoolWordOut, StatementOut, UnpaidOut
from roster_api.allowances.service import STATE_WORDS
from roster_api.plans.annex import ROLES
from roster_api.workbook_layout import VIETNAMESE_NUMBER, height_of, print_on_a4

COMPONENT_WORDS = {
    Component.SERVICE_DAY: "Phụ cấp ngày công",
    Component.DISTANCE_DAY: "Phụ cấp theo khoảng cách",
    Component.REMOTE_DAY: "Phụ cấp địa bàn khó khăn",
    Component.TRAVEL_MONTH: "Khoán đi lại theo tháng",
}
SCHOOL_HEADS = (("STT", 5), ("Mã", 12), ("Cơ sở đào tạo", 46), ("Bảng kê số", 11), ("Trạng thái", 20), ("Số người", 9),
                ("Số ngày công", 12), ("Số tiền (đồng)", 18))  # fmt: skip
PEOPLE_HEADS = (("STT", 5), ("Họ và tên", 28), ("Đối tượng", 13), ("Cơ sở đào tạo", 40), ("Số ngày công", 12),
                ("Số tiền (đồng)", 18), ("Ký nhận", 16))  # fmt: skip
LINE_HEADS = (("STT", 5), ("Họ và tên", 28), ("Bảng kê số", 11), ("Nội dung", 28), ("Các ngày", 44), ("Số lượng", 9),
              ("Mức chi (đồng)", 15), ("Thành tiền (đồng)", 18), ("Căn cứ", 40))  # fmt: skip
UNPAID_HEADS = (("STT", 5), ("Họ và tên", 28), ("Cơ sở đào tạo", 40), ("Số ngày được phân công", 14), ("Lý do", 60))

WORD_HEADS = (("STT", 5), ("Họ và tên", 28), ("Cơ sở đào tạo", 40), ("Các ngày", 44), ("Số ngày", 9),
              ("Được chi", 12))  # fmt: skip

SIGNERS = ("NGƯỜI LẬP BIỂU", "KẾ TOÁN TRƯỞNG", "THỦ TRƯỞNG ĐƠN VỊ")


@dataclass(frozen=True)
class SchoolStatement:
    """One statement with its people."""

    statement: StatementOut
    people: Sequence[PaidPerson]
    unpaid: Sequence[UnpaidOut]
    words: Sequence[SchoolWordOut]


def write_sheet(campaign: str, month: date, statements: Sequence[SchoolStatement]) -> bytes:
    """To be called in a thread: a province's month takes a second."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": f"Kinh phí hỗ trợ {campaign}", "created": datetime(month.year, month.month, 1)})  # noqa: DTZ001
    sheets = _Sheets(book, f"{campaign}, tháng {month:%m/%Y}")
    schools = [
        (each.school_code, each.school_name, each.number, STATE_WORDS[each.state], each.people, each.service_days,
         each.total_vnd)
        for each in (one.statement for one in statements)
    ]  # fmt: skip
    sheets.add("Theo trường", "BẢNG TỔNG HỢP KINH PHÍ THEO CƠ SỞ ĐÀO TẠO", SCHOOL_HEADS, schools, sums=(6, 7),
               is_signed=True)  # fmt: skip
    sheets.add("Danh sách chi", "DANH SÁCH CHI TRẢ", PEOPLE_HEADS, _list_people(statements), sums=(4, 5),
               is_signed=True)  # fmt: skip
    sheets.add("Chi tiết", "CHI TIẾT TỪNG KHOẢN", LINE_HEADS, _list_lines(statements), sums=(7,))
    unpaid = {
        person.volunteer_id: (person.full_name, one.statement.school_name, person.planned, person.vi)
        for one in statements
        for person in one.unpaid
    }
    sheets.add("Không chi", "NGƯỜI KHÔNG CÓ NGÀY CÔNG ĐƯỢC XÁC NHẬN", UNPAID_HEADS, list(unpaid.values()))
    words = [
        (
            person.full_name, one.statement.school_name, ", ".join(f"{day:%d/%m}" for day in person.days),
            len(person.days), "Có" if person.is_paid else "Chưa chi",
        )
        for one in statements
        for person in one.words
    ]  # fmt: skip
    sheets.add("Chỉ trường xác nhận", "NGÀY CHỈ TRƯỜNG XÁC NHẬN, XÃ CHƯA TRẢ LỜI", WORD_HEADS, words, sums=(4,))
    book.close()
    return buffer.getvalue()


def _list_people(statements: Sequence[SchoolStatement]) -> list[tuple[Any, ...]]:
    """Each person of a school once, over its statements."""
    rows: dict[tuple[str, Any], list[Any]] = {}
    for one in statements:
        school = one.statement.school_name
        for person in one.people:
            row = rows.setdefault(
                (school, person.volunteer_id), [person.full_name, ROLES[person.role], school, 0, 0, ""]
            )
            row[3] += person.service_days
            row[4] += person.total_vnd
    return [tuple(row) for row in rows.values()]


def _list_lines(statements: Sequence[SchoolStatement]) -> list[tuple[Any, ...]]:
    return [
        (
            person.full_name,
            one.statement.number,
            COMPONENT_WORDS[line.component] + (" (thu hồi)" if line.sign < 0 else ""),
            f"{line.days[0]:%m/%Y}"
            if line.component is Component.TRAVEL_MONTH
            else ", ".join(f"{day:%d/%m}" for day in line.days),
            line.sign * len(line.days),
            line.unit_vnd,
            line.amount_vnd,
            line.legal_basis,
        )
        for one in statements
        for person in one.people
        for line in person.lines
    ]


class _Sheets:
    """Sheets that look alike: title, table with a repeated head, a row of sums."""

    def __init__(self, book: Any, subtitle: str) -> None:
        self._book = book
        self._subtitle = subtitle
        base = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
        cell = {**base, "border": 1, "text_wrap": True}
        self._title = book.add_format({**base, "bold": True, "font_size": 14, "align": "center"})
        self._italic = book.add_format({**base, "italic": True, "align": "center"})
        self._head = book.add_format({**cell, "bold": True, "align": "center"})
        self._text = book.add_format(cell)
        self._place = book.add_format({**cell, "align": "center"})
        self._number = book.add_format({**cell, "num_format": VIETNAMESE_NUMBER})
        self._words = book.add_format({**base, "italic": True})
        self._signer = book.add_format({**base, "bold": True, "align": "center"})
        self._sum = book.add_format({**cell, "bold": True, "num_format": VIETNAMESE_NUMBER})

    def add(
        self,
        name: str,
        title: str,
        heads: Sequence[tuple[str, int]],
        rows: Sequence[tuple[Any, ...]],
        *,
        sums: Sequence[int] = (),
        is_signed: bool = False,
    ) -> None:
        """`sums`: columns, the running number being 0, whose sum stands below; the last of them is the amount, which
        stands in words above those who sign."""
        sheet = self._book.add_worksheet(name)
        last = len(heads) - 1
        sheet.merge_range(0, 0, 0, last, title, self._title)
        sheet.merge_range(1, 0, 1, last, self._subtitle, self._italic)
        for column, (head, width) in enumerate(heads):
            sheet.set_column(column, column, width)
            sheet.write_string(3, column, head, self._head)
        widths = [width for _, width in heads]
        sheet.set_row(3, height_of([head for head, _ in heads], widths))
        for number, row in enumerate(rows, start=1):
            sheet.set_row(3 + number, height_of((number, *row), widths))
            for column, value in enumerate((number, *row)):
                if isinstance(value, str):
                    sheet.write_string(3 + number, column, value, self._text)
                else:
                    sheet.write_number(3 + number, column, value, self._number if column else self._place)
        if sums:
            self._sum_up(sheet, 4 + len(rows), {at: sum(row[at - 1] for row in rows) for at in sums}, last)
        if is_signed:
            self._sign(sheet, 6 + len(rows), sum(row[sums[-1] - 1] for row in rows), last)
        print_on_a4(sheet, header_row=3)
        sheet.freeze_panes(4, 0)
        sheet.set_footer("&R&8&P / &N")

    def _sum_up(self, sheet: Any, row: int, sums: Mapping[int, int], last: int) -> None:
        for column in range(last + 1):
            sheet.write_blank(row, column, None, self._sum)
        sheet.write_string(row, 1, "Tổng cộng", self._sum)
        for column, amount in sums.items():
            sheet.write_number(row, column, amount, self._sum)

    def _sign(self, sheet: Any, row: int, amount: int, last: int) -> None:
        """The amount in words, the day left open, and room for three names."""
        sheet.write_string(row, 1, f"Số tiền bằng chữ: {say_amount(amount)}.", self._words)
        sheet.merge_range(row + 1, last - 2, row + 1, last, "Ngày ...... tháng ...... năm ..........", self._italic)
        for title, first, until in zip(SIGNERS, (1, last - 4, last - 2), (last - 5, last - 3, last), strict=True):
            if first == until:
                sheet.write_string(row + 2, first, title, self._signer)
            else:
                sheet.merge_range(row + 2, first, row + 2, until, title, self._signer)
