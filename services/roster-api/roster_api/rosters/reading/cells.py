"""Cells as they come out of a file, their text and their addresses. Imports little: the child starts with it."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

Cell = str | float | bool | date | None
MAXIMUM_CELL_LENGTH = 1000
TOO_LONG = "TOO_LONG"
"""The fault of a cell with more text than is read."""
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


Place = tuple[int, int]
"""(row, column), from 0."""
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""
ERROR_VALUES = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "Err:502", "Err:508"}
)


OLD_FONT = re.compile(r"\.vn|vni[- ]", re.IGNORECASE)
"""How the names of TCVN3's fonts (.VnTime) and of VNI's (VNI-Times) begin."""


@dataclass(slots=True)
class Appearance:
    """What a sheet shows beside its values, by place from 0.

    faults: cells that show an error, a formula that was never computed (then the formula's text), or more text than is
    read (then TOO_LONG).
    shown: what a cell's number format makes of its number. struck: crossed out, wholly or in part.
    fonts: names of fonts that show bytes as other letters (TCVN3's, VNI's), of cells with text in them.
    comments: what somebody noted at a cell. boxes: texts that lie over the sheet. prompts: what shows when a cell of
    these is entered (a check on what may stand in it).
    coloured: rows with a filled cell whose ground or letters have a colour of their own.
    outside: addresses with something in them that lie beyond what is read.
    """

    is_hidden: bool = False
    is_delimited: bool = False
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    faults: dict[Place, str] = field(default_factory=dict)
    shown: dict[Place, str] = field(default_factory=dict)
    struck: set[Place] = field(default_factory=set)
    partly_struck: set[Place] = field(default_factory=set)
    fonts: dict[Place, str] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)
    comments: dict[Place, str] = field(default_factory=dict)
    boxes: list[str] = field(default_factory=list)
    prompts: list[tuple[Merge, str]] = field(default_factory=list)
    coloured: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's cells; `rows[i][j]` is row i+1, column j+1 of the file. Rows may differ in length."""

    name: str
    rows: list[list[Cell]]
    appearance: Appearance = field(default_factory=Appearance)


@lru_cache(1024)
def column_letters(index: int) -> str:
    """0 -> 'A', 25 -> 'Z', 26 -> 'AA'."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """'A' -> 0, 'AA' -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def address(row: int, column: int) -> str:
    """(0, 1) -> 'B1'."""
    return f"{column_letters(column)}{row + 1}"


def text_of(cell: Cell) -> str:
    """The cell as one line of text: NFC, single spaces, whole numbers without '.0', no invisible characters."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float | int):
        return str(int(cell)) if float(cell).is_integer() else str(cell)
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if not cell.isprintable():
        cell = INVISIBLE.sub("", cell)
    text = (cell if cell.isascii() else unicodedata.normalize("NFC", cell)).strip()
    return " ".join(text.removeprefix("'").split())


def lines_of(cell: Cell) -> str:
    """As text_of, but line breaks inside the cell become '; ' (people list one thing a line)."""
    return text_of("; ".join(cell.splitlines())) if isinstance(cell, str) else text_of(cell)


def has_hidden_characters(cell: Cell) -> bool:
    """Control characters or marks that turn the writing direction round: text that is not what it looks like."""
    if not isinstance(cell, str) or cell.isprintable():
        return False
    return bool(BIDI.search(cell)) or any(
        unicodedata.category(char) in {"Cc", "Cs", "Co", "Cn"} and char not in "\n\r\t" for char in cell
    )


def without_hidden_characters(text: str) -> str:
    """What may be shown or stored of any text: hidden characters replaced, never longer than a cell may be."""
    if text.isprintable():
        return text[:MAXIMUM_CELL_LENGTH]
    return "".join("\ufffd" if has_hidden_characters(char) else char for char in text[:MAXIMUM_CELL_LENGTH])
