"""How much one holder may have going on at once: uploads of a key or a school, event streams of an account. Else 429.

Counted in this process's memory: a limit keeps one client from taking every turn; it is no promise over processes.
"""

import contextlib
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from fastapi import Request

from roster_api.errors import TooManyError

ADDRESS_FACTOR = 4
"""An office has one address for several people."""


@dataclass(frozen=True)
class Address:
    """A holder that several people may share."""

    name: str


@dataclass(frozen=True)
class Limit:
    """`at_once` for each holder, ADDRESS_FACTOR times as many for an address.

    The words say what there is too much of and what to wait for.
    """

    code: str
    at_once: int
    vi: str
    en: str
    retry_after_seconds: int

    def allowed_to(self, holder: Hashable) -> int:
        return self.at_once * (ADDRESS_FACTOR if isinstance(holder, Address) else 1)


class Turns:
    """Who has how much going on. One an application."""

    def __init__(self) -> None:
        self._held: Counter[Hashable] = Counter()

    @contextlib.contextmanager
    def hold(self, limit: Limit, *holders: Hashable) -> Iterator[None]:
        """One more for each of these holders, for the length of a block; TooManyError when one has all it may."""
        places = [(limit.code, holder) for holder in holders]
        if any(self._held[place] >= limit.allowed_to(place[1]) for place in places):
            raise too_many(limit)
        for place in places:
            self._held[place] += 1
        try:
            yield
        finally:
            for place in places:
                self._held[place] -= 1
                if not self._held[place]:  # who holds nothing is forgotten
                    del self._held[place]

    def count(self) -> int:
        """How many turns are held by anybody."""
        return self._held.total()


def too_many(limit: Limit) -> TooManyError:
    """429 in the limit's words."""
    headers = {"Retry-After": str(limit.retry_after_seconds)}
    return TooManyError(limit.code, vi=limit.vi, en=limit.en, headers=headers)


def get_turns(request: Request) -> Turns:
    turns: Turns = request.app.state.turns
    return turns
