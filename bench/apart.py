"""Runs one benchmark module in a process of its own: neither solver libraries nor peaks of memory mix."""

import importlib
import multiprocessing
import resource
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any


def run_apart(module: str, only: str) -> Iterator[dict[str, Any]]:
    """The module's rows as they come, each with the peak memory so far. Raises RuntimeError when the module fails."""
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=run_here, args=(module, only, sending))
    process.start()
    sending.close()
    while True:
        try:
            yield receiving.recv()
        except EOFError:
            break
    process.join()
    if process.exitcode:
        raise RuntimeError(f"ended with status {process.exitcode}")


def run_here(module: str, only: str, sending: Connection) -> None:
    started = time.perf_counter()
    for row in importlib.import_module(f"bench.{module}").rows():
        if row["name"].startswith(only):
            sending.send({**row, **usage(), "elapsed_seconds": round(time.perf_counter() - started, 3)})
    sending.close()


def usage() -> dict[str, float]:
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"peak_memory_mb": round(max(own, children) / 1024, 1)}
