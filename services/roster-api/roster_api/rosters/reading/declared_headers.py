"""Where a declared table begins and what its columns are: as found, or as somebody chose."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from roster_api.rosters.reading.cells import Sheet, column_index, column_letters, text_of, without_hidden_characters
from roster_api.rosters.reading.choices import LEFT_OUT, SheetChoice, no_such_row
from roster_api.rosters.reading.declared_cells import DeclaredColumn
from roster_api.rosters.reading.declared_names import is_told, with_names_told_apart
from roster_api.rosters.reading.header_labels import labels_of
from roster_api.rosters.reading.header_words import without_brackets
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.reading.table_mappings import ColumnMapping, TableMapping, find_hint, take_samples
from roster_api.rosters.reading.words import word_key

ROWS_SEARCHED, DEEPEST = 30, 3
ROWS_OF_WIDTH = 200


@dataclass(frozen=True)
class DeclaredHeader:
    """`first` counts from 0; `depth` 0: the table has none. `for_all`: (column, text) set for every row."""

    first: int
    depth: int
    columns: dict[int, DeclaredColumn]
    labels: list[str]
    for_all: list[tuple[DeclaredColumn, str]] = field(default_factory=list)
    left_out: frozenset[int] = frozenset()

    @property
    def meanings(self) -> set[str]:
        return {column.meaning for column in (*self.columns.values(), *(column for column, _ in self.for_all))}

    @property
    def row(self) -> int:
        """As people count; 0: none."""
        return self.first + 1 if self.depth else 0

    def missing(self, columns: Sequence[DeclaredColumn]) -> list[DeclaredColumn]:
        return [column for column in columns if column.is_required and not is_told(column.meaning, self.meanings)]


NOTHING = DeclaredHeader(0, 0, {}, [])


def choose_header(sheet: Sheet, columns: Sequence[DeclaredColumn], choice: SheetChoice | None) -> DeclaredHeader | None:
    """None where no row names two columns, and nobody said otherwise."""
    as_found = _find(sheet, columns)
    if choice is None:
        return as_found
    if choice.header_row is None or (as_found and as_found.row == choice.header_row):
        return _chosen(as_found or NOTHING, columns, choice)
    if choice.header_row > len(sheet.rows):
        raise no_such_row(sheet, choice.header_row)
    base = _build(sheet, choice.header_row - 1, 1, columns) if choice.header_row else NOTHING
    return _chosen(base, columns, choice)


def _chosen(base: DeclaredHeader, columns: Sequence[DeclaredColumn], choice: SheetChoice) -> DeclaredHeader:
    """What is chosen takes the place of what was found; a value for all rows the place of its column."""
    by_meaning = {column.meaning: column for column in columns}
    by_index = {column_index(letters): by_meaning.get(meaning) for letters, meaning in choice.columns.items()}
    chosen = {index: column for index, column in by_index.items() if column and column.meaning not in choice.values}
    taken = {column.meaning for column in chosen.values()} | choice.values.keys()
    kept = {i: one for i, one in base.columns.items() if i not in by_index and one.meaning not in taken}
    width = max([len(base.labels), *(index + 1 for index in by_index)])
    left_out = frozenset(column_index(letters) for letters, one in choice.columns.items() if one == LEFT_OUT)
    for_all = [(by_meaning[name], text) for name, text in choice.values.items() if name in by_meaning]
    labels = base.labels + [""] * (width - len(base.labels))
    return DeclaredHeader(base.first, base.depth, kept | chosen, labels, for_all, left_out)


def _find(sheet: Sheet, columns: Sequence[DeclaredColumn]) -> DeclaredHeader | None:
    """The rows that name the most columns; of equals the upper and flatter."""
    best: DeclaredHeader | None = None
    for first in range(min(ROWS_SEARCHED, len(sheet.rows))):
        for depth in range(1, min(DEEPEST, len(sheet.rows) - first) + 1):
            header = _build(sheet, first, depth, columns)
            if len(header.columns) > max(1, len(best.columns) if best else 1):
                best = header
    return best


def _build(sheet: Sheet, first: int, depth: int, columns: Sequence[DeclaredColumn]) -> DeclaredHeader:
    known: dict[int, DeclaredColumn] = {}
    labels = labels_of(sheet, first, depth)
    for index, stack in enumerate(labels):
        taken = {column.meaning for column in known.values()}
        column = _match(stack, [column for column in columns if column.meaning not in taken]) if stack else None
        if column is not None:
            known[index] = column
    known = with_names_told_apart(sheet, first + depth, labels, known, columns)
    return DeclaredHeader(first, depth, known, [" / ".join(stack) for stack in labels])


def _match(stack: Sequence[str], columns: Sequence[DeclaredColumn]) -> DeclaredColumn | None:
    """By the lowest text, then by all texts above each other."""
    for text in (stack[-1], " ".join(stack)):
        keys = {word_key(text), word_key(without_brackets(text))}
        for column in columns:
            if any(re.search(column.synonyms, key) for key in keys if key):
                return column
    return None


def map_declared(sheet: Sheet, header: DeclaredHeader, faults: Mapping[int, int], rows: int) -> TableMapping:
    """`faults`: by column, in how many of the `rows` its cell could not be read."""
    data = sheet.rows[header.first + header.depth :]
    mapped: list[ColumnMapping] = []
    unmapped: list[ColumnMapping] = []
    width = max([len(header.labels), *(len(row) for row in data[:ROWS_OF_WIDTH])])
    for index in range(width):
        label = without_hidden_characters(header.labels[index]) if index < len(header.labels) else ""
        column, samples, letters = header.columns.get(index), take_samples(data, index), column_letters(index)
        hint = find_hint(sheet, index, header.first + header.depth)
        if column is not None:
            confidence = round(1 - faults.get(index, 0) / rows, 2) if rows else 1.0
            mapped.append(ColumnMapping(letters, label, column.meaning, confidence, samples, hint))
        elif label or samples:
            unmapped.append(ColumnMapping(letters, label, None, 0.0, samples, hint))
    values = {column.meaning: text for column, text in header.for_all}
    return TableMapping(sheet.name, header.row, mapped, unmapped, values)


def refuse_declared(
    nearest: tuple[str, DeclaredHeader] | None, columns: Sequence[DeclaredColumn], tables: Sequence[TableMapping]
) -> RefusedFileError:
    """No sheet has the table: what was found, what is missing, and that it can be said which column is which."""
    wanted = ", ".join(column.label for column in columns if column.is_required)
    if nearest is None:
        return RefusedFileError(
            "register.no_header", tables=tables,
            vi=f"Không tìm thấy dòng tiêu đề trong {ROWS_SEARCHED} dòng đầu. Cần các cột: {wanted}. Hãy thêm dòng "
            "tiêu đề rồi gửi lại, hoặc cho biết cột nào là gì (dòng tiêu đề 0: không có).",
            en=f"No header within the first {ROWS_SEARCHED} rows. These columns are needed: {wanted}. Add a header "
            "and send it again, or say what each column is (header row 0: none).",
        )  # fmt: skip
    sheet, header = nearest
    missing = ", ".join(column.label for column in header.missing(columns))
    return RefusedFileError(
        "register.columns_missing", tables=tables,
        vi=f"Trang “{sheet}”, tiêu đề dòng {header.row}: thiếu cột {missing}. Hãy thêm cột rồi gửi lại, hoặc cho biết "
        "cột nào là gì, hoặc một giá trị chung cho mọi dòng.",
        en=f"Sheet “{sheet}”, header in row {header.row}: columns are missing: {missing}. Add them and send it again, "
        "or say which column is which, or one value for all rows.",
    )  # fmt: skip


def count_filled(sheet: Sheet) -> int:
    """How many rows have something in them."""
    return sum(any(text_of(cell) for cell in row) for row in sheet.rows)
