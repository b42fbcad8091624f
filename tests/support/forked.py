"""The roster's commands in processes of their own, each a copy of one that has imported them: at work at once.

An interpreter imports a service for three seconds; the one here does so once for all tests of a worker. A copy has its
own environment and output, is killed, stopped and waited for like any process, and takes over nothing of the test's.
"""

import asyncio
import importlib
import multiprocessing
import os
import signal
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.deadlines import until

PRELOADED = ["roster_api.main", "roster_api.operators", "roster_api.reader"]
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(PRELOADED)


class Forked:
    """A running copy; `returncode` as asyncio's own processes tell it."""

    def __init__(self, process: Any) -> None:
        self._process = process
        self.pid: int = process.pid

    @property
    def returncode(self) -> int | None:
        code: int | None = self._process.exitcode
        return code

    def send_signal(self, number: signal.Signals) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        await until(lambda: self.returncode is not None)
        code = self.returncode
        assert code is not None
        return code


async def fork(target: str, *arguments: Any, environment: Mapping[str, str], output: Path | None = None) -> Forked:
    """`target`: module:function, which is given the arguments. What it prints is appended to `output`."""
    process = CONTEXT.Process(target=_become, args=(target, arguments, dict(environment), output), daemon=True)
    await asyncio.to_thread(process.start)
    return Forked(process)


async def run(target: str, *arguments: Any, environment: Mapping[str, str]) -> tuple[int, str]:
    """(status, what it printed) of one that ends by itself."""
    with tempfile.NamedTemporaryFile() as printed:
        process = await fork(target, *arguments, environment=environment, output=Path(printed.name))
        return await process.wait(), printed.read().decode()


def _become(target: str, arguments: tuple[Any, ...], environment: dict[str, str], output: Path | None) -> None:
    os.environ.clear()
    os.environ.update(environment)
    with (output or Path(os.devnull)).open("ab") as opened:
        os.dup2(opened.fileno(), 1)
    module, _, name = target.partition(":")
    getattr(importlib.import_module(module), name)(*arguments)
