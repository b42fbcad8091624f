"""Strikes as a schedule says, on a running stack, each at its moment. What it killed comes back by the supervisor."""

import asyncio
import contextlib
import os
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import redis.asyncio
from redis.exceptions import RedisError

from tests.support.deadlines import until
from tests.system.faults.gates import GatedStack
from tests.system.faults.progress import Progress
from tests.system.faults.refusals import SERVERS_THAT_REFUSE
from tests.system.faults.schedule import (
    EVERYTHING,
    POSTGRES_GATE,
    RELAY_GATE,
    SOLVER_CHILD,
    SOLVING_WORKER,
    Action,
    Schedule,
    Strike,
)

MAIL_RULES = {
    Action.REFUSE_MAIL: "refuse",
    Action.DROP_MAIL: "drop_before_taking",
    Action.DROP_MAIL_TAKEN: "drop_after_taking",
    Action.BUSY_MAIL: "reply",
    Action.DELAY_MAIL: "reply",
}
SMS_RULES = {
    Action.REFUSE_SMS: "reply",
    Action.BUSY_SMS: "reply",
    Action.HANG_SMS: "hang",
    Action.LOSE_SMS_REPLY: "lose_reply",
}
MORE: dict[Action, dict[str, Any]] = {
    Action.BUSY_MAIL: {"code": 421},
    Action.DELAY_MAIL: {"code": 451},
    Action.BUSY_SMS: {"status": 429, "retry_after_seconds": 2},
}
RECEIPTS: dict[Action, dict[str, Any]] = {
    Action.DOUBLE_RECEIPTS: {"copies": 2},
    Action.LATE_RECEIPTS: {"delay_seconds": 20},
    Action.EARLY_RECEIPTS: {"before_reply": True},
    Action.FORGED_RECEIPTS: {"forged": True, "status": "failed", "then_true": True},
}
SINKS = ("mail-sink", "sms-gateway")
"""Test equipment, and other people's machines: they misbehave when told, and are not killed."""
SOLVING_SOON_SECONDS = 20
BACK_WITHIN_SECONDS = 60
ALONE = ("mail-sink", "sms-gateway", "valkey", "postgres", POSTGRES_GATE, RELAY_GATE)
"""One strike at a time."""


