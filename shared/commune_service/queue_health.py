"""Whether the queue's server takes what is written to it. One that answers and refuses is as good as away: a replica
after a failover takes nothing, and neither does a server whose memory is full.
"""

import asyncio
from collections.abc import Callable
from enum import StrEnum

import structlog
from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError, ReadOnlyError, RedisError, ResponseError

log = structlog.get_logger(__name__)

PROBE_KEY = "commune-roster:probe"
PROBE_KEPT_MS = 60_000
PROBE_EVERY_SECONDS = 3.0
ANSWERS_WITHIN_SECONDS = 3.0


class QueueState(StrEnum):
    OK = "ok"
    AWAY = "away"
    READ_ONLY = "read_only"
    FULL = "full"
    REFUSES = "refuses"


def name_fault(error: BaseException) -> QueueState:
    """What an error of the queue's server means for whoever keeps it running."""
    if isinstance(error, ReadOnlyError):
        return QueueState.READ_ONLY
    if isinstance(error, OutOfMemoryError):
        return QueueState.FULL
    # Its own words for "not yet" (LOADING) come as a connection's error; all else it says is a refusal.
    return QueueState.REFUSES if isinstance(error, ResponseError) else QueueState.AWAY


async def write_probe(redis: Redis) -> None:
    """One small write, as an enqueued job is one. Raises what the server or the connection says."""
    async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
        await redis.set(PROBE_KEY, b"1", px=PROBE_KEPT_MS)


async def watch_queue(redis_url: str, note: Callable[[QueueState], None]) -> None:
    """Tries a write every few seconds, for ever, and notes what came of it. Changes are logged."""
    before = QueueState.OK
    async with Redis.from_url(
        redis_url, socket_timeout=ANSWERS_WITHIN_SECONDS, socket_connect_timeout=ANSWERS_WITHIN_SECONDS
    ) as redis:
        while True:
            state = await _ask(redis)
            note(state)
            if state is not before:
                log.warning("queue.state_changed", state=state.value, before=before.value)
                before = state
            await asyncio.sleep(PROBE_EVERY_SECONDS)


async def _ask(redis: Redis) -> QueueState:
    try:
        await write_probe(redis)
    except (RedisError, OSError) as error:
        return name_fault(error)
    return QueueState.OK
