"""A solver process started and ended, with what it prints to standard error."""

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass

LONGEST_LINE = 1 << 30
STDERR_TAIL = 4000


@dataclass
class Errors:
    """What a process prints to standard error, for as long as it lives."""

    tail: bytes = b""
    reading: "asyncio.Task[None] | None" = None

    async def read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None  # noqa: S101 - opened as a pipe
        while chunk := await process.stderr.read(65536):
            self.tail = (self.tail + chunk)[-STDERR_TAIL:]


async def start_process() -> tuple[asyncio.subprocess.Process, Errors]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "matching_worker.child.main",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        limit=LONGEST_LINE,
        env=environment,
    )
    errors = Errors()
    errors.reading = asyncio.create_task(errors.read(process))
    return process, errors


async def end_process(process: asyncio.subprocess.Process, errors: Errors) -> None:
    """Kill it if need be, and wait until nothing of it is left."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
    if errors.reading is not None:
        await asyncio.gather(errors.reading, return_exceptions=True)
