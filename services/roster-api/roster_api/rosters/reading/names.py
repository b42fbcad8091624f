"""People's names: one form for storing, capitals put right, and nothing in them that is not a name."""

import re

from roster_api.rosters.reading.cells import Cell, has_hidden_characters, text_of, without_hidden_characters
from roster_api.rosters.reading.findings import Finding, Reading, refused, warning

MAXIMUM_LENGTH = 120
NOT_IN_NAMES = re.compile(r"[^\w\s'’.\-]|[\d_]")
LEGACY_FONT = re.compile("[¨«»µ¸¹§®¬­ÔÛÜÖÞÐ¥]")
MEND_VI = "Viết họ và tên bằng tiếng Việt có dấu (phông Unicode), ví dụ Nguyễn Văn An."
MEND_EN = "Write the full name in Vietnamese (a Unicode font), e.g. Nguyễn Văn An."


def read_name(cell: Cell) -> Reading[str]:
    """'NGUYỄN  VĂN AN' -> 'Nguyễn Văn An', NFC; digits, symbols and hidden characters are errors."""
    text = text_of(cell)
    if not text:
        return refused(
            "name.missing", vi="Thiếu họ và tên.", en="The name is missing.", mend_vi=MEND_VI, mend_en=MEND_EN
        )
    if has_hidden_characters(cell):
        shown = without_hidden_characters(text)
        return refused(
            "name.hidden_characters", vi=f"“{shown}” có ký tự ẩn hoặc ký tự đảo chiều chữ.",
            en=f"“{shown}” has hidden characters, or ones that reverse the text.",
            mend_vi="Gõ lại họ và tên bằng bàn phím.", mend_en="Type the name again.",
        )  # fmt: skip
    strange = NOT_IN_NAMES.search(text)
    if strange:
        return _refuse_strange(text, strange.group())
    if len(text) > MAXIMUM_LENGTH:
        return refused(
            "name.too_long", vi=f"Họ và tên dài {len(text)} ký tự, tối đa {MAXIMUM_LENGTH}.",
            en=f"The name has {len(text)} characters, at most {MAXIMUM_LENGTH}.", mend_vi=MEND_VI, mend_en=MEND_EN,
        )  # fmt: skip
    return _with_capitals(text)


def _refuse_strange(text: str, strange: str) -> Reading[str]:
    if LEGACY_FONT.search(text):
        vi, en = f"“{text}” có vẻ gõ bằng phông cũ (TCVN3, VNI).", f"“{text}” looks typed in an old font (TCVN3, VNI)."
    else:
        vi, en = (
            f"“{text}” có ký tự “{strange}” không thuộc tên người.",
            f"“{text}” has “{strange}”, not part of a name.",
        )
    return refused("name.strange_character", vi=vi, en=en, mend_vi=MEND_VI, mend_en=MEND_EN)


def _with_capitals(text: str) -> Reading[str]:
    found: list[Finding] = []
    if text == text.upper() or text == text.lower():
        written, text = text, " ".join(_capitalised(word) for word in text.split())
        if written != text:
            found.append(warning(
                "name.capitals", vi=f"Đổi chữ hoa/thường: {text}.", en=f"Capitals put right: {text}."
            ))  # fmt: skip
    if " " not in text:
        found.append(warning(
            "name.one_word", vi="Chỉ có một từ; có thiếu họ không?", en="One word only; is the family name missing?"
        ))  # fmt: skip
    return Reading(text, found)


def _capitalised(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
