"""Alembic's environment: always on a connection handed over by roster_api.migrations."""

from alembic import context

from roster_api.database import SCHEMA
from roster_api.migrations.tables import metadata


def include_name(name: str | None, type_: str, _parents: object) -> bool:
    """Only our own schema is ours to compare."""
    return type_ != "schema" or name == SCHEMA


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table_schema=SCHEMA,
    include_schemas=True,
    include_name=include_name,
    compare_server_default=True,
)
context.run_migrations()
