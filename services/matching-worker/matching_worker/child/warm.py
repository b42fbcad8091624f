"""Children that wait for the next request of their job, ready: to start one takes longer than most solves."""

import asyncio
from types import TracebackType
from typing import Self

from matching_worker.child.spawn import Errors, end_process

MOST_RESIDENT_MB = 512
"""A child that has grown beyond this makes way for a new one."""

Waiting = tuple[asyncio.subprocess.Process, Errors]


class WarmChildren:
    """A keeper of children, as a context: leaving it ends them all."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        while self._waiting:
            await end_process(*self._waiting.pop())

    def take(self) -> Waiting | None:
        """The one that came last, if it still lives; nobody else has it then."""
        while self._waiting:
            process, errors = self._waiting.pop()
            if process.returncode is None:
                return process, errors
        return None

    def keep(self, process: asyncio.subprocess.Process, errors: Errors, resident_mb: float) -> bool:
        """Whether it waits here now; if not, the caller ends it."""
        if self._closed or resident_mb > MOST_RESIDENT_MB:
            return False
        self._waiting.append((process, errors))
        return True
