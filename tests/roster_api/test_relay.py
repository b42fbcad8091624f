"""The relay's rounds: every outbox row becomes a job, again and again until its consumer says done."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import redis.asyncio
import sqlalchemy as sa
from arq.connections import RedisSettings
from arq.constants import in_progress_key_prefix
from arq.worker import Worker, func
from commune_schemas.jobs import MATCHING_QUEUE, SOLVE_MATCHING_RUN, deserialize_job, serialize_job
from commune_service.addresses import for_asyncpg, for_sqlalchemy
from commune_stack.valkey import as_user
from roster_api.database import create_engine, create_sessions
from roster_api.outbox import rounds, service
from roster_api.outbox.models import OutboxRow, RelayHeartbeat
from roster_api.outbox.publisher import ArqPublisher, PublishError
from roster_api.outbox.rounds import Relay

from tests.support.deadlines import until


@dataclass
class Place:
    """A migrated database and an empty logical database of Valkey."""

    database_url: str
    redis_url: str
    sessions: Any
    queue: "redis.asyncio.Redis"
    publishers: list[ArqPublisher] = field(default_factory=list)

    def relay(self, *, redis_url: str | None = None, database_url: str | None = None) -> Relay:
        sessions = self.sessions if database_url is None else create_sessions(create_engine(database_url))
        self.publishers.append(ArqPublisher(redis_url or as_user(self.redis_url, "roster-relay")))
        return Relay(
            sessions=sessions,
            publisher=self.publishers[-1],
            database_dsn=for_asyncpg(database_url or self.database_url),
        )

    async def append(self, run_id: str = "r") -> UUID:
        async with self.sessions.begin() as session:
            return await service.append(session, topic=SOLVE_MATCHING_RUN, args={"run_id": run_id})

    async def make_due(self) -> None:
        """Let the ten seconds until the next look pass."""
        async with self.sessions.begin() as session:
            await session.execute(sa.update(OutboxRow).values(next_enqueue_at=sa.func.now()))

    async def jobs(self) -> list[str]:
        return [name.decode() for name in await self.queue.zrange(MATCHING_QUEUE, 0, -1)]

    async def row(self, row_id: UUID) -> OutboxRow:
        async with self.sessions() as session:
            row: OutboxRow = await session.get(OutboxRow, row_id)
            return row


@pytest.fixture
async def place(roster_database_url: str, redis_url: str) -> AsyncIterator[Place]:
    url = for_sqlalchemy(roster_database_url)
    engine = create_engine(url, pool_size=4)
    queue = redis.asyncio.Redis.from_url(redis_url)
    place = Place(url, redis_url, create_sessions(engine), queue)
    yield place
    for publisher in place.publishers:
        await publisher.close()
    await queue.aclose()
    await engine.dispose()


@contextlib.asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(relay.run(stop))
    try:
        yield
        assert not task.done()
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


async def test_a_worker_set_up_as_documented_takes_the_job_with_ids_only(place: Place) -> None:
    row_id = await place.append("run-7")
    await place.relay().run_round()
    assert await place.jobs() == [f"{row_id}:0"]
    assert deserialize_job(await place.queue.get(f"arq:job:{row_id}:0") or b"")["k"] == {"run_id": "run-7"}
    taken = []

    async def solve(ctx: dict[Any, Any], run_id: str) -> None:
        taken.append(run_id)

    worker = Worker(
        functions=[func(solve, name=SOLVE_MATCHING_RUN)],
        queue_name=MATCHING_QUEUE,
        redis_settings=RedisSettings.from_dsn(as_user(place.redis_url, "matching-worker")),
        job_serializer=serialize_job,
        job_deserializer=deserialize_job,
        burst=True,
        handle_signals=False,
        poll_delay=0.05,
    )
    await worker.async_run()
    await worker.close()
    assert taken == ["run-7"]


async def test_a_job_that_waits_is_left_alone_and_one_that_was_taken_or_lost_is_enqueued_anew(place: Place) -> None:
    row_id = await place.append()
    relay = place.relay()
    await relay.run_round()
    await place.make_due()
    await relay.run_round()
    assert (await place.jobs(), (await place.row(row_id)).attempt) == ([f"{row_id}:0"], 1)
    await place.queue.set(f"{in_progress_key_prefix}{row_id}:0", b"1")  # a worker took it, and may have died with it
    await place.make_due()
    await relay.run_round()
    assert await place.jobs() == [f"{row_id}:0", f"{row_id}:1"]
    await place.queue.flushdb()
    await place.make_due()
    await relay.run_round()
    assert await place.jobs() == [f"{row_id}:2"]


async def test_a_closed_row_or_one_kept_alive_is_not_enqueued(place: Place) -> None:
    done, alive = await place.append("done"), await place.append("alive")
    async with place.sessions.begin() as session:
        await service.close(session, outbox_id=done)
        await service.keep_alive(session, outbox_id=alive, for_seconds=30)
    await place.relay().run_round()
    assert await place.jobs() == []


async def test_two_relays_at_once_enqueue_each_row_once(place: Place) -> None:
    rows = [await place.append(str(number)) for number in range(60)]
    one, other = place.relay(), place.relay()
    taken = [*await asyncio.gather(one.run_round(), other.run_round())]
    taken += await asyncio.gather(one.run_round(), other.run_round())
    assert sum(taken) == 60
    assert sorted(await place.jobs()) == sorted(f"{row_id}:0" for row_id in rows)


async def test_a_row_is_enqueued_as_soon_as_it_is_committed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "POLL_SECONDS", 60.0)  # so that only the notice can wake it
    listeners = sa.text(
        "select count(*) from pg_stat_activity where query ilike 'listen%' and datname = current_database()"
    )

    async def is_listening() -> bool:
        async with place.sessions() as session:
            return bool(await session.scalar(listeners))

    async def is_enqueued() -> bool:
        return await place.jobs() != []

    async with running(place.relay()):
        await until(is_listening)
        await place.append()
        await until(is_enqueued)


async def test_with_redis_away_the_row_waits_with_the_reason_and_is_not_counted(place: Place, free_port: int) -> None:
    row_id = await place.append()
    with pytest.raises(PublishError):
        await place.relay(redis_url=f"redis://127.0.0.1:{free_port}/0").run_round()
    row = await place.row(row_id)
    assert (row.attempt, row.claimed_until) == (0, None)
    assert row.last_error == "the queue is away: ConnectionError"
    await place.relay().run_round()
    assert (await place.jobs(), (await place.row(row_id)).last_error) == ([f"{row_id}:0"], None)


async def test_a_redis_that_hangs_is_away(place: Place) -> None:
    async def hang(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await place.append()
    with pytest.raises(PublishError):
        await place.relay(redis_url=f"redis://127.0.0.1:{port}/0").run_round()
    server.close()


async def test_the_relay_waits_for_postgres_goes_on_when_it_is_back_and_survives_a_cut(
    place: Place, free_port: int
) -> None:
    there = urlsplit(place.database_url)
    assert there.port is not None
    through = place.database_url.replace(f":{there.port}/", f":{free_port}/")
    row_id = await place.append()
    cut = asyncio.Event()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(there.hostname, there.port)
        pumps = [asyncio.create_task(_pump(reader, far_writer)), asyncio.create_task(_pump(far_reader, writer))]
        await asyncio.wait([*pumps, asyncio.create_task(cut.wait())], return_when=asyncio.FIRST_COMPLETED)
        for end in (writer, far_writer):
            end.transport.abort()

    async def is_enqueued() -> bool:
        return f"{row_id}:0" in await place.jobs()

    relay = place.relay(database_url=through)
    async with running(relay):
        await until(lambda: relay.failures > 0)
        server = await asyncio.start_server(forward, "127.0.0.1", free_port)
        await until(is_enqueued)
        cut.set()
        await asyncio.sleep(0)
        cut.clear()
        second = await place.append("second")
        await until(_job_of(place, second))
        server.close()
    async with place.sessions() as session:
        assert (
            await session.scalar(sa.select(RelayHeartbeat.last_error).where(RelayHeartbeat.name == relay.name)) is None
        )


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()


def _job_of(place: Place, row_id: UUID) -> Callable[[], Awaitable[bool]]:
    async def ask() -> bool:
        return f"{row_id}:0" in await place.jobs()

    return ask
