"""Finding the header by what it says, under whatever letterhead, title and date a school puts above it.

One to three rows; merged groups over columns; two tables side by side.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from roster_api.rosters.reading.cells import Sheet, text_of
from roster_api.rosters.reading.columns import Column, Kind, find_column, is_name_header
from roster_api.rosters.reading.header_labels import Labels, labels_of
from roster_api.rosters.reading.header_rows import (
    belongs,
    holds_a_person,
    is_tall,
    with_days_told_together,
    without_lone_roles,
)
from roster_api.rosters.reading.leave import with_leave
from roster_api.rosters.reading.parts_of_days import with_parts_of_days
from roster_api.rosters.reading.split_names import join_split_names
from roster_api.rosters.reading.words import word_key

ROWS_SEARCHED = 30
DEEPEST = 3
NAMES = {Kind.FULL_NAME, Kind.GIVEN}
ENOUGH = 3
"""A name column and two more kinds make a header; less is a title or a note."""
OWN_COLUMN = "loi can sua"
NO_LAST_COLUMN = 10_000
TOLD_OVER_A_TABLE = {Kind.ROLE}
"""What a title may say of all rows of each table: 'GIẢNG VIÊN' over the left one, 'SINH VIÊN' over the right one."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the table starts and what its columns are. Row numbers count from 1, columns from 0."""

    sheet: str
    row: int
    first_data_row: int
    columns: list[Column]
    ignored: list[str] = field(default_factory=list)
    repeated: list[tuple[Column, Column]] = field(default_factory=list)
    """Two columns that claim to be the same thing: (kept, other)."""
    second: list[Column] = field(default_factory=list)
    """Columns of a kind that another column is better for: left alone and named."""
    first_column: int = 0
    last_column: int = NO_LAST_COLUMN
    for_all: dict[Kind, str] = field(default_factory=dict)
    """What was set for every row of a list without a column for it."""
    first_of: dict[Kind, Column] = field(init=False, repr=False, compare=False, default_factory=dict)
    """The first column of each kind: asked for at every row."""
    places: dict[Kind, tuple[str, str]] = field(init=False, repr=False, compare=False, default_factory=dict)
    """{kind: (header, letters)}."""
    left_out: frozenset[int] = frozenset()
    """Columns that somebody chose to leave out: nothing in them counts."""
    has_roles_of_groups: bool = False
    """No column tells the roles: the heading of each group does."""
    of_kind: dict[Kind, list[Column]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for column in self.columns:
            self.first_of.setdefault(column.kind, column)
            self.places[column.kind] = (column.header, column.letters)
            self.of_kind.setdefault(column.kind, []).append(column)

    @property
    def read_indexes(self) -> frozenset[int]:
        """Columns whose meaning is known, whether or not they are read."""
        return frozenset(column.index for column in (*self.columns, *self.second))

    def find(self, kind: Kind) -> Column | None:
        return self.first_of.get(kind)

    def has(self, kind: Kind) -> bool:
        """There is a column for it, or it was set for every row."""
        return kind in self.first_of or kind in self.for_all

    def all(self, kind: Kind) -> list[Column]:
        return self.of_kind.get(kind, [])

    def without(self, *kinds: Kind) -> "Header":
        return replace(self, columns=[column for column in self.columns if column.kind not in kinds])

    def missing(self) -> list[Kind]:
        """Kinds without which a person cannot be placed or told."""
        has = {column.kind for column in self.columns} | set(self.for_all)
        has_middle_alone = Kind.MIDDLE in has and Kind.FAMILY not in has
        alternatives: tuple[tuple[Kind, set[Kind]], ...] = (
            (Kind.FULL_NAME, {Kind.FULL_NAME, Kind.GIVEN} if not has_middle_alone else {Kind.FULL_NAME}),
            (Kind.ROLE, {Kind.ROLE, Kind.ROLE_MARK}),
            (Kind.PHONE, {Kind.PHONE}),
            (Kind.DAYS, {Kind.DAYS, Kind.DAY_MARK}),
            (Kind.FIELDS, {Kind.FIELDS, Kind.FIELD_MARK}),
        )
        return [wanted for wanted, enough in alternatives if not has & enough]


def find_header(sheet: Sheet) -> Header | None:
    """The best header within the first 30 rows; None when there is none. Of tables side by side, the left one's."""
    headers = find_headers(sheet)
    return headers[0] if headers else None


def find_headers(sheet: Sheet, *, first: int = 0, searched: int = ROWS_SEARCHED) -> list[Header]:
    """The best header among the `searched` rows from row `first` (from 0): one, or one for each table side by side."""
    best: list[Header] = []
    for number in range(first, min(first + searched, len(sheet.rows))):
        if best and _has_list_below(sheet, best, number):
            break
        for depth in range(1, DEEPEST + 1):
            headers = _build(sheet, number, depth)
            if headers and (not best or _rank(headers) > _rank(best)):
                best = headers
    return [without_empty_doubles(header, sheet) for header in best]


def _has_list_below(sheet: Sheet, headers: list[Header], number: int) -> bool:
    """A whole header, and somebody right below it: what comes from row `number` on is another table."""
    below = headers[0].first_data_row - 1
    is_whole = all(not header.missing() and not header.repeated for header in headers)
    return is_whole and number == below + 1 and holds_a_person(sheet, below - 1, 2)


def without_empty_doubles(header: Header, sheet: Sheet) -> Header:
    """Of two columns that claim the same, one with nothing in it is left alone and named."""
    kept, repeated, second = list(header.columns), [], list(header.second)
    for first, other in header.repeated:
        if _is_empty_below(sheet, header, other):
            second.append(other)
        elif _is_empty_below(sheet, header, first) and first in kept:
            kept[kept.index(first)] = other
            second.append(first)
        else:
            repeated.append((first, other))
    return replace(header, columns=kept, repeated=repeated, second=second) if header.repeated else header


def _is_empty_below(sheet: Sheet, header: Header, column: Column) -> bool:
    rows = sheet.rows[header.first_data_row - 1 :]
    return not any(column.index < len(row) and text_of(row[column.index]) for row in rows)


def may_be_header(sheet: Sheet, number: int) -> bool:
    """Has a cell that heads a column of names: worth a closer look."""
    return any(
        isinstance(cell, str) and len(cell) <= 60 and is_name_header(text_of(cell)) for cell in sheet.rows[number]
    )


def _rank(headers: list[Header]) -> tuple[int, int]:
    """More kinds of column first; of two that know as many, the one of more rows: the lower rows say which."""
    header = headers[0]
    kinds = {column.place for one in headers for column in one.columns}
    return len(kinds), header.first_data_row - header.row


def _build(sheet: Sheet, number: int, depth: int) -> list[Header]:
    """Headers of the table whose header is `depth` rows from row `number` (from 0)."""
    if number + depth > len(sheet.rows) or not any(text_of(cell) for cell in sheet.rows[number + depth - 1]):
        return []
    labels = labels_of(sheet, number, depth)
    if depth > 1 and all(len(column) < 2 for column in labels) and not is_tall(sheet, number, depth):
        return []
    columns = [
        find_column(index, stack[-1], groups=stack[:-1]) if stack else None for index, stack in enumerate(labels)
    ]
    columns = with_leave(labels, with_parts_of_days(labels, with_days_told_together(labels, columns)))
    columns = join_split_names(sheet, number, depth, labels, columns)
    if depth > 1 and not belongs(sheet, number, depth, labels, columns):
        return []
    blocks = [
        _block(sheet.name, number, depth, labels, columns, span) for span in _side_by_side(sheet.name, labels, columns)
    ]
    return [block for block in blocks if block is not None]


def _block(
    sheet: str, number: int, depth: int, labels: list[Labels], columns: list[Column | None], span: tuple[int, int]
) -> Header | None:
    inside = range(span[0], min(span[1] + 1, len(columns)))
    known = without_lone_roles([column for index in inside if (column := columns[index]) is not None])
    read = {column.index for column in known}
    kept, second, repeated = choose_columns(known)
    kinds = {column.kind for column in kept} - {Kind.NUMBERING, Kind.BUSY, Kind.OTHERS}
    if len(kinds) < ENOUGH or not kinds & NAMES:
        return None
    ignored = [
        " / ".join(labels[index]) for index in inside
        if labels[index] and index not in read and not word_key(labels[index][-1]).startswith(OWN_COLUMN)
    ]  # fmt: skip
    return Header(
        sheet, number + 1, number + depth + 1, kept, ignored, repeated, second, first_column=span[0],
        last_column=span[1],
    )  # fmt: skip


def choose_columns(columns: Iterable[Column]) -> tuple[list[Column], list[Column], list[tuple[Column, Column]]]:
    """(one column for each thing, others that are second to them, pairs that claim the same)."""
    kept: list[Column] = []
    second: list[Column] = []
    repeated: list[tuple[Column, Column]] = []
    for column in columns:
        if column.kind in {Kind.BUSY, Kind.OTHERS}:
            kept.append(column)
            continue
        same = next((other for other in kept if other.place == column.place), None)
        if same is None:
            kept.append(column)
        elif same.rank == column.rank:
            repeated.append((same, column))
        elif same.rank < column.rank:
            second.append(column)
        else:
            kept[kept.index(same)] = column
            second.append(same)
            repeated = [pair for pair in repeated if pair[0] is not same]
    return kept, second, repeated


def _side_by_side(sheet: str, labels: list[Labels], columns: list[Column | None]) -> list[tuple[int, int]]:
    """(first, last column) of each table in these columns: several when each has all that a list needs, or all but
    what their titles may say."""
    starts, seen = [0], set[object]()
    for index, column in enumerate(columns):
        if column is None:
            continue
        begins = column.kind in {Kind.NUMBERING, Kind.FULL_NAME, Kind.FAMILY, Kind.REFERENCE}
        rest = {other.kind for other in columns[index:] if other is not None}
        if begins and column.place in seen and rest & NAMES and index > 0:
            starts.append(index)
            seen = set()
        seen.add(column.place)
    spans = [(start, end - 1) for start, end in zip(starts, [*starts[1:], len(columns)], strict=True)]
    if len(spans) > 1:
        lacking = [None if block is None else block.missing() for block in (
            _block(sheet, 0, 1, labels, columns, span) for span in spans
        )]  # fmt: skip
        if lacking[0] is not None and set(lacking[0]) <= TOLD_OVER_A_TABLE and lacking == [lacking[0]] * len(lacking):
            return spans
    return [(0, NO_LAST_COLUMN)]
