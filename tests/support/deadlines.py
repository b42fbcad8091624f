"""Waiting for something to become true, with a deadline: the only way tests wait."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

PATIENCE_SECONDS = 90.0
"""Long enough for a machine that is busy with ten other things. Only a test that fails waits so long."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.02, 0.25


async def until(
    condition: Callable[[], Any],
    *,
    seconds: float = PATIENCE_SECONDS,
    is_brief: bool = False,
    longest_pause: float = LONGEST_PAUSE,
) -> None:
    """Returns as soon as the condition holds; AssertionError when it does not within `seconds`.

    A condition that asks others is asked less often the longer it takes: asking keeps them from what is waited for.
    `is_brief`: what is waited for soon passes, so it is looked for at the same short intervals.
    """
    loop = asyncio.get_running_loop()
    started = loop.time()
    while True:
        holds = condition()
        asks_others = inspect.isawaitable(holds)
        if await holds if asks_others else holds:
            return
        waited = loop.time() - started
        if waited > seconds:
            raise AssertionError(f"not within {seconds} s: {inspect.getsource(condition).strip()}")
        is_patient = asks_others and not is_brief
        await asyncio.sleep(min(longest_pause, max(SHORTEST_PAUSE, waited / 10)) if is_patient else SHORTEST_PAUSE)
