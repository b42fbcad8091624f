"""One schema over time: Alembic inside a service's package, run as a step of its own, never at service start."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect, make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine

LOCK_TIMEOUT = "4s"
log = structlog.get_logger()


@dataclass(frozen=True)
class Migrations:
    """The revisions of one schema. `advisory_lock`: two migrations started at once run one after the other."""

    schema: str
    folder: Path
    """Where env.py and versions/ are."""
    advisory_lock: int
    pauses: Mapping[str, Callable[[AsyncEngine], Awaitable[None]]] = field(default_factory=dict)
    """By revision, in their order: work between it and the next, in short transactions of its own. Whoever was killed
    at it, or before the next revision, does it again: it must find by itself what is left."""
    append_only: Sequence[str] = ()
    """Tables whose rows the service may add and read, and never change or take away."""

    def config(self, connection: Connection | None = None, *, compares: bool = False) -> Config:
        """Alembic's configuration without an ini file; env.py uses the given connection, and the models to compare."""
        config = Config()
        config.set_main_option("script_location", str(self.folder).replace("%", "%%"))
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        config.attributes["compares"] = compares
        return config

    async def upgrade(self, engine: AsyncEngine, *, revision: str = "head", service_role: str | None = None) -> None:
        """All missing revisions, in one transaction where there is no pause among them. Disposes the engine.

        `service_role`: the role that is to read and write rows, and to do nothing else.
        """
        try:
            async with engine.connect() as guard:
                await guard.execution_options(isolation_level="AUTOCOMMIT")
                await guard.execute(text("select pg_advisory_lock(:key, 1)"), {"key": self.advisory_lock})
                for stop, work in self.pauses.items():
                    if await self._pauses_at(engine, stop, revision):
                        await self._upgrade_to(engine, stop, service_role)
                        await work(engine)
                await self._upgrade_to(engine, revision, service_role)
                await guard.execute(text("select pg_advisory_unlock(:key, 1)"), {"key": self.advisory_lock})
        finally:
            await engine.dispose()

    async def _upgrade_to(self, engine: AsyncEngine, revision: str, service_role: str | None) -> None:
        async with engine.begin() as connection:
            await connection.run_sync(self._upgrade, revision)
            if service_role is not None:
                await connection.run_sync(self._grant_rows, service_role)

    async def _pauses_at(self, engine: AsyncEngine, stop: str, revision: str) -> bool:
        """Whether the revision after `stop` is on the way to `revision`, and not there yet."""
        script = ScriptDirectory.from_config(self.config())
        async with engine.connect() as connection:
            await connection.execute(text(f"set local lock_timeout = '{LOCK_TIMEOUT}'"))
            current = await connection.run_sync(self._current_revision)
        there = {each.revision for each in script.iterate_revisions(current, "base")} if current else set()
        wanted = {each.revision for each in script.iterate_revisions(revision, "base")}
        after = set(script.get_revision(stop).nextrev)
        return bool(after & wanted - there)

    def _current_revision(self, connection: Connection) -> str | None:
        options = {"version_table_schema": self.schema}
        return MigrationContext.configure(connection, opts=options).get_current_revision()

    async def write_revision(self, engine: AsyncEngine, *, name: str) -> None:
        """A new file in versions/, from what the models have and the database has not. Disposes the engine."""
        try:
            async with engine.connect() as connection:
                await connection.run_sync(
                    lambda sync: command.revision(self.config(sync, compares=True), message=name, autogenerate=True)
                )
        finally:
            await engine.dispose()

    def _upgrade(self, connection: Connection, revision: str) -> None:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": self.advisory_lock})
        connection.execute(text(f"set local lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text("set local statement_timeout = 0"))
        connection.execute(text(f"create schema if not exists {self.schema}"))
        command.upgrade(self.config(connection), revision)

    def _grant_rows(self, connection: Connection, service_role: str) -> None:
        """Rows of every table, of which a new revision may have made some: no TRUNCATE, no table is the role's own."""
        role = connection.dialect.identifier_preparer.quote_identifier(service_role)
        held = [name for name in self.append_only if inspect(connection).has_table(name, schema=self.schema)]
        for statement in (
            f"grant usage on schema {self.schema} to {role}",
            f"revoke all on all tables in schema {self.schema} from {role}",
            f"grant select, insert, update, delete on all tables in schema {self.schema} to {role}",
            f"grant usage on all sequences in schema {self.schema} to {role}",
            f"revoke insert, update, delete on {self.schema}.alembic_version from {role}",
            *(f"revoke update, delete on {self.schema}.{name} from {role}" for name in held),
        ):
            connection.execute(text(statement))


def service_role_of(*, service_url: str, owner_url: str | None) -> str | None:
    """The role to grant rows to; None where one role does both, which the log says: such a role may do anything."""
    role = make_url(service_url).username
    if owner_url is None or make_url(owner_url).username == role:
        log.warning("migrations.service_owns_its_tables", role=role)
        return None
    return role


def run_environment(*, models: Callable[[], MetaData], schema: str) -> None:
    """The body of an env.py: always on a connection handed over by Migrations.

    `models`: every table as the code has it, asked for only where a database is compared with it.
    """
    given = context.config.attributes

    def include_name(name: str | None, type_: str, _parents: Any) -> bool:
        return type_ != "schema" or name == schema  # only our own schema is ours to compare

    context.configure(
        connection=given["connection"],
        target_metadata=models() if given["compares"] else None,
        version_table_schema=schema,
        include_schemas=True,
        include_name=include_name,
        compare_server_default=True,
    )
    context.run_migrations()
