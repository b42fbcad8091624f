"""What the run is seen to have reached so far: the moments a schedule speaks of."""

import asyncio
from collections import defaultdict


class Progress:
    def __init__(self) -> None:
        self._reached: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def reach(self, moment: str) -> None:
        self._reached[moment].set()

    async def wait(self, moment: str) -> None:
        await self._reached[moment].wait()
