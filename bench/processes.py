"""Every piece of work in a process of its own, as in production: peaks of memory do not mix, and a crash is seen.

The processes are forked from a server that has the solver libraries loaded already, so that starting one takes
milliseconds and is not what is measured.
"""

import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

PROCESSES = 2
LOADED = ("bench.cases", "highspy", "scipy.sparse.csgraph")

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Run(Generic[Result]):
    result: Result
    peak_memory_mb: float
    """The most memory the process ever held (ru_maxrss)."""
    ended: float
    """Seconds from the start of all work to this result."""


def run_apart(
    work: Callable[[Task], Result], tasks: Sequence[Task], *, processes: int = PROCESSES
) -> list[Run[Result]]:
    """work(task) for each task, at most so many at once; the runs are in the order of the tasks.

    `work` is a function of a module. Raises RuntimeError when a process fails or dies; the others are then ended.
    """
    context = server()
    runs: dict[int, Run[Result]] = {}
    alive: dict[Connection, tuple[int, BaseProcess]] = {}
    waiting = list(enumerate(tasks))[::-1]
    began = time.monotonic()
    try:
        while waiting or alive:
            while waiting and len(alive) < processes:
                number, task = waiting.pop()
                receiving, sending = context.Pipe(duplex=False)
                process: BaseProcess = context.Process(target=answer, args=(work, task, sending))
                process.start()
                sending.close()
                alive[receiving] = number, process
            for ready in wait(list(alive)):
                assert isinstance(ready, Connection)
                number, process = alive.pop(ready)
                result, peak = hear(ready, process)
                runs[number] = Run(result, peak, time.monotonic() - began)
    finally:
        for _, process in alive.values():
            process.terminate()
    return [runs[number] for number in range(len(tasks))]


def hear(receiving: Connection, process: BaseProcess) -> Any:
    try:
        return receiving.recv()
    except EOFError:
        process.join()
        raise RuntimeError(f"a measured process ended with status {process.exitcode}") from None
    finally:
        receiving.close()
        process.join()


def answer(work: Callable[[Any], Any], task: Any, sending: Connection) -> None:
    result = work(task)
    sending.send((result, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


@cache
def server() -> ForkServerContext:
    """The server, ready: with one thread for linear algebra, as the worker gives a solver."""
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    first = context.Process(target=int)
    first.start()
    first.join()
    return context
