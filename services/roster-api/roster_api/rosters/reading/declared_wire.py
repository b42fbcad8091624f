"""A declared register between the parent and the limited child: its columns one way, what was read the other."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from roster_api.rosters.reading.declared import DeclaredReading, DeclaredRow
from roster_api.rosters.reading.declared_cells import DeclaredColumn
from roster_api.rosters.reading.findings import Finding, Severity
from roster_api.rosters.reading.wire import decode_choice, decode_table

Line = dict[str, Any]
ROWS_A_LINE = 200


def encode_columns(columns: Sequence[DeclaredColumn]) -> list[Line]:
    return [asdict(column) for column in columns]


def decode_columns(lines: Sequence[Line]) -> list[DeclaredColumn]:
    return [DeclaredColumn(**line | {"options": tuple(map(tuple, line["options"]))}) for line in lines]


def encode_declared(reading: DeclaredReading) -> Iterator[Line]:
    for start in range(0, len(reading.rows), ROWS_A_LINE):
        yield {"register_rows": [_encode_row(row) for row in reading.rows[start : start + ROWS_A_LINE]]}
    yield {"register": {
        "notes": reading.notes, "header_rows": reading.header_rows,
        "tables": [asdict(table) for table in reading.tables], "choices": [asdict(one) for one in reading.choices],
    }}  # fmt: skip


def _encode_row(row: DeclaredRow) -> Line:
    return asdict(row) | {"findings": [[asdict(finding), *rest] for finding, *rest in row.findings]}


def take_declared(reading: DeclaredReading, line: Line) -> None:
    """A line of the child's, added to what is known."""
    for row in line.get("register_rows", ()):
        findings = [
            (Finding(**finding | {"severity": Severity(finding["severity"])}), *rest)
            for finding, *rest in row["findings"]
        ]
        cells = {meaning: (header, place) for meaning, (header, place) in row["cells"].items()}
        reading.rows.append(DeclaredRow(**row | {"findings": findings, "cells": cells}))
    if "register" in line:
        rest = line["register"]
        reading.notes = [(vi, en) for vi, en in rest["notes"]]
        reading.header_rows = rest["header_rows"]
        reading.tables = [decode_table(table) for table in rest["tables"]]
        reading.choices = [decode_choice(choice) for choice in rest["choices"]]
