"""Alembic's environment: always on a connection handed over by notifier.migrations."""

from alembic import context

from notifier import models
from notifier.database import SCHEMA


def include_name(name: str | None, type_: str, _parents: object) -> bool:
    """Only our own schema is ours to compare."""
    return type_ != "schema" or name == SCHEMA


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=models.Message.metadata,
    version_table_schema=SCHEMA,
    include_schemas=True,
    include_name=include_name,
    compare_server_default=True,
)
context.run_migrations()
