"""Which rows of an .xlsx are coloured, by ground or letters. What a colour means, only whoever chose it knows."""

import re
from xml.etree import ElementTree as ET

from roster_api.rosters.reading.xlsx_package import attributes, local

_OF_NOBODY = {"FFFFFF", "000000", ""}
OUR_OWN = {"FFC7CE", "FFEB9C", "EDEDED"}
"""What our own annotated workbooks mark cells with."""
_BLACK_AND_WHITE = {"0", "1"}
"""Of a workbook's theme; its others are colours."""
_AUTOMATIC = {"8", "9", "64", "65"}
_FILLED_CELL = re.compile(rb'<c r="[A-Z]{1,3}(\d{1,7})"(?: [a-z]+="[^"<>]*")*? s="(\d+)"[^>/]*>')


def coloured_numbers(part: ET.Element) -> set[str]:
    """Numbers of the fonts, or of the fills, of this part of the styles that have a colour."""
    kinds = {"fonts": "color", "fills": "fgColor"}
    wanted = kinds.get(local(part.tag), "")
    return {
        str(number) for number, style in enumerate(part)
        if any(local(item.tag) == wanted and _is_colour(attributes(item), wanted) for item in style.iter())
        and _is_solid(style)
    }  # fmt: skip


def _is_solid(style: ET.Element) -> bool:
    patterns = [attributes(item).get("patternType", "none") for item in style if local(item.tag) == "patternFill"]
    return all(pattern not in {"none", "gray125"} for pattern in patterns)


def _is_colour(values: dict[str, str], kind: str) -> bool:
    """White letters are one: they are not seen."""
    if kind == "color" and (values.get("rgb", "")[-6:].upper() == "FFFFFF" or values.get("theme") == "0"):
        return True
    if values.get("auto") in {"1", "true"}:
        return False
    if "rgb" in values:
        return values["rgb"][-6:].upper() not in _OF_NOBODY | OUR_OWN
    if "theme" in values:
        return values["theme"] not in _BLACK_AND_WHITE
    return values.get("indexed", "64") not in _AUTOMATIC


def coloured_rows(content: bytes, styles: set[str]) -> set[int]:
    """Rows (from 0) of a sheet's XML with a filled cell of one of these styles; in the spelling that programs write."""
    if not styles:
        return set()
    wanted = {style.encode() for style in styles}
    return {int(row) - 1 for row, style in _FILLED_CELL.findall(content) if style in wanted}
