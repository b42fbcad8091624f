"""The schema "roster" over time: Alembic inside the package, run as a step of its own, never at service start."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from roster_api.database import SCHEMA, create_engine
from roster_api.settings import Settings

HERE = Path(__file__).parent
ONE_AT_A_TIME = 7_305_001
"""Advisory lock: two migrations started at once run one after the other."""


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration without an ini file; env.py uses the given connection."""
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection, revision: str) -> None:
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
    connection.execute(text("set local lock_timeout = '4s'"))
    connection.execute(text("set local statement_timeout = 0"))
    connection.execute(text(f"create schema if not exists {SCHEMA}"))
    command.upgrade(alembic_config(connection), revision)


async def upgrade(database_url: str, *, revision: str = "head") -> None:
    """All missing revisions in one transaction: the schema is at `revision`, or as it was."""
    engine = create_engine(database_url, timeout_seconds=None)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, revision)
    finally:
        await engine.dispose()


def migrate(settings: Settings) -> None:
    """`roster-api migrate`."""
    asyncio.run(upgrade(settings.database_url))


async def write_revision(database_url: str, *, name: str) -> None:
    """A new revision file in versions/, from what the models have and a migrated database has not."""
    engine = create_engine(database_url, timeout_seconds=None)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(
                lambda sync: command.revision(alembic_config(sync), message=name, autogenerate=True)
            )
    finally:
        await engine.dispose()
