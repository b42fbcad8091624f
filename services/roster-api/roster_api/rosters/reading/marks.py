"""Marks that do not show, or show as another letter does: taken out of a cell's text before it is read, and named."""

import re
import unicodedata

from roster_api.legacy_text.legacies import NAMES
from roster_api.legacy_text.texts import RepairedText, UnclearText
from roster_api.rosters.reading.cells import BIDI, INVISIBLE, Cell, lines_of, text_of
from roster_api.rosters.reading.findings import Finding, error, warning

OVERRIDES = re.compile("[\u202d\u202e]")
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
DASHES = {0x2010: "-", 0x2011: "-", 0x2012: "-", 0x2212: "-", 0xFE63: "-"}
"""Hyphens that Word and phones put for a plain one: no other sign, so nothing is said of them."""
_SHOWN_OTHERWISE = re.compile("[\uff01-\uff5e\u3000\u2010-\u2012\u2212\ufe63]")
"""What FULL_WIDTH and DASHES take the place of."""


def plain_text(cell: Cell) -> tuple[str, list[Finding]]:
    """The cell's text on one line with plain letters, and a warning for hidden marks and for full-width letters."""
    return _plain(cell, text_of(cell))


def plain_lines(cell: Cell) -> tuple[str, list[Finding]]:
    """As plain_text; line breaks become '; '."""
    return _plain(cell, lines_of(cell))


def _plain(cell: Cell, text: str) -> tuple[str, list[Finding]]:
    if type(cell) is not str or (text.isprintable() and cell.isprintable()):
        is_plain = type(cell) in {str, float, int} and (text.isascii() or not _SHOWN_OTHERWISE.search(text))
        if is_plain and not text.startswith("'"):
            return text, []
    found: list[Finding] = _on_encoding(cell)
    if OVERRIDES.search(text):
        found.append(error(
            "text.reversed", vi="Ô có ký tự đảo chiều chữ: không rõ nội dung thật.",
            en="The cell has marks that reverse its text: what it says is not clear.",
            mend_vi="Gõ lại ô này bằng bàn phím.", mend_en="Type the cell again.",
        ))  # fmt: skip
    elif isinstance(cell, str) and (BIDI.search(cell) or INVISIBLE.search(cell)) and not isinstance(cell, RepairedText):
        text = INVISIBLE.sub("", BIDI.sub("", text))
        found.append(warning(
            "text.hidden_marks", vi="Đã bỏ ký tự ẩn (dấu hướng chữ, khoảng trắng không độ rộng).",
            en="Hidden marks (direction marks, zero-width spaces) were taken out.",
        ))  # fmt: skip
    narrow = text.translate(FULL_WIDTH)
    if narrow != text:
        found.append(warning(
            "text.full_width", vi=f"Chữ, số toàn khổ (full-width) được đọc là “{narrow}”.",
            en=f"Full-width letters or digits are read as “{narrow}”.",
        ))  # fmt: skip
    narrow = unicodedata.normalize("NFC", narrow.translate(DASHES))
    return " ".join(narrow.removeprefix("'").split()), found


def _on_encoding(cell: Cell) -> list[Finding]:
    if isinstance(cell, RepairedText):
        name = NAMES[cell.legacy]
        return [warning(
            f"text.{cell.legacy}", vi=f"Ô gõ bằng {name}: “{cell.before}” được đọc là “{cell}”.",
            en=f"Typed in {name}: “{cell.before}” is read as “{cell}”.",
        )]  # fmt: skip
    if isinstance(cell, UnclearText):
        return [error(
            "text.old_font", vi=f"“{cell}” có vẻ gõ bằng phông cũ (TCVN3, VNI), không rõ là chữ gì.",
            en=f"“{cell}” looks typed in an old font (TCVN3, VNI); what it says is not clear.",
            mend_vi="Gõ lại bằng phông Unicode.", mend_en="Type it again in a Unicode font.",
        )]  # fmt: skip
    return []
