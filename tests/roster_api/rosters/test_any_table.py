"""Any table of cells is read or refused, and nobody is lost: each filled row is a person, or is named in the notes."""

import re
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from roster_api.rosters.reading.cells import Appearance, Cell, Sheet, text_of
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.reading.roster import read_roster

HEADS = [
    "STT", "Mã số", "Họ và tên", "Vai trò", "Số điện thoại", "Email", "Ngày rảnh", "Lĩnh vực", "Tổ", "T2", "T3", "Sáng"
]  # fmt: skip
WORDS = [
    "Lê Thị Hoa", "Tống Văn An", "GV", "SV năm 4", "0950000001", "a@truong.example", "T2, T4", "Số hóa", "Tổng cộng",
    "Cộng: 2 người", "I. GIẢNG VIÊN", "Khoa Kinh tế", "Người lập", "Ghi chú: có thể đổi", "(1)", "-", "FALSE", "#N/A",
    "Nha Trang, ngày 2 tháng 11 năm 2026", "HIỆU TRƯỞNG", "Lịch bận", "\u202e", "0", "'", " ", "x",
]  # fmt: skip
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(), st.none(), st.sampled_from(WORDS), st.sampled_from(HEADS), st.integers(-3, 10**10).map(float),
    st.booleans(), st.just(date(2026, 12, 9)), st.text(max_size=12),
)  # fmt: skip
TABLES = st.lists(st.lists(CELLS, max_size=14), max_size=20)
MERGES = st.lists(st.tuples(*[st.integers(0, 12)] * 2, *[st.integers(0, 4)] * 2), max_size=3)


ANY_SHEET = (TABLES, MERGES, st.sets(st.integers(0, 20), max_size=3), st.permutations(HEADS), st.booleans())


def check_that_every_filled_row_is_read_or_named(
    table: list[list[Cell]], merges: list[tuple[int, ...]], hidden: set[int], heads: list[str], is_delimited: bool
) -> None:
    rows: list[list[Cell]] = [list(heads), *table]
    spans = [(top + 1, left, top + 1 + down, left + right) for top, left, down, right in merges]
    appearance = Appearance(merges=spans, hidden_rows={row + 1 for row in hidden}, is_delimited=is_delimited)
    try:
        reading = read_roster([Sheet("DS", rows, appearance)])
    except RefusedFileError:
        return
    named = {int(number) for vi, _ in reading.notes for number in re.findall(r"(?:dòng|,) (\d+)", vi)}
    read = {row.row for row in reading.rows}
    first = min(header.first_data_row for header in reading.headers)
    for number, cells in enumerate(rows[first - 1 :], start=first):
        texts = [
            text_of(cell) for column, cell in enumerate(cells)
            if not isinstance(cell, bool) and not any(_is_within(number - 1, column, span) for span in spans)
        ]  # fmt: skip
        if any(text and not text.rstrip(".").isdecimal() and text not in {"-", "FALSE"} for text in texts):
            assert number in read | named, (number, cells, reading.notes)


def _is_within(row: int, column: int, span: tuple[int, ...]) -> bool:
    return span[0] <= row <= span[2] and span[1] <= column <= span[3]


@settings(max_examples=100, deadline=None)
@given(*ANY_SHEET)
def test_every_filled_row_is_read_or_named(
    table: list[list[Cell]], merges: list[tuple[int, ...]], hidden: set[int], heads: list[str], is_delimited: bool
) -> None:
    check_that_every_filled_row_is_read_or_named(table, merges, hidden, heads, is_delimited)
