"""A reader at work in a test: carries out what waits, in this process, and returns when nothing does."""

from commune_service.addresses import for_asyncpg
from fastapi import FastAPI
from roster_api.registers.steps import REGISTERS
from roster_api.rosters.reader import LISTS, Reader
from roster_api.rosters.reading.limited import Opener
from roster_api.rosters.steps import Equipment


def make_reader(app: FastAPI, *, opener: Opener | None = None) -> Reader:
    """On the application's database."""
    equipment = Equipment(app.state.sessions, opener or Opener())
    return Reader(equipment, for_asyncpg(str(app.state.settings.database_url)), (LISTS, REGISTERS))


async def work_off(app: FastAPI) -> None:
    """Everything that waits is read, or written."""
    await make_reader(app).work_off()
