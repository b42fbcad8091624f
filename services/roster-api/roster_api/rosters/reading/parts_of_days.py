"""Free days told in several columns by parts of the day: 'Rảnh sáng' and 'Rảnh chiều', each holding weekdays."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace

from roster_api.rosters.reading.cells import Cell, text_of
from roster_api.rosters.reading.columns import CHOSEN, Column, Kind, find_column
from roster_api.rosters.reading.findings import Finding, Reading, refused, warning
from roster_api.rosters.reading.header_labels import Labels
from roster_api.rosters.reading.header_words import find_half
from roster_api.rosters.reading.weekdays import HALF_DAY, MEND_EN, MEND_VI, NAMES_VI, read_weekdays
from roster_api.rosters.reading.words import word_key
from roster_api.text import search_key

WHOLE, MORNING, AFTERNOON = "cả ngày", "sáng", "chiều"
_EVENING = re.compile(r"\b(?:buổi |ban )?(?:tối|đêm)\b(?! đa| thiểu)")
_EVENING_PLAIN = re.compile(r"\bbuoi (?:toi|dem)\b|\b(?:evenings?|nights?)\b")
_ALL_DAY = re.compile(r"\b(?:ca ngay|nguyen ngay|ca hai buoi|ca 2 buoi|all day|full day)\b")
_NONE = frozenset({"", "khong", "khong co", "ko", "k", "0", "khong ranh", "ban", "no", "none"})
"""Keys of cells that say: on no day at this time."""
_HALVES_EN = {MORNING: "mornings", AFTERNOON: "afternoons"}
DaysOfColumn = tuple[Column, Reading[tuple[int, ...]]]


def is_of_evenings(header: str) -> bool:
    """Communes are closed then: such a column is none of free days."""
    lowered = unicodedata.normalize("NFC", header.casefold())
    return bool(_EVENING.search(lowered) or _EVENING_PLAIN.search(search_key(lowered)))


def _part_of(header: str) -> str | None:
    if _ALL_DAY.search(word_key(header)):
        return WHOLE
    return find_half(header)[1]


def with_parts_of_days(labels: Sequence[Labels], columns: Sequence[Column | None]) -> list[Column | None]:
    """'Sáng' under 'Lịch rảnh' and 'Sáng rảnh' hold free days, too; columns of evenings none that can be served."""
    read = [
        column or (_under_its_group(index, labels[index]) if labels[index] else None)
        for index, column in enumerate(columns)
    ]
    return [None if _is_evening(column) else column for column in tell_parts_apart(read)]


def _under_its_group(index: int, stack: Labels) -> Column | None:
    """The column whose leaf names a part of the day alone, or beside what heads free days: 'Sáng', 'Sáng rảnh'."""
    part = _part_of(stack[-1])
    if part is None:
        return None
    rest = _ALL_DAY.sub("", word_key(stack[-1])).strip() if part == WHOLE else find_half(stack[-1])[0]
    above = list(stack[:-1])
    if not rest and above:
        rest = above.pop()
    column = find_column(index, rest, groups=above) if rest else None
    is_of_days = column is not None and column.kind is Kind.DAYS
    return Column(index, Kind.DAYS, " / ".join(stack)) if is_of_days else None


def _is_evening(column: Column | None) -> bool:
    return column is not None and column.kind is Kind.DAYS and is_of_evenings(column.header)


def tell_parts_apart(columns: Sequence[Column | None]) -> list[Column | None]:
    """Mornings and afternoons (and whole days) in columns of their own hold together; with another one they do not.

    Columns that somebody chose to be free days hold together whatever is written over them.
    """
    days = [column for column in columns if column and column.kind is Kind.DAYS and not _is_evening(column)]
    parts = {column.index: _part_of(column.header) for column in days}
    if len(days) > 1 and all(column.rank == CHOSEN for column in days):
        parts = {column.index: parts[column.index] or f"cột {column.letters}" for column in days}
    is_each_its_own = None not in parts.values() and len(set(parts.values())) == len(parts)
    if len(days) < 2 or not is_each_its_own:
        return list(columns)
    return [replace(column, half=parts[column.index]) if column and column in days else column for column in columns]


def read_days_in_parts(columns: Sequence[Column], cell_at: Callable[[Column], Cell]) -> list[DaysOfColumn]:
    """[(column, what it adds)]: the days of all columns together, and at each what is to be said of it.

    Days of which one half alone is free count as whole ones, with a warning. None free at all is an error.
    """
    filled = [column for column in columns if word_key(text_of(cell_at(column))) not in _NONE]
    if not filled:
        return [(columns[0], refused(
            "days.missing", vi="Thiếu ngày rảnh.", en="The free weekdays are missing.", mend_vi=MEND_VI, mend_en=MEND_EN
        ))]  # fmt: skip
    said = [(column, read_weekdays(cell_at(column))) for column in filled]
    return [(column, Reading(one.value, [*one.findings, *_half_alone(column, said)])) for column, one in said]


def _half_alone(column: Column, said: Sequence[DaysOfColumn]) -> list[Finding]:
    """The days that `column` alone names, where it is one of half days."""
    if column.half not in _HALVES_EN:
        return []
    own = next(set(reading.value or ()) for one, reading in said if one is column)
    others = {day for one, reading in said if one is not column for day in reading.value or ()}
    shown = ", ".join(NAMES_VI[day] for day in sorted(own - others))
    if not shown:
        return []
    return [warning(
        HALF_DAY, vi=f"Chỉ rảnh buổi {column.half}: {shown}; được tính cả ngày.",
        en=f"Free on {_HALVES_EN[column.half]} only: {shown}; they count as whole days.",
    )]  # fmt: skip
