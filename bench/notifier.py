"""The notifier against the bare thing: messages from their rows to the provider, by the real worker in its own process.

The ceiling of a row is a loop of the same client library with as many connections, kept open, to the same sink in the
same run, that writes nothing down and asks nobody. Values are seconds a message: 2 is half the bare throughput.
"""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import aiosmtplib
import httpx
from commune_schemas.notices import Channel
from commune_service.sealing import use_sealer
from commune_stack.places import throwaway_directory
from commune_stack.ports import free_port
from commune_stack.programs import Program, answers
from commune_stack.supervisor import supervised
from notifier.channels.answer import Outgoing
from notifier.channels.email import write_message
from notifier.sms_text import write_sms
from sqlalchemy import text

from bench.engine_questions import percentile
from bench.rows import Row, make_row
from tests.notifier.people import make_notice
from tests.notifier.world import World, notifier_world, worker_process
from tests.support.deadlines import until
from tests.support.own_servers import own_servers

MESSAGES, PEOPLE, CONNECTIONS = 1000, 243, 2
RATIO, P95_SECONDS = 2.0, 2.0
SMS_KEY = "key-of-the-benchmark"
RECEIPT_SECRET = "whsec_YmVuY2htYXJrLWJlbmNobWFyay1iZW5jaG1hcms="  # noqa: S105 - of sinks of this run alone
AT_REST: dict[str, Any] = {
    "notifier_poll_seconds": 0.1,
    "notifier_sweep_seconds": 5,
    "smtp_connections": CONNECTIONS,
    "sms_connections": CONNECTIONS,
}


def email() -> Iterator[Row]:
    yield asyncio.run(_measure(Channel.EMAIL, bare_mail))


def sms() -> Iterator[Row]:
    yield asyncio.run(_measure(Channel.SMS, _bare_sms))


def publish_243() -> Iterator[Row]:
    yield asyncio.run(_measure_publication())


CASES = {"notifier.email": email, "notifier.sms": sms, "notifier.publish_243": publish_243}


@contextlib.asynccontextmanager
async def bench_world() -> AsyncIterator[World]:
    """Its own Postgres and Valkey, and both sinks as processes of their own: they cost the loops measured nothing."""
    smtp, mail, sms = free_port(), free_port(), free_port()
    own = str(Path(sys.executable).with_name("commune-stack"))
    with throwaway_directory() as place:
        inbox, log = str(place.path / "inbox"), str(place.path / "sms.jsonl")
        sinks = [
            Program(
                name="mail-sink",
                argv=(own, "mail-sink", "--folder", inbox, "--smtp-port", str(smtp), "--http-port", str(mail)),
                probe=answers(f"http://127.0.0.1:{mail}/health"),
            ),
            Program(
                name="sms-gateway",
                argv=(own, "sms-gateway", "--log", log, "--port", str(sms)),
                environment={"SMS_GATEWAY_KEY": SMS_KEY, "SMS_RECEIPT_SECRET": RECEIPT_SECRET},
                probe=answers(f"http://127.0.0.1:{sms}/health"),
            ),
        ]
        async with own_servers() as servers, supervised(place.path, sinks):
            described = SimpleNamespace(
                port=smtp, url=f"http://127.0.0.1:{sms}", key=SMS_KEY, receipt_secret=RECEIPT_SECRET
            )
            os.environ.setdefault("NOTIFIER_ENVIRONMENT", "development")
            database = await servers.migrated("notifier")
            sink = cast("Any", described)
            async with notifier_world(database, mail=sink, sms=sink, redis_url=servers.redis_url) as world:
                use_sealer(world.settings.make_sealer())
                yield world


async def _measure(channel: Channel, bare: Callable[[World], Awaitable[float]]) -> Row:
    async with bench_world() as world:
        ceiling, ours = await bare(world), await _time_worker(world, channel)
        facts: dict[str, Any] = {"messages": MESSAGES, "connections": CONNECTIONS}
        return make_row(f"notifier.{channel.value}", ours, "s", ceiling=ceiling, ratio_at_most=RATIO, **facts)


