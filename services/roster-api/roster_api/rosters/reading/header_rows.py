"""Which rows belong to a header, and what its texts name together: judged by all cells of them."""

import re

from roster_api.rosters.reading.cells import Sheet, text_of
from roster_api.rosters.reading.columns import Column, Kind, find_column
from roster_api.rosters.reading.header_labels import Labels
from roster_api.rosters.reading.header_words import is_free_group
from roster_api.rosters.reading.words import word_key

_LETTERHEAD = re.compile(
    r"^(cong hoa|doc lap|uy ban|ubnd|so|bo|truong|dai hoc|cao dang|khoa|phong|danh sach|nam hoc|hoc ky)\b"
)
_WHOLE_KINDS = {
    Kind.REFERENCE, Kind.FULL_NAME, Kind.ROLE, Kind.YEAR, Kind.PHONE, Kind.EMAIL, Kind.DAYS, Kind.MAX_DAYS, Kind.FIELDS,
    Kind.DISTANCE, Kind.TEAM, Kind.ABSENCES,
}  # fmt: skip
NAMES = {Kind.FULL_NAME, Kind.GIVEN}
_WEEK = ("hai", "ba", "tu", "nam", "sau")
_HALF_OF_DAY = re.compile(r"([sc]) ?([2-7])")
_HALVES = {"s": "sáng", "c": "chiều"}
_FEWEST_DAYS = 4
"""'Ba' or 'C2' alone may head anything; so many of them side by side are weekdays."""


def is_letterhead(text: str) -> bool:
    """Begins as the name of an office or a title does."""
    return bool(_LETTERHEAD.search(word_key(text)))


def belongs(sheet: Sheet, number: int, depth: int, labels: list[Labels], columns: list[Column | None]) -> bool:
    """The upper and the lowest row both name columns; a title above the header, or a person below it, does not."""
    if holds_a_person(sheet, number, depth) or are_two_headers(labels, columns) or fills_a_row(sheet, number, depth):
        return False
    upper, lowest = sheet.rows[number], sheet.rows[number + depth - 1]
    leaves = {index: stack[-1] for index, stack in enumerate(labels) if stack and columns[index] is not None}
    names_above = any(index < len(upper) and text_of(upper[index]) == leaf for index, leaf in leaves.items())
    names_below = any(
        index < len(lowest) and text_of(lowest[index]) == leaf
        and not (index < len(upper) and text_of(upper[index]) == leaf)
        for index, leaf in leaves.items()
    )  # fmt: skip
    is_lower = names_below and (names_above or is_group_row(sheet, number, columns))
    return is_lower or is_under_groups(sheet, number, depth, columns)


def holds_a_person(sheet: Sheet, number: int, depth: int) -> bool:
    """A phone number or an address below the first row: somebody's row, not the header's."""
    cells = [cell for row in sheet.rows[number + 1 : number + depth] for cell in row]
    return any(
        (isinstance(cell, float | int) and not isinstance(cell, bool) and cell >= 1e8)
        or (isinstance(cell, str) and ("@" in cell or re.search(r"\d(?:[^\w/]{0,3}\d){7,}", cell)))
        for cell in cells
    )  # fmt: skip


def are_two_headers(labels: list[Labels], columns: list[Column | None]) -> bool:
    """A column's upper text names another thing than its lowest, or comes again below another: two tables."""
    for index, stack in enumerate(labels):
        if len(set(stack)) < len(stack):
            return True
        leaf = columns[index]
        if leaf is None or len(stack) < 2 or leaf.kind not in _WHOLE_KINDS:
            continue
        upper = find_column(index, stack[0])
        if upper is not None and upper.kind in _WHOLE_KINDS and upper.kind is not leaf.kind:
            return True
    return False


