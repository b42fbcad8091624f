"""Cells that hold with others: marks that repeat the cell above, a role to tick, fields told in several columns."""

import re
from collections.abc import Iterator
from dataclasses import replace

from roster_api.rosters.reading.cells import Cell, Sheet, text_of
from roster_api.rosters.reading.columns import Column, Kind
from roster_api.rosters.reading.expertise import read_mark
from roster_api.rosters.reading.findings import Finding, Reading, warning
from roster_api.rosters.reading.headers import Header
from roster_api.rosters.reading.words import is_ditto

_REPEATED = {
    Kind.ROLE, Kind.ROLE_MARK, Kind.YEAR, Kind.DAYS, Kind.DAY_MARK, Kind.MAX_DAYS, Kind.FIELDS, Kind.FIELD_MARK,
    Kind.DISTANCE, Kind.TEAM, Kind.ABSENCES, Kind.BUSY,
}  # fmt: skip
"""What many people share. A name, a number or an address is somebody's own, whatever stands above."""


def repeat_above(header: Header, number: int, sheet: Sheet, cells: list[Cell]) -> Iterator[tuple[Column, Finding]]:
    """Puts what is repeated in the cells of row `number` (from 0), and tells of each.

    A mark without a cell above it that is filled, whole and not crossed out stays: it is then an error of its column.
    """
    for column in header.columns:
        text = text_of(cells[column.index]) if column.index < len(cells) else ""
        if column.kind not in _REPEATED or not is_ditto(text):
            continue
        above = find_above(sheet, number, column.index, header.first_data_row - 1)
        if above is None:
            continue
        cells[column.index] = above
        yield column, warning(
            "cell.repeated", vi=f"“{text}” được đọc như ô phía trên: “{text_of(above)}”.",
            en=f"“{text}” is read as the cell above: “{text_of(above)}”.",
        )  # fmt: skip


def find_above(sheet: Sheet, number: int, index: int, first: int) -> Cell:
    """What a mark in row `number` (from 0) repeats: the nearest cell above, down from row `first`, that is no mark.

    None where it is empty, crossed out or faulty.
    """
    shown = sheet.appearance
    for line in range(number - 1, first - 1, -1):
        cell = sheet.rows[line][index] if index < len(sheet.rows[line]) else None
        if is_ditto(text_of(cell)):
            continue
        is_whole = not any((line, index) in places for places in (shown.faults, shown.struck, shown.partly_struck))
        return cell if text_of(cell) and is_whole else None
    return None


def role_of_ticks(header: Header, cells: list[Cell]) -> tuple[Header, list[tuple[Column, Finding]]]:
    """The row as if the ticked role were written in a column of roles; what is neither a tick nor empty is an error.

    Without a tick, and with two, the role is missing or not understood, as a word would be.
    """
    marks = header.all(Kind.ROLE_MARK)
    if not marks:
        return header, []
    readings = [(column, _read_tick(column, cells)) for column in marks]
    ticked = [column for column, reading in readings if reading.value or reading.findings]
    place = (ticked or marks)[0]
    cells += [None] * (place.index + 1 - len(cells))
    cells[place.index] = ", ".join(column.header for column in ticked) or None
    columns = [*header.without(Kind.ROLE_MARK).columns, replace(place, kind=Kind.ROLE, field=None)]
    return replace(header, columns=columns), [(c, finding) for c, reading in readings for finding in reading.findings]


def _read_tick(column: Column, cells: list[Cell]) -> Reading[int]:
    """A number but 1 may be the year of study: it is asked about."""
    cell = cells[column.index] if column.index < len(cells) else None
    reading = read_mark(cell, header=column.header)
    if reading.value is not None and re.fullmatch(r"[2-9](\.0)?", text_of(cell)):
        return read_mark(f"“{text_of(cell)}”", header=column.header)
    return reading


def join_fields(header: Header, cells: list[Cell]) -> None:
    """'Lĩnh vực 1', 'Lĩnh vực 2': the first of the columns takes what all of them say."""
    columns = header.all(Kind.FIELDS)
    texts = [text for column in columns if column.index < len(cells) and (text := text_of(cells[column.index]))]
    if len(columns) > 1 and columns[0].index < len(cells) and len(texts) > 0:
        cells[columns[0].index] = texts[0] if len(texts) == 1 else "; ".join(texts)
