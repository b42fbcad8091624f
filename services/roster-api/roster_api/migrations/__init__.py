"""The schema "roster" over time: `roster-api migrate`, run as a step of its own, never at service start."""

import asyncio
from pathlib import Path

from commune_service.migrations import Migrations

from roster_api.database import SCHEMA, create_engine
from roster_api.settings import Settings

MIGRATIONS = Migrations(schema=SCHEMA, folder=Path(__file__).parent, advisory_lock=7_305_001)


async def upgrade(database_url: str, *, revision: str = "head") -> None:
    """All missing revisions in one transaction: the schema is at `revision`, or as it was."""
    await MIGRATIONS.upgrade(create_engine(database_url, timeout_seconds=None), revision=revision)


async def write_revision(database_url: str, *, name: str) -> None:
    """A new revision file in versions/, from what the models have and a migrated database has not."""
    await MIGRATIONS.write_revision(create_engine(database_url, timeout_seconds=None), name=name)


def migrate(settings: Settings) -> None:
    """`roster-api migrate`."""
    asyncio.run(upgrade(settings.database_url))
