"""A process killed in the middle of the month's work leaves all of it or nothing; sent again, it is done once."""

import asyncio
import json
import os
import signal
import sys
from typing import Any

import pytest
from roster_api.attendance.models import AttendanceTick

from tests.roster_api.month_world import come_to_pass, count_rows, list_days, results, send, tick
from tests.roster_api.planning_world import World, planning_world

KILLED = """
import asyncio, json, os, signal, sys
import httpx
import {module} as module
from roster_api.app import create_app
from roster_api.settings import Settings

def die(*_args, **_named):
    os.kill(os.getpid(), signal.SIGKILL)

async def ask():
    url, key, path, body = json.load(sys.stdin)
    app = create_app(Settings(database_url=url, database_pool=1))
    module.{name} = die
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://roster", headers={{"X-Api-Key": key}}) as client:
        await client.post(path, json=body)

asyncio.run(ask())
"""


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def ask_and_die(
    world: World, url: str, who: str, path: str, body: dict[str, Any], *, module: str, name: str
) -> int:
    """Status of a process that answers this one request and is killed as it comes to that function."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED.format(module=module, name=name), env=dict(os.environ),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    await process.communicate(json.dumps([url, world.keys[who], path, body]).encode())
    assert process.returncode is not None
    return process.returncode


async def test_ticks_of_a_killed_request_are_not_there_and_arrive_once_when_sent_again(
    world: World, roster_database_url: str
) -> None:
    await world.make_published([(0, "C1", (0, 1, 2))])
    await come_to_pass(world)
    days = (await list_days(world, commune_code="C1"))[:5]
    ticks = [tick(day, key=f"k{number}") for number, day in enumerate(days)]
    path = f"/v1/campaigns/{world.campaign_id}/attendance"
    status = await ask_and_die(
        world, roster_database_url, "c1", path, {"ticks": ticks},
        module="roster_api.attendance.recording", name="settle_days",
    )  # fmt: skip
    assert status == -signal.SIGKILL
    assert await count_rows(world, AttendanceTick) == 0, "the ticks were written, and not yet counted"
    assert await results(world, "c1", *ticks) == ["recorded"] * len(ticks)
    assert (await send(world, "c1", ticks)).json()["already"] == len(ticks)
    assert await count_rows(world, AttendanceTick) == len(ticks)
    assert all(day.outcome == "present" for day in (await list_days(world, commune_code="C1"))[:5])
