"""The load client: so many connections that ask again and again, of the product and of the bare thing alike."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

CONNECTIONS = 8


@dataclass
class Answers:
    """What came back: seconds of each answer, statuses, and how long it all took."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    took: float = 0.0

    @property
    def a_second(self) -> float:
        return len(self.seconds) / self.took


async def ask_for(
    port: int, path_of: Callable[[int], str], *, headers: Mapping[str, str], seconds: float,
    connections: int = CONNECTIONS, method: str = "GET", body_of: Callable[[int], bytes] | None = None,
) -> Answers:  # fmt: skip
    """Keeps asking for `seconds`; the n-th request is for path_of(n)."""
    answers, number = Answers(), 0
    ends = time.perf_counter() + seconds
    head = "".join(f"{name}: {value}\r\n" for name, value in ({"Host": "bench"} | dict(headers)).items())

    async def go_on() -> None:
        nonlocal number
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < ends:
            number += 1
            body = body_of(number) if body_of else b""
            length = f"Content-Length: {len(body)}\r\nContent-Type: application/json\r\n" if body_of else ""
            began = time.perf_counter()
            writer.write(f"{method} {path_of(number)} HTTP/1.1\r\n{head}{length}\r\n".encode() + body)
            status, size = read_head(await reader.readuntil(b"\r\n\r\n"))
            await reader.readexactly(size)
            answers.seconds.append(time.perf_counter() - began)
            answers.statuses[status] += 1
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(go_on() for _ in range(connections)))
    answers.took = time.perf_counter() - began
    return answers


def read_head(head: bytes) -> tuple[int, int]:
    """(status, length of the body)."""
    lower = head.lower()
    at = lower.index(b"content-length:") + 15
    return int(head[9:12]), int(lower[at : lower.index(b"\r\n", at)])
