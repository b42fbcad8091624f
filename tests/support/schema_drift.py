"""What a migrated schema has that its models have not, or the other way round."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData


def list_drift(connection: Connection, *, schema: str, metadata: MetaData) -> list[object]:
    """Alembic's differences, server defaults among them; empty when the database is what the models say."""
    options = {
        "include_schemas": True,
        "version_table_schema": schema,
        "compare_server_default": True,
        "include_name": lambda name, type_, _parents: type_ != "schema" or name == schema,
    }
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))
