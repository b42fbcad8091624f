"""A run's events as they happen, for a browser: server-sent events numbered as stored, ended with the run."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from fastapi.sse import ServerSentEvent
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from roster_api.access.keys import is_key_live
from roster_api.matching_runs.watching import RunState, RunWatches

KEY_ASKED_EVERY_SECONDS = 3.0
REVOKED = {
    "code": "access.key_unknown",
    "detail_vi": "Khóa truy cập đã bị thu hồi; luồng này kết thúc.",
    "detail": "The API key was revoked; this stream ends.",
}


async def watch_run(
    watches: RunWatches, sessions: async_sessionmaker[AsyncSession], run_id: UUID, *, key_id: UUID, after: int
) -> AsyncIterator[ServerSentEvent]:
    """Events after number `after`, then 'end' with the final status; 'revoked' when the key is no longer good.

    Holds no connection while waiting.
    """
    clock = asyncio.get_running_loop().time
    asked_at = clock()
    state: RunState | None = None
    async with watches.watching(run_id) as watch:
        while True:
            state = await watch.state(other_than=state, seconds=KEY_ASKED_EVERY_SECONDS)
            if clock() - asked_at >= KEY_ASKED_EVERY_SECONDS:
                async with sessions() as session:
                    is_live = await is_key_live(session, key_id)
                if not is_live:
                    yield ServerSentEvent(event="revoked", data=REVOKED)
                    return
                asked_at = clock()
            if state is None:
                continue
            # The state first: events written after it was read are fetched in the next round.
            if state.last_event > after:
                for event in await watch.events(after=after):
                    after = event.number
                    yield ServerSentEvent(event=event.kind, id=str(event.number), data=event.data, retry=2000)
            if not state.is_live:
                yield ServerSentEvent(event="end", data={"status": state.status or "gone"})
                return
