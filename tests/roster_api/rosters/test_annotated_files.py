"""The sender's file comes back whatever it is made of: faulty cells coloured, words beside the table, nothing lost."""

import io

import openpyxl
import pytest
import xlsxwriter
from roster_api.rosters.reading.annotating import HEADER, annotate
from roster_api.rosters.reading.opening import open_sheets
from roster_api.rosters.reading.roster import read_roster

from tests.roster_api.rosters.wanted import CASES, read
from tests.roster_api.rosters.workbooks import HEADER as COLUMNS
from tests.roster_api.rosters.workbooks import person, xlsx


def words_for(content: bytes) -> dict[str, dict[int, str]]:
    """What the API would write beside each row."""
    reading = read(content)
    words = {header.sheet: {header.row: HEADER} for header in reading.headers}
    for row in reading.rows:
        lines = [f"{'✗' if i.finding.is_error else 'ℹ'} {i.cell}: {i.finding.vi}" for i in row.findings]
        if lines:
            words[row.sheet][row.row] = "\n".join(lines)
    return words


def returned(content: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    kind, annotated = annotate(content, words_for(content))
    assert kind == "xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(annotated)).worksheets[0]
    assert sheet is not None
    return sheet


@pytest.mark.parametrize(
    ("name", "cell"),
    [("case12_plain.xlsx", "E3"), ("case12a.xlsx", "E3"), ("case12c.xlsx", "E3"), ("case12d.xlsx", "E3"),
     ("case25a_err.xlsx", "E2"), ("own_name_alone.xlsx", "E4"), ("case08.xlsx", "K2")],
)  # fmt: skip
def test_a_faulty_list_comes_back_with_its_faulty_cell_red_and_words_beside_the_table(name: str, cell: str) -> None:
    content = (CASES / name).read_bytes()
    sheet = returned(content)
    assert sheet[cell].fill.fgColor.rgb[-6:] == "FFC7CE"
    beside = "M" if name == "case08.xlsx" else "L"
    assert sheet[f"{beside}1"].value.startswith(HEADER)
    assert f"✗ {cell}:" in sheet[f"{beside}{cell[1:]}"].value
    assert sheet[f"{beside}{cell[1:]}"].alignment.wrap_text


def test_in_a_row_that_its_words_make_high_the_cells_stand_where_the_words_begin() -> None:
    sheet = returned((CASES / "case12_plain.xlsx").read_bytes())
    assert [cell.alignment.vertical for cell in sheet[3] if cell.value is not None] == ["top"] * 10
    assert sheet["C2"].alignment.vertical != "top"


@pytest.mark.parametrize("name", ["case12_plain.xlsx", "case12a.xlsx", "case12d.xlsx", "case07_to.xls", "case08.xlsx"])
def test_what_comes_back_says_the_same_when_it_is_sent_again_and_has_one_column_of_words(name: str) -> None:
    content = (CASES / name).read_bytes()
    once = annotate(content, words_for(content))[1]
    again = annotate(once, words_for(once))[1]
    for book in (once, again):
        reading = read_roster(open_sheets(book)[1])
        first = read(content)
        assert [row.person for row in reading.rows] == [row.person for row in first.rows]
        heads = [cell for cell in open_sheets(book)[1][0].rows[0] if isinstance(cell, str) and cell.startswith(HEADER)]
        assert len(heads) == 1


def test_errors_and_remarks_are_told_apart_and_counted() -> None:
    content = xlsx([COLUMNS, person(1, **{"Số điện thoại": 950000123}), person(2, **{"Số điện thoại": "12"})])
    sheet = returned(content)
    assert (sheet["E2"].fill.fgColor.rgb[-6:], sheet["E3"].fill.fgColor.rgb[-6:]) == ("FFEB9C", "FFC7CE")
    assert sheet["J1"].value.splitlines()[1:] == [
        "✗ 1 lỗi (ô đỏ): phải sửa / errors (red)", "ℹ 1 lưu ý (ô vàng): xem lại / to check (yellow)",
    ]  # fmt: skip
    assert sheet.freeze_panes == "K2", "the words stay in view beside a table that fits"


def test_words_beside_a_table_wider_than_a_screen_are_in_view_when_the_file_is_opened() -> None:
    more = [f"Ghi chú {number}" for number in range(30)]
    sheet = returned(xlsx([[*COLUMNS, *more], [*person(1, **{"Số điện thoại": "12"}), *more]]))
    words = next(cell for cell in sheet[1] if str(cell.value).startswith(HEADER))
    assert (sheet.sheet_view.pane.xSplit, sheet.sheet_view.pane.ySplit) == (None, 1)
    first = openpyxl.utils.cell.coordinate_from_string(sheet.sheet_view.topLeftCell)[0]
    assert words.column - 4 <= openpyxl.utils.column_index_from_string(first) <= words.column


def test_text_too_long_to_read_comes_back_whole() -> None:
    remark = "dài " * 2000
    content = xlsx([[*COLUMNS, "Ghi chú"], [*person(1, Email="a" * 1001), remark]])
    sheet = returned(content)
    assert (sheet["F2"].value, sheet["J2"].value) == ("a" * 1001, remark)
    as_csv = "\n".join([",".join([*COLUMNS, "Ghi chú"]), ",".join(f'"{text}"' for text in [*person(1), remark])])
    assert remark.strip() in annotate(as_csv.encode(), words_for(as_csv.encode()))[1].decode("utf-8-sig")


def test_words_stand_beside_the_table_and_never_on_somebody_elses_cells() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("DS")
    page.merge_range(0, 0, 0, 14, "DANH SÁCH")
    for row, cells in enumerate([COLUMNS, person(1, **{"Số điện thoại": "12"})], start=1):
        for column, value in enumerate(cells):
            page.write(row, column, value)
    page.write(2, len(COLUMNS), "ghi thêm")
    page.write(2, 16_000, "xa")
    book.close()
    sheet = returned(out.getvalue())
    assert sheet["J3"].value == "ghi thêm"
    assert sheet["K2"].value.startswith(HEADER)
    assert "✗ E3" in sheet["K3"].value
