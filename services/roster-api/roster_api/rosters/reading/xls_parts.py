"""What an old .xls shows beside its values: what is hidden, errors, crossed-out text, comments, formats, colours.

Walks the records of the file's workbook stream (BIFF8). Runs inside the limited child.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from roster_api.rosters.reading.cells import Appearance
from roster_api.rosters.reading.number_formats import NumberFormat, find_format
from roster_api.rosters.reading.refusals import broken, too_large
from roster_api.rosters.reading.xls_comments import RECORDS, XlsComments

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_FONT, _FORMAT, _XF, _BOUNDSHEET, _FILEPASS = 0x31, 0x41E, 0xE0, 0x85, 0x2F
_BOF, _EOF, _ROW, _COLINFO, _WINDOW2 = 0x809, 0x0A, 0x208, 0x7D, 0x23E
_FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR, _LABELSST, _LABEL = 0x06, 0x203, 0x27E, 0xBD, 0x205, 0xFD, 0x204
_RSTRING, _DIMENSIONS = 0xD6, 0x200
_CELLS = {_FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR, _LABELSST, _LABEL, _RSTRING}
_FORMAT_ROWS, _FORMAT_COLUMNS = 65_536, 256
"""The size of a sheet of this format: a damaged record may say more."""
_MAXIMUM_AREA = 5_000_000
"""Cells up to the last filled one that calamine may hold, the empty ones too: 24 bytes each."""
_END_OF_CHAIN = 0xFFFFFFF0
_BLACK, _WHITE = {0, 8, 64, 0x7FFF}, {1, 9, 64, 65}
"""Numbers of the palette; of letters and of grounds those that are as usual."""


@dataclass(slots=True)
class _Globals:
    struck_fonts: set[int] = field(default_factory=set)
    coloured_fonts: set[int] = field(default_factory=set)
    coloured: set[int] = field(default_factory=set)
    formats: dict[int, str] = field(default_factory=dict)
    struck: set[int] = field(default_factory=set)
    shown: dict[int, NumberFormat] = field(default_factory=dict)
    offsets: list[int] = field(default_factory=list)
    fonts: int = 0
    styles: int = 0


@dataclass(slots=True)
class _Reach:
    """How far the cells of a sheet go; RefusedFileError where calamine would hold a huge empty area up to them."""

    maximum_columns: int
    last_row: int = 0
    last_column: int = 0

    def follow(self, kind: int, data: bytes) -> None:
        if kind == _DIMENSIONS:
            _, rows, _, columns = struct.unpack_from("<IIHH", data, 0)
            if rows > _FORMAT_ROWS or columns > _FORMAT_COLUMNS:
                raise too_large(_FORMAT_ROWS, self.maximum_columns)
        elif kind in _CELLS:
            row, column = struct.unpack_from("<HH", data, 0)
            if kind == _MULRK:
                column = max(column, struct.unpack_from("<H", data, len(data) - 2)[0])
            self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)
            area = (self.last_row + 1) * (self.last_column + 1)
            if self.last_column >= self.maximum_columns or area > _MAXIMUM_AREA:
                raise too_large(_FORMAT_ROWS, self.maximum_columns)


def read_xls(content: bytes, *, maximum_columns: int) -> list[Appearance]:
    """What each worksheet shows, in the workbook's order; none when the stream cannot be followed.

    RefusedFileError when a cell stands so far off that the area up to it cannot be held.
    """
    try:
        stream = _workbook_stream(content)
        found = _read_globals(stream)
        return [_read_sheet(stream, offset, found, _Reach(maximum_columns)) for offset in found.offsets]
    except (struct.error, IndexError, ValueError):
        return []


def _workbook_stream(content: bytes) -> bytes:
    """The stream 'Workbook' of the compound file."""
    powers = struct.unpack_from("<HH", content, 30)
    if not all(4 <= power <= 12 for power in powers):
        raise ValueError("sectors of no usual size")
    size, mini_size = (1 << power for power in powers)
    directory, _, cutoff, mini_start = struct.unpack_from("<IIII", content, 48)
    table: list[int] = []
    for sector in struct.unpack_from("<109I", content, 76):
        if sector < _END_OF_CHAIN:
            if len(content) < (sector + 2) * size:
                raise broken()  # the table of sectors is cut off: calamine would follow what is not there
            table += struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
    entries = _chain(content, table, directory, size, offset=size)
    root_start, mini_stream = 0, b""
    for at in range(0, len(entries) - 127, 128):
        name_length, kind = struct.unpack_from("<HB", entries, at + 64)
        name = entries[at : at + max(name_length - 2, 0)].decode("utf-16-le", "replace")
        start, length = struct.unpack_from("<II", entries, at + 116)
        if kind == 5:
            root_start, mini_stream = start, _chain(content, table, start, size, offset=size)[:length]
        elif name == "Workbook" and length >= cutoff:
            return _chain(content, table, start, size, offset=size)[:length]
        elif name == "Workbook" and root_start >= 0:
            mini_bytes = _chain(content, table, mini_start, size, offset=size)
            mini_table = list(struct.unpack(f"<{len(mini_bytes) // 4}I", mini_bytes))
            return _chain(mini_stream, mini_table, start, mini_size, offset=0)[:length]
    raise ValueError("no workbook")


def _chain(content: bytes, table: list[int], start: int, size: int, *, offset: int) -> bytes:
    parts: list[bytes] = []
    while start < _END_OF_CHAIN:
        parts.append(content[offset + start * size : offset + (start + 1) * size])
        start = table[start]
        if len(parts) > len(table):
            raise broken()  # calamine would follow it until no memory is left
    return b"".join(parts)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """(type, data) of the records of one substream."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        if kind == _EOF:
            return
        at += 4 + length


