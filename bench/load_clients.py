"""Clients of a loaded service: those who only want to go on, and lines that are dropped, held open or half sent."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx

OTHERS = 4
BETWEEN_SECONDS = 0.05
GIVE_UP_SECONDS = 60


@dataclass
class Others:
    """What others were answered, and after how many seconds each."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


@contextlib.asynccontextmanager
async def others_going_on(port: int, key: str) -> AsyncIterator[Others]:
    """A few clients that ask for small things all the while."""
    others, ended = Others(), asyncio.Event()
    address = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=address, headers={"X-Api-Key": key}, timeout=GIVE_UP_SECONDS) as client:

        async def go_on(path: str) -> None:
            while not ended.is_set():
                began = time.perf_counter()
                answer = await client.get(path)
                others.seconds.append(time.perf_counter() - began)
                others.statuses[answer.status_code] += 1
                await asyncio.sleep(BETWEEN_SECONDS)

        paths = ("/v1/provinces", "/v1/campaigns", "/v1/schools?limit=5", "/health")
        going = [asyncio.create_task(go_on(path)) for path in paths[:OTHERS]]
        try:
            yield others
        finally:
            ended.set()
            await asyncio.gather(*going)


async def send(port: int, head: str, body: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which this was sent, as it stands."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head.replace("\n", "\r\n").encode() + body)
    with contextlib.suppress(ConnectionError):
        await writer.drain()
    return reader, writer


def drop(writers: list[asyncio.StreamWriter]) -> None:
    for writer in writers:
        writer.transport.abort()


def upload(school_id: str, key: str, content: bytes) -> tuple[str, bytes]:
    """Head and body of a list's upload."""
    name = 'Content-Disposition: form-data; name="file"; filename="ds.xlsx"'
    body = f"--cut\r\n{name}\r\n\r\n".encode() + content + b"\r\n--cut--\r\n"
    head = (
        f"POST /v1/schools/{school_id}/roster-uploads HTTP/1.1\nHost: bench\nX-Api-Key: {key}\nConnection: close\n"
        f"Content-Type: multipart/form-data; boundary=cut\nContent-Length: {len(body)}\n\n"
    )
    return head, body


async def status_of(reader: asyncio.StreamReader) -> int:
    """Of the answer that comes; 0 when none does."""
    line = await asyncio.wait_for(reader.readline(), 600)
    return int(line.split()[1]) if line else 0
