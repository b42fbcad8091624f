"""Dates of absence: every usual way of writing them, and the order of day and month by what the column shows."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from roster_api.rosters.reading.absences import read_absences
from roster_api.rosters.reading.cells import Cell, Sheet
from roster_api.rosters.reading.dates import EitherOrderText, MonthFirstText, SwappedDate, mark_date_orders

TODAY = date(2026, 11, 29)


def spans_of(cell: Cell) -> list[str]:
    return [f"{span['starts_on']} {span['ends_on']} {span['kind']}" for span in read_absences(cell).value or []]


def column(*cells: Cell) -> list[Cell]:
    return [row[0] for row in mark_date_orders(Sheet("DS", [[cell] for cell in cells])).rows]


@pytest.mark.parametrize(
    "written",
    [
        "20/11/2026", "20/11/26", "20-11-2026", "2026-11-20", "2026/11/20", "20.11.2026", "20 tháng 11 năm 2026",
        "ngày 20/11/2026", "T6 20/11/2026", "Thứ sáu, 20/11/2026", "thứ 6 ngày 20/11/2026", "20/11/2026 (nghỉ)",
        "２０/１１/２０２６", "20/11/2026 00:00:00", "bận 20/11/2026", "20/11/2026 cả ngày", date(2026, 11, 20),
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(written: Cell) -> None:
    assert spans_of(written) == ["2026-11-20 2026-11-20 leave"]


@pytest.mark.parametrize(
    ("written", "spans"),
    [
        ("từ 20/11/2026 đến hết tháng 12/2026", ["2026-11-20 2026-12-31 leave"]),
        ("24/11/2026 (thi), 25/11/2026", ["2026-11-24 2026-11-24 exam", "2026-11-25 2026-11-25 leave"]),
        ("20-11-2026 - 25-11-2026", ["2026-11-20 2026-11-25 leave"]),
        ("2026-11-20 → 2026-11-25", ["2026-11-20 2026-11-25 leave"]),
        ("không", []),
        ("-", []),
        ("không có", []),
    ],
)
def test_spans_kinds_and_nothing(written: str, spans: list[str]) -> None:
    assert spans_of(written) == spans
    assert not any(finding.is_error for finding in read_absences(written).findings)


def test_half_a_day_away_is_the_day_and_said() -> None:
    for written in ("Sáng 20/11/2026", "20/11/2026 (chiều)", "buổi sáng ngày 20/11/2026"):
        reading = read_absences(written)
        assert spans_of(written) == ["2026-11-20 2026-11-20 leave"]
        assert [finding.code for finding in reading.findings] == ["absences.half_day"]


@pytest.mark.parametrize(
    ("written", "code", "quoted"),
    [
        ("20/11", "absences.no_year", "20/11"),
        ("thi 20/11, 21/11/2026", "absences.no_year", "thi 20/11"),
        ("T2 24/11/2026", "absences.weekday", "t2 24/11/2026"),
        ("31/11/2026", "absences.no_such_day", "31/11/2026"),
        ("từ 20/11/2026", "absences.no_end", "tu 20/11/2026"),
        ("tuần 3/11-7/11/2026", "absences.unknown", "tuan"),
        ("không bận 20/11/2026", "absences.unknown", "khong ban"),
        ("trừ 20/11/2026", "absences.unknown", "tru"),
        ("46346", "absences.unknown", "46346"),
        ("x", "absences.unknown", "x"),
    ],
)
def test_what_is_not_sure_is_asked_for(written: str, code: str, quoted: str) -> None:
    reading = read_absences(written)
    assert (reading.value, [finding.code for finding in reading.findings]) == (None, [code])
    assert f"“{quoted}" in reading.findings[0].vi


def test_a_day_far_from_today_is_shown() -> None:
    for written in ("9/12/2031", "9/12/2019"):
        reading = read_absences(written, today=TODAY)
        assert [finding.code for finding in reading.findings] == ["absences.far"]
    assert read_absences("9/12/2026", today=TODAY).findings == []


def test_date_cells_that_an_american_excel_turned_round_are_turned_back_and_said() -> None:
    cells = column("Ngày bận", "25/11/2026", "18/12/2026", date(2026, 5, 12), date(2026, 3, 12))
    assert cells[3:] == [SwappedDate(2026, 12, 5), SwappedDate(2026, 12, 3)]
    reading = read_absences(cells[3])
    assert spans_of(cells[3]) == ["2026-12-05 2026-12-05 leave"]
    assert [finding.code for finding in reading.findings] == ["absences.swapped"]
    assert "05/12/2026" in reading.findings[0].vi


def test_date_cells_without_a_sign_of_swapping_stay_as_they_are() -> None:
    assert column(date(2026, 11, 25), date(2026, 5, 12)) == [date(2026, 11, 25), date(2026, 5, 12)]
    kept = column("25/11/2026", date(2026, 11, 24), date(2026, 5, 12))
    assert not any(isinstance(cell, SwappedDate) for cell in kept)


def test_a_column_that_starts_with_the_month_is_read_so_and_says_so() -> None:
    cells = column("11/25/2026", "12/5/2026", "thi 12/9/2026")
    assert [spans_of(cell) for cell in cells] == [
        ["2026-11-25 2026-11-25 leave"], ["2026-12-05 2026-12-05 leave"], ["2026-12-09 2026-12-09 exam"],
    ]  # fmt: skip
    assert all(isinstance(cell, MonthFirstText) for cell in cells)
    assert [finding.code for finding in read_absences(cells[1]).findings] == ["absences.month_first"]


def test_a_column_with_both_orders_is_asked_about_where_it_matters() -> None:
    cells = column("11/25/2026", "25/11/2026", "5/12/2026", "5/5/2026")
    assert all(isinstance(cell, EitherOrderText) for cell in cells)
    assert [[finding.code for finding in read_absences(cell).findings] for cell in cells] == [
        ["absences.no_such_day"], [], ["absences.either_order"], [],
    ]  # fmt: skip


@given(day=st.dates(date(2026, 1, 1), date(2027, 12, 31)), form=st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%y"]))
def test_every_day_survives_every_form(day: date, form: str) -> None:
    assert spans_of(day.strftime(form)) == [f"{day} {day} leave"]


@given(
    first=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    length=st.integers(1, 300),
    joint=st.sampled_from(["-", " - ", " đến ", "→"]),
)
def test_every_span_survives(first: date, length: int, joint: str) -> None:
    last = date.fromordinal(first.toordinal() + length)
    assert spans_of(f"{first:%d/%m/%Y}{joint}{last:%d/%m/%Y}") == [f"{first} {last} leave"]
