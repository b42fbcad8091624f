"""What an .xlsx shows beside its values: hidden sheets, rows and columns, merges, errors, crossed-out text, formats.

Read from the file's own XML: calamine does not tell of it. Runs inside the limited child; entities were refused before.
"""

import re
import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

from roster_api.rosters.reading.cells import MAXIMUM_CELL_LENGTH, OLD_FONT, Appearance, address
from roster_api.rosters.reading.number_formats import NumberFormat, find_format
from roster_api.rosters.reading.refusals import too_large
from roster_api.rosters.reading.xlsx_colours import coloured_numbers, coloured_rows
from roster_api.rosters.reading.xlsx_package import (
    attributes,
    items_of,
    local,
    parse,
    place_of,
    read_boxes,
    read_comments,
    sheets_of,
)
from roster_api.rosters.reading.xlsx_plain import column_of, is_plain, tags_beside_cells

_TRUE = {"1", "true", "on"}
_NOTHING = re.compile(r"0(?:\.\d+)?|0?\.\d+")
OUTSIDE_NAMED = 30
PROMPTS_READ, RANGES_OF_PROMPTS = 1000, 100
STRAY_CELLS = 50
"""So many cells far from the table are strays, named and passed over; more are a table that is too large."""


@dataclass(slots=True)
class Styles:
    """By number of a cell's style: is its font crossed out, or an old one, and how its numbers are shown."""

    struck: set[str] = field(default_factory=set)
    fonts: dict[str, str] = field(default_factory=dict)
    formats: dict[str, NumberFormat] = field(default_factory=dict)
    coloured: set[str] = field(default_factory=set)


@dataclass(slots=True)
class SheetPart:
    """A sheet's part of the archive and what stands in it; `cuts` are the bytes of cells outside of what is read."""

    path: str
    appearance: Appearance
    cuts: list[tuple[int, int]] = field(default_factory=list)
    filled_outside: int = 0


def read_parts(archive: zipfile.ZipFile, *, maximum_rows: int, maximum_columns: int) -> dict[str, SheetPart]:
    """{sheet's name: its part}; cells beyond the maxima are told as outside."""
    names = {name.lower(): name for name in archive.namelist()}
    styles = _read_styles(archive, names)
    crossed_strings = _read_crossed_strings(archive, names)
    parts: dict[str, SheetPart] = {}
    for name, state, path in sheets_of(archive, names):
        appearance = Appearance(is_hidden=state.lower() in {"hidden", "veryhidden"})
        scan = _SheetScan(SheetPart(path, appearance), styles, crossed_strings, maximum_rows, maximum_columns)
        content = archive.read(path)
        appearance.comments = read_comments(archive, names, path)
        appearance.boxes = read_boxes(archive, names, path)
        appearance.coloured = coloured_rows(content, styles.coloured)
        parts[name] = scan.part if scan.read_plain(content) else scan.read(content)
    return parts


def _read_styles(archive: zipfile.ZipFile, names: dict[str, str]) -> Styles:
    styles = Styles()
    if "xl/styles.xml" not in names:
        return styles
    root = parse(archive.read(names["xl/styles.xml"]))
    struck_fonts: set[str] = set()
    coloured: dict[str, set[str]] = {}
    old_fonts: dict[str, str] = {}
    formats: dict[str, str] = {}
    for part in root:
        kind = local(part.tag)
        coloured[kind] = coloured_numbers(part)
        if kind == "fonts":
            struck_fonts = {str(number) for number, font in enumerate(part) if _is_struck(font)}
            names_of = {str(number): _name_of_font(font) for number, font in enumerate(part)}
            old_fonts = {number: name for number, name in names_of.items() if OLD_FONT.match(name)}
        elif kind == "numFmts":
            formats = {v.get("numFmtId", ""): v.get("formatCode", "") for v in map(attributes, part)}
        elif kind == "cellXfs":
            for number, values in enumerate(map(attributes, part)):
                if values.get("fontId") in struck_fonts:
                    styles.struck.add(str(number))
                if any(values.get(f"{one}Id") in coloured.get(f"{one}s", ()) for one in ("font", "fill")):
                    styles.coloured.add(str(number))
                if values.get("fontId") in old_fonts:
                    styles.fonts[str(number)] = old_fonts[values["fontId"]]
                shown = find_format(formats.get(values.get("numFmtId", ""), ""))
                if shown is not None:
                    styles.formats[str(number)] = shown
    return styles


