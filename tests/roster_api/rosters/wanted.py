"""What a list of `cases/` must be read to: the shape of the tables in structure_cases.py and value_cases.py."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from roster_api.rosters.reading.opening import open_sheets
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.reading.roster import RosterReading, read_roster

CASES = Path(__file__).parent / "cases"
Content = bytes | Callable[[], bytes]
"""A file, or what makes it: hundreds of workbooks are made, and none while tests are only collected."""


@dataclass(frozen=True)
class Wanted:
    """A file's right reading. What is empty is not looked at, but for `errors` and `refused`: those hold exactly.

    names: the people read without an error, in the file's order. people: {row of the file: fields of the person}.
    errors: the cells with an error. warnings: cells that have one at least. notes: words the notes hold.
    """

    names: tuple[str, ...] | None = None
    people: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    errors: Collection[str] = ()
    warnings: Collection[str] = ()
    notes: tuple[str, ...] = ()
    refused: str | None = None


def read(content: Content, *, include_hidden: bool = False) -> RosterReading:
    return read_roster(open_sheets(content() if callable(content) else content)[1], include_hidden=include_hidden)


def check_refusal(refused: RefusedFileError, wanted: Wanted) -> None:
    assert refused.code == wanted.refused, f"{refused.code}: {refused.vi}"
    words_of_refusal = refused.vi + " ".join(fault.vi for fault in refused.faults)
    assert all(words in words_of_refusal for words in wanted.notes), words_of_refusal


def check(content: Content, wanted: Wanted, *, include_hidden: bool = False) -> None:
    """Reads the file and holds it against what is wanted."""
    try:
        reading = read(content, include_hidden=include_hidden)
    except RefusedFileError as refused:
        check_refusal(refused, wanted)
        return
    assert wanted.refused is None, "read, though it is to be refused"
    found = [(row, item) for row in reading.rows for item in row.findings]
    assert {item.cell: item.finding.vi for _, item in found if item.finding.is_error}.keys() == set(wanted.errors)
    assert set(wanted.warnings) <= {item.cell for _, item in found if not item.finding.is_error}
    people = {row.row: row.person.as_dict() for row in reading.rows if row.person}
    if wanted.names is not None:
        assert tuple(row.person.full_name for row in reading.rows if row.person) == wanted.names
    for number, fields in wanted.people.items():
        assert {name: people[number][name] for name in fields} == dict(fields), f"row {number}"
    notes = " ".join(vi for vi, _ in reading.notes)
    assert all(words in notes for words in wanted.notes), notes
