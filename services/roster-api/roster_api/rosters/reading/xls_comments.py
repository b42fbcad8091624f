"""The comments of a sheet of an old .xls: a note says where, and the box it names holds the words."""

import struct

from roster_api.rosters.reading.cells import MAXIMUM_CELL_LENGTH, Place
from roster_api.rosters.reading.xlsx_package import BOXES_READ, COMMENTS_READ

NOTE, _OBJECT, _TEXT, _CONTINUE = 0x1C, 0x5D, 0x1B6, 0x3C
RECORDS = {NOTE, _OBJECT, _TEXT, _CONTINUE}
_WIDE = 1


class XlsComments:
    """Hears a sheet's records in their order; the notes come after the boxes. A box without a note is a text box."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}
        self._box = 0
        self._left = 0
        """Letters of the box's text that are still to come."""

    def follow(self, kind: int, data: bytes, comments: dict[Place, str]) -> None:
        """One of RECORDS; a note is added to `comments`. struct.error when it is damaged."""
        if kind == _OBJECT:
            self._box, self._left = struct.unpack_from("<H", data, 6)[0], 0
        elif kind == _TEXT:
            self._left = struct.unpack_from("<H", data, 10)[0]
        elif kind == _CONTINUE and self._left > 0 and data:
            is_wide = bool(data[0] & _WIDE)
            text = data[1 : 1 + self._left * (1 + is_wide)].decode("utf-16-le" if is_wide else "latin-1", "replace")
            self._left -= len(text)
            self._texts[self._box] = (self._texts.get(self._box, "") + text)[:MAXIMUM_CELL_LENGTH]
        elif kind == NOTE and len(comments) < COMMENTS_READ:
            row, column, _, box = struct.unpack_from("<HHHH", data, 0)
            text = self._texts.pop(box, "").strip()
            comments[row, column] = text or "?"

    def boxes(self) -> list[str]:
        """Texts of the boxes that no note has named."""
        return [text for box in self._texts.values() if (text := box.strip())][:BOXES_READ]
