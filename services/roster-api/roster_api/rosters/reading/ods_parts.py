"""What an .ods shows beside its values: what is hidden, merges, errors, crossed-out text, comments, colours.

Runs inside the limited child; entities were refused before.
"""

from typing import Any
from xml.parsers import expat

from roster_api.rosters.reading.cells import MAXIMUM_CELL_LENGTH, Appearance
from roster_api.rosters.reading.xlsx_colours import OUR_OWN
from roster_api.rosters.reading.xlsx_package import BOXES_READ, COMMENTS_READ, local

_FAULTS = ("#", "Err:")
_HIDDEN = {"collapse", "filter"}
MAXIMUM_REPEATS = 20_000


def read_ods(content: bytes, *, maximum_columns: int) -> dict[str, Appearance]:
    """{sheet's name: what it shows}."""
    scan = _OdsScan(maximum_columns)
    scan.parser.Parse(content, True)
    for name, style in scan.styles_of.items():
        if style in scan.hidden_tables:
            scan.sheets[name].is_hidden = True
    return scan.sheets


class _OdsScan:
    """One pass over content.xml."""

    def __init__(self, maximum_columns: int) -> None:
        self.maximum_columns = maximum_columns
        self.sheets: dict[str, Appearance] = {}
        self.styles_of: dict[str, str] = {}
        self.hidden_tables: set[str] = set()
        self.struck_styles: set[str] = set()
        self.coloured_styles: set[str] = set()
        self.style = ""
        self.now = Appearance()
        self.row = self.column = self.column_definition = 0
        self.row_repeats = self.repeats = 1
        self.cell: dict[str, str] = {}
        self.cell_text = self.comment = ""
        self.paragraphs = self.notes = self.boxes = 0
        self.is_struck_run = False
        self.parser: Any = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        values = {local(key): value for key, value in attributes.items()}
        start = getattr(self, f"_start_{name.replace('-', '_')}", None)
        if start is not None:
            start(values)

    def _start_style(self, values: dict[str, str]) -> None:
        self.style = values.get("name", "")

    def _start_table_properties(self, values: dict[str, str]) -> None:
        if values.get("display") == "false":
            self.hidden_tables.add(self.style)

    def _start_text_properties(self, values: dict[str, str]) -> None:
        if values.get("text-line-through-style", values.get("text-line-through-type", "none")) != "none":
            self.struck_styles.add(self.style)
        if values.get("color", "").upper() not in {"", "#000000"} and "use-window-font-color" not in values:
            self.coloured_styles.add(self.style)

    def _start_table_cell_properties(self, values: dict[str, str]) -> None:
        if values.get("background-color", "").lstrip("#").upper() not in {"", "TRANSPARENT", "FFFFFF", *OUR_OWN}:
            self.coloured_styles.add(self.style)

    def _start_table(self, values: dict[str, str]) -> None:
        name = values.get("name", "")
        self.now = self.sheets[name] = Appearance()
        self.styles_of[name] = values.get("style-name", "")
        self.row, self.column_definition = 0, 0

    def _start_table_column(self, values: dict[str, str]) -> None:
        repeats = int(values.get("number-columns-repeated", "1"))
        if values.get("visibility") in _HIDDEN:
            last = min(self.column_definition + repeats, self.maximum_columns)
            self.now.hidden_columns |= set(range(self.column_definition, last))
        self.column_definition += repeats

    def _start_table_row(self, values: dict[str, str]) -> None:
        self.row_repeats = int(values.get("number-rows-repeated", "1"))
        self.column = 0
        if values.get("visibility") in _HIDDEN:
            self.now.hidden_rows |= set(range(self.row, self.row + min(self.row_repeats, MAXIMUM_REPEATS)))

    def _start_table_cell(self, values: dict[str, str]) -> None:
        self.repeats = int(values.get("number-columns-repeated", "1"))
        self.cell, self.cell_text, self.comment, self.is_struck_run = values, "", "", False
        rows, columns = int(values.get("number-rows-spanned", "1")), int(values.get("number-columns-spanned", "1"))
        if rows > 1 or columns > 1:
            self.now.merges.append((self.row, self.column, self.row + rows - 1, self.column + columns - 1))

    def _start_covered_table_cell(self, values: dict[str, str]) -> None:
        self._start_table_cell(values)

    def _start_annotation(self, _: dict[str, str]) -> None:
        self.notes += 1

    def _start_text_box(self, _: dict[str, str]) -> None:
        self.boxes += 1
        if len(self.now.boxes) < BOXES_READ:
            self.now.boxes.append("")

    def _start_custom_shape(self, values: dict[str, str]) -> None:
        self._start_text_box(values)

    def _start_p(self, _: dict[str, str]) -> None:
        self.paragraphs += 1

    def _start_span(self, values: dict[str, str]) -> None:
        self.is_struck_run = self.is_struck_run or values.get("style-name") in self.struck_styles

    def _text(self, text: str) -> None:
        if self.paragraphs and self.boxes:
            self.now.boxes[-1] = (self.now.boxes[-1] + text)[:MAXIMUM_CELL_LENGTH]
        elif self.paragraphs and not self.notes and len(self.cell_text) < 100:
            self.cell_text += text
        elif self.paragraphs and self.notes and len(self.comment) < MAXIMUM_CELL_LENGTH:
            self.comment += text

    def _end(self, tag: str) -> None:
        name = local(tag)
        if name == "p":
            self.paragraphs -= 1
            self.comment += " " if self.notes else ""
        elif name in {"text-box", "custom-shape"}:
            self.boxes -= 1
        elif name == "annotation":
            self.notes -= 1
        elif name in {"table-cell", "covered-table-cell"}:
            self._end_cell()
        elif name == "table-row":
            self.row += self.row_repeats

    def _end_cell(self) -> None:
        place, text = (self.row, self.column), self.cell_text.strip()
        if self.comment.strip() and len(self.now.comments) < COMMENTS_READ:
            self.now.comments[place] = self.comment.strip()
        if self.cell.get("value-type") == "error" or (self.cell.get("formula") and text.startswith(_FAULTS)):
            self.now.faults[place] = text or "#N/A"
        elif self.cell.get("formula") and not text and "value-type" not in self.cell:
            self.now.faults[place] = "=" + self.cell["formula"].partition("=")[2][:100]
        if text and self.cell.get("style-name") in self.coloured_styles:
            self.now.coloured |= set(range(self.row, self.row + min(self.row_repeats, MAXIMUM_REPEATS)))
        if text and self.cell.get("style-name") in self.struck_styles:
            self.now.struck.add(place)
        elif text and self.is_struck_run:
            self.now.partly_struck.add(place)
        self.column += self.repeats
