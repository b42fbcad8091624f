"""Load: do others go on while some upload, hang up, watch or say nothing; and what does one cost who may not?

Loopback only, bounded in number and time. The ceiling of a row is the same requests to the same service with nothing
else going on: the ratio says what the load costs others.
"""

import asyncio
import io
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

import xlsxwriter

from bench.engine_questions import percentile
from bench.load_clients import Others, drop, others_going_on, send, status_of, upload
from bench.load_world import ADMIN_KEY, LoadWorld, load_world
from bench.rows import Row, make_row

Load = Callable[[LoadWorld], Coroutine[Any, Any, Counter[int]]]
"""Puts the load on, takes it off again, and gives what it was answered, by status."""
P95 = 0.95
GOING_ON_SECONDS = 1.0
QUIET_SECONDS, LOADED_SECONDS = 3.0, 8.0
UPLOADS, HANG_UPS, STREAMS, HALF_OPEN = 40, 50, 300, 1000
HANG_UP_AFTER_SECONDS = 0.3
PEOPLE = 500
BODY_BYTES = 18_000_000
REFUSED_SECONDS, REFUSED_MB = 0.05, 5.0
KNOCKS = 10
OPENED_TOGETHER = 10


@dataclass
class Seen:
    """Of one load: others before and during it, what the load itself was answered, causes."""

    quiet: Others
    loaded: Others
    answered: Counter[int]
    idle_in_transaction: int
    rss_mb: float


