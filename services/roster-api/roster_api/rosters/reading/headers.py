"""Finding the header row by what it says, under whatever letterhead, title and date a school puts above it."""

from dataclasses import dataclass, field

from roster_api.rosters.reading.cells import Sheet, text_of
from roster_api.rosters.reading.columns import Column, Kind, find_column

ROWS_SEARCHED = 30
NAMES = {Kind.FULL_NAME, Kind.GIVEN}
ENOUGH = 3
"""A name column and two more kinds make a header; less is a title or a note."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the table starts and what its columns are. Row numbers count from 1."""

    sheet: str
    row: int
    first_data_row: int
    columns: list[Column]
    ignored: list[str] = field(default_factory=list)
    repeated: list[tuple[Column, Column]] = field(default_factory=list)
    """Two columns that claim to be the same thing: (kept, other)."""

    def find(self, kind: Kind) -> Column | None:
        return next((column for column in self.columns if column.kind is kind), None)

    def all(self, kind: Kind) -> list[Column]:
        return [column for column in self.columns if column.kind is kind]

    def missing(self) -> list[Kind]:
        """Kinds without which a person cannot be placed or told."""
        has = {column.kind for column in self.columns}
        alternatives: tuple[tuple[Kind, set[Kind]], ...] = (
            (Kind.FULL_NAME, {Kind.FULL_NAME, Kind.GIVEN}),
            (Kind.ROLE, {Kind.ROLE}),
            (Kind.PHONE, {Kind.PHONE}),
            (Kind.DAYS, {Kind.DAYS, Kind.DAY_MARK}),
            (Kind.FIELDS, {Kind.FIELDS, Kind.FIELD_MARK}),
        )
        return [wanted for wanted, enough in alternatives if not has & enough]


def find_header(sheet: Sheet) -> Header | None:
    """The best header within the first 30 rows, of one row or of two (merged groups above); None when there is none."""
    best: Header | None = None
    for number in range(min(ROWS_SEARCHED, len(sheet.rows))):
        for header in (_one_row(sheet, number), _two_rows(sheet, number)):
            if header is not None and (best is None or _rank(header) > _rank(best)):
                best = header
    return best


def _rank(header: Header) -> tuple[int, int]:
    """More kinds of column first; of two that know as many, the one of fewer rows."""
    kinds = {(column.kind, column.day, column.field) for column in header.columns}
    return len(kinds), header.row - header.first_data_row


def _texts(sheet: Sheet, number: int) -> list[str]:
    return [text_of(cell) for cell in sheet.rows[number]] if number < len(sheet.rows) else []


def _one_row(sheet: Sheet, number: int) -> Header | None:
    texts = _texts(sheet, number)
    return _build(sheet, number, 1, [(text, "") for text in texts])


def _two_rows(sheet: Sheet, number: int) -> Header | None:
    upper, lower = _texts(sheet, number), _texts(sheet, number + 1)
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    group, pairs = "", []
    for above, below in zip(upper, lower, strict=True):
        if above:
            group = above
        pairs.append((below, group) if below else (above, ""))
    tall = [index for index, below in enumerate(lower) if not below and upper[index]]
    if not any(lower) or not tall:
        return None
    return _build(sheet, number, 2, pairs)


def _build(sheet: Sheet, number: int, depth: int, texts: list[tuple[str, str]]) -> Header | None:
    columns: list[Column] = []
    ignored: list[str] = []
    repeated: list[tuple[Column, Column]] = []
    for index, (text, group) in enumerate(texts):
        if not text or len(text) > 120:
            continue
        column = find_column(index, text, group=group)
        if column is None:
            ignored.append(text)
            continue
        same = next((c for c in columns if (c.kind, c.day, c.field) == (column.kind, column.day, column.field)), None)
        if same is None:
            columns.append(column)
        else:
            repeated.append((same, column))
    kinds = {column.kind for column in columns} - {Kind.NUMBERING}
    if len(kinds) < ENOUGH or not kinds & NAMES:
        return None
    return Header(sheet.name, number + 1, number + depth + 1, columns, ignored, repeated)
