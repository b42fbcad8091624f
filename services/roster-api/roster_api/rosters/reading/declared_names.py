"""Names in registers of people that stand in two or three columns, as in lists: 'Họ đệm' and 'Tên'."""

from collections.abc import Sequence
from dataclasses import dataclass

from roster_api.rosters.reading.cells import Cell, Sheet, text_of
from roster_api.rosters.reading.columns import PATTERNS, Kind
from roster_api.rosters.reading.declared_cells import DeclaredColumn
from roster_api.rosters.reading.header_labels import Labels
from roster_api.rosters.reading.legacy_sheets import joined
from roster_api.rosters.reading.split_names import holds_given_names, is_empty_below

FULL_NAME, GIVEN = "full_name", Kind.GIVEN.value
_PARTS = ((Kind.FAMILY, "Họ và chữ đệm"), (Kind.MIDDLE, "Chữ đệm"), (Kind.GIVEN, "Tên"))
NAME_PARTS = tuple(
    DeclaredColumn(kind.value, label, "|".join(pattern for of, _, pattern in PATTERNS if of is kind), "text")
    for kind, label in _PARTS
)
"""For the columns of a register that has a `full_name`: the parts stand for it where it has no column."""
_OF_NAMES = [column.meaning for column in NAME_PARTS]
Known = dict[int, DeclaredColumn]


def with_names_told_apart(
    sheet: Sheet, first_data: int, labels: Sequence[Labels], known: Known, columns: Sequence[DeclaredColumn]
) -> Known:
    """'Họ và tên' over two columns is family and middle names, then the given name; over three, one for each."""
    parts = {column.meaning: column for column in columns if column.meaning in _OF_NAMES}
    place = next((index for index, column in known.items() if column.meaning == FULL_NAME), None)
    if place is None or len(parts) < len(_OF_NAMES):
        return known
    width = 1
    while place + width < len(labels) and labels[place + width] == labels[place] and width < len(_OF_NAMES):
        width += 1
    while width > 1 and is_empty_below(sheet, first_data, place + width - 1):
        width -= 1
    is_beside = place + 1 < len(labels) and not labels[place + 1] and holds_given_names(sheet, first_data, place)
    if width == 1 and not is_beside:
        return {index: one for index, one in known.items() if one.meaning not in _OF_NAMES}
    told = _OF_NAMES if width == len(_OF_NAMES) else [_OF_NAMES[0], GIVEN]
    others = {index: one for index, one in known.items() if one.meaning not in {FULL_NAME, *_OF_NAMES}}
    return others | {place + at: parts[meaning] for at, meaning in enumerate(told)}


def is_told(meaning: str, meanings: set[str]) -> bool:
    """A column that must be there is, or its parts are."""
    return meaning in meanings or (meaning == FULL_NAME and GIVEN in meanings)


@dataclass(frozen=True, slots=True)
class WholeName:
    """The parts of a row put together; `text` is empty where the family's or the given name is missing."""

    column: DeclaredColumn
    place: int
    """Of the given name: what is wrong with the name is told there."""
    text: str


def name_of_parts(cells: Sequence[Cell], known: Known, columns: Sequence[DeclaredColumn]) -> WholeName | None:
    """None where the name has a column of its own, or none at all."""
    at = {column.meaning: index for index, column in known.items()}
    whole = next((column for column in columns if column.meaning == FULL_NAME), None)
    if whole is None or FULL_NAME in at or GIVEN not in at:
        return None
    parts = [cells[at[meaning]] if meaning in at and at[meaning] < len(cells) else None for meaning in _OF_NAMES]
    family, _, given = parts
    is_whole = bool(text_of(given)) and (bool(text_of(family)) or _OF_NAMES[0] not in at)
    return WholeName(whole, at[GIVEN], joined(parts) if is_whole else "")
