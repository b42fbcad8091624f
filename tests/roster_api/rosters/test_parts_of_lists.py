"""What limits a whole row, or a whole sheet, is shown or asked about: half days, some weeks, an old wave, no answer."""

from collections.abc import Sequence

import pytest

from tests.roster_api.rosters.made_lists import NAMES, SHORT, TICKS, Row, book, short, ticks, with_sheet
from tests.roster_api.rosters.wanted import Content, Wanted, check, read

HOA, BINH, CUC, DUNG = NAMES


def beside(header: str, *texts: str) -> Content:
    return book([[*SHORT, header], *([*short(number), text] for number, text in enumerate(texts, start=1))])


def instead(header: str, other: str) -> Content:
    """Two people under `other` where `header` usually stands."""
    return book([[other if name == header else name for name in SHORT], short(1), short(2)])


KINDS: dict[str, tuple[Content, Wanted]] = {
    "half of each day": (
        beside("Buổi", "Sáng", "cả ngày", "chiều"), Wanted((HOA, BINH, CUC), warnings={"F2", "F4"}),
    ),
    "some weeks": (beside("Tuần", "chẵn", "1, 3", "hàng tuần"), Wanted((HOA, BINH, CUC), warnings={"F2", "F3"})),
    "mornings, by the header": (
        instead("Ngày rảnh", "Buổi sáng rảnh"), Wanted((HOA, BINH), warnings={"D2", "D3"}),
    ),
    "mornings alone, in brackets": (
        instead("Ngày rảnh", "Ngày rảnh (chỉ buổi sáng)"), Wanted((HOA, BINH), warnings={"D2", "D3"}),
    ),
    "fields that somebody is weak in": (
        instead("Lĩnh vực", "Kỹ năng còn yếu"), Wanted(refused="roster.columns", notes=("thiếu cột Lĩnh vực",)),
    ),
    "fields that communes need": (
        instead("Lĩnh vực", "Lĩnh vực xã cần"), Wanted(refused="roster.columns", notes=("thiếu cột Lĩnh vực",)),
    ),
    "the least number of days": (
        beside("Số ngày tối thiểu/tuần", "1"), Wanted((HOA,), people={2: {"max_days": 2}}, notes=("tối thiểu",)),
    ),
    "how often": (beside("Tần suất", "2 tuần/lần"), Wanted((HOA,), warnings={"F2"})),
    "no answer where others answered yes or no": (
        beside("Đồng ý tham gia", "Có", "Không", "", "x"), Wanted((HOA, CUC, DUNG), errors={"F3"}, warnings={"F4"}),
    ),
    "a sheet of an old wave": (
        with_sheet([SHORT, short(1)], "Đợt 1 (cũ)", [SHORT, short(2)]), Wanted((HOA,), errors={"A2"}),
    ),
    "a sheet of last year": (
        with_sheet([SHORT, short(1)], "Năm trước", [SHORT, short(2)]), Wanted((HOA,), errors={"A2"}),
    ),
    "a sheet of a new wave": (
        with_sheet([SHORT, short(1)], "Đợt 2", [SHORT, short(2)]), Wanted((HOA, BINH)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_limits_a_row_or_a_sheet_is_shown_or_asked_about(kind: str) -> None:
    check(*KINDS[kind])


@pytest.mark.parametrize(
    "title",
    ["BẢNG THEO DÕI NGÀY NGHỈ PHÉP", "BẢNG ĐIỂM DANH THÁNG 11", "LỊCH TRỰC", "Phân công coi thi", "Lịch học"],
)
def test_ticks_under_a_title_of_something_else_are_not_read_as_free_days(title: str) -> None:
    table = [TICKS, ticks("x", None, "x", None, None)]
    check(book([[title], *table]), Wanted(refused="roster.columns", notes=(title,)))
    check(named(title[:31], table), Wanted(refused="roster.columns", notes=(title[:31],)))


@pytest.mark.parametrize("name", ["Lịch bận", "TKB HK1", "Điểm danh", "Chấm công"])
def test_ticks_on_a_sheet_of_something_else_are_not_read_as_free_days(name: str) -> None:
    table = [TICKS, ticks("x", None, "x", None, None)]
    check(named(name, table), Wanted(refused="roster.columns", notes=(name,)))


@pytest.mark.parametrize("name", ["Đăng ký lịch trực hỗ trợ xã", "Lịch rảnh", "Không trùng lịch học", "DS", "Nghĩa vụ"])
def test_ticks_on_a_sheet_of_free_days_are_read(name: str) -> None:
    check(named(name, [TICKS, ticks("x", None, "x", None, None)]), Wanted(people={2: {"free_weekdays": [0, 2]}}))


def named(name: str, rows: Sequence[Row]) -> Content:
    """A list on a sheet of this name."""
    return book(rows, prepare=lambda sheet: setattr(sheet, "title", name))


def test_a_whole_day_is_no_limit() -> None:
    (row,) = read(beside("Buổi", "cả ngày")).rows
    assert not [item for item in row.findings if item.cell == "F2"]