def _is_nothing(size: str | None) -> bool:
    """A height in points, or a width in letters, in which nothing can be seen."""
    return size is not None and bool(_NOTHING.fullmatch(size))


def _name_of_font(font: ET.Element) -> str:
    return next((attributes(item).get("val", "")[:60] for item in font if local(item.tag) == "name"), "")


def _is_struck(font: ET.Element) -> bool:
    marks = [attributes(item) for item in font if local(item.tag) in {"strike", "dstrike"}]
    return any(mark.get("val", "1").lower() in _TRUE for mark in marks)


def _read_crossed_strings(archive: zipfile.ZipFile, names: dict[str, str]) -> set[str]:
    """Numbers of shared strings with a run that is crossed out."""
    if "xl/sharedstrings.xml" not in names:
        return set()
    content = archive.read(names["xl/sharedstrings.xml"])
    if b"strike" not in content:
        return set()
    return {
        str(number) for number, item in enumerate(items_of(content, "si"))
        if any(local(properties.tag) == "rPr" and _is_struck(properties) for properties in item.iter())
    }  # fmt: skip


class _SheetScan:
    """One pass over a sheet's XML; keeps only what differs from a plain value."""

    def __init__(
        self, part: SheetPart, styles: Styles, crossed_strings: set[str], maximum_rows: int, maximum_columns: int
    ) -> None:
        self.part, self.styles, self.crossed_strings = part, styles, crossed_strings
        self.maximum_rows, self.maximum_columns = maximum_rows, maximum_columns
        self.row, self.column, self.start = -1, -1, 0
        self.cell: dict[str, str] = {}
        self.inside = ""
        self.value, self.formula, self.prompt = "", "", ""
        self.is_filled = self.has_formula = self.hides_zeros = self.has_crossed_run = False
        self.names: dict[str, str] = {}
        self.parser: Any = expat.ParserCreate()

    def read(self, content: bytes) -> SheetPart:
        parser = self.parser
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        self.content = content
        parser.Parse(content, True)
        return self.part

    def read_plain(self, content: bytes) -> bool:
        """Whether no cell of the sheet can have anything to tell; then rows, columns and merges are read here."""
        styles = self.styles
        if styles.struck or styles.fonts or styles.formats or self.crossed_strings:
            return False
        if not is_plain(content, maximum_rows=self.maximum_rows, maximum_columns=self.maximum_columns):
            return False
        for name, values in tags_beside_cells(content):
            if name == "row":
                self._start_row(values)
            else:
                self._start_other(name, values)
        return True

    def _start(self, tag: str, values: dict[str, str]) -> None:
        name = self.names.get(tag)
        if name is None:
            name = self.names[tag] = local(tag)
        if name == "c":
            self._start_cell(values)
        elif name == "sqref":
            self.inside = name
        elif name in {"v", "t", "f"}:
            self.inside = name
            self.has_formula = self.has_formula or name == "f"
        elif name == "row":
            self._start_row(values)
        elif name == "strike" and values.get("val", "1").lower() in _TRUE:
            self.has_crossed_run = True
        else:
            self._start_other(name, values)

    def _start_row(self, values: dict[str, str]) -> None:
        self.row = int(values["r"]) - 1 if values.get("r", "").isdecimal() else self.row + 1
        self.column = -1
        if values.get("hidden", "").lower() in _TRUE or _is_nothing(values.get("ht")):
            self.part.appearance.hidden_rows.add(self.row)

    def _start_cell(self, values: dict[str, str]) -> None:
        place = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?(\d+)", values.get("r", ""))
        if place:
            self.column, self.row = column_of(place[1]), int(place[2]) - 1
        else:
            self.column += 1
        self.cell, self.start = values, self.parser.CurrentByteIndex
        self.value = self.formula = ""
        self.is_filled = self.has_formula = self.has_crossed_run = False

    def _start_other(self, name: str, values: dict[str, str]) -> None:
        appearance = self.part.appearance
        if name == "mergeCell":
            first, _, last = values.get("ref", "").partition(":")
            start, end = place_of(first), place_of(last or first)
            if start and end:
                appearance.merges.append((*start, *end))
        elif name == "col":
            is_hidden = values.get("hidden", "").lower() in _TRUE or _is_nothing(values.get("width"))
            if is_hidden and values.get("min", "").isdecimal() and values.get("max", "").isdecimal():
                until = min(int(values["max"]), self.maximum_columns)
                appearance.hidden_columns |= set(range(int(values["min"]) - 1, until))
        elif name == "dataValidation":
            self.prompt = ": ".join(text for key in ("promptTitle", "prompt") if (text := values.get(key, "").strip()))
            self._add_prompt(values.get("sqref", ""))
        elif name == "sheetView" and values.get("showZeros", "").lower() in {"0", "false"}:
            self.hides_zeros = True

    def _add_prompt(self, places: str) -> None:
        """Of the ranges 'F2:F200 H2', which later versions of Excel write into an element of its own."""
        for place in places.split()[:RANGES_OF_PROMPTS]:
            first, _, last = place.partition(":")
            start, end = place_of(first), place_of(last or first)
            if self.prompt and start and end and len(self.part.appearance.prompts) < PROMPTS_READ:
                self.part.appearance.prompts.append(((*start, *end), self.prompt[:MAXIMUM_CELL_LENGTH]))

    def _text(self, text: str) -> None:
        if self.inside == "sqref":
            self._add_prompt(text)
        elif self.inside in {"v", "t"}:
            self.is_filled = self.is_filled or bool(text.strip())
            if len(self.value) < 40:
                self.value += text
        elif self.inside == "f" and len(self.formula) < 100:
            self.formula += text

    def _end(self, tag: str) -> None:
        name = self.names[tag]
        if name in {"v", "t", "f", "sqref"}:
            self.inside = ""
        elif name == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        place, kind, appearance = (self.row, self.column), self.cell.get("t", "n"), self.part.appearance
        if self.row >= self.maximum_rows or self.column >= self.maximum_columns:
            self._cut()
            return
        if kind == "e":
            appearance.faults[place] = self.value or "#N/A"
        elif self.has_formula and not self.value and kind != "str":
            appearance.faults[place] = f"={self.formula}"
        if (kind == "s" and self.value in self.crossed_strings) or self.has_crossed_run:
            appearance.partly_struck.add(place)
        style = self.cell.get("s", "0")
        if style in self.styles.struck and self.is_filled:
            appearance.struck.add(place)
        if style in self.styles.fonts and self.is_filled and kind != "n":
            appearance.fonts[place] = self.styles.fonts[style]
        if kind == "n" and self.value:
            if self.hides_zeros and self.value.strip() in {"0", "0.0"}:
                appearance.shown[place] = ""
            elif style in self.styles.formats:
                shown = self.styles.formats[style].show(self.value)
                if shown is not None:
                    appearance.shown[place] = shown

    def _cut(self) -> None:
        """Remembers the bytes of a cell outside, which would make calamine hold the whole empty area up to it."""
        end = self.content.find(b">", self.parser.CurrentByteIndex) + 1
        self.part.cuts.append((self.start, end))
        if self.is_filled and (self.cell.get("t") != "s" or self.value):
            self.part.filled_outside += 1
            if self.part.filled_outside > STRAY_CELLS:
                raise too_large(self.maximum_rows, self.maximum_columns)
            if len(self.part.appearance.outside) < OUTSIDE_NAMED:
                self.part.appearance.outside.append(address(self.row, self.column))
