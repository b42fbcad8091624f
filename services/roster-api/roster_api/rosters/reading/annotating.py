"""The sender's own file back with its errors: xlsx through openpyxl, any other workbook rewritten, csv as csv.

Runs inside the limited child process. Nothing in what goes back can be computed: formulas become the values that were
read, and text that a spreadsheet would take for a formula stays text. Whatever could be read comes back.
"""

import csv
from io import StringIO

from commune_service.formulas import neutral

from roster_api.rosters.reading.annotated_books import (
    HEADER,
    Remarks,
    annotate_workbook,
    header_words,
    rewrite_workbook,
)
from roster_api.rosters.reading.cells import Sheet, text_of
from roster_api.rosters.reading.opening import open_sheets

LONGEST_CELL = 32_767
"""What a workbook can hold: more than is read, so that nothing of the sender's is cut on the way back."""
__all__ = ["HEADER", "Remarks", "annotate"]


def annotate(content: bytes, remarks: Remarks) -> tuple[str, bytes]:
    """(format, bytes): 'csv' for csv, else 'xlsx'."""
    kind, sheets = open_sheets(content, cell_length=LONGEST_CELL)
    if kind == "csv":
        return "csv", _annotate_csv(sheets[0], remarks)
    if kind == "xlsx":
        try:
            return "xlsx", annotate_workbook(content, sheets, remarks)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001, S110 - openpyxl refuses many workbooks that Excel opens, each in its own way
            pass
    return "xlsx", rewrite_workbook(sheets, remarks)


def _annotate_csv(sheet: Sheet, remarks: Remarks) -> bytes:
    words = remarks.get(sheet.name, {})
    old = {
        index for number in words if number <= len(sheet.rows)
        for index, cell in enumerate(sheet.rows[number - 1]) if text_of(cell).startswith(HEADER)
    }  # fmt: skip
    rows = [[neutral(text_of(cell)) for index, cell in enumerate(row) if index not in old] for row in sheet.rows]
    width = max((len(row) for row in rows), default=0)
    out = StringIO()
    writer = csv.writer(out)
    for number, row in enumerate(rows, start=1):
        text = words.get(number, "")
        text = header_words(words).replace("\n", " · ") if text == HEADER else text
        writer.writerow([*row, *[""] * (width - len(row)), text])
    return out.getvalue().encode("utf-8-sig")
