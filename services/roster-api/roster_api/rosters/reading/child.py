"""The child process that opens hostile files: memory, time and file size are limited before a byte is looked at.

Speaks over stdin and stdout: a line of JSON, then the file's bytes; back come lines of JSON and, for an annotated file,
its bytes. Started by children/fork_server.py.
"""

import gc
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from commune_service import clock
from pydantic_core import from_json, to_json

from roster_api.rosters.reading.annotating import annotate
from roster_api.rosters.reading.cells import text_of
from roster_api.rosters.reading.declared import read_declared
from roster_api.rosters.reading.declared_wire import decode_columns, encode_declared
from roster_api.rosters.reading.opening import give_back_memory, open_sheets
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.reading.roster import read_roster
from roster_api.rosters.reading.wire import decode_choices, encode_reading

MEMORY_BYTES = 512 * 1024 * 1024
OPENING_CPU_SECONDS = 15
CPU_SECONDS = 90
"""A hundred thousand rows take a third of that."""
FILE_BYTES = 64 * 1024 * 1024
"""openpyxl writes its sheets to temporary files first."""
Say = Callable[[dict[str, Any]], None]
Content = list[bytes]
"""The file's bytes, taken out by who opens it: they are not held beside what stands in them."""


def set_limits() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (OPENING_CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(task: dict[str, Any], content: Content, say: Say) -> None:
    """Says the format, how many rows there are, now and then how many are read, the people, and the rest."""
    kind, sheets = open_sheets(content.pop())
    give_back_memory()
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    say({"format": kind, "rows_total": sum(len(sheet.rows) for sheet in sheets)})
    reading = read_roster(
        sheets, include_hidden=task["include_hidden"], choices=decode_choices(task["choices"]),
        say_rows=lambda rows: say({"rows_read": rows}),
    )  # fmt: skip
    for line in encode_reading(reading):
        say(line)


def read_register(task: dict[str, Any], content: Content, say: Say) -> None:
    """A register by its declared columns: the format, the rows, and the rest."""
    kind, sheets = open_sheets(content.pop())
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    say({"format": kind})
    reading = read_declared(
        sheets, decode_columns(task["columns"]), include_hidden=task["include_hidden"],
        choices=decode_choices(task["choices"]),
    )  # fmt: skip
    for line in encode_declared(reading):
        say(line)


def say_texts(content: Content, say: Say) -> None:
    """A line for each sheet that is shown: its name, and each cell as one line of text."""
    _kind, sheets = open_sheets(content.pop())
    for sheet in sheets:
        if not sheet.appearance.is_hidden:
            say({"sheet": sheet.name, "rows": [[text_of(cell) for cell in row] for row in sheet.rows]})


def answer(task: dict[str, Any], content: Content, say: Say) -> bytes:
    """Says what there is to say; the bytes of an annotated file."""
    clock.shift_by(task.get("clock_shift", 0))
    try:
        if task["task"] == "annotate":
            remarks = {sheet: {int(row): text for row, text in rows.items()} for sheet, rows in task["remarks"].items()}
            kind, annotated = annotate(content.pop(), remarks)
            say({"format": kind})
            return annotated
        if task["task"] == "texts":
            say_texts(content, say)
            return b""
        (read_register if task["task"] == "register" else read)(task, content, say)
    except RefusedFileError as refused:
        faults = [[fault.pointer, fault.code, fault.vi, fault.en] for fault in refused.faults]
        words = {"code": refused.code, "vi": refused.vi, "en": refused.en, "faults": faults}
        say({"refused": words | {"tables": [asdict(table) for table in refused.tables]}})
    except MemoryError:
        say({"exhausted": True})
    return b""


def _say(line: dict[str, Any]) -> None:
    out = sys.stdout.buffer
    out.write(to_json(line) + b"\n")
    out.flush()


def main() -> None:
    set_limits()
    gc.disable()  # it lives for one file: looking for rings among millions of cells takes longer than reading them
    task = from_json(sys.stdin.buffer.readline())
    annotated = answer(task, [sys.stdin.buffer.read()], _say)
    _say({"end": len(annotated)})
    sys.stdout.buffer.write(annotated)
    sys.stdout.buffer.flush()
