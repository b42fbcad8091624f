"""A word in both languages, and its colour, which never says alone what the word does not."""

from enum import StrEnum
from typing import NamedTuple


class Tone(StrEnum):
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    BUSY = "busy"
    QUIET = "quiet"


class Word(NamedTuple):
    vi: str
    en: str
    tone: Tone = Tone.QUIET


GOOD, WARN, BAD, BUSY = Tone.GOOD, Tone.WARN, Tone.BAD, Tone.BUSY
