"""Imports without the collector: a service makes a million objects at its start, and none of them is garbage."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def without_collector() -> Iterator[None]:
    """Imports in this block take a fifth less time. What they made is left out of every later collection."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def collect_less() -> None:
    """For a process that answers requests: what is made for one is given back by counting, save for a ring here and
    there. Looked for after every 700 new objects those took a seventh of its time."""
    gc.set_threshold(20_000, 20, 50)
