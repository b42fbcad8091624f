"""Workbooks with their errors marked: the faulty cells coloured, words for each row in one column beside the table.

Runs inside the limited child process.
"""

import re
from copy import copy
from io import BytesIO
from typing import Any

from commune_service.formulas import FORMULA_STARTS

from roster_api.rosters.reading.cells import Sheet, column_letters, text_of
from roster_api.rosters.reading.shown import show

HEADER = "LỖI CẦN SỬA / ERRORS"
Remarks = dict[str, dict[int, str]]
"""{sheet: {row number from 1: words}}; the header's row carries HEADER. A line of words starts '✗ D14:' or 'ℹ D14:'."""
UNCOMPUTED = "#VALUE!"
RED, YELLOW, GREY = "FFC7CE", "FFEB9C", "EDEDED"
RED_TEXT, YELLOW_TEXT = "9C0006", "7F6000"
WIDTH = 70
USUAL_WIDTH, WIDEST_BESIDE = 9, 130
"""Characters of a table that a screen shows together with the column of words."""
LINE_POINTS, MOST_POINTS = 15, 300
_PLACE = re.compile(r"^([✗ℹ]) ([A-Z]{1,3})(\d{1,7}):", re.MULTILINE)


def header_words(words: dict[int, str]) -> str:
    """The head of the column of words: how many errors and remarks there are, and what the colours mean."""
    lines = [line for text in words.values() for line in text.splitlines()]
    errors, notes = sum(line.startswith("✗") for line in lines), sum(line.startswith("ℹ") for line in lines)
    return (
        f"{HEADER}\n✗ {errors} lỗi (ô đỏ): phải sửa / errors (red)\n"
        f"ℹ {notes} lưu ý (ô vàng): xem lại / to check (yellow)"
    )


def cells_of(words: dict[int, str]) -> dict[tuple[int, str], bool]:
    """{(row, column letters): is it an error} of every cell that is spoken of."""
    cells: dict[tuple[int, str], bool] = {}
    for text in words.values():
        for mark, letters, row in _PLACE.findall(text):
            place = (int(row), letters)
            cells[place] = cells.get(place, False) or mark == "✗"
    return cells