def is_group_row(sheet: Sheet, number: int, columns: list[Column | None]) -> bool:
    """Something stands over columns to tick and not over the whole table: 'Lịch bận' over T2 ... T6."""
    ticks = {column.index for column in columns if column is not None and (column.day is not None or column.field)}
    known = {column.index for column in columns if column is not None}
    row = sheet.rows[number]
    for index in ticks:
        text = text_of(row[index]) if index < len(row) else ""
        if not text or _LETTERHEAD.search(word_key(text)):
            continue
        wide = next((m for m in sheet.appearance.merges if m[0] <= number <= m[2] and m[1] <= index <= m[3]), None)
        if wide is None or not known <= set(range(wide[1], wide[3] + 1)):
            return True
    return False


def is_tall(sheet: Sheet, number: int, depth: int) -> bool:
    """Some header cell is merged over all of the rows."""
    last = number + depth - 1
    return any(merge[0] <= number and merge[2] >= last > merge[0] for merge in sheet.appearance.merges)


def fills_a_row(sheet: Sheet, number: int, depth: int) -> bool:
    """Each cell of the lowest row stands under a text of its own, and nothing is merged: it answers to the header."""
    upper, lowest = sheet.rows[number], sheet.rows[number + depth - 1]
    below = [index for index, cell in enumerate(lowest) if text_of(cell)]
    above = [text_of(upper[index]) if index < len(upper) else "" for index in below]
    return depth > 1 and all(above) and len(set(above)) == len(above) and not is_tall(sheet, number, depth)


def is_under_groups(sheet: Sheet, number: int, depth: int, columns: list[Column | None]) -> bool:
    """The lowest row has words under merged headers alone ('Từ ngày', 'Đến ngày' under 'Nghỉ phép'), none under a
    name: it says more about the header, and is nobody's row."""
    low = number + depth - 1
    cells = [(index, cell) for index, cell in enumerate(sheet.rows[low]) if text_of(cell)]
    wide = [merge for merge in sheet.appearance.merges if number <= merge[0] <= merge[2] < low and merge[3] > merge[1]]
    known = [column for column in columns if column is not None]
    names = {column.index for column in known if column.kind in {*NAMES, Kind.FAMILY, Kind.MIDDLE}}
    return len(cells) > 1 and bool(names) and all(
        isinstance(cell, str) and not any(map(str.isdigit, cell)) and index not in names
        and any(merge[1] <= index <= merge[3] for merge in wide)
        for index, cell in cells
    )  # fmt: skip


def with_days_told_together(labels: list[Labels], columns: list[Column | None]) -> list[Column | None]:
    """'Hai', 'Ba', 'Tư', 'Năm', 'Sáu' side by side, or 'S2', 'C2', 'S3' ...: weekdays, though none says so alone."""
    leaves = [word_key(stack[-1]) if stack else "" for stack in labels]
    starts = [at for at in range(len(leaves) - 4) if tuple(leaves[at : at + 5]) == _WEEK]
    days: dict[int, tuple[int, str | None]] = {start + day: (day, None) for start in starts for day in range(5)}
    halves = {at: match for at, leaf in enumerate(leaves) if (match := _HALF_OF_DAY.fullmatch(leaf))}
    if len(halves) >= _FEWEST_DAYS and {match[1] for match in halves.values()} == {"s", "c"}:
        days |= {at: (int(match[2]) - 2, _HALVES[match[1]]) for at, match in halves.items() if match[2] != "7"}
    return [
        _day_column(index, labels[index], *days[index]) if index in days and column is None else column
        for index, column in enumerate(columns)
    ]


def _day_column(index: int, stack: Labels, day: int, half: str | None) -> Column:
    kind = Kind.DAY_MARK if all(is_free_group(group) for group in stack[:-1]) else Kind.BUSY
    return Column(index, kind, stack[-1] if kind is Kind.DAY_MARK else " / ".join(stack), day=day, half=half)


def without_lone_roles(columns: list[Column]) -> list[Column]:
    """Roles are ticked in two columns at least, where no column writes them: 'GV' alone may be anything."""
    ticks = {column.field for column in columns if column.kind is Kind.ROLE_MARK}
    if len(ticks) > 1 and all(column.kind is not Kind.ROLE for column in columns):
        return columns
    return [column for column in columns if column.kind is not Kind.ROLE_MARK]
