"""The child process that opens hostile files: memory, time and file size are limited before a byte is looked at.

Speaks over stdin and stdout: one line of JSON, then bytes. `python -m roster_api.rosters.reading.child`.
"""

import datetime as dt
import json
import resource
import sys
from typing import Any

from roster_api.rosters.reading.annotating import annotate
from roster_api.rosters.reading.cells import Cell
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
    named = [
        {"name": sheet.name, "rows": [[encode_cell(cell) for cell in row] for row in sheet.rows]} for sheet in sheets
    ]
    return {"format": kind, "sheets": named}, b""


def main() -> None:
    set_limits()
    task = json.loads(sys.stdin.buffer.readline())
    heading, content = answer(task, sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(heading).encode("ascii") + b"\n" + content)


if __name__ == "__main__":
    main()
