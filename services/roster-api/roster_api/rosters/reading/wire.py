"""A reading on its way out of the child process: lines of JSON that the parent rebuilds, and nothing that could act.

Rows are told in batches; what the rows of a table have in common, and what is said of many, once.
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
_values_of = attrgetter(*PERSON_FIELDS)
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
        batch.append(_encode_row(row, tables[key], findings))
        if len(batch) == ROWS_A_LINE:
            yield {"people": batch}
            batch = []
    yield {"people": batch}
    yield {"reading": {
        "notes": reading.notes, "spoken_of": sorted(reading.spoken_of), "is_whole": reading.is_whole,
        "header_rows": reading.header_rows(), "tables": [asdict(table) for table in reading.tables],
        "choices": [asdict(choice) for choice in reading.choices],
    }}  # fmt: skip


def _encode_row(row: RosterRow, table: int, known: Mapping[Finding, int]) -> list[Any]:
    person = _values_of(row.person) if row.person else None
    withheld = _values_of(row.withheld) if row.withheld else None
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

    def take(self, line: Line) -> None:
        if "people" in line:
            self.rows += map(self._row, line["people"])
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
        row.person = Person(*person) if person is not None else None
        row.withheld = Person(*withheld) if withheld is not None else None
        row.findings = [
            CellFinding(self._findings[number], column, cell, written) for number, column, cell, written in findings
        ]
        return row
