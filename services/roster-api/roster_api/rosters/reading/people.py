"""One row of a list, read into a person: every cell by its own reader, every finding with its address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any, TypeVar

from commune_schemas.amounts import amount
from commune_service import clock

from roster_api.rosters.reading.absences import Absences, read_absences
from roster_api.rosters.reading.cells import Cell, text_of, without_hidden_characters
from roster_api.rosters.reading.columns import Column, Kind
from roster_api.rosters.reading.contact_lists import has_contacts_alone
from roster_api.rosters.reading.emails import read_email
from roster_api.rosters.reading.expertise import MEND_EN as FIELDS_EN
from roster_api.rosters.reading.expertise import MEND_VI as FIELDS_VI
from roster_api.rosters.reading.expertise import read_day_mark, read_fields, read_mark
from roster_api.rosters.reading.findings import Finding, Reading, error, refused, warning
from roster_api.rosters.reading.headers import Header
from roster_api.rosters.reading.leave import FIRST, LAST, read_leave
from roster_api.rosters.reading.legacy_sheets import joined
from roster_api.rosters.reading.names import read_name
from roster_api.rosters.reading.numbers import read_distance_m, read_max_days, read_reference, read_team
from roster_api.rosters.reading.parts_of_days import read_days_in_parts
from roster_api.rosters.reading.phones import read_phone
from roster_api.rosters.reading.roles import read_role, read_year
from roster_api.rosters.reading.weekdays import MEND_EN as DAYS_EN
from roster_api.rosters.reading.weekdays import MEND_VI as DAYS_VI
from roster_api.rosters.reading.weekdays import read_weekdays_under

ValueT = TypeVar("ValueT")
MAX_DAYS_UNLESS_SAID = 2
NO_DISTANCE_LIMIT_M = 100_000_000
OPTIONAL = {
    "external_ref": Kind.REFERENCE,
    "email": Kind.EMAIL,
    "max_days": Kind.MAX_DAYS,
    "max_distance_m": Kind.DISTANCE,
    "team": Kind.TEAM,
    "absences": Kind.ABSENCES,
    "skill_levels": Kind.FIELD_MARK,
}
SAID_BY = {
    "phone": {Kind.PHONE},
    "skills": {Kind.FIELDS, Kind.FIELD_MARK},
    "free_weekdays": {Kind.DAYS, Kind.DAY_MARK},
}
"""What only a list of contacts may be without."""


@dataclass(slots=True)
class Person:
    """A row as the roster would hold it. `year` is checked and shown; the roster keeps the role.

    Never changed. Not frozen, nor is CellFinding: a long list makes hundreds of thousands, each in three times as long.
    """

    external_ref: str | None
    full_name: str
    role: str
    year: int | None
    phone: str | None
    """None only on a list of contacts alone, of whoever has an e-mail address."""
    email: str | None
    skills: dict[str, int]
    free_weekdays: list[int]
    max_days: int
    max_distance_m: int
    team: str | None
    absences: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in PERSON_FIELDS}


PERSON_FIELDS = tuple(each.name for each in fields(Person))


@dataclass(slots=True)
class CellFinding:
    """A finding with its place: 'D14' of a sheet, under which header, and what stands there."""

    finding: Finding
    column: str
    cell: str
    written: str


@dataclass(slots=True)
class RosterRow:
    """A row of the file that speaks of a person. `person` is None while it has errors."""

    sheet: str
    row: int
    shown_name: str
    person: Person | None = None
    withheld: Person | None = None
    """As it was read, of a row whose errors come from another row or person: to be shown beside it."""
    silent_about: frozenset[str] = frozenset()
    """What the list has no column for: kept as the roster has it."""
    findings: list[CellFinding] = field(default_factory=list)
    columns: Mapping[Kind, tuple[str, str]] = field(default_factory=dict)
    """{kind of column: (its header, its letters)}, the same for all rows of a table."""

    @property
    def has_errors(self) -> bool:
        return bool(self.findings) and any(item.finding.is_error for item in self.findings)

    def place(self, *kinds: Kind) -> tuple[str, str]:
        """(header, address) of the first of these kinds that the table has a column for; else of column A."""
        header, letters = next((self.columns[kind] for kind in kinds if kind in self.columns), ("", "A"))
        return header, f"{letters}{self.row}"


@lru_cache(256)
def silent_about(kinds: frozenset[Kind]) -> frozenset[str]:
    """Names of what a list with columns of these kinds says nothing about."""
    silent = {name for name, kind in OPTIONAL.items() if kind not in kinds}
    silent |= {name for name, enough in SAID_BY.items() if not kinds & enough}
    return frozenset(silent)


def _read_absences_today(cell: Cell) -> Reading[Absences]:
    return read_absences(cell, today=clock.today())


class RowReader:
    """Reads the cells of one row; collects findings as it goes."""

    def __init__(self, header: Header, number: int, cells: list[Cell]) -> None:
        self.header, self.cells = header, cells
        self.row = RosterRow(header.sheet, number, shown_name="")
        self.is_contact = has_contacts_alone(header)

    def read(self) -> RosterRow:
        self.row.silent_about = silent_about(frozenset(self.header.first_of) | frozenset(self.header.for_all))
        name = self._name()
        role = self._take(Kind.ROLE, read_role(self._cell(Kind.ROLE)))
        year_in = Kind.YEAR if text_of(self._cell(Kind.YEAR)) else Kind.ROLE
        year = self._take(year_in, read_year(self._cell(Kind.YEAR), role_cell=self._cell(Kind.ROLE)))
        reference = self._take_if_there(Kind.REFERENCE, read_reference)
        phone = self._phone()
        email = self._take(Kind.EMAIL, read_email(self._cell(Kind.EMAIL)))
        days, skills = (None, None) if self.is_contact else (self._days(), self._skills())
        is_enough = bool(phone or email) if self.is_contact else bool(phone and days and skills)
        self._refuse_unreachable(is_reached=bool(phone or email))
        max_days = self._max_days(days)
        far = self.header.find(Kind.DISTANCE)
        distance = self._take_if_there(
            Kind.DISTANCE, lambda cell: read_distance_m(cell, header=far.header if far else "")
        )
        team = self._take_if_there(Kind.TEAM, read_team)
        absences = self._absences()
        if not self.row.has_errors and name and role and is_enough:
            self.row.person = Person(
                external_ref=reference, full_name=name, role=role.value, year=year, phone=phone, email=email,
                skills=dict(sorted((skills or {}).items())), free_weekdays=list(days or ()), max_days=max_days,
                max_distance_m=distance or NO_DISTANCE_LIMIT_M, team=team, absences=absences or [],
            )  # fmt: skip
        return self.row

    def _cell(self, kind: Kind) -> Cell:
        column = self.header.find(kind)
        return self._at(column) if column else self.header.for_all.get(kind)

    def _at(self, column: Column) -> Cell:
        return self.cells[column.index] if column.index < len(self.cells) else None

    def _take(self, kind: Kind, reading: Reading[ValueT]) -> ValueT | None:
        return self._take_at(self.header.find(kind), reading)

    def _take_if_there(self, kind: Kind, read: Callable[[Cell], Reading[ValueT]]) -> ValueT | None:
        """As _take; None where the list says nothing of the kind."""
        return self._take(kind, read(self._cell(kind))) if self.header.has(kind) else None

    def _take_at(self, column: Column | None, reading: Reading[ValueT]) -> ValueT | None:
        """The value; its findings are kept with the address of the cell (or of the row, where there is no column)."""
        for finding in reading.findings:
            self.row.findings.append(
                CellFinding(
                    finding,
                    column=column.header if column else "",
                    cell=f"{column.letters if column else 'A'}{self.row.row}",
                    written=without_hidden_characters(text_of(self._at(column))) if column else "",
                )
            )
        return reading.value

    def _name(self) -> str | None:
        column = self.header.find(Kind.FULL_NAME)
        if column is not None:
            text: Cell = self._at(column)
        else:
            column = self.header.find(Kind.GIVEN)
            parts = [self._cell(Kind.FAMILY), self._cell(Kind.GIVEN)]
            is_whole = all(map(text_of, parts)) or not self.header.find(Kind.FAMILY)
            text = joined([parts[0], self._cell(Kind.MIDDLE), parts[1]]) if is_whole else ""
        self.row.shown_name = without_hidden_characters(text_of(text))
        return self._take_at(column, read_name(text))

    def _phone(self) -> str | None:
        cell = self._cell(Kind.PHONE)
        if self.is_contact and not text_of(cell):
            self.row.silent_about |= {"phone"}
            return None
        return self._take(Kind.PHONE, read_phone(cell))

    def _refuse_unreachable(self, *, is_reached: bool) -> None:
        if self.is_contact and not is_reached and not self.row.has_errors:
            self._take(Kind.PHONE if self.header.find(Kind.PHONE) else Kind.EMAIL, refused(
                "contact.missing", vi="Không có số điện thoại lẫn email; không hỏi được người này.",
                en="Neither a phone number nor an e-mail address: this person cannot be asked.",
                mend_vi="Ghi số điện thoại hoặc email.", mend_en="Write a phone number or an e-mail address.",
            ))  # fmt: skip

    def _days(self) -> tuple[int, ...] | None:
        marks, told = self.header.all(Kind.DAY_MARK), self.header.all(Kind.DAYS)
        if len(told) > 1:
            read = [self._take_at(column, reading) for column, reading in read_days_in_parts(told, self._at)]
            return tuple(sorted({day for days in read for day in days or ()}))
        if not marks:
            header = told[0].header if told else ""
            return self._take(Kind.DAYS, read_weekdays_under(header, self._cell(Kind.DAYS)))
        marked = [c for c in marks if self._take_at(c, read_day_mark(self._at(c), header=c.header))]
        if not marked and not self.row.has_errors:
            self._take_at(marks[0], refused(
                "days.missing", vi="Chưa đánh dấu ngày rảnh nào.", en="No free weekday is ticked.",
                mend_vi=f"Ghi x dưới các ngày rảnh. {DAYS_VI}", mend_en=f"Write x under the free days. {DAYS_EN}",
            ))  # fmt: skip
        return tuple(sorted({column.day for column in marked if column.day is not None}))

    def _absences(self) -> Absences | None:
        """In one column, or from the first day to the last in two."""
        ends = {column.half: column for column in self.header.all(Kind.ABSENCES)}
        if not ends.keys() & {FIRST, LAST}:
            return self._take_if_there(Kind.ABSENCES, _read_absences_today)
        first, last = (self._at(ends[end]) if end in ends else None for end in (FIRST, LAST))
        return self._take_at(ends.get(FIRST, ends.get(LAST)), read_leave(first, last, today=clock.today()))

    def _skills(self) -> dict[str, int] | None:
        if self.header.find(Kind.FIELDS) or Kind.FIELDS in self.header.for_all:
            return self._take(Kind.FIELDS, read_fields(self._cell(Kind.FIELDS)))
        marks = self.header.all(Kind.FIELD_MARK)
        levels = {c.field: self._take_at(c, read_mark(self._at(c), header=c.header)) for c in marks}
        skills = {code: level for code, level in levels.items() if code is not None and level is not None}
        if not skills and not self.row.has_errors:
            self._take_at(marks[0], refused(
                "fields.missing", vi="Chưa đánh dấu lĩnh vực nào.", en="No field is ticked.",
                mend_vi=f"Ghi x dưới các lĩnh vực làm được. {FIELDS_VI}",
                mend_en=f"Write x under the fields they know. {FIELDS_EN}",
            ))  # fmt: skip
        return skills

    def _max_days(self, days: tuple[int, ...] | None) -> int:
        column = self.header.find(Kind.MAX_DAYS)
        said = self._take(
            Kind.MAX_DAYS, read_max_days(self._cell(Kind.MAX_DAYS), header=column.header if column else "")
        )
        free = len(days) if days else 5
        if said is not None and said > free:
            self._take(Kind.MAX_DAYS, Reading(said, [above_free_days(said, free)]))
        return min(said or MAX_DAYS_UNLESS_SAID, free)


def above_free_days(days: int, free: int) -> Finding:
    """A warning: more days a week than there are free ones."""
    return warning(
        "max_days.above_free_days", vi=f"Ghi {days} ngày/tuần nhưng chỉ rảnh {free} ngày; tính {free}.",
        en=f"{amount(days, 'day')} a week, but only {amount(free, 'is', 'are')} free; {free} is used.",
    )  # fmt: skip


def duplicate_finding(what_vi: str, what_en: str, *, first: RosterRow, code: str) -> Finding:
    """An error on the later of two rows, naming the earlier."""
    return error(
        code, vi=f"{what_vi} trùng với dòng {first.row} của trang “{first.sheet}” ({first.shown_name}).",
        en=f"Same {what_en} as row {first.row} of sheet “{first.sheet}” ({first.shown_name}).",
        mend_vi="Nếu là cùng một người, xóa một trong hai dòng; nếu là hai người, sửa lại cho đúng.",
        mend_en="If it is one person, delete one of the two rows; if two people, put it right.",
    )  # fmt: skip


def shared_mailbox(address: str, first: RosterRow) -> Finding:
    """A warning on the later of two people who are told at one address."""
    return warning(
        "email.shared",
        vi=f"Hộp thư chung với dòng {first.row} ({first.shown_name}); mỗi thư ghi rõ tên, đều gửi đến {address}.",
        en=f"A mailbox shared with row {first.row} ({first.shown_name}); each mail names its person: {address}.",
    )
