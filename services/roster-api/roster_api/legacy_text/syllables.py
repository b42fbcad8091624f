"""What a Vietnamese syllable is: an onset, a rhyme and a tone. By this a word typed for an old font is told."""

import unicodedata
from functools import lru_cache

TONE_MARKS = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
ONSETS = (
    "ngh", "ng", "nh", "gh", "gi", "kh", "ch", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n",
    "p", "q", "r", "s", "t", "v", "x", "",
)  # fmt: skip
_ENDINGS = {
    "a": "- c ch i m n ng nh o p t u y", "ă": "c m n ng p t", "â": "c m n ng p t u y",
    "e": "- c m n ng o p t", "ê": "- ch m n nh p t u c ng", "i": "- a ch m n nh p t u c ng",
    "iê": "c m n ng p t u", "yê": "m n ng t u", "o": "- a c e i m n ng p t", "oa": "c ch i m n ng nh o p t y",
    "oă": "c m n ng t", "oe": "n o t m", "oo": "c ng m", "ô": "- c i m n ng p t", "ơ": "- i m n p t ng",
    "u": "- a c i m n ng p t", "uâ": "- c m n ng t y", "uê": "- ch nh n t", "uô": "c i m n ng t", "uơ": "- i n t",
    "uy": "- a ch n nh p t u", "uyê": "n t", "ư": "- a c i m n ng t u p", "ươ": "c i m n ng p t u",
    "y": "- n nh t m p c",
}  # fmt: skip
_ENDINGS_AFTER_Q = {
    "ua": "ch i n ng nh o t u y c m p", "uă": "c n ng t m p", "ue": "- n o t m", "ui": "- t nh n",
}  # fmt: skip
"""The u after q belongs to the rhyme, and makes some that no other onset has."""


def _rhymes(endings_of: dict[str, str]) -> frozenset[str]:
    return frozenset(
        nucleus + ("" if ending == "-" else ending)
        for nucleus, endings in endings_of.items()
        for ending in endings.split()
    )


RHYMES = _rhymes(_ENDINGS)
RHYMES_AFTER_Q = RHYMES | _rhymes(_ENDINGS_AFTER_Q)
VOWELS = frozenset("aeiouy")
STOPS = ("ch", "c", "p", "t")
SHARP_TONES = {"\u0301", "\u0323"}


def split_tone(word: str) -> tuple[str, list[str]]:
    """('nguyên', ['\\u0303']) of 'nguyễn': the word without tones, NFC, and the tone marks it had."""
    decomposed = unicodedata.normalize("NFD", word)
    tones = [char for char in decomposed if char in TONE_MARKS]
    plain = "".join(char for char in decomposed if char not in TONE_MARKS)
    return unicodedata.normalize("NFC", plain), tones


@lru_cache(maxsize=65536)
def is_syllable(word: str, *, is_strict: bool = False, has_tone_of_stop: bool = False) -> bool:
    """Whether `word` (one word, any case) can be a Vietnamese syllable.

    `has_tone_of_stop`: with the tone that its ending allows (before c, ch, p, t: sắc or nặng). `is_strict`: that, and
    on the vowel that bears it. Else a tone may be lacking or stand elsewhere.
    """
    plain, tones = split_tone(word.lower())
    if len(tones) > 1 or _has_tone_on_consonant(word):
        return False
    ending = next((stop for stop in STOPS if plain.endswith(stop)), "")
    if (is_strict or has_tone_of_stop) and ending and not (tones and tones[0] in SHARP_TONES):
        return False
    return any(
        plain.startswith(onset)
        and _fits(onset, plain[len(onset) :])
        and not (is_strict and tones and not _bears_tone(word.lower(), onset, plain))
        for onset in ONSETS
    )


def _has_tone_on_consonant(word: str) -> bool:
    base = ""
    for char in unicodedata.normalize("NFD", word.lower()):
        if char in TONE_MARKS and base not in VOWELS:
            return True
        base = base if unicodedata.combining(char) else char
    return False


def _bears_tone(word: str, onset: str, plain: str) -> bool:
    """Whether the tone stands on the vowel that bears it, by the old way of writing (hòa) or the new (hoà)."""
    letters = unicodedata.normalize("NFC", word)
    place = next((at for at, char in enumerate(letters) if split_tone(char)[1]), -1)
    rhyme = plain[len(onset) :]
    start = len(onset)
    if onset == "q":
        rhyme, start = rhyme[1:], start + 1
    nucleus = rhyme.rstrip("bcdghkmnpqt")
    if not nucleus:
        return place == len(onset) - 1  # 'gì'
    shaped = [at for at, char in enumerate(nucleus) if char in "ăâêôơư"]
    if shaped:
        return place == start + shaped[-1]
    if len(nucleus) == 2 and nucleus in {"oa", "oe", "uy"} and nucleus == rhyme:
        return place in {start, start + 1}
    is_second = len(nucleus) == 3 or (len(nucleus) == 2 and (nucleus != rhyme or nucleus == "oo"))
    return place == start + (1 if is_second else 0)


def _fits(onset: str, rhyme: str) -> bool:
    if onset == "q":
        return rhyme.startswith("u") and rhyme in RHYMES_AFTER_Q and len(rhyme) > 1
    if onset == "qu":
        return f"u{rhyme}" in RHYMES_AFTER_Q and bool(rhyme)
    if onset == "gi":
        return not rhyme or rhyme in RHYMES
    return rhyme in RHYMES
