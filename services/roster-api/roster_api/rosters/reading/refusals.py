"""Why a whole file is refused before any person in it is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileFault:
    pointer: str
    code: str
    vi: str
    en: str


class RefusedFileError(Exception):
    """The file cannot be read as a list; `vi` and `en` say why and what to send instead."""

    def __init__(self, code: str, *, vi: str, en: str, faults: Sequence[FileFault] = ()) -> None:
        super().__init__(f"{code}: {en}")
        self.code, self.vi, self.en, self.faults = code, vi, en, list(faults)
