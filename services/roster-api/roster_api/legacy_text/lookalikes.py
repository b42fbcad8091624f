"""Letters that look like Vietnamese ones and are not: put right, and named."""

import re
import unicodedata

from roster_api.legacy_text.repair import WORD
from roster_api.legacy_text.syllables import is_syllable

ALWAYS = {"Ð": "Đ", "Ɖ": "Đ", "ɖ": "đ", "‘": "’", "´": "’", "`": "’", "′": "’", "＇": "'"}
"""No Vietnamese name and no name of the minorities holds these."""
IN_SYLLABLES = {"ð": "đ", "ǎ": "ă", "Ǎ": "Ă"}
"""Other languages have these; they are taken for a look-alike where the word is a syllable then, and is none now."""
CYRILLIC = dict(zip("АВЕЅІЈКМНОРСТХаеѕіјорсух", "ABESIJKMHOPCTXaesijopcyx", strict=True))


_ANY = re.compile(f"[{''.join([*ALWAYS, *IN_SYLLABLES, *CYRILLIC])}\u030c]")


def without_lookalikes(text: str) -> tuple[str, list[str]]:
    """(text put right, the signs that were changed)."""
    if not _ANY.search(text):
        return text, []
    changed: list[str] = []
    words = WORD.sub(lambda match: _word(match.group(), changed), text)
    whole = "".join(_sign(char, changed) for char in words)
    return unicodedata.normalize("NFC", whole), sorted(set(changed))


def _sign(char: str, changed: list[str]) -> str:
    if char in ALWAYS:
        changed.append(char)
    return ALWAYS.get(char, char)


def _word(word: str, changed: list[str]) -> str:
    made = "".join(ALWAYS.get(char, char) for char in word)
    if re.search("[A-Za-z]", made) and any(char in CYRILLIC for char in made):
        changed += [char for char in made if char in CYRILLIC]
        word = made = "".join(CYRILLIC.get(char, char) for char in made)
    parts = unicodedata.normalize("NFD", made).replace("\u030c", "\u0306")
    tried = "".join(IN_SYLLABLES.get(char, char) for char in unicodedata.normalize("NFC", parts))
    if tried != made and is_syllable(tried) and not is_syllable(made):
        changed += [char for char in made if char not in tried]
        return tried
    return word
