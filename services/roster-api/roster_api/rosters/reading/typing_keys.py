"""Names typed with the keys of Telex or VIQR while no Vietnamese keyboard was on: 'Nguyeenx Vawn', 'Nguye^~n'."""

import re
import unicodedata

from roster_api.legacy_text.syllables import is_syllable

VIQR = re.compile(r"[A-Za-z][\^(+*][`'?~.]?|[AEIOUYaeiouy][`?~](?=\w|\b)|\bdd\b")
_TELEX = ((r"aa", "â"), (r"ee", "ê"), (r"oo", "ô"), (r"dd", "đ"), (r"aw", "ă"), (r"ow", "ơ"), (r"uw", "ư"))
_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}


def without_telex(name: str) -> str | None:
    """What the keys would have made of the name; None where they are not plainly Telex.

    One word alone may be English ('Lee'): two are asked for, or one with a letter and a tone.
    """
    made = [_telex(word) for word in name.split()]
    weight = sum(count for _, count in made)
    return " ".join(word for word, _ in made) if weight > 1 else None


def is_telex(word: str) -> bool:
    """Some key in it may have been meant for the word's letters or its tone."""
    return _telex(word)[1] > 0


def _telex(word: str) -> tuple[str, int]:
    """(the word put right, how many keys it had); the word itself and 0 where it can be meant as it stands."""
    if not word.isascii() or is_syllable(word):
        return word, 0
    text, keys = word.lower(), 0
    tone = ""
    if text[-1:] in _TONES and len(text) > 2:
        tone, text, keys = _TONES[text[-1]], text[:-1], 1
    for key, letter in _TELEX:
        if key in text:
            text, keys = text.replace(key, letter), keys + 1
    for at in sorted(range(len(text)), key=lambda place: text[place] not in "ăâêôơư"):
        made = unicodedata.normalize("NFC", text[: at + 1] + tone + text[at + 1 :])
        if is_syllable(made, is_strict=True):
            return (made[:1].upper() + made[1:] if word[:1].isupper() else made), keys
    return word, 0
