"""One supervised program: how it is started, known to be ready, watched, started again, and stopped."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from commune_stack.places import append_privately
from commune_stack.ports import listens

CHILD = Path(__file__).with_name("child.py")
PROBE_EVERY_SECONDS = 0.05
FIRST_DELAY_SECONDS = 0.1
LONGEST_DELAY_SECONDS = 5.0
STEADY_AFTER_SECONDS = 10.0
"""A program that ran this long before it died is started again at once, not after the last, longer delay."""


def as_child(user: str | None, orphan_signal: signal.Signals) -> list[str]:
    """The words before a command that make it run as `user` and die with us."""
    orphan = ["--parent", str(os.getpid()), "--signal", str(int(orphan_signal))]
    return [sys.executable, "-I", "-S", str(CHILD), *orphan, *(["--user", user] if user else []), "--"]


Probe = Callable[[], Awaitable[bool]]
"""True when the program answers. May raise OSError while it does not."""


def answers(url: str) -> Probe:
    """True once the address answers 200. A request by hand: asked twenty times a second, a client would be the load."""
    where = urlsplit(url)
    request = f"GET {where.path or '/'} HTTP/1.1\r\nHost: {where.netloc}\r\nConnection: close\r\n\r\n".encode()

    async def probe() -> bool:
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        try:
            writer.write(request)
            status = await asyncio.wait_for(reader.readline(), 2)
        except TimeoutError:
            return False
        finally:
            writer.close()
        return status.split()[1:2] == [b"200"]

    return probe


def all_of(*probes: Probe) -> Probe:
    """True once every one of them is."""

    async def probe() -> bool:
        return all([await each() for each in probes])

    return probe


class NotReadyError(RuntimeError):
    """A program ended or stayed silent instead of becoming ready; says where its log is."""


@dataclass(frozen=True)
class Program:
    """What to run. A step runs once and must end with status 0; anything else is kept running."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: Path = Path("/")
    user: str | None = None
    probe: Probe | None = None
    ports: tuple[int, ...] = ()
    """Where the program itself must listen before its answer counts: another may answer there in its stead."""
    before_start: Callable[[], Awaitable[None]] | None = None
    is_step: bool = False
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    stop_timeout_seconds: float = 10.0


class Process:
    """A program being kept running. `kill` is a crash, healed by itself; `stop` is meant, and lasts until `start`."""

    def __init__(self, program: Program, *, log: Path, mark: Mapping[str, str]) -> None:
        self.program = program
        self.log = log
        self.restarts = 0
        self._mark = mark
        self._ready = asyncio.Event()
        self._stop_wanted = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """Of the running program; None while it is down."""
        return self._process.pid if self._process and self._process.returncode is None else None

    @property
    def is_ready(self) -> bool:
        return self._ready.is_set() and self.pid is not None

    async def start(self) -> None:
        """Begin keeping it running; returns before it is ready. A step is run to its end instead."""
        if self.program.is_step:
            await self._run_step()
        elif self._watch is None or self._watch.done():
            self._stop_wanted.clear()
            self._watch = asyncio.create_task(self._keep_running(), name=f"keep {self.program.name}")

    async def wait_ready(self, timeout_seconds: float) -> None:
        if self.program.is_step:
            return
        ready = asyncio.create_task(self._ready.wait())
        waited_for = {ready, self._watch} if self._watch is not None else {ready}
        await asyncio.wait(waited_for, timeout=timeout_seconds, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            if self._watch is not None and self._watch.done():
                self._watch.result()  # what kept it from being started at all
            raise NotReadyError(self._complaint(f"not ready after {timeout_seconds:.0f} s"))

    async def stop(self) -> None:
        """Ask it to end, then make it end. What it left in its process group is ended too."""
        self._stop_wanted.set()
        process = self._process
        if process is not None and process.returncode is None:
            self.resume()
            self._signal(self.program.stop_signal)
            try:
                await asyncio.wait_for(process.wait(), self.program.stop_timeout_seconds)
            except TimeoutError:
                self._signal(signal.SIGKILL)
                await process.wait()
        if self._watch is not None:
            await self._watch
        if process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """SIGKILL, as a crash or the kernel's out-of-memory killer would."""
        self._ready.clear()
        self._signal(signal.SIGKILL)

    def pause(self) -> None:
        """SIGSTOP: alive to the kernel, dead to everybody else."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def _keep_running(self) -> None:
        delay_seconds = FIRST_DELAY_SECONDS
        while not self._stop_wanted.is_set():
            started = time.monotonic()
            status = await self._run_once()
            if self._stop_wanted.is_set():
                return
            if time.monotonic() - started > STEADY_AFTER_SECONDS:
                delay_seconds = FIRST_DELAY_SECONDS
            self._note(f"ended with status {status}; started again in {delay_seconds:.1f} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop_wanted.wait(), delay_seconds)
            delay_seconds = min(delay_seconds * 2, LONGEST_DELAY_SECONDS)
            self.restarts += 1

    async def _run_once(self) -> int:
        """Start it, announce when it is ready, and return the status it ended with."""
        if self.program.before_start is not None:
            await self.program.before_start()
        self._process = await self._spawn()
        announce = asyncio.create_task(self._announce_ready())
        try:
            return await self._process.wait()
        finally:
            announce.cancel()
            self._ready.clear()

    async def _announce_ready(self) -> None:
        while self.program.probe is not None:
            with contextlib.suppress(OSError):
                if await self.program.probe() and self._has_its_ports():
                    break
            await asyncio.sleep(PROBE_EVERY_SECONDS)
        self._ready.set()

    def _has_its_ports(self) -> bool:
        ports = self.program.ports
        return not ports or (self.pid is not None and listens(self.pid, ports))

    async def _run_step(self) -> None:
        self._process = await self._spawn()
        status = await self._process.wait()
        if status != 0:
            raise NotReadyError(self._complaint(f"ended with status {status}"))

    async def _spawn(self) -> asyncio.subprocess.Process:
        program = self.program
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with append_privately(self.log) as log:
            return await asyncio.create_subprocess_exec(
                *as_child(program.user, program.orphan_signal),
                *program.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=program.directory,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment, **self._mark},
                start_new_session=True,
            )

    def _note(self, line: str) -> None:
        with append_privately(self.log) as log:
            log.write(f"[supervisor] {self.program.name} {line}\n".encode())

    def _complaint(self, what: str) -> str:
        tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
        return f"{self.program.name} {what}; its log {self.log} ends:\n{tail}"
