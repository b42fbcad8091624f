"""A reading comes out of the child as it went in, and what many people have alike is held once."""

from pydantic_core import from_json, to_json
from roster_api.rosters.reading.opening import open_sheets
from roster_api.rosters.reading.people import RosterRow
from roster_api.rosters.reading.roster import read_roster
from roster_api.rosters.reading.wire import ReadingDecoder, encode_reading

from tests.roster_api.rosters.workbooks import HEADER, person, xlsx


def read_both_ways() -> tuple[list[RosterRow], list[RosterRow]]:
    """(as the child read them, as the parent has them)."""
    rows = [
        [*HEADER, "Ngày bận"],
        *([*person(number), None] for number in (1, 2, 3)),
        [*person(4, **{"Ngày rảnh": "T3"}), "16/12/2026"],
        [*person(5, **{"Số điện thoại": "0950000001"}), None],  # the first one's: an error
    ]
    reading = read_roster(open_sheets(xlsx(rows))[1])
    decoder = ReadingDecoder()
    for line in encode_reading(reading):
        decoder.take(from_json(to_json(line)))
    return reading.rows, decoder.rows


def test_every_row_is_as_it_was_read() -> None:
    read, decoded = read_both_ways()
    assert len(read) == 5
    assert read[-1].has_errors
    for mine, theirs in zip(read, decoded, strict=True):
        assert (mine.shown_name, mine.person, mine.withheld) == (theirs.shown_name, theirs.person, theirs.withheld)


def test_people_share_what_they_have_alike() -> None:
    _read, decoded = read_both_ways()
    first, second, _third, other, _error = (row.person for row in decoded)
    assert first is not None
    assert second is not None
    assert other is not None
    assert first.skills is second.skills
    assert first.free_weekdays is second.free_weekdays
    assert other.free_weekdays != first.free_weekdays
    assert other.absences
