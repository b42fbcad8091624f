"""What is read at once is read as it would be cell by cell: the same people, the same findings in the same order."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roster_api.legacy_text.repair import EVERY, _possible_of_good, judge
from roster_api.rosters.reading.cells import Sheet
from roster_api.rosters.reading.fast_rows import fast_rows
from roster_api.rosters.reading.headers import find_headers
from roster_api.rosters.reading.opening import open_sheets
from roster_api.rosters.reading.row_reading import read_person

from tests.roster_api.rosters.old_encodings import people
from tests.roster_api.rosters.workbooks import HEADER, person, xlsx

WIDE = [*HEADER, "Tổ", "Ngày bận", "Đi xa tối đa (km)", "Năm thứ"]
ODD = st.one_of(st.none(), st.text(max_size=12), st.floats(allow_nan=False), st.booleans(), st.dates(), st.just(" "))
CELLS: dict[str, tuple[Any, ...]] = {
    "STT": (1, "2", None),
    "Mã số": ("SV001", "GV12", "x", 7.0, None, "20210001.0", "1E5"),
    "Họ và tên": ("Lê Thị Hoa", "Võ Văn Hoài", "LÊ HOA", "ThS. Lê Hoa", "Hoa", "Lê Thị\nHoa", "An và Ba", ""),
    "Vai trò": ("GV", "SV năm 4", "SV khoa CNTT", "phụ huynh", "", None),
    "Số điện thoại": ("0950000001", "0950000123", 950000001.0, "0950.000.001", "0950000001 (mẹ)", "02583822222"),
    "Email": ("a@truong.example", "A@Truong.example", "a@gmail.con", None, "không có", "a@b"),
    "Ngày rảnh": ("T2, T4", "cả tuần", "sáng thứ 3", 246.0, "T2-T4", "trừ T2", "T2 hoặc T4", None),
    "Số ngày/tuần": (2.0, 2, "3", 5, "4 buổi", "9", None, " "),
    "Lĩnh vực": ("Số hóa", "CNTT; KPI", "phần mềm kế toán", "nấu ăn", None),
    "Tổ": ("Tổ 1", "TỔ 01", 1.0, "Toán", "-", None),
    "Ngày bận": ("20/11/2026", None),
    "Đi xa tối đa (km)": (50.0, "50 km", "xa lắm", None),
    "Năm thứ": (3.0, "4", "IV", "K64", " ", None),
}
ROWS = st.tuples(*(st.one_of(*(st.just(value) for value in values), ODD) for values in CELLS.values()))


def table(rows: list[tuple[Any, ...]], names: tuple[str, ...]) -> Sheet:
    kept = [index for index, name in enumerate(CELLS) if name in names]
    return Sheet("DS", [[list(CELLS)[index] for index in kept], *([row[index] for index in kept] for row in rows)])


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(ROWS, min_size=1, max_size=4),
    without=st.sets(st.sampled_from(["Mã số", "Email", "Tổ", "Ngày bận", "Năm thứ", "Số ngày/tuần"])),
)
def test_a_row_that_is_read_at_once_is_as_it_would_be_cell_by_cell(
    rows: list[tuple[Any, ...]], without: set[str]
) -> None:
    sheet = table(rows, tuple(name for name in CELLS if name not in without))
    (header,) = find_headers(sheet)
    fast = fast_rows(header, sheet)
    assert fast is not None
    for number in (*range(1, len(sheet.rows)), *range(1, len(sheet.rows))):
        row = fast.read(number, sheet.rows[number])
        if row is not None:
            slow = read_person(header, number, sheet)
            assert (row.person, row.findings) == (slow.person, slow.findings)
            assert (row.shown_name, row.silent_about, row.columns) == (slow.shown_name, slow.silent_about, slow.columns)


def test_most_rows_of_a_usual_list_are_read_at_once() -> None:
    (sheet,) = open_sheets(xlsx([HEADER, *(person(number) for number in range(1, 60))]))[1]
    (header,) = find_headers(sheet)
    fast = fast_rows(header, sheet)
    assert fast is not None
    assert all(fast.read(number, sheet.rows[number]) is not None for number in range(1, 60))


@pytest.mark.parametrize("text", [*people(300), "Nguyễn\u00a0Văn An", "NguyÔn V¨n", "H'Hen Niê", "Lª Tó", "a" * 400])
def test_a_text_judged_word_by_word_is_judged_as_a_whole(text: str) -> None:
    verdict = judge(text)
    possible = _possible_of_good(text)
    assert (possible is not None) == verdict.is_good
    assert possible in {None, verdict.possible, EVERY if text.isascii() else None}
