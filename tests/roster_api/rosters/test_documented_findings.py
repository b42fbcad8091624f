"""Every repair and warning that docs/roster-format.md names is made by some list of the tests."""

import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from roster_api.rosters.reading.names import read_name

from tests.roster_api.rosters.old_encodings import cp1258, tcvn3, vni
from tests.roster_api.rosters.test_old_fonts import through_1252
from tests.roster_api.rosters.wanted import read
from tests.roster_api.rosters.workbooks import HEADER, person, xlsx
from tests.support.tracked import ROOT, tracked_files

MORE = [*HEADER, "Tổ", "Ghi chú"]


def line(number: int, cells: dict[str, Any] | None = None, *, team: str = "", note: str = "") -> list[Any]:
    return [*person(number, **(cells or {})), team or None, note or None]


def with_comment(content: bytes, cell: str, words: str) -> bytes:
    book = openpyxl.load_workbook(BytesIO(content))
    book.worksheets[0][cell].comment = Comment(words, "who checked it")
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


LIST = [
    MORE,
    line(1, {"Họ và tên": "Ðinh Vǎn An"}, team="TỔ 01"),
    line(2, {"Họ và tên": "2. Nguyễn Văn Bình"}, team="Tổ 1"),
    line(3, {"Họ và tên": "Nguyễn Thị\nCúc", "Lĩnh vực": "Tất cả các lĩnh vực"}),
    line(4, {"Lĩnh vực": "CNTT", "Số ngày/tuần": 5}),
    line(5, {"Vai trò": "-nt-", "Ngày rảnh": "″"}),
    line(6, note="không biết lái xe"),
    line(7),
]


def test_a_list_as_people_write_it_is_repaired_and_each_repair_is_named_at_its_cell() -> None:
    content = with_comment(xlsx(LIST), "E8", "số của mẹ")
    named = {(item.cell, item.finding.code) for row in read(content).rows for item in row.findings}
    assert {
        ("C2", "name.lookalikes"),
        ("J2", "team.spelling"),
        ("C3", "name.numbering"),
        ("C4", "name.lines"),
        ("I4", "fields.all"),
        ("I5", "fields.vague"),
        ("H5", "max_days.above_free_days"),
        ("D6", "cell.repeated"),
        ("G6", "cell.repeated"),
        ("E8", "cell.comment"),
        ("K7", "row.remark"),
    } <= named


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (through_1252(tcvn3("Nguyễn Văn An")), "text.tcvn3"),
        (through_1252(vni("Nguyễn Văn An")), "text.vni"),
        (through_1252(cp1258("Nguyễn Văn An")), "text.cp1258"),
        ("Nguyễn Văn An".encode().decode("cp1252", "ignore"), "text.utf8_twice"),
        ("Ka Să Ha Hoang", "name.old_font"),
    ],
)
def test_an_old_font_is_named_whether_it_is_repaired_or_only_asked_about(written: str, code: str) -> None:
    assert code in [finding.code for finding in read_name(written).findings]


def test_every_code_that_the_page_of_the_lists_format_names_is_named_by_a_test() -> None:
    page = (ROOT / "docs" / "roster-format.md").read_text()
    table = page.partition("## Sửa tự động / Repairs")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| ([a-z_]+\.[^|]+) \|", table, re.MULTILINE)
    codes = {code.strip() for cell in cells for code in cell.split(",")}
    assert len(codes) > 30, "the table is found"
    tests = [path for path in tracked_files() if path.is_relative_to(ROOT / "tests") and path.suffix == ".py"]
    told = " ".join(path.read_text() for path in tests)
    assert [code for code in sorted(codes) if f'"{code}"' not in told] == []
