"""The key under which words are compared, and the words that stand for an empty cell."""

import re
from functools import lru_cache

from roster_api.text import search_key

NOTHING = frozenset(
    {"", "khong", "khong co", "ko", "ko co", "k co", "chua co", "chua", "trong", "none", "n a", "na", "nil", "no", "x"}
)
"""Keys of cells that say there is nothing to write here ('-' and '…' have the empty key)."""

_DITTO = re.compile(r"[-–—.\s]*(?:[″”“\"〃]|'{1,2}|,,)[-–—.\s]*")
_AS_ABOVE = frozenset({"nt", "n t", "nhu tren"})


@lru_cache(4096)
def word_key(text: str) -> str:
    """For comparing words: no case, accents or punctuation: 'SĐT (di động)' -> 'sdt di dong'."""
    return " ".join(re.findall(r"[a-z0-9]+", search_key(text)))


def is_doubted(text: str) -> bool:
    """'SV?', 'Số hóa (?)': whoever wrote it was not sure; a key of words does not show the sign."""
    return "?" in text


def is_ditto(text: str) -> bool:
    """'″', '-nt-', 'như trên': what stands above holds here too."""
    return bool(text) and (_DITTO.fullmatch(text) is not None or word_key(text) in _AS_ABOVE)
