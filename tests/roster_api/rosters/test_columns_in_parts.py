"""What stands in several columns, or above a table: parts of the day, both ends of a leave, names, roles."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from roster_api.registers.declarations import STAFF
from roster_api.rosters.reading.choices import Choices, SheetChoice
from roster_api.rosters.reading.declared import read_declared
from roster_api.rosters.reading.opening import open_sheets
from roster_api.rosters.reading.roster import read_roster
from roster_api.training.sheet import COLUMNS as COURSE

from tests.roster_api.rosters.made_lists import NAMES, SHORT, Row, book, csv_of, short
from tests.roster_api.rosters.wanted import Content, Wanted, check

HOA, BINH, CUC, DUNG = NAMES
WITHOUT_ROLE = [SHORT[0], *SHORT[2:]]


def halves(over: Sequence[Any], *days: Row, below: Sequence[Any] = (), merge: str = "") -> Content:
    """Each person's days under the headers `over`, from column D on."""
    head = [[*SHORT[:3], *over, SHORT[4]], *([[*[None] * 3, *below]] if below else [])]
    people = [[*short(number)[:3], *row, "KPI"] for number, row in enumerate(days, start=1)]
    return book([*head, *people], merge=merge)


def free(*days: int) -> dict[str, Any]:
    return {"free_weekdays": list(days)}


def leave(over: Sequence[Any], *ends: Row, below: Sequence[Any] = (), merge: str = "") -> Content:
    """Each person's leave behind the usual columns, from column F on."""
    head = [[*SHORT, *over], *([[*[None] * 5, *below]] if below else [])]
    return book([*head, *([*short(number), *row] for number, row in enumerate(ends, start=1))], merge=merge)


def away(first: str, last: str) -> dict[str, Any]:
    return {"absences": [{"starts_on": first, "ends_on": last, "kind": "leave", "note": ""}]}


def person(number: int) -> list[Any]:
    cells = short(number)
    return [cells[0], *cells[2:]]


