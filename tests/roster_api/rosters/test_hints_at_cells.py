"""What a workbook asks for when a cell is entered: shown with the column; turned round, it refuses the list."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import xlsxwriter
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from roster_api.registers.declarations import UNITS
from roster_api.rosters.reading.declared import read_declared
from roster_api.rosters.reading.opening import open_sheets
from roster_api.rosters.template import write_template

from tests.roster_api.rosters.conftest import SchoolDesk
from tests.roster_api.rosters.made_lists import NAMES, SHORT, TICKS, Row, book, short, ticks
from tests.roster_api.rosters.wanted import Wanted, check, read

HOA = NAMES[0]
BUSY_ASKED = "Ghi các ngày KHÔNG thể tham gia"


def asking(rows: Sequence[Row], place: str, words: str) -> bytes:
    """A workbook as programs write it, whose cells `place` say `words`."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("DS")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        sheet.data_validation(place, {"validate": "any", "input_title": "Lưu ý", "input_message": words})
    return out.getvalue()


def with_check(place: str, words: str) -> Callable[[], bytes]:
    """The same with a crossed-out row, for which every tag is looked at."""

    def prepare(sheet: Any) -> None:
        rule = DataValidation(type=None, promptTitle="Lưu ý", prompt=words, showInputMessage=True)
        rule.add(place)
        sheet.add_data_validation(rule)
        sheet["A3"].font = Font(strike=True)

    return book([SHORT, short(1), short(2)], prepare=prepare)


@pytest.mark.parametrize("words", [BUSY_ASKED, "Điền thứ bận trong tuần"])
def test_a_column_of_free_days_whose_cells_ask_for_busy_ones_refuses_the_list(words: str) -> None:
    refused = Wanted(refused="roster.columns", notes=(words,))
    check(asking([SHORT, short(1)], "D2:D50", words), refused)
    check(with_check("D2:D50", words), refused)


def test_ticks_whose_cells_say_that_x_is_busy_refuse_the_list() -> None:
    content = asking([TICKS, ticks("x", "", "", "", "")], "D2:H50", "x: có tiết dạy")
    check(content, Wanted(refused="roster.columns", notes=("có tiết dạy",)))


def test_what_cells_of_other_columns_or_above_the_table_ask_for_refuses_nothing() -> None:
    check(asking([[*SHORT, "Lịch học"], [*short(1), ""]], "F2:F50", "Ghi các ngày đi học"), Wanted((HOA,)))
    check(asking([["Ngày lập"], SHORT, short(1)], "D1", BUSY_ASKED), Wanted((HOA,)))


def test_the_mapping_shows_what_the_cells_of_a_column_ask_for() -> None:
    content = asking([[*SHORT, "Đội"], [*short(1), "3"]], "F2:F50", 'Số "đội" > 0 & < 9')
    (table,) = read(content).tables
    assert [column.hint for column in table.unmapped] == ['Lưu ý: Số "đội" > 0 & < 9']
    assert {column.hint for column in table.columns} == {""}
    units = asking([["Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Cũ"], ["A", "B", "Sở"]], "D2", "Tên trước sáp nhập")
    (shown,) = read_declared(open_sheets(units)[1], UNITS).tables
    assert [column.hint for column in shown.unmapped] == ["Lưu ý: Tên trước sáp nhập"]


def test_what_our_own_template_asks_for_turns_nothing_round() -> None:
    check(write_template(), Wanted(refused="roster.empty"))


async def test_the_answer_holds_what_the_cells_ask_for(desk: SchoolDesk) -> None:
    upload = await desk.preview(asking([[*SHORT, "Đội"], [*short(1), "3"]], "F2:F50", "Số của đội"))
    assert [column["hint"] for column in upload["mapping"][0]["unmapped"]] == ["Lưu ý: Số của đội"]
