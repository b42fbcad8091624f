"""The template is understood by the reader that it is for, its example is nobody, and its choices are all accepted."""

import io

import openpyxl
import pytest
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.reading.weekdays import read_weekdays
from roster_api.rosters.template import DAYS, FIRST, HEADERS, REQUIRED, ROLES, write_template

from tests.roster_api.rosters.wanted import Wanted, check, read


def filled(*rows: list[object]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(write_template()))
    for number, row in enumerate(rows, start=FIRST + 1):
        for column, value in enumerate(row, start=1):
            book["Danh sách"].cell(row=number, column=column, value=value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_empty_template_has_nobody_in_it() -> None:
    with pytest.raises(RefusedFileError, match=r"roster\.empty"):
        read(write_template())


def test_whoever_is_written_into_the_template_is_read() -> None:
    row = [1, "GV002", "Lê Thị Hoa", "GV", "0950000001", "hoa@truong.example", "T2, T4", 2, "Số hóa hồ sơ", 50, "1"]
    wanted = Wanted(("Lê Thị Hoa",), {FIRST + 1: {"max_distance_m": 50_000, "team": "Tổ 1"}}, notes=("VD",))
    check(filled(row), wanted)


def test_an_example_written_over_is_a_person() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_template()))
    book["Danh sách"].cell(row=FIRST, column=3).value = "Lê Thị Hoa"
    book["Danh sách"].cell(row=FIRST, column=5).value = "0950000001"
    out = io.BytesIO()
    book.save(out)
    check(out.getvalue(), Wanted(("Lê Thị Hoa",)))


@pytest.mark.parametrize("role", ROLES)
def test_every_role_to_choose_is_accepted(role: str) -> None:
    row = [1, "GV002", "Lê Thị Hoa", role, "0950000001", "hoa@truong.example", "T2, T4", 2, "Số hóa hồ sơ"]
    check(filled(list(row)), Wanted(("Lê Thị Hoa",)))


@pytest.mark.parametrize("days", DAYS)
def test_every_choice_of_days_is_accepted(days: str) -> None:
    assert read_weekdays(days).value


def test_it_prints_on_one_width_of_a4_and_marks_what_is_required() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_template()))["Danh sách"]
    setup = sheet.page_setup
    assert (setup.orientation, setup.paperSize, setup.fitToHeight) == ("landscape", 9, 0)
    heads = [cell.value for cell in sheet[FIRST - 1]]
    assert heads == [f"{name} *" if name in REQUIRED else name for name, *_ in HEADERS]
    checked = {str(rule.sqref).partition(":")[0].rstrip("0123456789") for rule in sheet.data_validations.dataValidation}
    assert checked == {"D", "E", "F", "G", "H", "I"}
