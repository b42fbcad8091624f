"""Alembic's environment of the schema "roster"."""

from commune_service.migrations import run_environment
from sqlalchemy import MetaData

from roster_api.database import SCHEMA


def models() -> MetaData:
    from roster_api.migrations.tables import metadata  # noqa: PLC0415 - a third of what `migrate` takes, not needed there

    return metadata


run_environment(models=models, schema=SCHEMA)