DATES = ["Từ ngày", "Đến ngày"]
FIRST_WEEK = away("2026-12-01", "2026-12-05")
KINDS: dict[str, tuple[Content, Wanted]] = {
    "mornings and afternoons": (
        halves(["Rảnh sáng", "Rảnh chiều"], ["T2, T4", "T2"], [None, "T3"], ["Không", "-"], ["cả tuần", "không"]),
        Wanted((HOA, BINH, DUNG), {2: free(0, 2), 3: free(1), 5: free(0, 1, 2, 3, 4)}, errors={"D4"},
               warnings={"D2", "E3", "D5"}),
    ),
    "mornings and afternoons under one header": (
        halves(["Lịch rảnh", None], ["T2, T4", "T2"], [None, "T3"], below=["Sáng", "Chiều"],
               merge="D1:E1 A1:A2 B1:B2 C1:C2 F1:F2"),
        Wanted((HOA, BINH), {3: free(0, 2), 4: free(1)}, warnings={"D3", "E4"}),
    ),
    "mornings, afternoons and whole days": (
        halves(["Sáng rảnh", "Chiều rảnh", "Rảnh cả ngày"], ["T2", "T3", "T4"]),
        Wanted((HOA,), {2: free(0, 1, 2)}, warnings={"D2", "E2"}),
    ),
    "evenings beside them": (
        halves(["Rảnh sáng", "Rảnh chiều", "Rảnh tối"], ["T2", "T2", "T6"]),
        Wanted((HOA,), {2: free(0)}, notes=("Rảnh tối",)),
    ),
    "evenings alone": (
        halves(["Ngày rảnh (buổi tối)"], ["T2"]), Wanted(refused="roster.columns", notes=("thiếu cột Ngày rảnh",)),
    ),
    "mornings beside days of any sort": (
        halves(["Ngày rảnh", "Buổi sáng rảnh"], ["T2", "T3"]),
        Wanted(refused="roster.columns", notes=("cùng một nội dung",)),
    ),
    "busy mornings and afternoons": (
        halves(["Lịch bận", None], ["T2", "T3"], below=["Sáng", "Chiều"], merge="D1:E1"),
        Wanted(refused="roster.columns", notes=("thiếu cột Ngày rảnh",)),
    ),
    "one half that is not understood": (
        halves(["Rảnh sáng", "Rảnh chiều"], ["T2", "sau T3"], ["trừ T2", "T9"]), Wanted((), errors={"E2", "E3"}),
    ),
    "csv: mornings by the header": (
        csv_of("Họ tên,Vai trò,SĐT,Buổi sáng rảnh,Lĩnh vực", f'{HOA},GV,0950000001,"T2, T4",KPI'),
        Wanted((HOA,), {2: free(0, 2)}, warnings={"D2"}),
    ),
    "leave from one date to another": (
        leave(["Nghỉ phép", None], [date(2026, 12, 1), date(2026, 12, 5)], [None, None], [date(2026, 12, 1), None],
              below=DATES, merge="F1:G1"),
        Wanted((HOA, BINH), {3: FIRST_WEEK, 4: {"absences": []}}, errors={"F5"}),
    ),
    "a journey from one date to another": (
        leave(["Đi công tác", None], ["1/12/2026", "5/12/2026"], ["1/12", "5/12/2026"], below=DATES, merge="F1:G1"),
        Wanted((HOA, BINH), {3: FIRST_WEEK, 4: FIRST_WEEK}),
    ),
    "leave by headers of one row": (
        leave(["Nghỉ từ ngày", "Đến ngày"], ["1/12/2026", "5/12/2026"], ["1/12/2026", "Không"]),
        Wanted((HOA,), {2: FIRST_WEEK}, errors={"F3"}),
    ),
    "leave with several dates in a cell": (
        leave(["Bận từ ngày", "Bận đến ngày"], ["1/12/2026, 8/12/2026", "9/12/2026"], ["T2", "T4"]),
        Wanted((), errors={"F2", "F3"}),
    ),
    "leave with the month first": (
        leave(["Nghỉ từ ngày", "Nghỉ đến ngày"], ["12/14/2026", "12/18/2026"], ["12/01/2026", "12/05/2026"]),
        Wanted((HOA, BINH), {2: away("2026-12-14", "2026-12-18"), 3: FIRST_WEEK}, warnings={"F2", "F3"}),
    ),
    "leave with its reason": (
        leave(["Nghỉ từ ngày", "Nghỉ đến ngày", "Lý do nghỉ"], ["1/12/2026", "5/12/2026", "Việc nhà"],
              ["1/12/2026", "5/12/2026", "Xin rút"]),
        Wanted((HOA,), {2: FIRST_WEEK}, errors={"H3"}),
    ),
    "a reason, and no days of leave": (leave(["Lý do nghỉ"], ["Việc nhà"]), Wanted((), errors={"F2"})),
    "a birthday in three columns": (
        book([["Họ và tên", "Ngày sinh", None, None, *SHORT[1:]], [None, "Ngày", "Tháng", "Năm"],
              [HOA, 5, 6, 1990, "GV", "0950000001", "T2, T5", "KPI"]],
             merge="B1:D1 A1:A2 E1:E2 F1:F2 G1:G2 H1:H2"),
        Wanted((HOA,), {3: free(0, 3)}),
    ),
    "the leader of a team": (
        book([[*SHORT, "Nhóm"], [*short(1), "Nhóm 1 (nhóm trưởng)"], [*short(2), "Nhóm 1"]]),
        Wanted((HOA, BINH), {2: {"team": "Nhóm 1"}, 3: {"team": "Nhóm 1"}}, warnings={"F2"}),
    ),
    "two leaves": (
        leave([*["Nghỉ đợt 1", None], *["Nghỉ đợt 2", None]], ["1/12/2026", "5/12/2026", None, None],
              below=[*DATES, *DATES], merge="F1:G1 H1:I1"),
        Wanted((), errors={"F3", "G3"}),
    ),
    "from and to of nothing that is named": (
        leave(DATES, ["1/12/2026", "5/12/2026"]), Wanted((HOA,), {2: {"absences": []}}, warnings={"F2", "G2"}),
    ),
    "years of service": (
        leave(["Quá trình công tác", None], ["1/9/2010", "1/9/2020"], below=DATES, merge="F1:G1"),
        Wanted((), errors={"F3", "G3"}),
    ),
    "a name merged over a column that is empty": (
        book([["Họ và tên", None, *SHORT[1:]], [HOA, None, *short(1)[1:]]], merge="A1:B1"), Wanted((HOA,)),
    ),
    "lecturers and students side by side": (
        book([["GIẢNG VIÊN", *[None] * 4, "SINH VIÊN NĂM 3"], [*WITHOUT_ROLE, None, *WITHOUT_ROLE],
              [*person(1), None, *person(2)], person(3)], merge="A1:D1 F1:I1"),
        Wanted((HOA, CUC, BINH), {4: {"role": "lecturer"}}, notes=("“GIẢNG VIÊN”", "“SINH VIÊN NĂM 3”")),
    ),
    "side by side under longer titles": (
        book([["DANH SÁCH GIẢNG VIÊN THAM GIA", *[None] * 4, "DANH SÁCH SINH VIÊN THAM GIA"], [],
              [*WITHOUT_ROLE, None, *WITHOUT_ROLE], [*person(1), None, *person(2)]]),
        Wanted((HOA, BINH), {4: {"role": "student"}}, warnings={"A4"}),
    ),
    "side by side, and one title says no role": (
        book([["GIẢNG VIÊN", *[None] * 4, "PHỤ HUYNH"], [*WITHOUT_ROLE, None, *WITHOUT_ROLE],
              [*person(1), None, *person(2)]]),
        Wanted(refused="roster.columns", notes=("thiếu cột Vai trò",)),
    ),
    "lecturers above students": (
        book([["I. GIẢNG VIÊN"], WITHOUT_ROLE, person(1), ["II. SINH VIÊN"], WITHOUT_ROLE, person(2)]),
        Wanted((HOA, BINH), {3: {"role": "lecturer"}, 6: {"role": "student"}}),
    ),
    "a title that says who they are and not what they do": (
        book([["DANH SÁCH CÁN BỘ"], WITHOUT_ROLE, person(1)]),
        Wanted(refused="roster.columns", notes=("thiếu cột Vai trò",)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_in_several_columns_or_above_a_table_is_read_right_or_asked_about(kind: str) -> None:
    check(*KINDS[kind])


def test_days_under_headers_that_name_a_part_of_the_day_alone_are_read_once_somebody_says_what_they_are() -> None:
    content = halves(["Buổi sáng", "Buổi chiều"], ["T2, T4", "T3"])
    check(content, Wanted(refused="roster.columns", notes=("thiếu cột Ngày rảnh",)))
    assert chosen(content, D="free_weekdays", E="free_weekdays") == [(HOA, [0, 1, 2], [])]
    check(halves(["Ca 1", "Ca 2"], ["T2", "T3"]), Wanted(refused="roster.columns"))
    assert chosen(halves(["Ca 1", "Ca 2"], ["T2", "T3"]), D="free_weekdays", E="free_weekdays") == [(HOA, [0, 1], [])]


def test_columns_of_dates_become_leave_once_somebody_says_so() -> None:
    content = leave(DATES, ["1/12/2026", "5/12/2026"])
    assert chosen(content, F="absences_from", G="absences_to") == [(HOA, [0, 2], FIRST_WEEK["absences"])]
    assert chosen(content, F="absences_from") == [(HOA, None, None)], "where it ends is asked"


def test_a_role_set_for_all_rows_holds_in_two_tables_side_by_side() -> None:
    content = book([[*WITHOUT_ROLE, None, *WITHOUT_ROLE], [*person(1), None, *person(2)]])
    check(content, Wanted(refused="roster.columns", notes=("thiếu cột Vai trò",)))
    reading = read_roster(opened(content), choices=Choices(values={"role": "SV năm 4"}))
    assert [(row.shown_name, row.person and row.person.role) for row in reading.rows] == [
        (HOA, "student"), (BINH, "student"),
    ]  # fmt: skip


def opened(content: Content) -> Any:
    return open_sheets(content() if callable(content) else content)[1]


def chosen(content: Content, **columns: str) -> list[tuple[str, Any, Any]]:
    """(name, days, absences) of each row, read as somebody chose; none where the row has an error."""
    reading = read_roster(opened(content), choices=Choices(sheets=(SheetChoice("DS", columns=columns),)))
    people = [(row.shown_name, row.person) for row in reading.rows]
    return [(name, *((one.free_weekdays, one.absences) if one else (None, None))) for name, one in people]


STAFF_HEAD, STAFF_REST = ["Mã đơn vị", "Khối"], ["STC", "Chính quyền"]
NAMES_IN_REGISTERS: dict[str, tuple[Content, str | None, str]] = {
    "two columns": (
        book([["Mã cán bộ", "Họ đệm", "Tên", *STAFF_HEAD], ["CB1", "Lê Thị", "Hoa", *STAFF_REST]]), HOA, "",
    ),
    "three columns": (
        book([["Mã cán bộ", "Họ", "Tên đệm", "Tên", *STAFF_HEAD], ["CB1", "LÊ", "THỊ", "HOA", *STAFF_REST]]), HOA, "D2",
    ),
    "a header over two columns": (
        book([["Mã cán bộ", "Họ và tên", None, *STAFF_HEAD], ["CB1", "Lê Thị", "Hoa", *STAFF_REST]], merge="B1:C1"),
        HOA, "",
    ),
    "a header over two columns, one of them empty": (
        book([["Mã cán bộ", "Họ và tên", None, *STAFF_HEAD], ["CB1", HOA, None, *STAFF_REST]], merge="B1:C1"), HOA, "",
    ),
    "given names under no header": (
        book([["Mã cán bộ", "Họ và tên", None, *STAFF_HEAD], ["CB1", "Lê Thị", "Hoa", *STAFF_REST]]), HOA, "",
    ),
    "the family's name is missing": (
        book([["Mã cán bộ", "Họ đệm", "Tên", *STAFF_HEAD], ["CB1", None, "Hoa", *STAFF_REST]]), None, "C2",
    ),
    "the given name once more": (
        book([["Mã cán bộ", "Họ và tên", "Tên", *STAFF_HEAD], ["CB1", HOA, "Hoa", *STAFF_REST]]), HOA, "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", NAMES_IN_REGISTERS)
def test_a_register_of_people_reads_names_in_parts_as_lists_do(kind: str) -> None:
    content, name, told_at = NAMES_IN_REGISTERS[kind]
    (row,) = read_declared(opened(content), STAFF).rows
    assert (row.values["full_name"], "".join(cell for _, _, cell, _ in row.findings)) == (name, told_at)
    assert row.cells["full_name"], "what is found out later has a place"


def test_the_attendance_of_a_course_reads_names_in_parts() -> None:
    content = book([["Mã cán bộ", "Họ đệm", "Tên", "Buổi", "Có mặt"], ["CB1", "Lê Thị", "Hoa", 1, "x"]])
    assert [row.values["full_name"] for row in read_declared(opened(content), COURSE).rows] == [HOA]
