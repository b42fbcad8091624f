"""Servers that live and do not serve, each for the length of a block: a Valkey that takes nothing, a Postgres that is
frozen, has no connection left, or cannot be reached, a relay where nobody listens.
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import asyncpg
import psutil
from commune_stack.stack import Stack

from tests.support.deadlines import until
from tests.system.faults.gates import GatedStack
from tests.system.faults.schedule import POSTGRES_GATE, RELAY_GATE, Action

TellValkey = Callable[..., Awaitable[bool]]
"""A command; False where Valkey is away."""
AT_MOST_TAKEN = 250


@contextlib.asynccontextmanager
async def read_only(_stack: Stack, tell: TellValkey) -> AsyncIterator[None]:
    await until(lambda: tell("REPLICAOF", "127.0.0.1", "1"))
    try:
        yield
    finally:
        await until(lambda: tell("REPLICAOF", "NO", "ONE"))


@contextlib.asynccontextmanager
async def full(_stack: Stack, tell: TellValkey) -> AsyncIterator[None]:
    await until(lambda: tell("CONFIG", "SET", "maxmemory", "1"))
    try:
        yield
    finally:
        await until(lambda: tell("CONFIG", "SET", "maxmemory", "0"))


@contextlib.asynccontextmanager
async def frozen(stack: Stack, _tell: TellValkey) -> AsyncIterator[None]:
    """Its sockets stay open, and nothing is answered."""
    pid = stack.supervisor["postgres"].pid
    everybody: list[psutil.Process] = []
    with contextlib.suppress(psutil.NoSuchProcess):
        everybody = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)] if pid is not None else []
    send(everybody, signal.SIGSTOP)
    try:
        yield
    finally:
        send(everybody[::-1], signal.SIGCONT)


def send(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)


@contextlib.asynccontextmanager
async def exhausted(stack: Stack, _tell: TellValkey) -> AsyncIterator[None]:
    """As a program that forgets to close what it opens; what others give back is taken, too."""
    taken: list[Any] = []
    taking = asyncio.create_task(take_all(stack.postgres.service_url("notifier"), taken))
    try:
        yield
    finally:
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)
        await asyncio.gather(*(connection.close(timeout=5) for connection in taken), return_exceptions=True)


async def take_all(url: str, taken: list[Any]) -> None:
    while True:
        try:
            while len(taken) < AT_MOST_TAKEN:
                taken.append(await asyncpg.connect(url, timeout=5))
        except (asyncpg.PostgresError, OSError):
            await asyncio.sleep(0.2)
        else:
            return


def partition(stack: GatedStack, _tell: TellValkey) -> AbstractAsyncContextManager[None]:
    return stack.gates[POSTGRES_GATE].holding()


def shut(stack: GatedStack, _tell: TellValkey) -> AbstractAsyncContextManager[None]:
    return stack.gates[RELAY_GATE].shut()


SERVERS_THAT_REFUSE: dict[Action, Callable[[GatedStack, TellValkey], AbstractAsyncContextManager[None]]] = {
    Action.READ_ONLY: read_only,
    Action.FULL: full,
    Action.FREEZE: frozen,
    Action.EXHAUST: exhausted,
    Action.PARTITION: partition,
    Action.SHUT: shut,
}
