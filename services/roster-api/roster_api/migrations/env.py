"""Alembic's environment of the schema "roster"."""

from commune_service.migrations import run_environment

from roster_api.database import SCHEMA
from roster_api.migrations.tables import metadata

run_environment(metadata=metadata, schema=SCHEMA)