def make_list() -> bytes:
    """A list of PEOPLE rows, as schools send them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("Danh sách")
    page.write_row(0, 0, ["Mã số", "Họ và tên", "Vai trò", "Số điện thoại", "Email", "Ngày rảnh", "Lĩnh vực"])
    for number in range(1, PEOPLE + 1):
        who = (f"SV{number:05d}", "Nguyễn Văn An", "SV năm 4", f"095{number:07d}", f"sv{number}@truong.example")
        page.write_row(number, 0, [*who, "T2, T4", "Số hóa hồ sơ"])
    book.close()
    return out.getvalue()


def measure(case: str, load: Load, **facts: int) -> Iterator[Row]:
    """The case's row: others' p95 under the load; then its causes."""
    seen = asyncio.run(_measure(load))
    value, quiet = percentile(seen.loaded.seconds, P95), percentile(seen.quiet.seconds, P95)
    unavailable = seen.loaded.statuses[503] + seen.answered[503]
    details = [
        make_row(f"{case}.answered_503", unavailable, "answers", at_most=0),
        make_row(f"{case}.idle_in_transaction", seen.idle_in_transaction, "connections", at_most=0),
        *(make_row(f"{case}.answered_{status}", count, "answers") for status, count in sorted(seen.answered.items())
          if status != 503),
    ]  # fmt: skip
    row = make_row(
        case, value, "s", ceiling=quiet, at_most=GOING_ON_SECONDS, requests=len(seen.loaded.seconds),
        slowest_seconds=max(seen.loaded.seconds), rss_mb=round(seen.rss_mb, 1), **facts,
    )  # fmt: skip
    judged = [each["met"] for each in (row, *details) if each["met"] is not None]
    yield {**row, "met": all(judged)}
    yield from details


async def _measure(load: Load) -> Seen:
    async with load_world() as world:
        async with others_going_on(world.port, ADMIN_KEY) as quiet:
            await asyncio.sleep(QUIET_SECONDS)
        async with others_going_on(world.port, ADMIN_KEY) as loaded:
            loading = asyncio.create_task(load(world))
            most_idle, rss_mb = 0, world.rss_mb()
            while not loading.done():
                await asyncio.wait({loading}, timeout=1)
                most_idle = max(most_idle, await world.idle_in_transaction())
                rss_mb = max(rss_mb, world.rss_mb())
        return Seen(quiet, loaded, loading.result(), most_idle, rss_mb)


def uploads() -> Iterator[Row]:
    """40 lists at once, two of each of 20 schools."""
    content = make_list()

    async def load(world: LoadWorld) -> Counter[int]:
        async def load_list(number: int) -> int:
            reader, writer = await send(world.port, *upload(*world.schools[number % len(world.schools)], content))
            try:
                return await status_of(reader)
            finally:
                writer.close()

        answered = Counter(await asyncio.gather(*(load_list(number) for number in range(UPLOADS))))
        while await world.lists_waiting():  # noqa: ASYNC110 - other processes read them
            await asyncio.sleep(1)
        return answered

    yield from measure("load.uploads", load, uploads=UPLOADS, people_a_list=PEOPLE)


def hang_ups() -> Iterator[Row]:
    """50 lists whose senders are gone after 0.3 s; the service is watched for some seconds more."""
    content = make_list()

    async def load(world: LoadWorld) -> Counter[int]:
        lines = [
            await send(world.port, *upload(*world.schools[number % len(world.schools)], content))
            for number in range(HANG_UPS)
        ]
        await asyncio.sleep(HANG_UP_AFTER_SECONDS)
        drop([writer for _, writer in lines])
        await asyncio.sleep(LOADED_SECONDS)
        return Counter()

    yield from measure("load.hang_ups", load, hang_ups=HANG_UPS)


def streams() -> Iterator[Row]:
    """300 event streams of one live run, five of each of 60 keys."""

    async def load(world: LoadWorld) -> Counter[int]:
        lines, answered = [], Counter[int]()
        for number in range(STREAMS):
            key = world.watchers[number % len(world.watchers)]
            head = f"GET /v1/matching-runs/{world.run_id}/events HTTP/1.1\nHost: bench\nX-Api-Key: {key}\n\n"
            lines.append(await send(world.port, head))
            if len(lines) % OPENED_TOGETHER == 0:
                answered.update([await status_of(reader) for reader, _ in lines[-OPENED_TOGETHER:]])
        await asyncio.sleep(LOADED_SECONDS)
        drop([writer for _, writer in lines])
        return answered

    yield from measure("load.streams", load, streams=STREAMS)


def half_open() -> Iterator[Row]:
    """1,000 connections from one address that sent half a header and nothing more."""

    async def load(world: LoadWorld) -> Counter[int]:
        lines = [await send(world.port, "GET /v1/provinces HTTP/1.1\nHost: ben") for _ in range(HALF_OPEN)]
        await asyncio.sleep(LOADED_SECONDS)
        drop([writer for _, writer in lines])
        return Counter()

    yield from measure("load.half_open", load, connections=HALF_OPEN)


def refused_body() -> Iterator[Row]:
    """No key and a body of 18 MB: what the answer takes, what memory it costs. Ceiling: the same without a body."""
    with_body, without, grown_mb, answered = asyncio.run(_knock())
    case = "load.refused_body"
    memory = make_row(f"{case}.memory", grown_mb, "MB", at_most=REFUSED_MB)
    row = make_row(
        case, median(with_body), "s", ceiling=median(without), at_most=REFUSED_SECONDS, body_bytes=BODY_BYTES,
        slowest_seconds=max(with_body),
    )  # fmt: skip
    yield {**row, "met": row["met"] and memory["met"]}
    yield memory
    yield from (make_row(f"{case}.answered_{status}", count, "answers") for status, count in answered.items())


async def _knock() -> tuple[list[float], list[float], float, Counter[int]]:
    async with load_world() as world:
        path = "/v1/internal/border-rounds/00000000-0000-0000-0000-000000000000/result"
        line = f"PUT {path} HTTP/1.1\nHost: bench\nContent-Type: application/json\n"
        body = b"[" + b"{}," * (BODY_BYTES // 3)
        seconds: dict[bool, list[float]] = {False: [], True: []}
        answered: Counter[int] = Counter()
        before = world.rss_mb()
        for has_body in (False, True):
            sent = body if has_body else b""
            for _ in range(KNOCKS):
                began = time.perf_counter()
                head = f"{line}Content-Length: {len(sent)}\n\n"
                reader, writer = await send_without_waiting(world.internal_port, head, sent)
                answered[await status_of(reader)] += 1
                seconds[has_body].append(time.perf_counter() - began)
                drop([writer])
            before = before if has_body else world.rss_mb()
        return seconds[True], seconds[False], max(0.0, world.rss_mb() - before), answered


async def send_without_waiting(port: int, head: str, body: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """The body is put on its way; the answer may come before it has arrived."""
    reader, writer = await send(port, head)
    writer.write(body)
    return reader, writer


CASES = {
    "load.uploads": uploads,
    "load.hang_ups": hang_ups,
    "load.streams": streams,
    "load.half_open": half_open,
    "load.refused_body": refused_body,
}
