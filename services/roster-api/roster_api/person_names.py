"""What a person's name may hold, the same at every door: letters, marks, spaces and . ' ’ ʼ - alone, no link,
and typed in Unicode.

Names of people and of contacts go into text messages and letters of the province: what looks like an address to tap, or
reads otherwise than it is written, would be the province's word.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from roster_api.legacy_text.legacies import NAMES
from roster_api.legacy_text.texts import RepairedText, UnclearText, repair_text
from roster_api.text import TOP_LEVEL

BESIDE_LETTERS = frozenset(" .'’-")
"""ʼ (U+02BC) is a letter of its own."""
INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | {chr(code) for code in range(0xFE00, 0xFE10)}
"""Letters and marks that show nothing."""
TITLES = re.compile(r"(?:(?:gs|pgs|ts|tskh|ths|bs|bsck1|bsck2|cn|ks|ds|kts|ncs|cv|p|tp|cô|thầy)\.)+", re.IGNORECASE)
"""Academic and other short words that are written together with what follows: 'PGS.TS.Lê'."""
HOST = re.compile(r"[\w-]\.[^\W\d_]{2,}")
"""What mail programs and telephones make a link of: 'qua-tang.example', in any script."""
HOST_OF_TITLE = re.compile(rf"(?i:(?:{TOP_LEVEL})(?!\w))")
"""What makes a link of a title that stands before it without a space: 'tskh.top'."""
TITLES_AFTER_A_DOT = re.compile(r"\.(?i:cn|cv|gs|bs)(?!\w)")
"""Titles that are countries of the Internet, too: 'ncs.cn.'."""
MAXIMUM_MARKS = 2
"""Marks on one letter after composition; more are a heap, not a spelling."""


def find_strange_part(name: str) -> str | None:
    """The first character, or the word that is a link, which no person's name holds; None for a name that is one."""
    if all(map(_is_plain, name.split(" "))):
        return None
    return _find_strange_part(name)


@lru_cache(16384)
def _is_plain(word: str) -> bool:
    """Names are made of few words, which come again and again in a list."""
    return _find_strange_part(word) is None


def _find_strange_part(name: str) -> str | None:
    marks = 0
    for char in name:
        category = unicodedata.category(char)
        marks = marks + 1 if category.startswith("M") else 0
        if char in INVISIBLE or marks > MAXIMUM_MARKS:
            return char
        if not (category.startswith(("L", "M")) or char in BESIDE_LETTERS):
            return char
    return next((word for word in name.split() if _is_link(word)), None)


def _is_link(word: str) -> bool:
    """Also as a text message writes the word: 'evil.cóm' and 'ｅｖｉｌ.ｃｏｍ' leave the province as 'evil.com'."""
    return _reads_as_link(word) or _reads_as_link(as_texted(word))


def _reads_as_link(word: str) -> bool:
    if word.lower().startswith("www.") or TITLES_AFTER_A_DOT.search(word):
        return True
    titles = TITLES.match(word)
    rest = word[titles.end() :] if titles else word
    return HOST.search(rest) is not None or (titles is not None and HOST_OF_TITLE.match(rest) is not None)


def as_texted(text: str) -> str:
    """The ASCII that an SMS makes of it: without accents, and without what has no letter of that kind."""
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in plain if char.isascii())


def read_person_name(text: str) -> str:
    """NFC, single spaces. ValueError with what is wrong, in Vietnamese and English."""
    spaced = "".join(" " if unicodedata.category(char) == "Zs" else char for char in text)
    name = unicodedata.normalize("NFC", re.sub(" +", " ", spaced).strip(" "))
    old_font = _describe_old_font(name)
    if old_font is not None:
        raise ValueError(old_font)
    strange = find_strange_part(name)
    if strange is not None:
        shown = strange if strange.isprintable() and len(strange.encode()) < 80 else f"U+{ord(strange[0]):04X}"
        raise ValueError(
            f"“{shown}” không thuộc tên người; tên chỉ gồm chữ cái, dấu, khoảng trắng và . ' ’ ʼ -, không có đường dẫn"
            f" | “{shown}” is no part of a person's name: letters, marks, spaces and . ' ’ ʼ - only, no links"
        )
    if not any(char.isalpha() for char in name):
        raise ValueError("tên phải có chữ cái | a name needs letters")
    return name


def _describe_old_font(name: str) -> str | None:
    """What is wrong with a name typed before Unicode; None for another.

    A list's cell is put right by its column, and its sender sees the repair; a name alone is asked for again.
    """
    if not name.isprintable() or "|" in name:
        return None
    read = repair_text(name)
    if isinstance(read, RepairedText):
        font = NAMES[read.legacy]
        return (
            f"“{name}” gõ bằng {font}, có lẽ là “{read}”; gõ lại bằng Unicode"
            f" | “{name}” is typed in {font}: “{read}”? Type it in Unicode"
        )
    if isinstance(read, UnclearText):
        return (
            f"“{name}” không phải tiếng Việt Unicode, có lẽ gõ bằng phông cũ; gõ lại bằng Unicode"
            f" | “{name}” is no Vietnamese in Unicode, perhaps typed in an old font: type it in Unicode"
        )
    return None


PersonName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(read_person_name)
]
