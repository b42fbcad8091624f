"""Counts, signs of doubt and units: what changes a value is read with it, or asked about."""

import pytest

from tests.roster_api.rosters.made_lists import NAMES, SHORT, book, short
from tests.roster_api.rosters.wanted import Wanted, check

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
