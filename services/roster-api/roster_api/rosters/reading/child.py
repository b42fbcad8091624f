"""The child process that opens hostile files: memory, time and file size are limited before a byte is looked at.

Speaks over stdin and stdout: one line of JSON, then bytes. `python -m roster_api.rosters.reading.child`.
"""

import datetime as dt
import json
import resource
import sys
from typing import Any

from roster_api.rosters.reading.annotating import annotate
from roster_api.rosters.reading.cells import Appearance, Cell, Sheet
from roster_api.rosters.reading.opening import open_sheets
from roster_api.rosters.reading.refusals import RefusedFileError

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 10
FILE_BYTES = 64 * 1024 * 1024
"""openpyxl writes its sheets to temporary files first."""


def set_limits() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def encode_cell(cell: Cell) -> Any:
    return {"date": cell.isoformat()} if isinstance(cell, dt.date) else cell


def decode_cell(value: Any) -> Cell:
    if isinstance(value, dict):
        return dt.date.fromisoformat(value["date"])
    cell: Cell = value
    return cell


def encode_sheet(sheet: Sheet) -> dict[str, Any]:
    shown = sheet.appearance
    return {
        "name": sheet.name, "rows": [[encode_cell(cell) for cell in row] for row in sheet.rows],
        "is_hidden": shown.is_hidden, "is_delimited": shown.is_delimited, "outside": shown.outside,
        "merges": shown.merges, "hidden_rows": sorted(shown.hidden_rows),
        "hidden_columns": sorted(shown.hidden_columns),
        "faults": [[*place, text] for place, text in shown.faults.items()], "struck": sorted(shown.struck),
        "partly_struck": sorted(shown.partly_struck), "fonts": [[*place, name] for place, name in shown.fonts.items()],
    }  # fmt: skip


def decode_sheet(value: dict[str, Any]) -> Sheet:
    appearance = Appearance(
        is_hidden=value["is_hidden"], is_delimited=value["is_delimited"], outside=value["outside"],
        merges=[(top, left, bottom, right) for top, left, bottom, right in value["merges"]],
        hidden_rows=set(value["hidden_rows"]), hidden_columns=set(value["hidden_columns"]),
        faults={(row, column): text for row, column, text in value["faults"]},
        struck={(row, column) for row, column in value["struck"]},
        partly_struck={(row, column) for row, column in value["partly_struck"]},
        fonts={(row, column): name for row, column, name in value["fonts"]},
    )  # fmt: skip
    return Sheet(value["name"], [[decode_cell(cell) for cell in row] for row in value["rows"]], appearance)


def answer(task: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """What the child says: a heading and, for an annotated file, its bytes."""
    try:
        if task["task"] == "annotate":
            remarks = {sheet: {int(row): text for row, text in rows.items()} for sheet, rows in task["remarks"].items()}
            kind, annotated = annotate(content, remarks)
            return {"format": kind}, annotated
        kind, sheets = open_sheets(content)
    except RefusedFileError as refused:
        return {"refused": {"code": refused.code, "vi": refused.vi, "en": refused.en}}, b""
    except MemoryError:
        return {"exhausted": True}, b""
    return {"format": kind, "sheets": [encode_sheet(sheet) for sheet in sheets]}, b""


def main() -> None:
    set_limits()
    task = json.loads(sys.stdin.buffer.readline())
    heading, content = answer(task, sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(heading).encode("ascii") + b"\n" + content)


if __name__ == "__main__":
    main()