async def _time_worker(world: World, channel: Channel) -> float:
    """Seconds a message: what preparing its source took, and from then on until the last was taken.

    The kind goes by both channels; what the other one would have sent is left out, for the bare loop sends none of it.
    """
    notices = [make_notice() for _ in range(MESSAGES)]
    began = time.perf_counter()
    await world.prepare(*notices)
    preparing = time.perf_counter() - began
    await world.change("update notifier.messages set status = 'cancelled' where channel <> :c", c=channel.value)
    await world.change("update notifier.messages set next_attempt_at = now() + interval '1 day'")
    with throwaway_directory() as place:
        async with worker_process(world, log=place.path / "log", **AT_REST):
            await until_alive(world)
            due = text("update notifier.messages set next_attempt_at = now() where channel = :c")
            async with world.sessions.begin() as session:
                await session.execute(due, {"c": channel.value})
                began = time.perf_counter()  # before the commit: what is prepared is due without this
            await until(lambda: is_taken(world, channel, MESSAGES), seconds=600)
            return (preparing + time.perf_counter() - began) / MESSAGES


async def until_alive(world: World) -> None:
    async def is_alive() -> bool:
        return bool(await world.rows("select 1 from notifier.workers where seen_at > now() - interval '3 s'"))

    await until(is_alive)


async def is_taken(world: World, channel: Channel, wanted: int) -> bool:
    query = "select count(*) as n from notifier.messages where channel = :c and sent_at is not null"
    return bool((await world.rows(query, c=channel.value))[0]["n"] >= wanted)


async def bare_mail(world: World, *, messages: int = MESSAGES) -> float:
    """Seconds a message."""
    notice = make_notice()
    written = write_message(Outgoing("r@x", "nguyet@example.vn", notice), mail_from=world.settings.mail_from)
    content, sender = written, parseaddr(world.settings.mail_from)[1]

    async def one_connection() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=world.settings.smtp_port, start_tls=False) as client:
            for _ in range(messages // CONNECTIONS):
                await client.sendmail(sender, ["nguyet@example.vn"], content)

    began = time.perf_counter()
    await asyncio.gather(*(one_connection() for _ in range(CONNECTIONS)))
    return (time.perf_counter() - began) / messages


async def _bare_sms(world: World) -> float:
    words, headers = write_sms(make_notice()), {"Authorization": f"Bearer {SMS_KEY}"}

    async def one_connection(first: int) -> None:
        async with httpx.AsyncClient(base_url=world.settings.sms_gateway_url, headers=headers) as client:
            for number in range(MESSAGES // CONNECTIONS):
                body = {"to": "+84950000001", "text": words, "sender": "SNV", "reference": f"bare-{first}-{number}"}
                (await client.post("/messages", json=body)).raise_for_status()

    began = time.perf_counter()
    await asyncio.gather(*(one_connection(number) for number in range(CONNECTIONS)))
    return (time.perf_counter() - began) / MESSAGES


async def _measure_publication() -> Row:
    """243 people by both channels: the 95th percentile from a message's row to the provider's taking it. The worker has
    sent before, as one has that stands ready."""
    async with bench_world() as world:
        with throwaway_directory() as place:
            async with worker_process(world, log=place.path / "log", **AT_REST):
                await until_alive(world)
                for told, people in ((1, 1), (1 + PEOPLE, PEOPLE)):
                    await world.prepare(*(make_notice() for _ in range(people)))
                    for channel in Channel:
                        await until(partial(is_taken, world, channel, told), seconds=600)
        rows = await world.rows(
            "select extract(epoch from sent_at - created_at)::float8 as s from notifier.messages"
            " order by created_at desc limit :n",
            n=PEOPLE * len(Channel),
        )
        waits = [row["s"] for row in rows]
        facts: dict[str, Any] = {"people": PEOPLE, "p50": percentile(waits, 0.5), "p99": percentile(waits, 0.99)}
        return make_row("notifier.publish_243", percentile(waits, 0.95), "s", at_most=P95_SECONDS, **facts)
