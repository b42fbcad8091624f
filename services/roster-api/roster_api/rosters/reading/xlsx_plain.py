"""Sheets of an .xlsx that hold plain values alone, told by their bytes: a second pass over every cell is spared.

What programs write has one shape. Whatever has another shape, or anything to tell, is read tag by tag (xlsx_parts.py).
"""

import re
from collections.abc import Iterator
from html import unescape

_NEEDS_A_LOOK = (b"strike", b"showZeros", b"<!--", b"<![CDATA")
"""Crossed-out text, zeros that do not show, comments."""
_UNUSUAL = re.compile(
    rb"""<(?:(?:c|row|sheetData)[\s>/]|[a-zA-Z]+:|(?:col|mergeCell|sheetView)\b[^>]*(?:'|\s=|=\s|&))"""
)
"""Beside the rows: more cells, and any spelling that is not the usual one."""
_BEGIN, _END = b"<sheetData>", b"</sheetData>"
_CELL = (
    rb"""<c r="[A-Z]{1,3}+\d++"(?: (?!t="e")[a-z]++="[^"'&<>=]*+")*+ ?+"""
    rb"""(?:/>|>(?:<v>[^<]*+</v>|<is><t(?: xml:space="preserve")?>[^<]*+</t></is>)?+</c>)"""
)
_ROWS = re.compile(
    rb"""(?:\s*+<row r="\d++"(?: [A-Za-z0-9:]++="[^"'&<>=]*+")*+ ?+(?:/>|>(?:""" + _CELL + rb""")*+</row>))*+\s*+"""
)
"""No formula, no error, and the usual spelling: one look from the first row to the last, which never turns back."""
_PLAIN_HEAD = re.compile(rb"\s*(?:<\?xml[^>]*encoding=\"(?:UTF|utf)-8\"[^>]*\?>\s*)?<worksheet\b")
_ROW_OR_OTHER = re.compile(rb"<(row(?=[^>]*\b(?:hidden|ht)=)|mergeCell|col|dataValidation(?=[^>]*\bprompt))\b([^>]*)>")
_ATTRIBUTE = re.compile(rb'([A-Za-z]+)="([^"]*)"')
_HIGH_ROW = re.compile(rb'<(?:row r="|c r="[A-Z]{1,3})(\d{6,})"')
_FAR_COLUMN = re.compile(rb'<c r="(G[S-Z]|[H-Z][A-Z]|[A-Z]{3})\d')


def is_plain(content: bytes, *, maximum_rows: int, maximum_columns: int) -> bool:
    """No formula, no error, nothing crossed out, no cell outside of what is read, and the usual spelling throughout."""
    begin, end = content.find(_BEGIN), content.rfind(_END)
    if not 0 <= begin < end or not _PLAIN_HEAD.match(content[:2000]):
        return False
    beside = (content[:begin], content[end + len(_END) :])
    if any(sign in part for sign in _NEEDS_A_LOOK for part in beside) or any(map(_UNUSUAL.search, beside)):
        return False
    if not _ROWS.fullmatch(content, begin + len(_BEGIN), end):
        return False
    if any(int(number) > maximum_rows for number in _HIGH_ROW.findall(content)):
        return False
    return all(column_of(letters.decode("ascii")) < maximum_columns for letters in set(_FAR_COLUMN.findall(content)))


def tags_beside_cells(content: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """(name, attributes) of hidden or very low rows, of columns, of merges, of checks that say what to write."""
    for tag in _ROW_OR_OTHER.finditer(content):
        yield tag[1].decode("ascii"), {
            name.decode(): unescape(value.decode()) for name, value in _ATTRIBUTE.findall(tag[2])
        }  # fmt: skip


def column_of(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
