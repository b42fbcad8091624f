"""Answers kept for some seconds: names of places and fields, and who somebody is, asked for on every page.

A key holds the caller's own token and role: nobody is given what was read for another. The API still decides each
other request by itself: what was revoked stops there at once. Nothing with somebody's phone or address is kept: who
reads those is written down, each time.
"""

import hashlib
import time
from collections.abc import Mapping
from typing import Any

MOST = 2000
Key = tuple[str, str, str]


class Kept:
    """`find` gives None for what is not there or too old. The oldest give way."""

    def __init__(self) -> None:
        self._answers: dict[Key, tuple[float, Any]] = {}

    def find(self, key: Key) -> Any:
        until, answer = self._answers.get(key, (0.0, None))
        return answer if until > time.monotonic() else None

    def keep(self, key: Key, answer: Any, *, seconds: float) -> None:
        self._answers.pop(key, None)
        while len(self._answers) >= MOST:
            self._answers.pop(next(iter(self._answers)))
        self._answers[key] = (time.monotonic() + seconds, answer)

    def forget(self, caller: str) -> None:
        """All that this caller was answered: they changed something, and are to see it."""
        theirs = digest(caller)
        for key in [key for key in self._answers if key[0] == theirs]:
            del self._answers[key]


def digest(caller: str) -> str:
    return hashlib.sha256(caller.encode()).hexdigest()


def key_of(caller: str, path: str, given: Mapping[str, Any]) -> Key:
    """`caller`: the token and the role it acts in; only a digest of it is held."""
    return digest(caller), path, repr(sorted(given.items()))
