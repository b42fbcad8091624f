"""A sheet put right before it is read: each cell by its column and by the sheet, each repair carried by its cell."""

from dataclasses import replace

from roster_api.legacy_text.legacies import NAMES, Legacy, legacy_of_font
from roster_api.legacy_text.repair import Evidence, evidence_of
from roster_api.legacy_text.texts import RepairedText, UnclearText, repair_text
from roster_api.rosters.reading.cells import Cell, Sheet, column_letters, text_of

ENOUGH_FOR_A_SHEET = 2


def joined(cells: list[Cell]) -> str:
    """The cells' texts in one, with single blanks; what was repaired or unclear in a part is so in the whole."""
    texts = [text_of(cell) for cell in cells]
    whole = " ".join(text for text in texts if text)
    if any(isinstance(cell, UnclearText) for cell in cells):
        return UnclearText(whole)
    repaired = next((cell for cell in cells if isinstance(cell, RepairedText)), None)
    if repaired is None:
        return whole
    made = RepairedText(whole)
    made.legacy = repaired.legacy
    made.before = " ".join(cell.before if isinstance(cell, RepairedText) else text_of(cell) for cell in cells)
    return made


def repair_sheet(sheet: Sheet) -> Sheet:
    """The same sheet with every text put right by its column's encoding, or by the sheet's where the column says none.

    A sheet of sound text comes back as it is.
    """
    width = max((len(row) for row in sheet.rows), default=0)
    columns = [
        evidence_of(cell for row in sheet.rows if index < len(row) and isinstance(cell := row[index], str))
        for index in range(width)
    ]
    whole = Evidence()
    for column in columns:
        whole.certain.update(column.certain)
        whole.against.update(column.against)
    fonts = {place: legacy_of_font(name) for place, name in sheet.appearance.fonts.items()}
    in_font = _evidence_by_font(sheet, fonts)
    if not fonts and not any(column.spoilt for column in columns):
        return sheet
    fallback = whole if whole.certain.total() >= ENOUGH_FOR_A_SHEET else Evidence()
    return replace(sheet, rows=[
        [
            _repair_cell(
                cell,
                in_font.get((index, font)) or (columns[index] if columns[index].certain.total() else fallback),
                font=font,
            )
            for index, cell in enumerate(row)
            for font in (fonts.get((number, index)),)
        ]
        for number, row in enumerate(sheet.rows)
    ])  # fmt: skip


def _evidence_by_font(
    sheet: Sheet, fonts: dict[tuple[int, int], Legacy | None]
) -> dict[tuple[int, Legacy | None], Evidence]:
    """What the cells of each column that stand in an old font say: those in another font are no witnesses."""
    texts: dict[tuple[int, Legacy | None], list[str]] = {}
    for (row, column), legacy in fonts.items():
        cell = sheet.rows[row][column] if row < len(sheet.rows) and column < len(sheet.rows[row]) else None
        if legacy is not None and isinstance(cell, str):
            texts.setdefault((column, legacy), []).append(cell)
    return {key: evidence_of(cells) for key, cells in texts.items()}


def _repair_cell(cell: Cell, evidence: Evidence, *, font: Legacy | None) -> Cell:
    return repair_text(cell, evidence, font=font) if isinstance(cell, str) else cell


def repair_notes(sheet: Sheet) -> list[tuple[str, str]]:
    """(vi, en) for each column with repairs: how many, by which encoding, and one of them."""
    notes: list[tuple[str, str]] = []
    for index in range(max((len(row) for row in sheet.rows), default=0)):
        cells = [row[index] for row in sheet.rows if index < len(row)]
        if not any(issubclass(kind, RepairedText) for kind in set(map(type, cells))):
            continue
        repaired = [cell for cell in cells if isinstance(cell, RepairedText)]
        first, count = repaired[0], len(repaired)
        names = ", ".join(sorted({NAMES[cell.legacy] for cell in repaired}))
        place = f"“{sheet.name}”, {{}} {column_letters(index)}"
        notes.append((
            f"Trang {place.format('cột')}: {count} ô gõ bằng {names}, ví dụ “{first.before}” đọc là “{first}”.",
            f"Sheet {place.format('column')}: {count} cells typed in {names}: “{first.before}” is “{first}”.",
        ))  # fmt: skip
    return notes
