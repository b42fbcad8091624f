"""Rows without an error, read at once: the very answer of row_reading.py, and tests hold it to that.

Roles, days and fields come again and again in a list: each text is read once, and its value shared.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from roster_api.rosters.reading.cells import Cell, Sheet, text_of, without_hidden_characters
from roster_api.rosters.reading.columns import Column, Kind
from roster_api.rosters.reading.emails import is_usual_email, read_email
from roster_api.rosters.reading.expertise import read_fields
from roster_api.rosters.reading.findings import Finding, Reading
from roster_api.rosters.reading.headers import Header
from roster_api.rosters.reading.names import is_usual_name
from roster_api.rosters.reading.numbers import USUAL_CODE, read_distance_m, read_max_days, read_team
from roster_api.rosters.reading.people import (
    MAX_DAYS_UNLESS_SAID,
    NO_DISTANCE_LIMIT_M,
    CellFinding,
    Person,
    RosterRow,
    above_free_days,
    silent_about,
)
from roster_api.rosters.reading.phones import is_usual_phone
from roster_api.rosters.reading.roles import read_role, read_year
from roster_api.rosters.reading.row_kinds import EXAMPLE_PHONE
from roster_api.rosters.reading.weekdays import read_weekdays_under

_NEEDED = {Kind.FULL_NAME, Kind.ROLE, Kind.PHONE, Kind.DAYS, Kind.FIELDS}
_READ = _NEEDED | {
    Kind.NUMBERING, Kind.OTHERS, Kind.REFERENCE, Kind.YEAR, Kind.EMAIL, Kind.MAX_DAYS, Kind.DISTANCE, Kind.TEAM,
    Kind.ABSENCES,
}  # fmt: skip
_KEPT = 4096
_NO_ABSENCES: list[dict[str, Any]] = []
"""Of everybody, and changed by nobody."""
_NOTHING: Reading[Any] = Reading(None)
Read = Callable[[Cell], Reading[Any]]
Readings = list[tuple[Column | None, Reading[Any]]]


@dataclass(frozen=True, slots=True)
class _Alike:
    """What rows with the same role, days, fields and so on have in common: all but name, phone, code and e-mail."""

    before_email: Readings
    after_email: Readings
    values: tuple[Any, ...]
    are_silent: bool
    """Nothing is to be said of them."""


def fast_rows(header: Header, sheet: Sheet) -> "FastRows | None":
    """None for a table of which every row must be looked at closely."""
    shown = sheet.appearance
    is_plain = not (shown.faults or shown.merges or shown.struck or shown.partly_struck or shown.is_delimited)
    kinds = set(header.first_of)
    is_plain = is_plain and all(len(header.all(kind)) < 2 for kind in (Kind.FIELDS, Kind.DAYS, Kind.ABSENCES))
    return FastRows(header) if is_plain and not header.for_all and _NEEDED <= kinds <= _READ else None


class FastRows:
    """Reads the rows of one table that have no error, by what was read of the same cells before."""

    def __init__(self, header: Header) -> None:
        self.header = header
        at = header.first_of
        self.width = max(column.index for column in at.values()) + 1
        self.name, self.phone = at[Kind.FULL_NAME].index, at[Kind.PHONE].index
        self.role, self.year = at[Kind.ROLE], at.get(Kind.YEAR)
        self.code, self.absences = at.get(Kind.REFERENCE), at.get(Kind.ABSENCES)
        max_days = at.get(Kind.MAX_DAYS)
        name_of_max_days = max_days.header if max_days else ""
        far = at.get(Kind.DISTANCE)
        name_of_distance = far.header if far else ""
        days = at[Kind.DAYS]
        self.columns: tuple[tuple[Column | None, Read], ...] = (
            (at.get(Kind.EMAIL), read_email), (days, lambda cell: _days_of(days.header, cell)),
            (at[Kind.FIELDS], _skills_of), (max_days, lambda cell: read_max_days(cell, header=name_of_max_days)),
            (far, lambda cell: read_distance_m(cell, header=name_of_distance)), (at.get(Kind.TEAM), read_team),
        )  # fmt: skip
        """In the order in which a row is read."""
        self.silent_about = silent_about(frozenset(at))
        self.kept: dict[tuple[object, type, Cell], Reading[Any] | None] = {}
        columns = (self.role, self.year, *(column for column, _ in self.columns[1:]))
        self.repeating = itemgetter(*(column.index for column in columns if column))
        self.alike: dict[tuple[object, ...], _Alike | None] = {}

    def read(self, number: int, cells: list[Cell]) -> RosterRow | None:
        """The row `number` (from 0) as a person; None when it must be read cell by cell."""
        if len(cells) < self.width:
            return None
        name, phone, code = cells[self.name], cells[self.phone], self._cell(cells, self.code)
        if type(name) is not str or type(phone) is not str or phone == EXAMPLE_PHONE:
            return None
        if not is_usual_name(name) or not is_usual_phone(phone) or self._cell(cells, self.absences) is not None:
            return None
        if code is not None and not (type(code) is str and USUAL_CODE.fullmatch(code)):
            return None
        alike = self._alike(cells)
        email = self._reading(0, self._cell(cells, self.columns[0][0]), read_email)
        if alike is None or email is None:
            return None
        row = RosterRow(self.header.sheet, number + 1, name, silent_about=self.silent_about)
        row.columns = self.header.places
        role, year, days, skills, max_days, distance, team = alike.values
        if email.findings or not alike.are_silent:
            readings = [*alike.before_email, (self.columns[0][0], email), *alike.after_email]
            self._enter(row, cells, readings, max_days, len(days))
        row.person = Person(
            external_ref=code, full_name=name, role=role.value, year=year, phone=f"+84{phone[1:]}", email=email.value,
            skills=skills, free_weekdays=days, max_days=min(max_days or MAX_DAYS_UNLESS_SAID, len(days)),
            max_distance_m=distance or NO_DISTANCE_LIMIT_M, team=team, absences=_NO_ABSENCES,
        )  # fmt: skip
        return row

    def _alike(self, cells: list[Cell]) -> _Alike | None:
        """Of a row's cells that come again and again; None where one has an error, or is no plain cell."""
        repeating = self.repeating(cells)
        key = (repeating, *map(type, repeating))
        if key in self.alike:
            return self.alike[key]
        made = self._read_alike(cells)
        if len(self.alike) < _KEPT:
            self.alike[key] = made
        return made

    def _read_alike(self, cells: list[Cell]) -> _Alike | None:
        role = self._reading(self.role, cells[self.role.index], read_role)
        year = self._year(cells)
        if role is None or role.value is None or year is None:
            return None
        readings: Readings = []
        for place, (column, read) in enumerate(self.columns[1:], start=1):
            reading = _NOTHING if column is None else self._reading(place, cells[column.index], read)
            if reading is None or (place in {1, 2} and not reading.value):
                return None
            readings.append((column, reading))
        values = (role.value, year[1].value, *(reading.value for _, reading in readings))
        days, max_days = values[2], values[4]
        is_within = max_days is None or max_days <= len(days)
        are_silent = is_within and not any(one.findings for one in (role, year[1], *(made for _, made in readings)))
        return _Alike([(self.role, role), year], readings, values, are_silent)

    def _year(self, cells: list[Cell]) -> tuple[Column | None, Reading[Any]] | None:
        """From its own column; where that is empty, from the role's words."""
        cell = self._cell(cells, self.year)
        if cell is not None and not text_of(cell):
            return None
        if self.year is not None and cell is not None:
            reading, column = self._reading("year", cell, read_year), self.year
        else:
            reading, column = self._reading("year of role", cells[self.role.index], _year_of_role), self.role
        return None if reading is None else (column, reading)

    def _reading(self, key: object, cell: Cell, read: Read) -> Reading[Any] | None:
        """Of a plain cell; None when it has an error. Addresses are people's own, and not kept."""
        if key == 0 and type(cell) is str and is_usual_email(cell):
            lowered = cell.lower()
            return Reading(cell if lowered == cell else lowered)
        place = (key, type(cell), cell)
        if place in self.kept:
            return self.kept[place]
        if type(cell) not in {str, int, float, type(None)}:
            return None
        made: Reading[Any] | None = read(cell)
        if made is not None and any(finding.is_error for finding in made.findings):
            made = None
        if len(self.kept) < _KEPT and (key != 0 or cell is None):
            self.kept[place] = made
        return made

    def _enter(self, row: RosterRow, cells: list[Cell], readings: Readings, max_days: int | None, free: int) -> None:
        for column, reading in readings:
            for finding in reading.findings:
                row.findings.append(self._finding(finding, column, row.row, cells))
        if max_days is not None and max_days > free:
            finding = above_free_days(max_days, free)
            row.findings.insert(self._place(readings), self._finding(finding, self.columns[3][0], row.row, cells))

    def _place(self, readings: Readings) -> int:
        """Where a finding on the days a week belongs among those of the row: right behind that column's own."""
        return sum(len(reading.findings) for _, reading in readings[:6])

    def _finding(self, finding: Finding, column: Column | None, number: int, cells: list[Cell]) -> CellFinding:
        if column is None:
            return CellFinding(finding, column="", cell=f"A{number}", written="")
        written = without_hidden_characters(text_of(cells[column.index]))
        return CellFinding(finding, column=column.header, cell=f"{column.letters}{number}", written=written)

    def _cell(self, cells: list[Cell], column: Column | None) -> Cell:
        return None if column is None else cells[column.index]


def _days_of(header: str, cell: Cell) -> Reading[list[int]]:
    reading = read_weekdays_under(header, cell)
    return Reading(list(reading.value) if reading.value else None, reading.findings)


def _skills_of(cell: Cell) -> Reading[dict[str, int]]:
    reading = read_fields(cell)
    return Reading(dict(sorted(reading.value.items())) if reading.value else None, reading.findings)


def _year_of_role(cell: Cell) -> Reading[int]:
    return read_year(None, role_cell=cell)
