"""Slows down whoever guesses links: after too many wrong tokens in a minute an address has to wait with further ones.

A right one is let in whatever came from its address before. Kept in this process's memory: a token has 128 bits of
proof, so this is against noise, not the defence itself.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

WRONG_TOKENS_ALLOWED = 10
WINDOW_SECONDS = 60.0
ADDRESSES_REMEMBERED = 10_000


class WrongTokenThrottle:
    """Counts wrong tokens by address over a sliding window. The addresses seen longest ago are forgotten first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def seconds_to_wait(self, address: str) -> int:
        """0 while the address may try; else the whole seconds until it may again."""
        times = self._wrong.get(address)
        if times is None:
            return 0
        now = self._clock()
        while times and times[0] <= now - WINDOW_SECONDS:
            times.popleft()
        if not times:
            del self._wrong[address]
        if len(times) < WRONG_TOKENS_ALLOWED:
            return 0
        return max(1, round(times[0] + WINDOW_SECONDS - now))

    def count_wrong(self, address: str) -> None:
        """One more wrong token from there."""
        times = self._wrong.setdefault(address, deque(maxlen=WRONG_TOKENS_ALLOWED))
        times.append(self._clock())
        self._wrong.move_to_end(address)
        if len(self._wrong) > ADDRESSES_REMEMBERED:
            self._wrong.popitem(last=False)
