"""The reader of any register that declares its columns: the same sheets, repairs and cells, another table.

Rows read + rows named = rows there: a row without what a register must have is an error, or is named as passed over.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from commune_schemas.amounts import amount

from roster_api.rosters.reading.beside import is_of_remarks
from roster_api.rosters.reading.cells import Sheet, address, column_letters, text_of, without_hidden_characters
from roster_api.rosters.reading.choices import Choices, SheetChoice, check_sheets, header_texts
from roster_api.rosters.reading.declared_cells import DeclaredColumn, read_declared_cell
from roster_api.rosters.reading.declared_headers import (
    NOTHING,
    DeclaredHeader,
    choose_header,
    count_filled,
    map_declared,
    refuse_declared,
)
from roster_api.rosters.reading.declared_names import NAME_PARTS, name_of_parts
from roster_api.rosters.reading.declared_rows import REMARKS_SHOWN, is_no_row, judge_beside, unread_columns
from roster_api.rosters.reading.findings import Finding, error, warning
from roster_api.rosters.reading.legacy_sheets import repair_notes
from roster_api.rosters.reading.preparing import prepare
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.reading.shown import show
from roster_api.rosters.reading.table_mappings import TableMapping

ROWS_NAMED = 30
MAXIMUM_ROWS = 20_000
"""What the request that commits them has time for: twice the officials of 168 communes with sixty each."""
NO_CHOICES = Choices()


@dataclass(slots=True)
class DeclaredRow:
    """A row as read: values by meaning, and what there is to say of it, by (finding, column's name, cell, text)."""

    sheet: str
    row: int
    values: dict[str, Any]
    findings: list[tuple[Finding, str, str, str]] = field(default_factory=list)
    cells: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By meaning: (header, address), for what is found out later."""


@dataclass(slots=True)
class DeclaredReading:
    rows: list[DeclaredRow] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    header_rows: dict[str, int] = field(default_factory=dict)
    tables: list[TableMapping] = field(default_factory=list)
    """What each sheet's columns were taken for, those of sheets left out too."""
    choices: list[SheetChoice] = field(default_factory=list)
    """The choices that were followed, with the header's texts."""


def read_declared(
    sheets: Sequence[Sheet], columns: Sequence[DeclaredColumn], *, include_hidden: bool = False,
    choices: Choices = NO_CHOICES,
) -> DeclaredReading:  # fmt: skip
    """All rows of all sheets that have the table; RefusedFileError when no sheet does. `choices`: of its columns."""
    check_sheets(choices, sheets)
    reading = DeclaredReading()
    nearest: tuple[str, DeclaredHeader] | None = None
    for sheet in map(prepare, sheets):
        if sheet.appearance.is_hidden and not include_hidden:
            _note(reading, f"Trang “{sheet.name}” bị ẩn: không đọc.", f"Sheet “{sheet.name}” is hidden: left out.")
            continue
        shown, notes = show(sheet, include_hidden=include_hidden)
        reading.notes += notes
        choice = choices.of_sheet(shown)
        header = choose_header(shown, columns, choice)
        if header is None or header.missing(columns):
            if header and (nearest is None or len(header.columns) > len(nearest[1].columns)):
                nearest = (sheet.name, header)
            _leave_out(reading, shown, header or NOTHING)
            continue
        reading.notes += repair_notes(sheet)
        reading.header_rows[sheet.name] = max(header.row, 1)
        _note_columns(reading, shown, header)
        if choice is not None:
            _note_choice(reading, shown, header, choice)
        rows = list(_read_rows(shown, header, columns, reading))
        reading.tables.append(map_declared(shown, header, _count_faults(header, rows), len(rows)))
        reading.rows += rows
    if not reading.header_rows:
        raise refuse_declared(nearest, columns, reading.tables)
    if len(reading.rows) > MAXIMUM_ROWS:
        raise RefusedFileError(
            "register.too_many_rows",
            vi="Tệp có hơn 20.000 dòng. Hãy gửi từng phần: dòng không có trong một tệp vẫn được giữ.",
            en="The file has more than 20,000 rows. Send it in parts: what is not in a sheet stays on.",
        )  # fmt: skip
    return reading


def _leave_out(reading: DeclaredReading, sheet: Sheet, header: DeclaredHeader) -> None:
    """Named, and shown with its columns: somebody may say what they are."""
    filled = count_filled(sheet)
    vi = f"Trang “{sheet.name}” ({filled} dòng) không được đọc: không thấy đủ các cột."
    _note(reading, vi, f"Sheet “{sheet.name}” ({amount(filled, 'row')}) was not read: not all columns are there.")
    if filled:
        reading.tables.append(map_declared(sheet, header, {}, 0))


def _note_choice(reading: DeclaredReading, sheet: Sheet, header: DeclaredHeader, choice: SheetChoice) -> None:
    """Keeps the choice with the header's texts; one of an earlier file is told of."""
    if choice.texts:
        vi = f"Trang “{sheet.name}”: các cột được đọc theo cách đã chọn cho bảng trước; hãy xem lại."
        _note(reading, vi, f"Sheet “{sheet.name}”: columns are read as was chosen for an earlier one; please check.")
    reading.choices.append(replace(choice, texts=header_texts(sheet, header.row)))


def _count_faults(header: DeclaredHeader, rows: Sequence[DeclaredRow]) -> dict[int, int]:
    """{column: in how many rows its cell could not be read}."""
    wrong = Counter(
        cell.rstrip("0123456789")
        for row in rows
        for cell in {cell for finding, _, cell, _ in row.findings if finding.is_error}
    )
    return {index: wrong[column_letters(index)] for index in header.columns}


def _note(reading: DeclaredReading, vi: str, en: str) -> None:
    reading.notes.append((vi, en))


def _note_columns(reading: DeclaredReading, sheet: Sheet, header: DeclaredHeader) -> None:
    """What each column was taken for, and which are of no use, so that the sender can object."""
    pairs = [(column_letters(i), header.labels[i], column) for i, column in sorted(header.columns.items())]
    vi = "; ".join(f"{letters} “{label}” là {column.label.lower()}" for letters, label, column in pairs)
    en = "; ".join(f"{letters} “{label}” is {column.meaning}" for letters, label, column in pairs)
    where = header.row
    _note(
        reading, f"Trang “{sheet.name}”, tiêu đề dòng {where}: cột {vi}.", f"Sheet “{sheet.name}”, row {where}: {en}."
    )
    unused = [f"{column_letters(index)} “{label}”" for index, label in unread_columns(header).items()]
    if unused:
        _note(reading, f"Cột không dùng đến: {', '.join(unused)}.", f"Columns of no use here: {', '.join(unused)}.")


def _read_rows(
    sheet: Sheet, header: DeclaredHeader, columns: Sequence[DeclaredColumn], reading: DeclaredReading
) -> Iterator[DeclaredRow]:
    passed: list[str] = []
    beside, remarks = unread_columns(header), dict[str, dict[str, None]]()
    for number in range(header.first + header.depth, len(sheet.rows)):
        cells = sheet.rows[number]
        texts = {index: text_of(cell) for index, cell in enumerate(cells) if text_of(cell)}
        faulty = [place for place in sheet.appearance.faults if place[0] == number] if sheet.appearance.faults else []
        if not texts and not faulty:
            continue
        if not faulty and is_no_row(texts, header):
            passed.append(f"{number + 1} “{' | '.join(list(texts.values())[:3])[:80]}”")
            continue
        row = _read_row(sheet, number, header, columns)
        for index in texts.keys() & beside.keys():
            finding = judge_beside(texts[index], beside[index])
            if finding is not None:
                row.findings.append((finding, beside[index], address(number, index), texts[index]))
            elif is_of_remarks(beside[index]):
                remarks.setdefault(beside[index], {})[without_hidden_characters(texts[index])[:80]] = None
        yield row
    for label, kept in remarks.items():
        shown = "; ".join(f"“{text}”" for text in list(kept)[:REMARKS_SHOWN])
        vi = f"Trang “{sheet.name}”: cột “{label}” không được đọc; trong đó có: {shown}."
        _note(reading, vi, f"Sheet “{sheet.name}”: column “{label}” is not read; it says: {shown}.")
    if passed:
        named = "; ".join(passed[:ROWS_NAMED])
        more = f" … (+{len(passed) - ROWS_NAMED})" if len(passed) > ROWS_NAMED else ""
        vi = f"Trang “{sheet.name}”: dòng không phải dữ liệu, bỏ qua: {named}{more}."
        _note(reading, vi, f"Sheet “{sheet.name}”: rows passed over as no data: {named}{more}.")


def _read_row(sheet: Sheet, number: int, header: DeclaredHeader, columns: Sequence[DeclaredColumn]) -> DeclaredRow:
    row = DeclaredRow(sheet.name, number + 1, {})
    cells = sheet.rows[number]
    whole = name_of_parts(cells, header.columns, columns)
    for index, column in header.columns.items():
        cell = cells[index] if index < len(cells) else None
        place = (number, index)
        label, where, text = header.labels[index], address(number, index), without_hidden_characters(text_of(cell))
        if place in sheet.appearance.struck or place in sheet.appearance.partly_struck:
            vi, en = "Chữ trong ô bị gạch ngang, nhưng vẫn được đọc.", "The text is crossed out, and read all the same."
            row.findings.append((warning("cell.crossed_out", vi=vi, en=en), label, where, text))
        if place in sheet.appearance.faults:
            row.cells[column.meaning] = (label, where)
            row.findings.append((_faulty(sheet.appearance.faults[place]), label, where, text))
            continue
        if whole is not None and column in NAME_PARTS and index != whole.place:
            continue
        of, written = (whole.column, whole.text) if whole and index == whole.place else (column, cell)
        row.cells[of.meaning] = (label, where)
        got = read_declared_cell(of, written)
        row.values[of.meaning] = got.value
        row.findings += [(finding, label, where, text) for finding in got.findings]
    for column, text in header.for_all:
        got = read_declared_cell(column, text)
        row.cells[column.meaning] = (column.label, "")
        row.values[column.meaning] = got.value
        row.findings += [(finding, column.label, "", text) for finding in got.findings]
    return row


def _faulty(fault: str) -> Finding:
    return error(
        "cell.faulty", vi=f"Ô báo lỗi hoặc công thức chưa tính: {fault[:60]}.",
        en=f"The cell shows an error, an uncomputed formula or too much text: {fault[:60]}.",
        mend_vi="Ghi giá trị vào ô.", mend_en="Write the value into the cell.",
    )  # fmt: skip
