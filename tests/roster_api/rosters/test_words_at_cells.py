"""What is wrong with a list is named where it stands, in two languages: one small list for each finding."""

from typing import Any

import pytest
from roster_api.rosters.reading.cells import Appearance, Sheet
from roster_api.rosters.reading.choices import Choices, SheetChoice
from roster_api.rosters.reading.findings import Finding
from roster_api.rosters.reading.opening import MAXIMUM_SHEETS, open_sheets
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.reading.roster import read_roster

from tests.roster_api.rosters.workbooks import HEADER, Row, person, xlsx_of

CELLS: dict[str, tuple[str, dict[str, Any]]] = {
    "distance.not_a_number": ("Khoảng cách tối đa (km)", {"Khoảng cách tối đa (km)": "gần nhà"}),
    "reference.malformed": ("Mã số", {"Mã số": "SV" + "1" * 63}),
    "team.malformed": ("Tổ", {"Tổ": "Tổ " + "a" * 62}),
    "team.repeated": ("Tổ", {"Tổ": "nt"}),
    "team.subject": ("Tổ", {"Tổ": "Tổ Toán"}),
    "email.typing_slip": ("Email", {"Email": "an@gmail.con"}),
    "fields.missing": ("Lĩnh vực", {"Lĩnh vực": None}),
    "role.missing": ("Vai trò", {"Vai trò": None}),
    "name.doubtful": ("Họ và tên", {"Họ và tên": "Nguyễn Văn A"}),
    "name.hidden_characters": ("Họ và tên", {"Họ và tên": "Nguyễn \x07Văn An"}),
    "name.several": ("Họ và tên", {"Họ và tên": "Nguyễn Văn An\nTrần Thị Bình"}),
    "name.strange_character": ("Họ và tên", {"Họ và tên": "Nguyễn Văn @n"}),
    "name.too_long": ("Họ và tên", {"Họ và tên": "Nguyễn " * 18 + "An"}),
    "days.busy": ("Lịch bận", {"Lịch bận": "T2"}),
    "row.not_ticked": ("Đồng ý tham gia", {"Đồng ý tham gia": None}),
}
"""Code -> the column where it is said, and what a person's row has otherwise. Other rows of the list are good."""
GOOD = {"Đồng ý tham gia": "x"}


def sheet_of(header: Row, *rows: Row, name: str = "Danh sách", **appearance: Any) -> Sheet:
    return Sheet(name, [list(row) for row in (header, *rows)], Appearance(**appearance))


def list_with(row: dict[str, Any]) -> Sheet:
    extra = [column for column in row if column not in HEADER]
    others = [person(number, **{column: GOOD.get(column) for column in extra}) for number in (2, 3)]
    return sheet_of([*HEADER, *extra], person(1, **row), *others)


def findings_of(sheet: Sheet) -> dict[str, tuple[str, Finding]]:
    """Code -> (where it is said, what): of the rows that were read."""
    rows = read_roster([sheet]).rows
    return {item.finding.code: (item.column or item.cell, item.finding) for row in rows for item in row.findings}


def check_words(finding: Any) -> None:
    assert finding.vi.strip()
    assert finding.en.strip()
    assert finding.vi != finding.en


@pytest.mark.parametrize("code", CELLS)
def test_a_cell_that_is_wrong_is_named_by_its_column(code: str) -> None:
    column, row = CELLS[code]
    where, finding = findings_of(list_with(row))[code]
    assert where == column
    check_words(finding)


PEOPLE = (HEADER, person(1), person(2))
ROWS: dict[str, Sheet] = {
    "cell.error": sheet_of(*PEOPLE, faults={(1, 5): "#REF!"}),
    "cell.formula": sheet_of(*PEOPLE, faults={(1, 5): "=B2"}),
    "cell.crossed_out": sheet_of(*PEOPLE, struck={(1, 4)}),
    "name.merged": sheet_of(*PEOPLE, merges=[(1, 2, 2, 2)]),
    "row.example": sheet_of(*PEOPLE, name="Hướng dẫn"),
    "row.group_left": sheet_of(HEADER, person(1), ["Danh sách xin rút"], person(2)),
    "row.group_waits": sheet_of(HEADER, person(1), ["Danh sách dự bị"], person(2)),
    "row.too_wide": sheet_of(HEADER, [*person(1), "thêm"], person(2), is_delimited=True),
}


@pytest.mark.parametrize("code", ROWS)
def test_a_row_that_is_doubtful_is_named_with_the_reason(code: str) -> None:
    _, finding = findings_of(ROWS[code])[code]
    check_words(finding)


DAYS = [*HEADER[:6], *(f"T{day}" for day in range(2, 7)), *HEADER[7:]]
TICKED = [*person(1)[:6], "x", None, None, None, None, *person(1)[7:]]
FAULTY: dict[str, Sheet] = {
    "column.missing": sheet_of(HEADER[:-1], person(1)[:-1]),
    "column.repeated": sheet_of([*HEADER, "Số điện thoại"], [*person(1), "0950000999"]),
    "days.doubtful": sheet_of(["Ghi chú: x là ngày bận"], DAYS, TICKED),
    "rows.above_header": sheet_of(person(9), HEADER, person(1)),
    "rows.colours": sheet_of(["Dòng tô đỏ: đã rút"], HEADER, person(1)),
}


@pytest.mark.parametrize("code", FAULTY)
def test_a_list_that_would_be_read_wrong_is_refused_with_what_to_change(code: str) -> None:
    with pytest.raises(RefusedFileError) as refused:
        read_roster([FAULTY[code]])
    faults = {fault.code: fault for fault in refused.value.faults}
    assert faults[code].pointer.startswith("row:")
    check_words(faults[code])


def test_a_file_of_more_sheets_than_are_opened_is_refused_with_their_number() -> None:
    many = xlsx_of({f"S{number}": [HEADER, person(1)] for number in range(MAXIMUM_SHEETS + 1)})
    with pytest.raises(RefusedFileError, match=r"file\.too_many_sheets") as refused:
        open_sheets(many)
    assert str(MAXIMUM_SHEETS + 1) in refused.value.vi


def test_a_choice_of_columns_is_refused_where_a_sheet_holds_two_tables() -> None:
    beside = sheet_of([*HEADER, None, *HEADER], [*person(1), None, *person(2)], [*person(3), None, *person(4)])
    assert len(read_roster([beside]).rows) == 4, "two tables side by side are read as they stand"
    with pytest.raises(RefusedFileError, match=r"mapping\.two_tables") as refused:
        read_roster([beside], choices=Choices((SheetChoice("Danh sách", columns={"E": "phone"}),)))
    check_words(refused.value)


def test_the_lists_that_the_faults_are_put_into_are_read_to_people() -> None:
    for sheet in (sheet_of(*PEOPLE), sheet_of(DAYS, TICKED), list_with({"Tổ": "Tổ 1"}), list_with(GOOD)):
        assert all(row.person for row in read_roster([sheet]).rows)
