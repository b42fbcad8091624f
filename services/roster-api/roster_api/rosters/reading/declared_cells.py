"""What a declared column's cells may be: its parser by name. Each says what it could not read; none guesses."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from roster_api.contacts import normalise_phone
from roster_api.rosters.reading.cells import Cell, has_hidden_characters, without_hidden_characters
from roster_api.rosters.reading.dates import FULL, LAST_MONTH, EitherOrderText, MonthFirstText, SwappedDate, read_date
from roster_api.rosters.reading.emails import read_email
from roster_api.rosters.reading.findings import Finding, Reading, refused, warning
from roster_api.rosters.reading.marks import plain_lines, plain_text
from roster_api.rosters.reading.names import read_name
from roster_api.rosters.reading.phones import read_phone
from roster_api.rosters.reading.words import word_key
from roster_api.text import search_key

NONE = frozenset({"", "khong", "khong co", "chua co", "none", "n a"})
"""Keys of cells that say there is nothing, where a column need not be filled."""
SPEAKS_OF_NOTHING = frozenset({"text", "work", "tick"})
"""Parsers for which 'không' is not an empty cell."""
PEOPLE_AND_DAYS = re.compile(
    r"(\d{1,4})(?: nguoi| people)? ?[x*×] ?(\d)(?: ngay| days?)?(?: ?/ ?tuan| (?:mot|moi) tuan| a week)?"
)
NUMBER = re.compile(r"(\d{1,5})(?: (?:người|biên chế|chỉ tiêu|vị trí|ngày công))?")
"""'10', '10 người', 'Buổi 2' under 'Buổi'."""
TICKED = frozenset({"x", "v", "1", "✓", "✔", "☑", "☒"})
NOT_TICKED = frozenset({"0", "-", "☐", "□"})


@dataclass(frozen=True)
class DeclaredColumn:
    """A column of a register. `synonyms`: patterns over its header's word key; `options`: word key -> value."""

    meaning: str
    label: str
    synonyms: str
    parser: str
    is_required: bool = False
    options: tuple[tuple[str, str], ...] = ()


def read_declared_cell(column: DeclaredColumn, cell: Cell) -> Reading[Any]:
    """None for an empty cell of a column that need not be filled; an error where it must be."""
    text, _ = plain_text(cell)
    if word_key(text) in NONE and not (text and column.parser in SPEAKS_OF_NOTHING):
        if not column.is_required:
            return Reading(None)
        return refused(
            f"{column.meaning}.missing", vi=f"Thiếu {column.label.lower()}.", en=f"{column.meaning} is missing.",
            mend_vi=f"Ghi {column.label.lower()}.", mend_en=f"Write the {column.meaning}.",
        )  # fmt: skip
    return PARSERS[column.parser](column, cell)


def _text(column: DeclaredColumn, cell: Cell) -> Reading[Any]:
    text, found = plain_lines(cell)
    if any(finding.is_error for finding in found):
        return Reading(None, found)
    if has_hidden_characters(text) or len(text) > 200:
        return _unread(column, text, vi="một dòng chữ, tối đa 200 ký tự", en="a line of at most 200 characters")
    return Reading(text, found)


def _code(column: DeclaredColumn, cell: Cell) -> Reading[Any]:
    text, found = plain_text(cell)
    code = re.sub(r"\s+", "", text)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", code):
        return _unread(column, text, vi="chữ không dấu, số, dấu chấm hoặc gạch", en="letters, digits, dots, dashes")
    return Reading(code, found)


def _number(column: DeclaredColumn, cell: Cell) -> Reading[Any]:
    text, found = plain_text(cell)
    match = NUMBER.fullmatch(text.casefold().removeprefix(column.label.casefold()).strip(" :."))
    if match is None:
        return _unread(column, text, vi="một số nguyên", en="a whole number")
    return Reading(int(match[1]), found)


def _year(column: DeclaredColumn, cell: Cell) -> Reading[Any]:
    text, found = plain_text(cell)
    match = re.fullmatch(r"(?:\d{1,2}/){0,2}(\d{4})", text)
    if match is None or not 1950 <= int(match[1]) <= 2100:
        return _unread(column, text, vi="một năm, ví dụ 2015", en="a year, e.g. 2015")
    return Reading(int(match[1]), found)


