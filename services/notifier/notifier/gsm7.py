"""SMS arithmetic: the GSM-7 alphabet, Vietnamese without accents, and the segments a text costs (3GPP TS 23.038)."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("^{}\\[~]|€\f")
"""Two septets each: an escape and the character."""

ONE_SEGMENT, SEGMENT_OF_MANY = 160, 153
ONE_UCS2_SEGMENT, UCS2_SEGMENT_OF_MANY = 70, 67

REPLACEMENTS = {
    "ƀ": "b", "Ƀ": "B",
    "đ": "d", "Đ": "D", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "`": "'", "´": "'",
    "–": "-", "—": "-", "‑": "-", "−": "-", "…": "...", "•": "-", "\u00a0": " ", "\u2009": " ", "\u202f": " ",
    "×": "x", "₫": "d", "º": "o", "°": "o", "\t": " ",
}  # fmt: skip


@lru_cache(maxsize=1024)
def without_accents(text: str) -> str:
    """ASCII that GSM-7 holds in one septet a character: 'Nguyễn Đức' -> 'Nguyen Duc'; what has none is left out.

    Kept, for most of what a text message says is of a school or a commune.
    """
    replaced = "".join(REPLACEMENTS.get(character, character) for character in unicodedata.normalize("NFC", text))
    plain = unicodedata.normalize("NFKD", replaced)
    return "".join(c for c in plain if c.isascii() and c in BASIC)


def without_links(plain: str) -> str:
    """A name in ASCII that no telephone makes a link of: 'evil.cóm' would leave as 'evil.com' without its accents."""
    return re.sub(r"\.(?=[A-Za-z])", ". ", plain)


def is_gsm7(text: str) -> bool:
    return all(c in BASIC or c in EXTENSION for c in text)


def is_plain_link(url: str) -> bool:
    """A web address that stands in a text message as it is, a septet a character."""
    return is_gsm7(url) and not EXTENSION & set(url) and re.fullmatch(r"https?://\S+", url) is not None


def count_septets(text: str) -> int:
    """Length of a GSM-7 text in septets. ValueError when a character is not in the alphabet."""
    if not is_gsm7(text):
        raise ValueError("not a GSM-7 text")
    return sum(2 if c in EXTENSION else 1 for c in text)


def count_segments(text: str) -> int:
    """SMS segments the text costs: GSM-7 when it can be, else UCS-2. An escape or surrogate pair is never split."""
    if is_gsm7(text):
        return _count(1 if c in BASIC else 2 for c in text) if text else 1
    return _count((len(c.encode("utf-16-be")) // 2 for c in text), single=ONE_UCS2_SEGMENT, many=UCS2_SEGMENT_OF_MANY)


def _count(sizes: Iterable[int], *, single: int = ONE_SEGMENT, many: int = SEGMENT_OF_MANY) -> int:
    units = list(sizes)
    if sum(units) <= single:
        return 1
    segments, used = 1, 0
    for size in units:
        if used + size > many:
            segments, used = segments + 1, 0
        used += size
    return segments
