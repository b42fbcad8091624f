"""A run's events as they happen, for a browser: server-sent events numbered as stored, ended with the run."""

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi.sse import ServerSentEvent

from roster_api.access.grant_watch import ASKED_EVERY_SECONDS, GrantWatch
from roster_api.access.principal import Grant
from roster_api.matching_runs.watching import RunState, RunWatches

REVOKED = {
    "code": "access.key_unknown",
    "detail_vi": "Khóa hoặc vai trò đã bị thu hồi, hoặc bạn đã đăng xuất; luồng này kết thúc.",
    "detail": "The API key, or the role, was revoked, or you signed out; this stream ends.",
}


async def watch_run(
    watches: RunWatches, grants: GrantWatch, run_id: UUID, *, grant: Grant, after: int
) -> AsyncIterator[ServerSentEvent]:
    """Events after number `after`, then 'end' with the final status; 'revoked' when the grant is no longer good.

    Holds no connection while waiting.
    """
    state: RunState | None = None
    with grants.holding(grant):
        async with watches.watching(run_id) as watch:
            while not grants.is_revoked(grant):
                state = await watch.state(other_than=state, seconds=ASKED_EVERY_SECONDS)
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
            yield ServerSentEvent(event="revoked", data=REVOKED)
