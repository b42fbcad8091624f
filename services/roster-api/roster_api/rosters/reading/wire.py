"""A reading on its way out of the child process: lines of JSON that the parent rebuilds, and nothing that could act.

Rows are told in batches; what the rows of a table have in common, what many people have alike, and what is said of
many, once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from operator import attrgetter
from typing import Any

from roster_api.rosters.reading.choices import Choices, SheetChoice
from roster_api.rosters.reading.columns import Kind
from roster_api.rosters.reading.findings import Finding, Severity
from roster_api.rosters.reading.people import PERSON_FIELDS, CellFinding, Person, RosterRow
from roster_api.rosters.reading.roster import RosterReading
from roster_api.rosters.reading.table_mappings import ColumnMapping, TableMapping

ROWS_A_LINE = 200
OWN = ("external_ref", "full_name", "phone", "email")
ALIKE = tuple(name for name in PERSON_FIELDS if name not in OWN)
"""Of these there are few kinds in a list; the lists and dicts among them are held once, and changed by nobody."""
_own_of, _alike_of = attrgetter(*OWN), attrgetter(*ALIKE)
_words_of = attrgetter("code", "severity.value", "vi", "en", "mend_vi", "mend_en")
Line = dict[str, Any]


def encode_choices(choices: Choices) -> Line:
    return asdict(choices)


def decode_choices(value: Line) -> Choices:
    return Choices(
        tuple(decode_choice(one) for one in value["sheets"]), value["values"],
        tuple(decode_choice(one) for one in value["remembered"]),
    )  # fmt: skip


def decode_choice(value: Line) -> SheetChoice:
    """Of one sheet."""
    return SheetChoice(**value | {"texts": tuple(value["texts"])})


def decode_table(value: Line) -> TableMapping:
    """What the columns of a table were taken for."""
    columns, unmapped = ([ColumnMapping(**one) for one in value[name]] for name in ("columns", "unmapped"))
    return TableMapping(value["sheet"], value["header_row"], columns, unmapped, value["values"])


def encode_reading(reading: RosterReading) -> Iterator[Line]:
    """The lines of a reading: its rows in order, and last what else it says."""
    tables: dict[tuple[int, frozenset[str]], int] = {}
    findings: dict[Finding, int] = {}
    alike = _Alike()
    batch: list[list[Any]] = []
    for row in reading.rows:
        key = (id(row.columns), row.silent_about)
        if key not in tables:
            tables[key] = len(tables)
            yield {"table": {"columns": dict(row.columns), "silent_about": sorted(row.silent_about)}}
        for item in row.findings:
            if item.finding not in findings:
                findings[item.finding] = len(findings)
                yield {"finding": _words_of(item.finding)}
        batch.append(_encode_row(row, tables[key], findings, alike))
        if alike.new:
            yield {"alike": alike.new}
            alike.new = []
        if len(batch) == ROWS_A_LINE:
            yield {"people": batch}
            batch = []
    yield {"people": batch}
    yield {"reading": {
        "notes": reading.notes, "spoken_of": sorted(reading.spoken_of), "is_whole": reading.is_whole,
        "header_rows": reading.header_rows(), "tables": [asdict(table) for table in reading.tables],
        "choices": [asdict(choice) for choice in reading.choices],
    }}  # fmt: skip


class _Alike:
    """Numbers what people have alike; `new`: what was not told yet."""

    def __init__(self) -> None:
        self.new: list[tuple[Any, ...]] = []
        self._numbers: dict[object, int] = {}
        self._count = -1

    def encode(self, person: Person | None) -> list[Any] | None:
        if person is None:
            return None
        values = _alike_of(person)
        key = tuple(value if type(value) in _PLAIN else id(value) for value in values)
        number = self._numbers.get(key)
        if number is None:
            number = self._number(key, values)
        return [*_own_of(person), number]

    def _number(self, key: object, values: tuple[Any, ...]) -> int:
        """Under the values themselves, and under the objects, which live as long as the reading that holds them."""
        number = self._numbers.get(written := repr(values))
        if number is None:
            self._count += 1
            number = self._numbers[written] = self._count
            self.new.append(values)
        self._numbers[key] = number
        return number


_PLAIN = (str, int, type(None))


def _encode_row(row: RosterRow, table: int, known: Mapping[Finding, int], alike: _Alike) -> list[Any]:
    person, withheld = alike.encode(row.person), alike.encode(row.withheld)
    findings = [(known[item.finding], item.column, item.cell, item.written) for item in row.findings]
    return [table, row.sheet, row.row, row.shown_name, person, withheld, findings]


class ReadingDecoder:
    """Takes the lines as they come; `rows` grows, and `rest` is there at the end."""

    def __init__(self) -> None:
        self.rows: list[RosterRow] = []
        self.rest: Line = {}
        self._tables: list[tuple[Mapping[Kind, tuple[str, str]], frozenset[str]]] = []
        self._words: dict[str, str] = {}
        self._findings: list[Finding] = []
        self._alike: list[list[Any]] = []

    def take(self, line: Line) -> None:
        if "people" in line:
            self.rows += map(self._row, line["people"])
        elif "alike" in line:
            self._alike += line["alike"]
        elif "table" in line:
            columns = {Kind(kind): (header, letters) for kind, (header, letters) in line["table"]["columns"].items()}
            self._tables.append((columns, frozenset(line["table"]["silent_about"])))
        elif "finding" in line:
            code, severity, *texts = line["finding"]
            self._findings.append(Finding(code, Severity(severity), *texts))
        elif "reading" in line:
            rest = line["reading"]
            tables = [decode_table(table) for table in rest["tables"]]
            self.rest = rest | {"tables": tables, "choices": [decode_choice(one) for one in rest["choices"]]}

    def _row(self, value: list[Any]) -> RosterRow:
        table, sheet, number, shown_name, person, withheld, findings = value
        columns, silent_about = self._tables[table]
        row = RosterRow(self._words.setdefault(sheet, sheet), number, shown_name, silent_about=silent_about)
        row.columns = columns
        row.person = self._person(person)
        row.withheld = self._person(withheld)
        row.findings = [
            CellFinding(self._findings[number], column, cell, written) for number, column, cell, written in findings
        ]
        return row

    def _person(self, value: list[Any] | None) -> Person | None:
        if value is None:
            return None
        reference, full_name, phone, email, alike = value
        role, year, *rest = self._alike[alike]
        return Person(reference, full_name, role, year, phone, email, *rest)
