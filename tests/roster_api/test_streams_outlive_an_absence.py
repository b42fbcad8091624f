"""Event streams while no connection to Postgres is to be had: who watches is not cut off."""

from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
from commune_stack.serving import served
from structlog.testing import capture_logs

from tests.roster_api.planning_world import World, planning_world
from tests.support.deadlines import until

Logged = list[MutableMapping[str, Any]]


@pytest.fixture
def logged() -> Iterator[Logged]:
    with capture_logs() as entries:
        yield entries


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with planning_world(roster_database_url) as made:
        yield made


@asynccontextmanager
async def watched(world: World, run_id: str) -> AsyncIterator[AsyncIterator[str]]:
    """The lines of an open event stream of this run, by the overseer's key, over a real socket."""
    headers = {"X-Api-Key": world.keys["overseer"]}
    async with (
        served(world.app) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=120) as client,
        client.stream("GET", f"/v1/matching-runs/{run_id}/events") as stream,
    ):
        assert stream.status_code == 200
        yield stream.aiter_lines()


@asynccontextmanager
async def every_connection_taken(world: World) -> AsyncIterator[None]:
    """By others, for the length of a block: whoever asks for one waits in vain."""
    engine = world.app.state.engine
    async with AsyncExitStack() as stack:
        for _ in range(engine.pool.size()):
            await stack.enter_async_context(engine.connect())
        yield


async def read_up_to(lines: AsyncIterator[str], wanted: str) -> list[str]:
    read: list[str] = []
    async for line in lines:
        read.append(line)
        if line == wanted:
            return read
    raise AssertionError(f"the stream ended before {wanted!r}: {read}")


async def test_a_stream_goes_on_to_the_runs_end_when_connections_are_free_again(world: World, logged: Logged) -> None:
    run_id = await world.request_run()
    async with watched(world, run_id) as lines:
        await read_up_to(lines, "id: 1")
        async with every_connection_taken(world):
            await until(lambda: any(entry["event"] == "run_watch.postgres_away" for entry in logged))
        assert (await world.as_("admin").post(f"/v1/matching-runs/{run_id}/cancel")).status_code == 200
        assert "id: 2" in await read_up_to(lines, "event: end")
