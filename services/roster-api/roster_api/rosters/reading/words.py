"""The key under which words are compared."""

import re

from roster_api.text import search_key


def word_key(text: str) -> str:
    """For comparing words: no case, accents or punctuation: 'SĐT (di động)' -> 'sdt di dong'."""
    return " ".join(re.findall(r"[a-z0-9]+", search_key(text)))
