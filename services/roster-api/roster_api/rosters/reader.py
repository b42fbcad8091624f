"""The reader's rounds: take lists that wait, read them, write long ones to the roster, for ever.

Each list is claimed with a lease that is renewed while the work lasts. Killed between any two of these lines, the lease
runs out and another reader begins that step anew: nothing of it was kept before the one transaction at its end.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from roster_api.listening import keep_listening
from roster_api.outbox.repository import beat
from roster_api.rosters import repository
from roster_api.rosters.models import RosterUpload, UploadStatus
from roster_api.rosters.steps import GIVEN_UP, Equipment, fail, step_of
from roster_api.work.claiming import Claimed, LeaseLostError, claim_next
from roster_api.work.holding import Holder

log = structlog.get_logger(__name__)
LEASE_SECONDS = 8.0
POLL_SECONDS = 1.0
LANES = 2
"""So many lists at once: a long one does not keep short ones waiting."""
MOST_ATTEMPTS = 4
"""So often a list is taken without an end; then it has failed."""
WORK = (*repository.UNREAD, UploadStatus.COMMITTING.value)


class Step(Protocol):
    """What is done with one upload; it ends in a transaction of its own."""

    async def carry_out(self, holder: Holder) -> None:
        """Does it."""


@dataclass(frozen=True)
class Kind:
    """Uploads of one table: in which statuses they wait, what is done with one, and that it was tried too often."""

    table: type[Claimed]
    statuses: Collection[str]
    step_of: Callable[[Equipment, str], Step]
    give_up: Callable[[Any], None]


LISTS = Kind(RosterUpload, WORK, step_of, give_up=lambda upload: fail(upload, GIVEN_UP))


@dataclass
class Reader:
    """One reader process. `database_dsn`: for the connection that listens; `kinds`: what it reads."""

    equipment: Equipment
    database_dsn: str
    kinds: Sequence[Kind]
    lease_seconds: float = LEASE_SECONDS

    def __post_init__(self) -> None:
        self.name = f"reader:{socket.gethostname()}:{os.getpid()}"
        self._wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set. Raises nothing for a database that is away."""
        await self.equipment.opener.prepare()
        listening = asyncio.create_task(keep_listening(self.database_dsn, repository.CHANNEL, self._wake, stop))
        lanes = [asyncio.create_task(self._lane(stop, number)) for number in range(LANES)]
        log.info("reader.started", reader=self.name)
        try:
            await stop.wait()
        finally:
            for task in (*lanes, listening):
                task.cancel()
            await asyncio.gather(*lanes, listening, return_exceptions=True)
            log.info("reader.stopped", reader=self.name)

    async def work_off(self) -> None:
        """Until nothing waits; what others hold is left to them."""
        while await self.work_once():
            pass

    async def work_once(self, first: int = 0) -> bool:
        """Takes an upload, of kind `first` before the others, and carries its step out; False when none waits."""
        first %= len(self.kinds)
        for kind in (*self.kinds[first:], *self.kinds[:first]):
            if await self._work_once(kind):
                return True
        return False

    async def _work_once(self, kind: Kind) -> bool:
        async with self.equipment.sessions.begin() as session:
            upload = await claim_next(session, kind.table, statuses=kind.statuses, lease_seconds=self.lease_seconds)
            if upload is None:
                return False
            if upload.status == UploadStatus.UPLOADED.value:
                upload.status = UploadStatus.READING.value
            status, attempts = upload.status, upload.attempts
            if attempts > MOST_ATTEMPTS:
                kind.give_up(upload)
                return True
            holder = Holder(self.equipment.sessions, kind.table, upload, lease_seconds=self.lease_seconds)
        self.equipment.at_step("claimed")
        try:
            await holder.work(kind.step_of(self.equipment, status).carry_out)
        except LeaseLostError:
            log.warning("reader.lease_lost", upload_id=str(holder.row_id), attempt=attempts)
        return True

    async def _lane(self, stop: asyncio.Event, number: int) -> None:
        """Each lane begins with another kind: many of one keep none of the other waiting."""
        while not stop.is_set():
            try:
                async with self.equipment.sessions.begin() as session:
                    await beat(session, name=self.name, error=None)
                if await self.work_once(number):
                    continue
            except (SQLAlchemyError, OSError) as error:
                # The text of a driver's error may quote a row; its kind is enough here.
                cause = error.orig if isinstance(error, DBAPIError) else error
                log.warning("reader.postgres_away", error=type(cause).__name__)
            except Exception:
                log.exception("reader.step_failed")  # the lease runs out, and the step is tried again so often
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
            self._wake.clear()