class Nemesis:
    """`kills`: how often each process was killed. `diary`: what was done when. `wiped`: what Valkey had written."""

    def __init__(
        self, stack: GatedStack, schedule: Schedule, progress: Progress, *, rush: Callable[[], Awaitable[None]]
    ) -> None:
        """`rush`: fills roster-api with requests, for a strike to fall among them."""
        self.kills: Counter[str] = Counter()
        self.children_killed = 0
        self.diary: list[str] = []
        self.wiped = b""
        self._stack = stack
        self._schedule = schedule
        self._progress = progress
        self._rush = rush
        self._started = time.monotonic()
        self._one_at_a_time = {target: asyncio.Lock() for target in ALONE}
        self._sinks = httpx.AsyncClient(timeout=30)

    async def run(self) -> None:
        """Returns when every strike was made and is over."""
        await self._script("mail-sink", {})
        await self._script("sms-gateway", {})
        await asyncio.gather(*(self._strike(strike) for strike in self._schedule.strikes))

    async def close(self) -> None:
        await self._sinks.aclose()

    def note(self, what: str) -> None:
        self.diary.append(f"{time.monotonic() - self._started:6.1f} s  {what}")

    async def _strike(self, strike: Strike) -> None:
        await self._progress.wait(strike.after)
        await asyncio.sleep(strike.delay_seconds)
        # A frozen Postgres that is killed leaves processes behind which know nothing of it until they are woken.
        target = "postgres" if strike.target == EVERYTHING else strike.target
        lock = self._one_at_a_time.get(target, asyncio.Lock())
        async with lock:
            self.note(f"{strike}")
            await self._act(strike)

    async def _act(self, strike: Strike) -> None:
        if strike.target in (EVERYTHING, "roster-api", "postgres"):
            await self._rush()
        match strike.action:
            case Action.KILL if strike.target == EVERYTHING:
                for name in sorted(self._stack.supervisor.processes.keys() - set(SINKS)):
                    self._kill(name)
            case Action.KILL | Action.PAUSE if strike.target in (SOLVING_WORKER, SOLVER_CHILD):
                await self._strike_solver(strike)
            case Action.KILL:
                self._kill(strike.target)
            case Action.PAUSE:
                await self._pause(strike.target, strike.seconds)
            case Action.AWAY | Action.WIPE:
                await self._take_down(strike)
            case Action.FLUSH:
                await until(self._flush)
            case Action.FULL_DISK:
                await self._fill_disk(strike.seconds)
            case _ if strike.action in SERVERS_THAT_REFUSE:
                await self._without_killing(strike)
            case _:
                await self._misbehave(strike)

    async def _strike_solver(self, strike: Strike) -> None:
        """The worker that solves now, or the next to do so; it is known by its child."""
        found: list[tuple[str, psutil.Process]] = []

        def is_there() -> bool:
            workers = {n: p.pid for n, p in self._stack.supervisor.processes.items() if n.startswith("matching-worker")}
            found[:] = [(name, child) for name, pid in workers.items() for child in children_of(pid)]
            return bool(found)

        try:
            await until(is_there, seconds=SOLVING_SOON_SECONDS)
        except AssertionError:
            self.note("missed: everything is solved")
            return
        name, child = found[0]
        if strike.target == SOLVER_CHILD:
            self.children_killed += 1
            with contextlib.suppress(ProcessLookupError):  # solved in this very moment
                os.kill(child.pid, signal.SIGKILL)
        elif strike.action is Action.KILL:
            self._kill(name)
        else:
            await self._pause(name, strike.seconds)

    def _kill(self, name: str) -> None:
        if self._stack.supervisor[name].pid is not None:
            self.kills[name] += 1
            self._stack.kill(name)

    async def _pause(self, name: str, seconds: float) -> None:
        self._stack.pause(name)
        await asyncio.sleep(seconds)
        self._stack.resume(name)
        self.note(f"{name} woken")

    async def _take_down(self, strike: Strike) -> None:
        """A server's machine is gone for a while; it comes back, with its data or without."""
        await self._stack.kill_and_keep_down(strike.target)
        if strike.action is Action.WIPE:
            self.wiped += read_files(self._stack.valkey.data)
            self._stack.valkey.wipe()
        await asyncio.sleep(strike.seconds)
        await self._stack.bring_back(strike.target)
        self.note(f"{strike.target} back")

    async def _flush(self) -> bool:
        return await self._tell_valkey("FLUSHALL")

    async def _tell_valkey(self, *command: str) -> bool:
        try:
            async with redis.asyncio.Redis.from_url(self._stack.valkey.url()) as client:
                await client.execute_command(*command)
        except (RedisError, OSError):
            return False
        return True

    async def _without_killing(self, strike: Strike) -> None:
        """A server that lives and does not serve; nobody's process ends, and nobody starts anything again."""
        async with SERVERS_THAT_REFUSE[strike.action](self._stack, self._tell_valkey):
            await asyncio.sleep(strike.seconds)
        self.note(f"{strike.target} serves again")

    async def _fill_disk(self, seconds: float) -> None:
        """A Postgres that cannot write its log any more ends by itself, rightly; it comes back with the space."""
        if not self._stack.disk.is_there:
            self.note("not run: no small disk can be mounted here")
            return
        postgres = self._stack.supervisor["postgres"]
        await postgres.wait_ready(BACK_WITHIN_SECONDS)
        ended_before = postgres.restarts
        async with self._stack.disk.full():
            await asyncio.sleep(seconds)
        await postgres.wait_ready(BACK_WITHIN_SECONDS)
        self.kills["postgres"] += postgres.restarts - ended_before
        self.note(f"the disk has space again; postgres ended {postgres.restarts - ended_before} times")

    async def _misbehave(self, strike: Strike) -> None:
        if strike.action in RECEIPTS:
            await self._script(strike.target, {}, receipts=RECEIPTS[strike.action])
            await asyncio.sleep(strike.seconds)
            await self._script(strike.target, {})
            return
        names = MAIL_RULES if strike.target == "mail-sink" else SMS_RULES
        rule: dict[str, Any] = {"action": names[strike.action], **MORE.get(strike.action, {})}
        rule |= {"times": strike.times} if strike.times else {}
        rule |= {"seconds": strike.seconds} if strike.action is Action.HANG_SMS else {}
        await self._script(strike.target, rule)
        await asyncio.sleep(strike.seconds)
        await self._script(strike.target, {})

    async def _script(self, sink: str, rule: dict[str, Any], *, receipts: dict[str, Any] | None = None) -> None:
        """This rule first, then the provider's usual slowness."""
        where = self._stack.addresses
        if sink == "mail-sink":
            rules = [rule, self._schedule.mail] if rule else [self._schedule.mail]
            answer = await self._sinks.post(f"{where.mail_page}/script", json=rules)
        else:
            rules = [rule, self._schedule.sms] if rule else [self._schedule.sms]
            answer = await self._sinks.post(
                f"{where.sms_page}/script", json={"rules": rules, "receipts": [receipts] if receipts else []}
            )
        answer.raise_for_status()


def children_of(pid: int | None) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children() if pid is not None else []
    except psutil.NoSuchProcess:
        return []


def read_files(folder: Path) -> bytes:
    """Everything in the folder, one file after another."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
