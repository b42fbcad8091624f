"""The arq worker on queue "matching" with its jobs (runs, advice, border rounds, secondments, groups), and arq itself.

One solve at a time. arq's worker ends for good when Redis stays away or answers nonsense; it is then run again, after
the solve in hand has finished: solving needs no Redis. A job's argument is an id and nothing more.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import structlog
from arq.connections import RedisSettings, create_pool
from arq.worker import Worker, func
from commune_schemas.jobs import (
    ANSWER_ADVICE,
    MATCHING_QUEUE,
    SOLVE_BORDER_ROUND,
    SOLVE_GROUP_RUN,
    SOLVE_MATCHING_RUN,
    SOLVE_SECONDMENT_RUN,
    deserialize_job,
    serialize_job,
)
from commune_service.worker_life import QUEUE_READ_LIMIT, redis_patience, run_for_ever
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from matching_worker.jobs.advice import answer_advice
from matching_worker.jobs.border_round import solve_border_round
from matching_worker.jobs.groups import solve_group_run
from matching_worker.jobs.run import solve_matching_run
from matching_worker.jobs.secondment import solve_secondment_run
from matching_worker.roster.client import RosterClient
from matching_worker.settings import Settings

log = structlog.get_logger()

LONGEST_JOB_SECONDS = 2 * 3600
"""Longer than any run's own limit. A killed worker's run need not wait for it: roster-api enqueues it anew."""
POLL_SECONDS = 0.2
HEALTH_SECONDS = 5


def redis_settings(url: str) -> RedisSettings:
    return replace(RedisSettings.from_dsn(url), **redis_patience())


def health_key(name: str) -> str:
    """Where this worker leaves its sign of life in Redis, every few seconds."""
    return f"{MATCHING_QUEUE}:health-check:{name}"


def make_worker(settings: Settings, roster: RosterClient) -> Worker:
    def run_job(solve: Callable[..., Awaitable[None]]) -> Callable[[dict[str, Any], str], Awaitable[None]]:
        async def run(ctx: dict[str, Any], run_id: str) -> None:
            del ctx
            await solve(UUID(run_id), roster=roster, settings=settings)

        return run

    async def run_advice(ctx: dict[str, Any], advice_id: str) -> None:
        del ctx
        await answer_advice(UUID(advice_id), roster=roster, settings=settings)

    async def run_border_round(ctx: dict[str, Any], border_round_id: str) -> None:
        del ctx
        await solve_border_round(UUID(border_round_id), roster=roster, settings=settings)

    jobs: dict[str, Any] = {
        SOLVE_MATCHING_RUN: run_job(solve_matching_run),
        ANSWER_ADVICE: run_advice,
        SOLVE_BORDER_ROUND: run_border_round,
        SOLVE_SECONDMENT_RUN: run_job(solve_secondment_run),
        SOLVE_GROUP_RUN: run_job(solve_group_run),
    }
    return Worker(
        functions=[
            func(job, name=name, keep_result=0, timeout=LONGEST_JOB_SECONDS, max_tries=100)
            for name, job in jobs.items()
        ],
        queue_name=MATCHING_QUEUE,
        redis_settings=redis_settings(settings.redis_url),
        handle_signals=False,
        max_jobs=1,
        poll_delay=POLL_SECONDS,
        queue_read_limit=QUEUE_READ_LIMIT,
        keep_result=0,
        health_check_interval=HEALTH_SECONDS,
        health_check_key=health_key(settings.matching_name),
        job_serializer=serialize_job,
        job_deserializer=deserialize_job,
    )


async def serve(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; then the solve in hand is let go, for another worker to take."""
    roster = RosterClient(
        settings.roster_api_url,
        key=settings.roster_solver_key.get_secret_value(),
        patience_seconds=settings.matching_patience_seconds,
    )

    working = asyncio.create_task(run_for_ever(lambda: make_worker(settings, roster), finishes_jobs=True))
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, working.cancel)
    log.info("worker.started", name=settings.matching_name, queue=MATCHING_QUEUE)
    await asyncio.wait({working})
    await roster.close()
    log.info("worker.stopped", name=settings.matching_name)
    if not working.cancelled():
        working.result()


async def is_alive(redis_url: str, *, name: str | None) -> bool:
    """Whether the worker of this name, or any when None, left its sign of life in the last seconds."""
    settings = replace(redis_settings(redis_url), conn_retries=0, retry=Retry(NoBackoff(), 0))
    try:
        pool = await create_pool(settings)
        try:
            return bool(await pool.exists(health_key(name)) if name else await pool.keys(health_key("*")))
        finally:
            await pool.aclose(close_connection_pool=True)
    except (RedisError, OSError):
        return False
