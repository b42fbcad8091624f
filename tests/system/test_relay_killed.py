"""A relay killed between any two of its lines: what it was doing is done by the next one, at most 15 seconds later."""

import asyncio
import contextlib
import os
import signal
import sys
import sysconfig
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
import redis.asyncio
import sqlalchemy as sa
from commune_schemas.jobs import MATCHING_QUEUE, SOLVE_MATCHING_RUN
from commune_service.addresses import for_sqlalchemy
from commune_stack.valkey import as_user
from roster_api.database import create_engine, create_sessions
from roster_api.outbox import service
from roster_api.outbox.models import OutboxRow, RelayHeartbeat

from tests.support.deadlines import until

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
RELAY = [str(Path(sysconfig.get_path("scripts")) / "roster-api"), "relay"]
STOPPING = [sys.executable, "-m", "tests.system.stopping_relay"]


@contextlib.asynccontextmanager
async def started(*command: str, database_url: str, redis_url: str) -> AsyncIterator[Process]:
    environment = {**os.environ, "ROSTER_DATABASE_URL": database_url, "REDIS_URL": as_user(redis_url, "roster-relay")}
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def append(database_url: str) -> UUID:
    engine = create_engine(for_sqlalchemy(database_url))
    async with create_sessions(engine).begin() as session:
        row_id = await service.append(session, topic=SOLVE_MATCHING_RUN, args={"run_id": "r"})
    await engine.dispose()
    return row_id


async def read_row(database_url: str, row_id: UUID) -> OutboxRow:
    engine = create_engine(for_sqlalchemy(database_url))
    async with create_sessions(engine)() as session:
        row = await session.get(OutboxRow, row_id)
    await engine.dispose()
    assert row is not None
    return row


async def wait_until_up(database_url: str) -> None:
    """Until a relay has left its heartbeat."""
    engine = create_engine(for_sqlalchemy(database_url))
    async with create_sessions(engine)() as session:
        await until(lambda: session.scalar(sa.select(sa.func.count()).select_from(RelayHeartbeat)))
    await engine.dispose()


async def wait_until_enqueued(database_url: str, queue: "redis.asyncio.Redis", row_id: UUID) -> None:
    """Until the job is in the queue, alone, and its row says so."""

    async def is_enqueued() -> bool:
        jobs = await queue.zrange(MATCHING_QUEUE, 0, -1)
        return jobs == [f"{row_id}:0".encode()] and (await read_row(database_url, row_id)).attempt == 1

    await until(is_enqueued)


@pytest.mark.parametrize("place", ["before", "after"])
async def test_what_a_killed_relay_held_is_enqueued_once_by_the_next(
    place: str, roster_database_url: str, redis_url: str
) -> None:
    urls = {"database_url": roster_database_url, "redis_url": redis_url}
    row_id = await append(roster_database_url)
    async with started(*STOPPING, place, **urls) as stopping:
        assert stopping.stdout is not None
        while await asyncio.wait_for(stopping.stdout.readline(), 60) != b"stopped\n":
            assert stopping.returncode is None
        stopping.send_signal(signal.SIGKILL)
        await stopping.wait()
    async with redis.asyncio.Redis.from_url(redis_url) as queue, started(*STOPPING, "never", **urls):
        assert await queue.zcard(MATCHING_QUEUE) == (1 if place == "after" else 0)
        await wait_until_up(roster_database_url)
        await wait_until_enqueued(roster_database_url, queue, row_id)


async def test_jobs_of_a_wiped_valkey_are_enqueued_again_until_the_relay_is_told_to_stop(
    roster_database_url: str, redis_url: str
) -> None:
    row_id = await append(roster_database_url)
    urls = {"database_url": roster_database_url, "redis_url": redis_url}
    async with redis.asyncio.Redis.from_url(redis_url) as queue, started(*RELAY, **urls) as relay:
        await wait_until_up(roster_database_url)
        await wait_until_enqueued(roster_database_url, queue, row_id)
        await queue.flushdb()
        await until(lambda: queue.zcard(MATCHING_QUEUE))
        relay.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(relay.wait(), 20) == 0
