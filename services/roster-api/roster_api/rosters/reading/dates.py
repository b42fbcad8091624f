"""Dates as people and programs write them, and in which order day and month stand in a column."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from roster_api.rosters.reading.cells import Cell, Sheet

_YEAR = r"(?:\d{4}|\d{2}(?!\d))"
FULL = (
    rf"\d{{1,2}}/\d{{1,2}}/{_YEAR}|\d{{1,2}}\.\d{{1,2}}\.{_YEAR}|\d{{1,2}}-\d{{1,2}}-\d{{4}}"
    r"|\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{1,2} thang \d{1,2} (?:nam )?\d{4}"
)
"""A whole date in a search key; ISO dates start with the year."""
_ORDERED = re.compile(r"(?<!\d)(\d{1,2})([/.\-])(\d{1,2})\2(?:\d{4}|\d{2})(?!\d)")
_INNER = re.compile(r"[/.\-]\d{1,2}[/.\-]\d")
"""What stands in every such date, and is looked for in a fraction of the time."""
LAST_MONTH = 12


class SwappedDate(date):
    """A date cell whose day and month a program took for each other; this is the date that was meant."""


class MonthFirstText(str):
    """A cell's text in a column whose dates start with the month."""

    __slots__ = ()


class EitherOrderText(str):
    """A cell's text in a column whose dates start now with the day, now with the month."""

    __slots__ = ()


def read_date(text: str, *, is_month_first: bool = False) -> date | None:
    """The date that a match of FULL names; None where there is no such day. Years of two figures are of 20xx."""
    figures = [int(part) for part in re.findall(r"\d+", text)]
    if len(figures) != 3:
        return None
    if re.match(r"\d{4}", text):
        year, month, day = figures
    else:
        day, month, year = figures
        day, month = (month, day) if is_month_first else (day, month)
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def mark_date_orders(sheet: Sheet) -> Sheet:
    """The same sheet; dates of a column that are not day-first, as Vietnam writes them, carry what they are.

    Texts with a figure above 12 tell the order. Whole dates with a day above 12 that stayed text, beside date cells
    that all have a day of 12 or less, show a program that took the month to be first: its date cells are swapped.
    """
    width = max((len(row) for row in sheet.rows), default=0)
    orders = [_order_of(row[index] for row in sheet.rows if index < len(row)) for index in range(width)]
    if not any(orders):
        return sheet
    return replace(sheet, rows=[
        [_marked(cell, orders[index]) for index, cell in enumerate(row)] for row in sheet.rows
    ])  # fmt: skip


def _order_of(cells: Iterable[Cell]) -> str:
    """'swapped', 'month', 'either', or '' where nothing says otherwise than day first."""
    cells = list(cells)
    if not _INNER.search("\n".join([cell for cell in cells if isinstance(cell, str)])):
        return ""
    firsts: set[bool] = set()
    days: list[int] = []
    has_late_text = False
    for cell in cells:
        if isinstance(cell, date):
            days.append(cell.day)
        elif isinstance(cell, str) and ("/" in cell or "-" in cell or "." in cell):
            for match in _ORDERED.finditer(cell):
                first, second = int(match.group(1)), int(match.group(3))
                if first > LAST_MONTH >= second:
                    firsts.add(False)
                    has_late_text = has_late_text or match.group() == cell.strip()
                elif second > LAST_MONTH >= first:
                    firsts.add(True)
    if firsts == {True, False}:
        return "either"
    if firsts == {True}:
        return "month"
    return "swapped" if has_late_text and days and max(days) <= LAST_MONTH else ""


def _marked(cell: Cell, order: str) -> Cell:
    if order == "swapped" and isinstance(cell, date):
        return SwappedDate(cell.year, cell.day, cell.month)
    if type(cell) is str and order in {"month", "either"} and _ORDERED.search(cell):
        return MonthFirstText(cell) if order == "month" else EitherOrderText(cell)
    return cell
