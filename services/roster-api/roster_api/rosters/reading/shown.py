"""A sheet as its reader sees it: merged values everywhere they hold, hidden rows and columns left out and named."""

from collections.abc import Iterable

from roster_api.rosters.reading.cells import Appearance, Cell, Merge, Place, Sheet, column_letters, text_of
from roster_api.rosters.reading.refusals import RefusedFileError

Note = tuple[str, str]
MAXIMUM_MERGED_CELLS = 1_000_000
ROWS_NAMED = 40


def show(sheet: Sheet, *, include_hidden: bool) -> tuple[Sheet, list[Note]]:
    """The sheet with merges filled and hidden rows and columns empty (unless wanted); what there is to note."""
    appearance = sheet.appearance
    if _shows_all(appearance):
        return sheet, []
    rows = [list(row) for row in sheet.rows]
    rows += [[] for _ in range(len(rows), max((row + 1 for row, _ in appearance.faults), default=0))]
    notes = _hidden_notes(sheet, include_hidden)
    if not include_hidden:
        for number in appearance.hidden_rows:
            if number < len(rows):
                rows[number] = []
        for column in appearance.hidden_columns:
            for row in rows:
                if column < len(row):
                    row[column] = None
    struck, faults = _fill(rows, appearance)
    filled = Appearance(
        is_hidden=appearance.is_hidden, is_delimited=appearance.is_delimited, merges=appearance.merges,
        hidden_rows=appearance.hidden_rows, hidden_columns=appearance.hidden_columns, faults=faults, struck=struck,
        partly_struck=appearance.partly_struck, outside=appearance.outside,
        comments=appearance.comments, boxes=appearance.boxes, coloured=appearance.coloured, prompts=appearance.prompts,
    )  # fmt: skip
    if appearance.outside:
        places = ", ".join(appearance.outside[:ROWS_NAMED])
        notes.append((
            f"Trang “{sheet.name}”: ô nằm ngoài vùng đọc được, không đọc: {places}.",
            f"Sheet “{sheet.name}”: cells beyond what is read, passed over: {places}.",
        ))  # fmt: skip
    return Sheet(sheet.name, rows, filled), notes


def _shows_all(appearance: Appearance) -> bool:
    """Every cell stands as it is shown, so that nothing is to be written into a copy."""
    return not (
        appearance.merges or appearance.hidden_rows or appearance.hidden_columns or appearance.faults
        or appearance.outside
    )  # fmt: skip


def _fill(rows: list[list[Cell]], appearance: Appearance) -> tuple[set[Place], dict[Place, str]]:
    """Writes each merge's value into all of its cells; returns the crossed-out cells and the faults, so spread too."""
    struck, faults = set(appearance.struck), dict(appearance.faults)
    left = MAXIMUM_MERGED_CELLS
    for merge in appearance.merges:
        first = (merge[0], merge[1])
        value = rows[first[0]][first[1]] if first[0] < len(rows) and first[1] < len(rows[first[0]]) else None
        if (value is None and first not in faults) or (merge[0] in appearance.hidden_rows and not rows[merge[0]]):
            continue
        for number, column in _places(merge, len(rows)):
            left -= 1
            if left < 0:
                raise RefusedFileError(
                    "file.too_heavy", vi="Tệp có quá nhiều ô gộp. Hãy bỏ gộp ô rồi gửi lại.",
                    en="The file has far too many merged cells. Unmerge them and send it again.",
                )  # fmt: skip
            if number in appearance.hidden_rows and not rows[number]:
                continue
            row = rows[number]
            row.extend([None] * (column + 1 - len(row)))
            row[column] = value
            if first in struck:
                struck.add((number, column))
            if first in faults:
                faults[number, column] = faults[first]
    return struck, faults


def _places(merge: Merge, height: int) -> Iterable[Place]:
    for number in range(merge[0], min(merge[2] + 1, height)):
        for column in range(merge[1], min(merge[3] + 1, 400)):
            yield number, column


def _hidden_notes(sheet: Sheet, include_hidden: bool) -> list[Note]:
    appearance, notes = sheet.appearance, []
    rows = sorted(number for number in appearance.hidden_rows if _has_text(sheet, number))
    columns = sorted(column for column in appearance.hidden_columns if _column_has_text(sheet, column))
    did_vi, did_en = ("vẫn đọc", "read all the same") if include_hidden else ("không đọc", "left out")
    if rows:
        named = ", ".join(str(number + 1) for number in rows[:ROWS_NAMED])
        more = f" và {len(rows) - ROWS_NAMED} dòng nữa" if len(rows) > ROWS_NAMED else ""
        notes.append((
            f"Trang “{sheet.name}”: {len(rows)} dòng bị ẩn hoặc bị lọc, {did_vi}: dòng {named}{more}.",
            f"Sheet “{sheet.name}”: {len(rows)} hidden or filtered rows, {did_en}: {named}.",
        ))  # fmt: skip
    if columns:
        named = ", ".join(column_letters(column) for column in columns)
        notes.append((
            f"Trang “{sheet.name}”: cột bị ẩn, {did_vi}: {named}.",
            f"Sheet “{sheet.name}”: hidden columns, {did_en}: {named}.",
        ))  # fmt: skip
    return notes


def _has_text(sheet: Sheet, number: int) -> bool:
    return number < len(sheet.rows) and any(text_of(cell) for cell in sheet.rows[number])


def _column_has_text(sheet: Sheet, column: int) -> bool:
    return any(column < len(row) and text_of(row[column]) for row in sheet.rows)
