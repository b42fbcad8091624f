"""A hundred thousand people told by e-mail while one of two relays dies: nobody lost, memory flat, still quick enough.

The ceiling is that of notifier.email: a bare loop of the same client library to the same sink.
"""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
from commune_schemas.notices import Channel
from commune_stack.places import throwaway_directory
from commune_stack.ports import free_port

from bench.notifier import AT_REST, CONNECTIONS, bare_mail, bench_world, is_taken, until_alive
from bench.rows import Row, make_row
from tests.notifier.people import make_notice, make_placement
from tests.notifier.world import World, worker_process
from tests.support.deadlines import until

PEOPLE = int(os.environ.get("BENCH_CROWD", "100000"))
RATIO, GROWTH_MB = 1 / 0.3, 20.0
BARE_MESSAGES = 2000
LOOK_AGAIN_SECONDS = 1.0
"""Counting a hundred thousand rows more often would be measured, too."""
UNDER_WAY = "select count(*) as n from notifier.messages where status in ('pending', 'claimed', 'sending')"
SETTINGS: dict[str, Any] = {
    **AT_REST,
    "notifier_breaker_failures": 5,
    "notifier_breaker_seconds": 10,
    "notifier_retry_seconds": 1,
}


def publish_100k() -> Iterator[Row]:
    yield from asyncio.run(_measure())


CASES = {"notifier.publish_100k": publish_100k}


async def _measure() -> list[Row]:
    async with bench_world() as world:
        ceiling = await bare_mail(world, messages=BARE_MESSAGES)
        preparing = await _prepare(world)
        with throwaway_directory() as place:
            async with _second_relay(place.path) as (relay, port):
                world.settings = world.with_settings(notifier_providers_file=_describe(world, place.path, port))
                async with worker_process(world, log=place.path / "log", **SETTINGS) as process:
                    sending, growth = await _send(world, process.pid, relay)
        (ends,) = await world.rows(
            "select count(*) filter (where status = 'sent') as sent, count(*) filter (where status = 'unknown') as held"
            " from notifier.messages where channel = 'email'"
        )
    value = (preparing + sending) / PEOPLE
    facts: dict[str, Any] = {"people": PEOPLE, "connections": 2 * CONNECTIONS, "preparing": preparing / PEOPLE}
    seconds = make_row("notifier.publish_100k", value, "s", ceiling=ceiling, ratio_at_most=RATIO, **facts)
    lost = make_row("notifier.publish_100k.lost", PEOPLE - ends["sent"] - ends["held"], "messages", at_most=0)
    held = make_row("notifier.publish_100k.unknown", ends["held"], "messages", at_most=CONNECTIONS)
    memory = make_row("notifier.publish_100k.growth", growth, "MB", at_most=GROWTH_MB)
    details = [lost, held, memory]
    return [{**seconds, "met": all(row["met"] for row in (seconds, *details))}, *details]


async def _prepare(world: World) -> float:
    """Seconds. What would go by text message is left out: the bare loop sends none of it."""
    place = make_placement()
    notices = [make_notice(placement=place) for _ in range(PEOPLE)]
    began = time.perf_counter()
    await world.prepare(*notices)
    took = time.perf_counter() - began
    await world.change("update notifier.messages set status = 'cancelled' where channel <> :c", c=Channel.EMAIL.value)
    return took


@contextlib.asynccontextmanager
async def _second_relay(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """A sink of its own, which the case kills in the middle."""
    smtp, http = free_port(), free_port()
    command = str(Path(sys.executable).with_name("commune-stack"))
    ports = ("--smtp-port", str(smtp), "--http-port", str(http))
    relay = await asyncio.create_subprocess_exec(command, "mail-sink", "--folder", str(folder / "second"), *ports)
    try:
        async with httpx.AsyncClient() as client:

            async def answers() -> bool:
                with contextlib.suppress(httpx.HTTPError):
                    return (await client.get(f"http://127.0.0.1:{http}/health")).is_success
                return False

            await until(answers)
        yield relay, smtp
    finally:
        with contextlib.suppress(ProcessLookupError):
            relay.kill()
        await relay.wait()


def _describe(world: World, folder: Path, port: int) -> Path:
    """NOTIFIER_PROVIDERS_FILE with both relays."""
    shared = {"host": "127.0.0.1", "tls": "none", "connections": CONNECTIONS}
    first, second = ({"name": name, "port": at, **shared} for name, at in (("first", world.mail.port), ("dies", port)))
    gateway = {"name": "sms", "url": world.sms.url, "key": world.sms.key, "sender": "SNV"}
    file = folder / "providers.json"
    file.write_text(json.dumps({"mail_relays": [first, second], "sms_gateways": [gateway]}))
    return file


async def _send(world: World, pid: int, relay: asyncio.subprocess.Process) -> tuple[float, float]:
    """Seconds until all is taken or held as unknown, and by how many MB the worker grew since a quarter was."""
    await until_alive(world)
    began = time.perf_counter()
    await until(lambda: is_taken(world, Channel.EMAIL, PEOPLE // 4), seconds=7200, longest_pause=LOOK_AGAIN_SECONDS)
    at_a_quarter = _resident_mb(pid)
    relay.kill()

    async def is_over() -> bool:
        return bool((await world.rows(UNDER_WAY))[0]["n"] == 0)

    await until(is_over, seconds=7200, longest_pause=LOOK_AGAIN_SECONDS)
    return time.perf_counter() - began, _resident_mb(pid) - at_a_quarter


def _resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
