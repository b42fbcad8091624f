"""Keeps a list of programs running, in order, under one directory; stops them in the reverse order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from commune_stack.places import DIRECTORY_MARK
from commune_stack.programs import Process, Program

READY_TIMEOUT_SECONDS = 150.0


class Supervisor:
    """Programs by name. Each starts when the one before it is ready; each has its log in `logs/<name>.log`."""

    def __init__(self, directory: Path, *, ready_timeout_seconds: float = READY_TIMEOUT_SECONDS) -> None:
        self.directory = directory
        self.logs = directory / "logs"
        self.ready_timeout_seconds = ready_timeout_seconds
        self.processes: dict[str, Process] = {}

    async def start(self, programs: Iterable[Program], *, together: bool = False) -> None:
        """Start these after what is already running. `together`: do not wait for one before starting the next."""
        started = [self._add(program) for program in programs]
        if together:
            await asyncio.gather(*(self._bring_up(process) for process in started))
        else:
            for process in started:
                await self._bring_up(process)

    async def stop(self) -> None:
        """Stop everything, last started first. May be called twice."""
        while self.processes:
            _, process = self.processes.popitem()
            await process.stop()

    def __getitem__(self, name: str) -> Process:
        return self.processes[name]

    async def wait_ready(self) -> None:
        """Until everything answers again, such as after a kill."""
        for process in list(self.processes.values()):
            await process.wait_ready(self.ready_timeout_seconds)

    async def _bring_up(self, process: Process) -> None:
        await process.start()
        await process.wait_ready(self.ready_timeout_seconds)

    def _add(self, program: Program) -> Process:
        if program.name in self.processes:
            raise ValueError(f"{program.name} is already supervised")
        mark = {DIRECTORY_MARK: str(self.directory)}
        process = Process(program, log=self.logs / f"{program.name}.log", mark=mark)
        if not program.is_step:
            self.processes[program.name] = process
        return process


@contextlib.asynccontextmanager
async def supervised(directory: Path, programs: Iterable[Program]) -> AsyncIterator[Supervisor]:
    """These programs running for the length of a block, stopped however it ends."""
    supervisor = Supervisor(directory)
    try:
        await supervisor.start(programs)
        yield supervisor
    finally:
        await asyncio.shield(supervisor.stop())