def _read_globals(stream: bytes) -> _Globals:
    found = _Globals()
    for kind, data in _records(stream, 0):
        if kind == _FILEPASS:
            raise ValueError("encrypted")
        if kind == _FONT:
            if struct.unpack_from("<H", data, 2)[0] & 8:
                found.struck_fonts.add(found.fonts)
            if struct.unpack_from("<H", data, 4)[0] not in _BLACK:
                found.coloured_fonts.add(found.fonts)
            found.fonts += 1 if found.fonts != 3 else 2  # there is no font number 4
        elif kind == _FORMAT:
            number, length, flags = struct.unpack_from("<HHB", data, 0)
            text = data[5 : 5 + length * 2].decode("utf-16-le") if flags & 1 else data[5 : 5 + length].decode("latin-1")
            found.formats[number] = text
        elif kind == _XF:
            font, code = struct.unpack_from("<HH", data, 0)
            if font in found.struck_fonts:
                found.struck.add(found.styles)
            if font in found.coloured_fonts or _has_ground(data):
                found.coloured.add(found.styles)
            shown = find_format(found.formats.get(code, ""))
            if shown:
                found.shown[found.styles] = shown
            found.styles += 1
        elif kind == _BOUNDSHEET and data[5] == 0:
            found.offsets.append(struct.unpack_from("<I", data, 0)[0])
    return found


def _has_ground(style: bytes) -> bool:
    """A cell of this style is filled with a colour."""
    if len(style) < 20:
        return False
    lines, colours = struct.unpack_from("<IH", style, 14)
    return lines >> 26 != 0 and colours & 0x7F not in _WHITE


def _read_sheet(stream: bytes, offset: int, found: _Globals, reach: _Reach) -> Appearance:
    appearance, comments = Appearance(), XlsComments()
    hides_zeros = False
    numbers: dict[tuple[int, int], tuple[int, float]] = {}
    for kind, data in _records(stream, offset):
        reach.follow(kind, data)
        if kind == _ROW and struct.unpack_from("<I", data, 12)[0] & 0x20:
            appearance.hidden_rows.add(struct.unpack_from("<H", data, 0)[0])
        elif kind == _COLINFO:
            first, last, width, _, options = struct.unpack_from("<HHHHH", data, 0)
            if options & 1 or width == 0:
                appearance.hidden_columns |= set(range(first, min(last, 255) + 1))
        elif kind == _WINDOW2:
            hides_zeros = not struct.unpack_from("<H", data, 0)[0] & 0x10
        elif kind in {_FORMULA, _NUMBER, _RK, _BOOLERR, _LABELSST, _LABEL}:
            _read_cell(kind, data, appearance, found, numbers)
        elif kind in RECORDS:
            comments.follow(kind, data, appearance.comments)
        elif kind == _MULRK:
            row, column = struct.unpack_from("<HH", data, 0)
            for number in range((len(data) - 6) // 6):
                style, value = struct.unpack_from("<HI", data, 4 + 6 * number)
                numbers[row, column + number] = (style, _rk(value))
                if style in found.coloured:
                    appearance.coloured.add(row)
    appearance.boxes = comments.boxes()
    _show_numbers(appearance, found, numbers, hides_zeros=hides_zeros)
    return appearance


def _show_numbers(
    appearance: Appearance, found: _Globals, numbers: dict[tuple[int, int], tuple[int, float]], *, hides_zeros: bool
) -> None:
    for place, (style, amount) in numbers.items():
        shown = found.shown[style].show(repr(amount)) if style in found.shown else None
        if amount == 0 and hides_zeros:
            shown = ""
        if shown is not None:
            appearance.shown[place] = shown
        if style in found.struck:
            appearance.struck.add(place)


def _read_cell(
    kind: int, data: bytes, appearance: Appearance, found: _Globals, numbers: dict[tuple[int, int], tuple[int, float]]
) -> None:
    row, column, style = struct.unpack_from("<HHH", data, 0)
    if style in found.coloured:
        appearance.coloured.add(row)
    if kind == _NUMBER:
        numbers[row, column] = (style, struct.unpack_from("<d", data, 6)[0])
    elif kind == _RK:
        numbers[row, column] = (style, _rk(struct.unpack_from("<I", data, 6)[0]))
    elif kind == _BOOLERR and data[7]:
        appearance.faults[row, column] = _ERRORS.get(data[6], "#N/A")
    elif kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
        appearance.faults[row, column] = _ERRORS.get(data[8], "#N/A")
    if kind not in {_NUMBER, _RK} and style in found.struck:
        appearance.struck.add((row, column))


def _rk(value: int) -> float:
    """A number packed into 30 bits."""
    number = float(struct.unpack("<i", struct.pack("<I", value))[0] >> 2) if value & 2 else 0.0
    if not value & 2:
        number = struct.unpack("<d", struct.pack("<Q", (value & 0xFFFFFFFC) << 32))[0]
    return number / 100 if value & 1 else number
