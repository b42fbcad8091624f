"""The annex of the decision: a workbook by school and by commune, in the order and wording of an official list.

Every cell is written as text or number, never as a formula; the footer of each page carries the plan's id and hash.
"""

import io
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import xlsxwriter
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.campaigns.models import Campaign
from roster_api.plans import repository
from roster_api.plans.first_page import read_first_page
from roster_api.plans.models import Plan
from roster_api.plans.schemas import PlacementOut, ResponsibilityOut
from roster_api.plans.scope import RowScope
from roster_api.plans.service import list_placements, list_responsibilities
from roster_api.workbook_layout import VIETNAMESE_DECIMALS, height_of, print_on_a4

EVERYTHING = 1_000_000
ROLES = {"lecturer": "Giảng viên", "teacher": "Giáo viên", "student": "Sinh viên", "official": "Viên chức"}
RESPONSIBILITY_HEADS = (
    "STT",
    "Xã, phường, đặc khu",
    "Mã",
    "Trường phụ trách",
    "Vai trò",
    "Khoảng cách (km)",
    "Số người",
)
REASON_HEADS = ("STT", "Điều cần giải trình, và lý do")
PEOPLE_HEADS = (
    "STT",
    "Họ và tên",
    "Đối tượng",
    "Trường",
    "Xã, phường, đặc khu",
    "Các ngày",
    "Số ngày",
    "Km",
    "Ngoại lệ",
)


async def read_annex(session: AsyncSession, principal: Principal, plan: Plan) -> Callable[[], bytes]:
    """What makes the workbook, holding the rows this principal may see; no phone numbers or addresses.

    To be called outside the transaction, in a thread: a long list takes seconds.
    """
    campaign = await repository.get_campaign(session, plan.campaign_id)
    responsibilities, _ = await list_responsibilities(session, principal, plan, limit=EVERYTHING, offset=0)
    placements, _ = await list_placements(session, principal, plan, filters=RowScope(), limit=EVERYTHING, offset=0)
    page = await read_first_page(session, plan, principal)
    reasons = [*(one.vi for one in page.left_out), *(one.vi for one in page.remarks)]
    return partial(write_annex, campaign, plan, responsibilities, placements, reasons)


def name_in_words(plan: Plan) -> str:
    """A draft's number is not a version's: the paper says which it is."""
    return f"phương án số {plan.version}" if plan.version else f"dự thảo số {plan.draft_number}, chưa ban hành"


def name_in_file(plan: Plan) -> str:
    return f"phuong-an-{plan.version}" if plan.version else f"du-thao-{plan.draft_number}"


def write_annex(
    campaign: Campaign,
    plan: Plan,
    responsibilities: Sequence[ResponsibilityOut],
    placements: Sequence[PlacementOut],
    reasons: Sequence[str] = (),
) -> bytes:
    """`reasons`: sentences for the first sheet, which is left out where there are none."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    # A fixed date: the same plan gives the same bytes.
    created = (plan.published_at or plan.created_at).replace(tzinfo=None)
    book.set_properties({"title": f"Phụ lục - {campaign.name}", "created": created})
    schools = {row.school_code: row.school_name for row in responsibilities}
    by_commune = _list_relations(responsibilities, placements)
    by_school = sorted(by_commune, key=lambda row: (row[2], row[3] != "Phụ trách"))
    sheets = _Sheets(book, campaign, plan)
    if reasons:
        sheets.add("Giải trình", "NHỮNG ĐIỀU CẦN GIẢI TRÌNH", REASON_HEADS, [(one,) for one in reasons], (5, 140))
    sheets.add(
        "Theo xã", "PHÂN CÔNG TRƯỜNG PHỤ TRÁCH THEO XÃ", RESPONSIBILITY_HEADS, by_commune, (5, 30, 9, 44, 12, 11, 9)
    )
    sheets.add("Theo trường", "PHÂN CÔNG THEO TRƯỜNG", RESPONSIBILITY_HEADS, by_school, (5, 30, 9, 44, 12, 11, 9))
    sheets.add(
        "Danh sách",
        "DANH SÁCH NGƯỜI ĐƯỢC HUY ĐỘNG",
        PEOPLE_HEADS,
        [_person(row, schools) for row in placements],
        (5, 28, 13, 40, 30, 18, 8, 7, 40),
    )
    book.close()
    return buffer.getvalue()


def _list_relations(
    responsibilities: Sequence[ResponsibilityOut], placements: Sequence[PlacementOut]
) -> list[tuple[Any, ...]]:
    people = Counter((row.commune_code, row.school_code) for row in placements)
    return [
        (
            row.commune_name,
            row.commune_code,
            row.school_name,
            "Phụ trách" if row.is_lead else "Hỗ trợ",
            round(row.distance_m / 1000, 1),
            people[row.commune_code, row.school_code],
        )
        for row in responsibilities
    ]


def _person(row: PlacementOut, schools: dict[str, str]) -> tuple[Any, ...]:
    return (
        row.full_name,
        ROLES[row.role],
        schools.get(row.school_code, row.school_code),
        row.commune_name,
        ", ".join(f"T{day + 2}" for day in row.weekdays),
        len(row.dates),
        round(row.distance_m / 1000),
        "; ".join(one.vi for one in row.lost),
    )


class _Sheets:
    """Writes sheets that look alike: heading, campaign, table with repeated header row, footer with the hash."""

    def __init__(self, book: Any, campaign: Campaign, plan: Plan) -> None:
        self._book = book
        self._campaign = campaign
        self._plan = plan
        base = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
        cell = {**base, "border": 1, "text_wrap": True}
        self._title = book.add_format({**base, "bold": True, "font_size": 14, "align": "center"})
        self._subtitle = book.add_format({**base, "italic": True, "align": "center"})
        self._head = book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#DCE6F1"})
        self._text = book.add_format(cell)
        self._number = book.add_format({**cell, "align": "center", "num_format": VIETNAMESE_DECIMALS})

    def add(
        self,
        name: str,
        title: str,
        heads: Sequence[str],
        rows: Sequence[tuple[Any, ...]],
        widths: Sequence[int],
    ) -> None:
        sheet = self._book.add_worksheet(name)
        last = len(heads) - 1
        period = f"{self._campaign.starts_on:%d/%m/%Y} - {self._campaign.ends_on:%d/%m/%Y}"
        sheet.merge_range(0, 0, 0, last, title, self._title)
        sheet.merge_range(
            1, 0, 1, last, f"{self._campaign.name} ({period}), {name_in_words(self._plan)}", self._subtitle
        )
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(3, column, head, self._head)
        sheet.set_row(3, height_of(heads, widths))
        for number, row in enumerate(rows, start=1):
            sheet.set_row(3 + number, height_of((number, *row), widths))
            for column, value in enumerate((number, *row)):
                if isinstance(value, str):
                    sheet.write_string(3 + number, column, value, self._text)
                else:
                    sheet.write_number(3 + number, column, value, self._number)
        print_on_a4(sheet, header_row=3)
        sheet.freeze_panes(4, 0)
        sheet.autofilter(3, 0, 3 + max(1, len(rows)), last)
        sheet.set_footer(f"&L&8Phương án {self._plan.id}\nsha256 {self._plan.content_sha256}&R&8&P / &N")
