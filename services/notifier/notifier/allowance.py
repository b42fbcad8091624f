"""What a sender counted of the limits for the batch in its hands, and has not used yet."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from notifier import limits, outbound
from notifier.database import Sessions
from notifier.outbound import Claimed
from notifier.settings import Settings


class Allowance:
    """Of one sender."""

    def __init__(self, settings: Settings, sessions: Sessions) -> None:
        self._settings = settings
        self._sessions = sessions
        self._counted: dict[UUID, limits.Want] = {}

    @property
    def is_left(self) -> bool:
        return bool(self._counted)

    async def count(self, held: Sequence[Claimed], wants: Sequence[limits.Want]) -> list[Claimed]:
        """Those that may go, counted. What is beyond a limit is given back, with the reason and the time."""
        async with self._sessions.begin() as session:
            waits = await limits.count_within(session, self._settings, wants)
            for message, wait in zip(held, waits, strict=True):
                if wait is not None:
                    await outbound.give_back(session, [message], reason=wait.reason, wait_seconds=wait.seconds)
        may_go = [wait is None for wait in waits]
        self._counted = {m.id: want for m, want, may in zip(held, wants, may_go, strict=True) if may}
        return [message for message, may in zip(held, may_go, strict=True) if may]

    def note_used(self, message: Claimed) -> None:
        """It is handed over."""
        self._counted.pop(message.id, None)

    async def take_back(self, session: AsyncSession) -> None:
        """What was not used; once this commits, call `forget`."""
        await limits.take_back(session, self._counted.values())

    def forget(self) -> None:
        self._counted = {}
