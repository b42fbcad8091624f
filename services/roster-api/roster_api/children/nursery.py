"""Children that open what others sent, as their parent has them: forked elsewhere, talked to over a socket, killed."""

import asyncio
import atexit
import contextlib
import os
import socket
import subprocess
import sys
import threading
from enum import IntEnum

from roster_api.children.fork_server import ANSWERED, ASKED, KILL, START

PIECE = 256 * 1024
LONGEST_LINE = 64 * 1024 * 1024
ENDED_WITHIN_SECONDS = 5
PASSED_ON = ("PATH", "LANG", "LC_", "TZ", "TMPDIR", "PYTHON", "VIRTUAL_ENV", "COVERAGE_")
"""The beginnings of the environment's names that children see: no setting and no key is among them."""


class Program(IntEnum):
    """What a child can be: the place among MODULES."""

    FILE = 0
    DOCUMENT = 1


MODULES = ("roster_api.rosters.reading.child", "roster_api.documents.child")


class Nursery:
    """The fork server of this process, started with the first child or by `prepare`. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: subprocess.Popen[bytes] | None = None
        self._asking: socket.socket | None = None

    def prepare(self) -> None:
        """The server is there, or on its way."""
        with self._lock:
            self._connect()

    def start(self, program: Program) -> tuple[int, socket.socket]:
        """(process id, the socket to a new child). Blocks while it forks; a server that died is replaced."""
        with self._lock:
            try:
                return self._start(self._connect(), program)
            except OSError:
                self._forget()
                return self._start(self._connect(), program)

    def kill(self, process_id: int) -> None:
        """The child, if it still lives; one of a server that is gone was killed with it."""
        asking = self._asking
        with contextlib.suppress(OSError):
            if asking is not None:
                asking.sendall(ASKED.pack(KILL, process_id))

    def close(self) -> None:
        """The server ends, and its children with it; the next child starts another."""
        with self._lock:
            self._forget()

    def _start(self, asking: socket.socket, program: Program) -> tuple[int, socket.socket]:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(asking, [ASKED.pack(START, program)], [theirs.fileno()])
            answer = asking.recv(ANSWERED.size, socket.MSG_WAITALL)
            if len(answer) < ANSWERED.size:
                raise ConnectionResetError("the server of children is gone")
        except OSError:
            ours.close()
            raise
        return ANSWERED.unpack(answer)[0], ours

    def _connect(self) -> socket.socket:
        if self._asking is None:
            self._asking, theirs = socket.socketpair()
            with theirs:
                self._server = subprocess.Popen(  # noqa: S603 - this interpreter, modules of ours, a number
                    [sys.executable, "-m", "roster_api.children.fork_server", str(theirs.fileno()), *MODULES],
                    pass_fds=[theirs.fileno()], env=_environment(), start_new_session=True,
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
        return self._asking

    def _forget(self) -> None:
        if self._asking is not None and self._server is not None:
            self._asking.close()  # which ends the server, where it still lives
            try:
                self._server.wait(ENDED_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
        self._asking = self._server = None


NURSERY = Nursery()
atexit.register(NURSERY.close)


class Child:
    """One child. `send` its task, read `lines`; `kill` it in the end, whatever happened."""

    def __init__(self, process_id: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._process_id = process_id
        self.lines = reader
        self._writer = writer

    @classmethod
    async def start(cls, program: Program) -> "Child":
        process_id, ours = await asyncio.to_thread(NURSERY.start, program)
        return cls(process_id, *await asyncio.open_connection(sock=ours, limit=LONGEST_LINE))

    async def send(self, *parts: bytes) -> None:
        """Its whole task, piece by piece: a file is not copied whole to be sent.

        A child that is gone has said why, or its end tells.
        """
        with contextlib.suppress(OSError):
            for part in parts:
                whole = memoryview(part)
                for start in range(0, len(part), PIECE):
                    self._writer.write(whole[start : start + PIECE])
                    await self._writer.drain()
            self._writer.write_eof()

    async def kill(self) -> None:
        """One that has ended is not touched."""
        NURSERY.kill(self._process_id)
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(PASSED_ON)}
