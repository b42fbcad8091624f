"""The sender's own file back with a column of errors: xlsx through openpyxl, any other workbook rewritten, csv as csv.

Runs inside the limited child process. Nothing in what goes back can be computed: formulas become the values that were
read, and text that a spreadsheet would take for a formula stays text.
"""

import csv
from io import BytesIO, StringIO

from roster_api.rosters.reading.cells import Sheet, text_of
from roster_api.rosters.reading.opening import open_sheets

HEADER = "LỖI CẦN SỬA / ERRORS"
Remarks = dict[str, dict[int, str]]
"""{sheet: {row number from 1: words}}; the header's row carries HEADER."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def annotate(content: bytes, remarks: Remarks) -> tuple[str, bytes]:
    """(format, bytes): 'csv' for csv, else 'xlsx'."""
    kind, sheets = open_sheets(content)
    if kind == "csv":
        return "csv", _annotate_csv(sheets[0], remarks)
    if kind == "xlsx":
        return "xlsx", _annotate_xlsx(content, remarks)
    return "xlsx", _rewrite(sheets, remarks)


def neutral(text: str) -> str:
    """Text for a csv cell that no spreadsheet will compute."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _annotate_csv(sheet: Sheet, remarks: Remarks) -> bytes:
    words = remarks.get(sheet.name, {})
    width = max((len(row) for row in sheet.rows), default=0)
    out = StringIO()
    writer = csv.writer(out)
    for number, row in enumerate(sheet.rows, start=1):
        texts = [neutral(text_of(cell)) for cell in row]
        writer.writerow([*texts, *[""] * (width - len(texts)), words.get(number, "")])
    return out.getvalue().encode("utf-8-sig")


def _annotate_xlsx(content: bytes, remarks: Remarks) -> bytes:
    from openpyxl import load_workbook  # noqa: PLC0415 - only the child needs it
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415

    book = load_workbook(BytesIO(content), data_only=True, keep_links=False)
    for sheet in book.worksheets:
        words = remarks.get(sheet.title, {})
        column = sheet.max_column + 1
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith(FORMULA_STARTS):
                    cell.data_type = "s"
                    cell.quotePrefix = True
        for number, text in words.items():
            cell = sheet.cell(row=number, column=column, value=text)
            cell.data_type = "s"
            cell.font = Font(color="9C0006", bold=text == HEADER)
            cell.fill = PatternFill("solid", fgColor="FFC7CE")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        if words:
            sheet.column_dimensions[sheet.cell(row=1, column=column).column_letter].width = 70
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _rewrite(sheets: list[Sheet], remarks: Remarks) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - only the child needs it

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    red = book.add_format({"font_color": "#9C0006", "bg_color": "#FFC7CE", "text_wrap": True, "valign": "top"})
    for number, sheet in enumerate(sheets, start=1):
        page = book.add_worksheet(f"{number}")
        width = max((len(row) for row in sheet.rows), default=0)
        for row, cells in enumerate(sheet.rows):
            for column, cell in enumerate(cells):
                page.write_string(row, column, text_of(cell))
        for row, text in remarks.get(sheet.name, {}).items():
            page.write_string(row - 1, width, text, red)
        page.set_column(width, width, 70)
    book.close()
    return out.getvalue()
