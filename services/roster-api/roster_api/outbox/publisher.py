"""Puts jobs into arq's queues. The only module of roster_api that knows arq: another queue is another file.

Jobs are JSON (commune_schemas.jobs), never pickle. The connection is made anew whenever it is needed and retried by
the relay's own loop, so Redis may be away at any time, the start included.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Protocol

from arq.connections import ArqRedis, RedisSettings
from arq.constants import in_progress_key_prefix
from commune_schemas.jobs import deserialize_job, serialize_job
from commune_service.queue_health import QueueState, name_fault, write_probe
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

CALL_TIMEOUT_SECONDS = 3.0


class PublishError(Exception):
    """The queue could not be reached, or took nothing; nothing is known about whether the job arrived."""

    def __init__(self, words: str, *, state: QueueState = QueueState.AWAY) -> None:
        super().__init__(words)
        self.state = state


class Publisher(Protocol):
    """What the relay asks of a queue."""

    async def is_waiting(self, *, job_id: str, queue: str) -> bool: ...

    async def publish(self, *, topic: str, queue: str, args: Mapping[str, Any], job_id: str) -> None: ...

    async def probe(self) -> None: ...

    async def close(self) -> None: ...


class ArqPublisher:
    """The queue of commune_schemas.jobs in Redis, by arq."""

    def __init__(self, redis_url: str) -> None:
        RedisSettings.from_dsn(redis_url)  # a wrong address is an error at the start, not at the first job
        self._redis = ArqRedis(
            pool_or_conn=ConnectionPool.from_url(
                redis_url, socket_timeout=CALL_TIMEOUT_SECONDS, socket_connect_timeout=CALL_TIMEOUT_SECONDS
            ),
            job_serializer=serialize_job,
            job_deserializer=deserialize_job,
        )

    async def is_waiting(self, *, job_id: str, queue: str) -> bool:
        """The job lies in the queue and no worker has taken it."""
        async with _telling_absence():
            pipeline = self._redis.pipeline(transaction=True)
            pipeline.zscore(queue, job_id)
            pipeline.exists(in_progress_key_prefix + job_id)
            score, taken = await pipeline.execute()
        return score is not None and not taken

    async def publish(self, *, topic: str, queue: str, args: Mapping[str, Any], job_id: str) -> None:
        """Enqueue; a job of this id that is still in Redis stays the only one. Raises PublishError."""
        async with _telling_absence():
            await self._redis.enqueue_job(topic, _job_id=job_id, _queue_name=queue, **args)

    async def probe(self) -> None:
        """Raises PublishError while the queue takes no writes: a replica answers questions as ever."""
        async with _telling_absence():
            await write_probe(self._redis)

    async def close(self) -> None:
        await self._redis.aclose(close_connection_pool=True)


@asynccontextmanager
async def _telling_absence() -> AsyncIterator[None]:
    """Every way Redis can be away or refuse, told as one; a hanging Redis is away too."""
    try:
        async with asyncio.timeout(CALL_TIMEOUT_SECONDS * 2):
            yield
    except (RedisError, OSError) as error:
        state = name_fault(error)
        words = "away" if state is QueueState.AWAY else f"there and takes nothing ({state})"
        raise PublishError(f"the queue is {words}: {type(error).__name__}", state=state) from error
