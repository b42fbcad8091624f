"""Counts, signs of doubt and units: what changes a value is read with it, or asked about."""

import pytest

from tests.roster_api.rosters.made_lists import NAMES, SHORT, TICKS, book, short, ticks
from tests.roster_api.rosters.wanted import Content, Wanted, check

HOA, BINH, CUC, DUNG = NAMES


@pytest.mark.parametrize(
    "written",
    [
        "3 trong các ngày T2, T4, T6", "2 trong T4, T5, T6", "5 trong những ngày thứ 2, thứ 4", "hai trong T3, T5",
        "2 trong 3 ngày T4, T5, T6", "T2, 3 trong các ngày T4, T5", "2 các ngày T4, T5", "hai trong các thứ 4, 6",
        "3 trong: T2, T4, T6", "2 trong (T4, T5)",
    ],
)  # fmt: skip
def test_a_number_of_the_days_that_follow_is_not_a_day(written: str) -> None:
    check(book([SHORT, short(1, **{"Ngày rảnh": written})]), Wanted((), errors={"D2"}))


def test_a_number_behind_which_nothing_is_counted_stays_a_day() -> None:
    list_of_two = book(
        [SHORT, short(1, **{"Ngày rảnh": "2, 4 trong tuần"}), short(2, **{"Ngày rảnh": "thứ 3, 5 được"})]
    )
    check(list_of_two, Wanted((HOA, BINH), {2: {"free_weekdays": [0, 2]}, 3: {"free_weekdays": [1, 3]}}))


@pytest.mark.parametrize("mark", ["x?", "X ?", "ok?", "có?", "x*", "x...", "x…", "x~", "sáng?", "cả ngày?", "bận?"])
def test_a_tick_with_a_sign_of_doubt_is_asked_about(mark: str) -> None:
    check(book([TICKS, ticks(mark, None, "x", None, None)]), Wanted((), errors={"D2"}))


@pytest.mark.parametrize("mark", ["x", "X", "(x)", "[x]", "x.", "'x", "x,", "*", "v", "V/"])
def test_a_tick_in_usual_signs_stays_a_tick(mark: str) -> None:
    check(book([TICKS, ticks(mark, None, "x", None, None)]), Wanted((HOA,), {2: {"free_weekdays": [0, 2]}}))


@pytest.mark.parametrize(
    ("header", "written", "cell"),
    [
        ("Vai trò", "SV?", "B2"), ("Vai trò", "GV (?)", "B2"), ("Lĩnh vực", "Số hóa?", "E2"),
        ("Lĩnh vực", "KPI, Tập huấn (?)", "E2"),
    ],
)  # fmt: skip
def test_a_value_with_a_question_mark_is_asked_about(header: str, written: str, cell: str) -> None:
    check(book([SHORT, short(1, **{header: written})]), Wanted((), errors={cell}))


@pytest.mark.parametrize(("header", "written"), [("Tổ", "1?"), ("Năm thứ", "3?"), ("Mã số", "GV001?")])
def test_a_question_mark_in_a_further_column_is_asked_about(header: str, written: str) -> None:
    check(book([[*SHORT, header], [*short(1), written]]), Wanted((), errors={"F2"}))


@pytest.mark.parametrize(
    ("header", "written", "metres"),
    [
        ("Khoảng cách tối đa (m)", 15000, 15000), ("Đi xa tối đa (mét)", "20.000", 20000),
        ("Cự ly (m)", "15 km", 15000), ("Đi xa tối đa (km)", 15, 15000), ("Đi xa tối đa", "15000 m", 15000),
        ("Bán kính", 15, 15000), ("Cự ly tối đa có thể đi", 15, 15000), ("Đi xa (dặm)", "15 km", 15000),
    ],
)  # fmt: skip
def test_a_distance_is_in_the_unit_that_the_cell_or_else_the_header_names(
    header: str, written: object, metres: int
) -> None:
    check(book([[*SHORT, header], [*short(1), written]]), Wanted((HOA,), {2: {"max_distance_m": metres}}))


@pytest.mark.parametrize(
    ("header", "written"),
    [
        ("Khoảng cách tối đa (m)", 15), ("Đi xa (dặm)", 15), ("Bán kính (giờ)", 2), ("Đi xa tối đa (phút)", 30),
        ("Đi xa tối đa", "15.000.000 m"), ("Đi xa tối đa (trăm km)", 2), ("Đi xa tối đa (x10 km)", 2),
    ],
)  # fmt: skip
def test_a_distance_in_a_unit_that_is_not_known_is_asked_about(header: str, written: object) -> None:
    check(book([[*SHORT, header], [*short(1), written]]), Wanted((), errors={"F2"}))


@pytest.mark.parametrize(
    "header", ["Cự ly từ nhà đến trường", "Cự ly nhà - trường (km)", "Ngại đi xa", "Đã đi xa nhất"]
)
def test_a_distance_that_is_no_limit_is_left_alone(header: str) -> None:
    check(book([[*SHORT, header], [*short(1), 15]]), Wanted((HOA,), {2: {"max_distance_m": 100_000_000}}))


def of_two_columns(*names: tuple[str, str]) -> Content:
    header = ["Họ và tên", None, *SHORT[1:]]
    rows = [[*name, *short(number)[1:]] for number, name in enumerate(names, start=1)]
    return book([header, *rows], merge="A1:B1")


def test_given_names_before_the_family_under_one_merged_header_are_asked_about() -> None:
    wanted = Wanted(refused="roster.columns")
    check(of_two_columns(("Hoa", "Lê Thị"), ("Bình", "Trần Văn"), ("Hà", "Nguyễn Thị")), wanted)


@pytest.mark.parametrize("split", [1, 2])
def test_a_family_name_first_under_one_merged_header_is_read(split: int) -> None:
    parts = [(" ".join(name.split()[:split]), " ".join(name.split()[split:])) for name in (HOA, BINH, CUC)]
    check(of_two_columns(*parts), Wanted((HOA, BINH, CUC)))


@pytest.mark.parametrize("written", ["every Tuesday", "each Tuesday", "every Tue"])
def test_every_tuesday_is_tuesday(written: str) -> None:
    check(book([SHORT, short(1, **{"Ngày rảnh": written})]), Wanted((HOA,), {2: {"free_weekdays": [1]}}))


@pytest.mark.parametrize("written", ["every other Tuesday", "every 2 weeks Tuesday", "every second Tuesday"])
def test_not_every_tuesday_is_asked_about(written: str) -> None:
    check(book([SHORT, short(1, **{"Ngày rảnh": written})]), Wanted((), errors={"D2"}))