def annotate_workbook(content: bytes, sheets: list[Sheet], remarks: Remarks) -> bytes:
    """The same workbook, as far as openpyxl keeps it; raises whatever openpyxl raises.

    A formula that was never computed comes back as an error value: empty, it would be read as nothing the next time.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - only the child needs it

    book = load_workbook(BytesIO(content), data_only=True, keep_links=False)
    faults = {sheet.name: sheet.appearance.faults for sheet in sheets}
    for sheet in book.worksheets:
        _keep_text(sheet)
        for row, column in faults.get(sheet.title, {}):
            cell = sheet.cell(row=row + 1, column=column + 1)
            if cell.value is None:
                cell.value = UNCOMPUTED
        words = remarks.get(sheet.title, {})
        if words:
            _mark(sheet, words)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _keep_text(sheet: Any) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith(FORMULA_STARTS):
                cell.data_type = "s"
                cell.quotePrefix = True


def _mark(sheet: Any, words: dict[int, str]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415

    header_row = next((number for number, text in words.items() if text == HEADER), 1)
    column = _free_column(sheet, header_row)
    letters = column_letters(column - 1)
    fills = {True: PatternFill("solid", fgColor=RED), False: PatternFill("solid", fgColor=YELLOW)}
    for (number, at), is_error in cells_of(words).items():
        sheet[f"{at}{number}"].fill = fills[is_error]
    for number, text in words.items():
        is_head, is_error = text == HEADER, "✗" in text
        cell = sheet.cell(row=number, column=column, value=header_words(words) if is_head else text)
        cell.data_type = "s"
        cell.font = Font(color=RED_TEXT if is_error or is_head else YELLOW_TEXT, bold=is_head)
        cell.fill = PatternFill("solid", fgColor=GREY) if is_head else fills[is_error]
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        for beside in () if is_head else sheet[number][: column - 1]:
            if beside.value is not None:  # in a row that the words make high, it stands where they begin
                alignment = copy(beside.alignment)
                alignment.vertical = "top"
                beside.alignment = alignment
        dimension = sheet.row_dimensions[number]
        dimension.height = max(dimension.height or LINE_POINTS, height_of(cell.value))
    sheet.column_dimensions[letters].width = WIDTH
    sheet.column_dimensions[letters].hidden = False
    _freeze(sheet, header_row, column)


def _freeze(sheet: Any, header_row: int, column: int) -> None:
    """The words stay in view: frozen with a table that fits beside them, else the view opens on them."""
    letters = [column_letters(index) for index in range(column - 1)]
    known = sheet.column_dimensions
    if sum(known[at].width if at in known else USUAL_WIDTH for at in letters) <= WIDEST_BESIDE:
        sheet.freeze_panes = f"{column_letters(column)}{header_row + 1}"
        return
    sheet.freeze_panes = f"A{header_row + 1}"
    first = column_letters(max(column - 3, 0))
    sheet.sheet_view.topLeftCell = f"{first}1"
    sheet.sheet_view.pane.topLeftCell = f"{first}{header_row + 1}"


def height_of(text: str) -> int:
    """Points that the words take when wrapped to the column's width."""
    lines = sum(1 + len(line) // WIDTH for line in text.splitlines())
    return min(LINE_POINTS * lines, MOST_POINTS)


def _free_column(sheet: Any, header_row: int) -> int:
    """The first column with nothing in it, merged cells included, right of the last header; old words are taken out."""
    last = 1
    for cell in sheet[header_row]:
        if isinstance(cell.value, str) and cell.value.startswith(HEADER):
            _clear(sheet, cell.column, header_row)
    used = set()
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                used.add(cell.column)
                last = max(last, cell.column) if cell.row == header_row else last
    for merged in sheet.merged_cells.ranges:
        if merged.max_row >= header_row:
            used |= set(range(merged.min_col, min(merged.max_col, 16_000) + 1))
    column = last + 1
    while column in used:
        column += 1
    return column


def _clear(sheet: Any, column: int, first_row: int) -> None:
    from openpyxl.styles import PatternFill  # noqa: PLC0415

    for number in range(first_row, sheet.max_row + 1):
        cell = sheet.cell(row=number, column=column)
        cell.value, cell.fill = None, PatternFill()


def rewrite_workbook(sheets: list[Sheet], remarks: Remarks) -> bytes:
    """A plain workbook with the same cells, hidden rows and sheets hidden, and the errors marked."""
    import xlsxwriter  # noqa: PLC0415 - only the child needs it

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    base = {"text_wrap": True, "valign": "top"}
    formats = {
        True: book.add_format({"font_color": f"#{RED_TEXT}", "bg_color": f"#{RED}", **base}),
        False: book.add_format({"font_color": f"#{YELLOW_TEXT}", "bg_color": f"#{YELLOW}", **base}),
    }
    head = book.add_format({"bold": True, "bg_color": f"#{GREY}", **base})
    names = set[str]()
    for number, sheet in enumerate(sheets, start=1):
        page = book.add_worksheet(_sheet_name(sheet.name, number, names))
        _write_sheet(page, sheet, remarks.get(sheet.name, {}), formats, head)
        if sheet.appearance.is_hidden and number > 1:
            page.hide()
    book.close()
    return out.getvalue()


def _sheet_name(name: str, number: int, names: set[str]) -> str:
    kept = re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ")[:31]
    if not kept or kept.casefold() in names or kept.casefold() == "history":
        kept = f"{number}"
    names.add(kept.casefold())
    return kept


def _write_sheet(page: Any, sheet: Sheet, words: dict[int, str], formats: dict[bool, Any], head: Any) -> None:
    rows = show(sheet, include_hidden=True)[0].rows
    marked = cells_of(words)
    old = {i for n in words if n <= len(rows) for i, cell in enumerate(rows[n - 1]) if text_of(cell).startswith(HEADER)}
    table = rows[min(words, default=1) - 1 :]
    width = min([max((len(row) for row in table), default=0), *old])
    for number, row in enumerate(rows):
        for column in range(max(len(row), width)):
            text = text_of(row[column]) if column < len(row) else ""
            fault = sheet.appearance.faults.get((number, column), "")
            text = text or (UNCOMPUTED if fault.startswith("=") else fault)
            is_error = marked.get((number + 1, column_letters(column)))
            if column not in old and (text or is_error is not None):
                page.write_string(number, column, text, formats[is_error] if is_error is not None else None)
    for number, text in words.items():
        shown = header_words(words) if text == HEADER else text
        page.write_string(number - 1, width, shown, head if text == HEADER else formats["✗" in text])
        page.set_row(number - 1, height_of(shown))
    for number in sheet.appearance.hidden_rows:
        if number < len(rows):
            page.set_row(number, None, None, {"hidden": True})
    page.set_column(width, width, WIDTH)
    head_row = next((number for number, text in words.items() if text == HEADER), 0)
    page.freeze_panes(head_row, width + 1 if width * USUAL_WIDTH <= WIDEST_BESIDE else 0)
