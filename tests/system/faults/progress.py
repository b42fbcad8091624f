"""What the run is seen to have reached so far: the moments a schedule speaks of."""

import asyncio
from collections import defaultdict

from tests.system.faults.schedule import FIRST_PUBLISHED, SECOND_PUBLISHED, arrived_since


class Progress:
    def __init__(self) -> None:
        self._reached: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._arrived = 0
        self._arrived_before: dict[str, int] = {}

    def reach(self, moment: str) -> None:
        self._reached[moment].set()
        if moment in (FIRST_PUBLISHED, SECOND_PUBLISHED):
            self._arrived_before.setdefault(moment, self._arrived)

    def count_arrivals(self, number: int) -> None:
        """So many messages have arrived by now, of all plans."""
        for moment, before in self._arrived_before.items():
            for more in range(max(self._arrived, before), number):
                self.reach(arrived_since(moment, more + 1 - before))
        self._arrived = number

    async def wait(self, moment: str) -> None:
        await self._reached[moment].wait()
