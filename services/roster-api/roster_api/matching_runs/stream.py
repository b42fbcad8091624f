"""A run's events as they happen, for a browser: server-sent events numbered as stored, ended with the run."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from fastapi.sse import ServerSentEvent
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from roster_api.matching_runs import repository

POLL_SECONDS = 0.4


async def watch_run(
    sessions: async_sessionmaker[AsyncSession], run_id: UUID, *, after: int
) -> AsyncIterator[ServerSentEvent]:
    """Events after number `after`, then 'end' with the final status. Holds no connection while waiting."""
    while True:
        async with sessions() as session:
            # The status first: events written after it was read are fetched in the next round.
            run = await repository.find_run(session, run_id)
            events = await repository.list_events(session, run_id, after=after)
        for event in events:
            after = event.number
            yield ServerSentEvent(event=event.kind, id=str(event.number), data=event.data, retry=2000)
        if run is None or run.status not in repository.LIVE:
            yield ServerSentEvent(event="end", data={"status": run.status if run else "gone"})
            return
        await asyncio.sleep(POLL_SECONDS)
