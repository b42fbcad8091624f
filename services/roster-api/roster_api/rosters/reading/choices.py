"""What somebody chose about a list's columns: header row, meanings, values for all rows; its headers made of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from commune_schemas.amounts import amount

from roster_api.rosters.reading.cells import Sheet, column_index, column_letters, text_of
from roster_api.rosters.reading.columns import CHOSEN, ROLES_TICKED, Column, Kind, find_column
from roster_api.rosters.reading.expertise import FIELD_NAMES
from roster_api.rosters.reading.header_labels import labels_of
from roster_api.rosters.reading.header_rows import without_lone_roles
from roster_api.rosters.reading.headers import ROWS_SEARCHED, Header, choose_columns, find_headers
from roster_api.rosters.reading.leave import FIRST, LAST
from roster_api.rosters.reading.parts_of_days import tell_parts_apart
from roster_api.rosters.reading.refusals import RefusedFileError

LEFT_OUT = "left_out"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
_PLAIN = (
    Kind.REFERENCE, Kind.FULL_NAME, Kind.FAMILY, Kind.MIDDLE, Kind.GIVEN, Kind.ROLE, Kind.YEAR, Kind.PHONE, Kind.EMAIL,
    Kind.DAYS, Kind.MAX_DAYS, Kind.FIELDS, Kind.DISTANCE, Kind.TEAM, Kind.ABSENCES,
)  # fmt: skip
MEANINGS: dict[str, tuple[Kind, int | None, str | None]] = {
    **{kind.value: (kind, None, None) for kind in _PLAIN},
    **{f"tick_{name}": (Kind.DAY_MARK, day, None) for day, name in enumerate(DAYS)},
    **{f"tick_{code}": (Kind.FIELD_MARK, None, code) for code in FIELD_NAMES},
    **{f"tick_{role}": (Kind.ROLE_MARK, None, role) for role in dict.fromkeys(ROLES_TICKED.values())},
    **{f"absences_{end}": (Kind.ABSENCES, None, end) for end in (FIRST, LAST)},
}
"""{meaning as the API writes it: (kind, weekday, field or end)}; LEFT_OUT stands beside them."""
FOR_ALL = {"role": Kind.ROLE, "year": Kind.YEAR, "skills": Kind.FIELDS, "free_weekdays": Kind.DAYS}
"""What may be set for every row of a list that has no column for it."""
_SAME = {
    Kind.FIELDS: {Kind.FIELDS, Kind.FIELD_MARK}, Kind.DAYS: {Kind.DAYS, Kind.DAY_MARK, Kind.BUSY},
    Kind.ROLE: {Kind.ROLE, Kind.ROLE_MARK},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """Of one sheet: its header's row (0: none; None: as found), {column letters: meaning}, values for all rows.

    `texts`: the header's texts, by which a choice is known again in the school's next list.
    """

    sheet: str
    header_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """`sheets` were chosen for this file; `remembered` for an earlier one, and hold where the header's texts match."""

    sheets: tuple[SheetChoice, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    remembered: tuple[SheetChoice, ...] = ()

    def of_sheet(self, sheet: Sheet) -> SheetChoice | None:
        """None where nothing was chosen for the sheet."""
        for choice in self.sheets:
            if choice.sheet == sheet.name:
                return replace(choice, values=self.values)
        if self.values:
            return SheetChoice(sheet.name, values=self.values)
        for choice in self.remembered:
            row = _row_of(sheet, choice.texts)
            if row is not None:
                return replace(choice, sheet=sheet.name, header_row=row)
        return None


def header_texts(sheet: Sheet, row: int) -> tuple[str, ...]:
    """The texts of row `row` (from 1), without the empty ones at its end."""
    texts = [text_of(cell) for cell in sheet.rows[row - 1]] if 0 < row <= len(sheet.rows) else []
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _row_of(sheet: Sheet, texts: tuple[str, ...]) -> int | None:
    rows = range(1, min(ROWS_SEARCHED, len(sheet.rows)) + 1)
    return next((row for row in rows if texts and header_texts(sheet, row) == texts), None)


def check_sheets(choices: Choices, sheets: Sequence[Sheet]) -> None:
    """RefusedFileError when a sheet is named that the file does not have."""
    names = [sheet.name for sheet in sheets]
    for choice in choices.sheets:
        if choice.sheet not in names:
            known = ", ".join(f"“{name}”" for name in names)
            raise RefusedFileError(
                "mapping.unknown_sheet", vi=f"Tệp không có trang “{choice.sheet}”; các trang là {known}.",
                en=f"The file has no sheet “{choice.sheet}”; it has {known}.",
            )  # fmt: skip


def no_such_row(sheet: Sheet, row: int) -> RefusedFileError:
    """A header's row was chosen beyond the sheet's end."""
    return RefusedFileError(
        "mapping.no_such_row", vi=f"Trang “{sheet.name}” có {len(sheet.rows)} dòng; không có dòng {row}.",
        en=f"Sheet “{sheet.name}” has {amount(len(sheet.rows), 'row')}; there is no row {row}.",
    )  # fmt: skip


def without_header(sheet: Sheet) -> Header:
    """Of a sheet where nothing was understood: no header, no column."""
    return Header(sheet.name, 0, 1, [])


def choose_headers(sheet: Sheet, choices: Choices) -> tuple[list[Header], SheetChoice | None]:
    """The sheet's headers as they were chosen, or as they are found; and the choice that was followed."""
    choice = choices.of_sheet(sheet)
    found_headers = find_headers(sheet)
    if choice is None or (not found_headers and choice.header_row is None):
        return found_headers, None
    if len(found_headers) > 1 and not choice.columns and choice.header_row in {None, found_headers[0].row}:
        return [_with_values(header, choice) for header in found_headers], choice
    if len(found_headers) > 1:
        raise RefusedFileError(
            "mapping.two_tables",
            vi=f"Trang “{sheet.name}” có hai bảng cạnh nhau; hãy tách thành hai trang rồi gửi lại.",
            en=f"Sheet “{sheet.name}” has two tables side by side; put each on a sheet of its own and send it again.",
        )  # fmt: skip
    return [_chosen(sheet, choice, found_headers[0] if found_headers else None)], choice


def _with_values(header: Header, choice: SheetChoice) -> Header:
    """The header as it is found; what was set for all rows takes the place of its columns."""
    for_all = {FOR_ALL[name]: value for name, value in choice.values.items()}
    return replace(header, columns=[one for one in header.columns if not _is_set(one, choice)], for_all=for_all)


def _chosen(sheet: Sheet, choice: SheetChoice, found_header: Header | None) -> Header:
    row = found_header.row if choice.header_row is None and found_header else choice.header_row or 0
    if row > len(sheet.rows):
        raise no_such_row(sheet, row)
    is_found = found_header is not None and found_header.row == row
    base = found_header if is_found else None
    depth = base.first_data_row - base.row if base else min(row, 1)
    labels = labels_of(sheet, row - 1, depth) if depth else []
    known = {column.index: column for column in (*base.columns, *base.second)} if base else {}
    known |= {pair[1].index: pair[1] for pair in base.repeated} if base else {}
    width = max([len(labels), *(column_index(letters) + 1 for letters in choice.columns)])
    columns: list[Column] = []
    left_out = frozenset(column_index(letters) for letters, meaning in choice.columns.items() if meaning == LEFT_OUT)
    ignored: list[str] = []
    for index in range(width):
        stack = labels[index] if index < len(labels) else ()
        meaning = choice.columns.get(column_letters(index))
        column = known.get(index) if base else (find_column(index, stack[-1], groups=stack[:-1]) if stack else None)
        if meaning is not None:
            column = _column(index, meaning, " / ".join(stack))
        if column is not None and not _is_set(column, choice):
            columns.append(column)
        elif stack:
            ignored.append(" / ".join(stack))
    read = without_lone_roles([column for column in tell_parts_apart(columns) if column is not None])
    kept_at = {column.index for column in read}
    ignored += [column.header for column in columns if column.index not in kept_at]
    kept, second, repeated = choose_columns(read)
    for_all = {FOR_ALL[name]: value for name, value in choice.values.items()}
    return Header(
        sheet.name, row, row + depth if row else 1, kept, ignored, repeated, second, for_all=for_all, left_out=left_out
    )  # fmt: skip


def _is_set(column: Column, choice: SheetChoice) -> bool:
    """A value was set for all rows: what the column says does not count."""
    return any(column.kind in _SAME.get(FOR_ALL[name], {FOR_ALL[name]}) for name in choice.values)


def _column(index: int, meaning: str, header: str) -> Column | None:
    if meaning == LEFT_OUT:
        return None
    kind, day, code = MEANINGS[meaning]
    end = code if kind is Kind.ABSENCES else None
    name = header or f"cột {column_letters(index)}"
    return Column(index, kind, name, day=day, field=None if end else code, half=end, rank=CHOSEN)


def meaning_of(column: Column) -> str | None:
    """The meaning as the API writes it; None for columns that are known and not read (numbering, others' phones)."""
    if column.kind is Kind.DAY_MARK and column.day is not None and column.day < len(DAYS):
        return f"tick_{DAYS[column.day]}"
    if column.kind in {Kind.FIELD_MARK, Kind.ROLE_MARK}:
        return f"tick_{column.field}"
    if column.kind is Kind.ABSENCES and column.half:
        return f"absences_{column.half}"
    return column.kind.value if column.kind.value in MEANINGS else None