def _date(column: DeclaredColumn, cell: Cell) -> Reading[Any]:
    """A whole date, or a year alone: its first day."""
    if isinstance(cell, date):
        plain = date(cell.year, cell.month, cell.day)
        return Reading(plain.isoformat(), [_other_order(plain)] if isinstance(cell, SwappedDate) else [])
    text, found = plain_text(cell)
    key = search_key(text)
    day = read_date(key, is_month_first=isinstance(cell, MonthFirstText)) if re.fullmatch(FULL, key) else None
    if day is None and re.fullmatch(r"(19|20)\d\d", key):
        day = date(int(key), 1, 1)
    if day is None or not 1950 <= day.year <= 2100:
        return _unread(column, text, vi="ngày dạng 20/10/2015", en="a date such as 20/10/2015")
    if isinstance(cell, MonthFirstText):
        found.append(_other_order(day))
    if isinstance(cell, EitherOrderText) and day.day <= LAST_MONTH and day.day != day.month:
        return _unread(
            column, text, vi="ngày trước tháng như mọi ô của cột (có ô ghi tháng trước)",
            en="the day before the month, as in the whole column: some cells have the month first",
        )  # fmt: skip
    return Reading(day.isoformat(), found)


def _other_order(day: date) -> Finding:
    return warning(
        "dates.month_first", vi=f"Cột này ghi tháng trước ngày; đọc là ngày {day:%d/%m/%Y}.",
        en=f"Dates of this column start with the month; read as {day:%d/%m/%Y}.",
    )  # fmt: skip


def _option(column: DeclaredColumn, cell: Cell) -> Reading[Any]:
    """The whole cell must be one of the words."""
    text, found = plain_text(cell)
    value = dict(column.options).get(word_key(text))
    if value is None:
        words = ", ".join(dict.fromkeys(key for key, _ in column.options))
        return _unread(column, text, vi=f"một trong: {words}", en=f"one of: {words}")
    return Reading(value, found)


def _work(column: DeclaredColumn, cell: Cell) -> Reading[Any]:
    """[people, days a week] of '2 x 3'; person-days a week of a whole number; 0 of 'không'."""
    text, found = plain_text(cell)
    key = search_key(text)
    if word_key(text) in NONE:
        return Reading(0, found)
    if re.fullmatch(r"\d{1,4}", key):
        return Reading(int(key), found)
    match = PEOPLE_AND_DAYS.fullmatch(key)
    if match is None or not (1 <= int(match[1]) <= 1000 and 1 <= int(match[2]) <= 5):
        return _unread(
            column, text, vi="số người x số ngày mỗi tuần (ví dụ 2 x 3), hoặc số ngày công mỗi tuần",
            en="people x days a week (such as 2 x 3), or person-days a week",
        )  # fmt: skip
    return Reading([int(match[1]), int(match[2])], found)


def _tick(column: DeclaredColumn, cell: Cell) -> Reading[Any]:
    """'Có' and 'không' are asked about: under 'Không có ...' nobody knows which they mean."""
    text, found = plain_text(cell)
    key = text.casefold()
    if key not in TICKED | NOT_TICKED:
        return _unread(column, text, vi="x hoặc để trống", en="x, or leave it empty")
    return Reading(key in TICKED, found)


def _list(_column: DeclaredColumn, cell: Cell) -> Reading[Any]:
    text, found = plain_lines(cell)
    parts = [part.strip(" -•*.") for part in re.split(r"[;|•+]", text)]  # a comma may be of a name
    return Reading([part for part in dict.fromkeys(parts) if part], found)


def _phone_of_office(column: DeclaredColumn, cell: Cell) -> Reading[Any]:
    text, found = plain_text(cell)
    try:
        return Reading(normalise_phone(text), found)
    except ValueError:
        return _unread(column, text, vi="một số điện thoại có thật", en="a phone number that exists")


def _unread(column: DeclaredColumn, text: str, *, vi: str, en: str) -> Reading[Any]:
    shown = without_hidden_characters(text)
    return refused(
        f"{column.meaning}.unreadable", vi=f"“{shown}” không phải {column.label.lower()}.",
        en=f"“{shown}” is no {column.meaning}.", mend_vi=f"Ghi {vi}.", mend_en=f"Write {en}.",
    )  # fmt: skip


PARSERS: dict[str, Callable[[DeclaredColumn, Cell], Reading[Any]]] = {
    "text": _text,
    "code": _code,
    "number": _number,
    "year": _year,
    "date": _date,
    "option": _option,
    "list": _list,
    "work": _work,
    "tick": _tick,
    "office_phone": _phone_of_office,
    "name": lambda _column, cell: read_name(cell),
    "phone": lambda _column, cell: read_phone(cell),
    "email": lambda _column, cell: read_email(cell),
}
