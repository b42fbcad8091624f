"""An arq worker that outlives Redis: patience with its connections, and another life whenever Redis ended one."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import structlog
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

log = structlog.get_logger(__name__)

RETRIES = 8
CLOSE_SECONDS = 10
PAUSE_SECONDS = 1.0
QUEUE_READ_LIMIT = 1000
"""Jobs of killed workers stay at the queue's head until they expire; a fresh worker must see past them."""


def redis_patience() -> dict[str, Any]:
    """Fields of arq's RedisSettings: without them a worker exits for good when Redis restarts."""
    return {
        "conn_timeout": 5,
        "retry": Retry(ExponentialBackoff(cap=2.0, base=0.05), RETRIES),
        "retry_on_error": [RedisConnectionError, RedisTimeoutError, ConnectionError, TimeoutError, OSError],
        "retry_on_timeout": True,
    }


class Worker(Protocol):
    """What is used of arq's Worker."""

    tasks: dict[str, asyncio.Task[Any]]
    ctx: dict[Any, Any]

    async def async_run(self) -> None: ...

    async def close(self) -> None: ...


async def run_for_ever(make_worker: Callable[[], Worker], *, finishes_jobs: bool) -> None:
    """One life of a worker after another, until cancelled. `finishes_jobs`: what runs when Redis goes is finished."""
    while True:
        await run_once(make_worker(), finishes_jobs=finishes_jobs)
        await asyncio.sleep(PAUSE_SECONDS)


async def run_once(worker: Worker, *, finishes_jobs: bool) -> None:
    """One life; Redis is let go of in bounded time even when it is away."""
    try:
        await worker.async_run()
    except Exception as error:  # noqa: BLE001 - whatever Redis did, the worker comes back
        log.warning("worker.redis_away", reason=type(error).__name__)
        if finishes_jobs and worker.tasks:
            await asyncio.wait(worker.tasks.values())
    finally:
        try:
            await asyncio.wait_for(worker.close(), CLOSE_SECONDS)
        except Exception as error:  # noqa: BLE001 - nothing more to do about a connection that will not close
            log.info("worker.close_failed", reason=type(error).__name__)
            await _let_go(worker)


async def _let_go(worker: Worker) -> None:
    """A server that refuses the worker's last write kept its connections open, some more with each life."""
    pool = worker.ctx.get("redis")
    if pool is None:
        return
    try:
        await asyncio.wait_for(pool.aclose(close_connection_pool=True), CLOSE_SECONDS)
    except Exception as error:  # noqa: BLE001 - as above
        log.info("worker.close_failed", reason=type(error).__name__)
