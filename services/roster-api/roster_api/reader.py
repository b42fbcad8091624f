"""Composition root of `roster-api reader`: settings in, lists read and written for ever, until SIGTERM or SIGINT."""

import asyncio
import gc
import signal
from collections.abc import Callable

from commune_service.addresses import for_asyncpg
from commune_service.sealing import use_sealer

from roster_api.database import create_engine, create_sessions
from roster_api.registers.steps import REGISTERS
from roster_api.rosters.reader import LANES, LEASE_SECONDS, LISTS, Reader
from roster_api.rosters.reading.limited import Opener
from roster_api.rosters.steps import Equipment
from roster_api.settings import Settings


def run(
    settings: Settings, *, lease_seconds: float = LEASE_SECONDS, at_step: Callable[[str], None] = lambda _: None
) -> None:
    """Read until told to stop. `at_step` hears every step before it is taken, which is how the tests stop it there."""
    gc.set_threshold(100_000, 50, 50)  # a list is millions of small objects, none of them in a ring
    asyncio.run(_run(settings, lease_seconds, at_step))


async def _run(settings: Settings, lease_seconds: float, at_step: Callable[[str], None]) -> None:
    use_sealer(settings.make_sealer())
    engine = create_engine(settings.database_url, pool_size=4, timeout_seconds=settings.database_timeout_seconds)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    opener = Opener(at_once=LANES)
    equipment = Equipment(create_sessions(engine), opener, settings.list_timeout_seconds, at_step)
    reader = Reader(equipment, for_asyncpg(settings.database_url), (LISTS, REGISTERS), lease_seconds)
    try:
        await reader.run(stop)
    finally:
        await engine.dispose()
