"""The review as a docx, and as a workbook."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

import xlsxwriter

from roster_api.evaluations.models import HIGHEST, LOWEST
from roster_api.papers.layout import Heading, OfficialPaper, Signature
from roster_api.papers.tables import Column
from roster_api.papers.wording import in_sentence, place_of
from roster_api.review.schemas import EvaluationRow, Review
from roster_api.review.text import NOTHING, number
from roster_api.workbook_layout import VIETNAMESE_DECIMALS, height_of, print_on_a4

PLACE_HEADS = (
    "Người phân công",
    "Người đã đến",
    "Ngày kế hoạch",
    "Ngày xác nhận",
    "Vắng",
    "Chưa xác nhận",
    "Ghi khác nhau",
)
PLACE_COLUMNS = (Column("STT", 12, centred=True), Column("Tên", 60),
                 *(Column(head, 25, centred=True) for head in PLACE_HEADS))  # fmt: skip
FIGURE_COLUMNS = (Column("STT", 12, centred=True), Column("Chỉ tiêu", 108), Column("Số liệu", 40, centred=True))
WIDE = {"Tên", "Chỉ tiêu", "Nhiệm vụ", "Xã"}
MARK_COLUMNS = (Column("STT", 12, centred=True), Column("Đánh giá", 88), Column("Số phiếu", 30, centred=True),
                Column("Trung bình", 30, centred=True))  # fmt: skip


def write_docx(review: Review) -> bytes:
    """The same review gives the same bytes."""
    paper = OfficialPaper(
        title=f"Báo cáo tổng kết {review.campaign_name}",
        author="Sở Nội vụ",
        made_at=datetime.combine(review.as_of, time(), UTC),
        footer=f"Chiến dịch {review.campaign_id}, số liệu ngày {review.as_of:%d/%m/%Y}",
    )
    place = place_of(review.province_name)
    paper.add_heading(
        Heading(f"UBND {review.province_name.upper()}", ("SỞ NỘI VỤ",), "Số:         /BC-SNV", place, None)
    )
    paper.add_title("BÁO CÁO", f"Kết quả {review.campaign_name}")
    for paragraph in review.text_vi:
        paper.add_paragraph(paragraph)
    paper.add_table(FIGURE_COLUMNS, [(at, row.vi, number(row.value)) for at, row in enumerate(review.figures, start=1)])
    if review.evaluation:
        shown = [(at, row.vi, row.evaluations, _mean(row)) for at, row in enumerate(review.evaluation, start=1)]
        paper.add_table(MARK_COLUMNS, shown)
    paper.add_ending((f"Ủy ban nhân dân {in_sentence(review.province_name)}", "Lưu: VT"), Signature(("GIÁM ĐỐC",), ""))
    reference = f"Kèm theo Báo cáo kết quả {review.campaign_name}"
    for title, rows in (
        ("KẾT QUẢ THEO XÃ, PHƯỜNG, ĐẶC KHU", review.communes),
        ("KẾT QUẢ THEO CƠ SỞ ĐÀO TẠO", review.schools),
    ):
        table = [(at, *_place(row)) for at, row in enumerate(rows, start=1)]
        paper.add_annex(title, reference, PLACE_COLUMNS, table, landscape=True)
    return paper.to_bytes()


def _counts(row: EvaluationRow) -> list[int | str]:
    return [*row.counts] if row.counts else [""] * HIGHEST


def _mean(row: EvaluationRow) -> str:
    return "dưới 3 phiếu" if row.mean is None else f"{row.mean:.2f}".replace(".", ",")


def _place(row: Any) -> tuple[Any, ...]:
    return (row.name, row.people_planned, row.people_came, row.days_planned, row.days_served, row.days_absent,
            row.days_unconfirmed, row.days_disputed)  # fmt: skip


def write_xlsx(review: Review) -> bytes:
    """Each number with the address of its rows; no cell is a formula or a link."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": review.campaign_name, "created": datetime.combine(review.as_of, time())})
    places = ("Mã", "Tên", *PLACE_HEADS)
    title = f"KẾT QUẢ {review.campaign_name}, số liệu ngày {review.as_of:%d/%m/%Y}"
    figures = [(row.vi, NOTHING if row.value is None else row.value, row.rows) for row in review.figures]
    _add_sheet(book, title, "Chỉ tiêu", ("Chỉ tiêu", "Số liệu", "Nguồn"), figures)
    communes = [(row.code, *_place(row), row.rows) for row in review.communes]
    _add_sheet(book, title, "Theo xã", (*places, "Nguồn"), communes)
    _add_sheet(
        book,
        title,
        "Theo trường",
        (*places, "Kinh phí (đồng)", "Nguồn"),
        [(row.code, *_place(row), row.allowance_vnd, row.rows) for row in review.schools],
    )
    _add_sheet(
        book,
        title,
        "Nhiệm vụ",
        ("Nhiệm vụ", "Xã", "Tuần từ", "Số lượng", "Nguồn"),
        [
            (row.duty_name_vi, row.commune_name, f"{row.week_on:%d/%m/%Y}", row.number, row.rows)
            for row in review.duties
        ],
    )
    _add_marks(book, title, review)
    _add_sheet(
        book,
        title,
        "Còn thiếu",
        ("Xã", "Lĩnh vực", "Ngày công/tuần", "Nguồn"),
        [(row.commune_name, row.field_name_vi, row.unmet_days, row.rows) for row in review.lacks],
    )
    book.close()
    return buffer.getvalue()


def _add_marks(book: Any, title: str, review: Review) -> None:
    _add_sheet(
        book,
        title,
        "Đánh giá",
        ("Chỉ tiêu", "Số phiếu", "Trung bình", *(f"Mức {mark}" for mark in range(LOWEST, HIGHEST + 1)), "Nguồn"),
        [
            (row.vi, row.evaluations, "" if row.mean is None else row.mean, *_counts(row), row.rows)
            for row in review.evaluation
        ],
    )


def _add_sheet(book: Any, title: str, name: str, heads: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_header(f'&C&"Times New Roman,Bold"&12{title.replace("&", "&&")}\n{name.upper()}')
    bold = book.add_format(
        {"bold": True, "border": 1, "text_wrap": True, "font_name": "Times New Roman", "align": "center"}
    )
    usual = {"border": 1, "font_name": "Times New Roman", "text_wrap": True, "valign": "top"}
    plain = book.add_format(usual)
    number = book.add_format({**usual, "num_format": VIETNAMESE_DECIMALS})
    widths = [60 if head == "Nguồn" else 40 if head in WIDE else 14 for head in heads]
    for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    widths[-1] = max([60, *(len(row[-1]) for row in rows)])  # an address is not broken
    sheet.set_column(len(heads) - 1, len(heads) - 1, widths[-1])
    sheet.set_row(0, height_of(heads, widths))
    for at, row in enumerate(rows, start=1):
        sheet.set_row(at, height_of(row, widths))
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(at, column, value, plain)
            else:
                sheet.write_number(at, column, value, number)
    sheet.freeze_panes(1, 0)
    sheet.print_area(0, 0, len(rows), len(heads) - 2)  # where the rows are is for who reads it on a screen
    print_on_a4(sheet)
