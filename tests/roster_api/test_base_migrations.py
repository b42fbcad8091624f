"""The schema: migrating makes what the models say, in one line of revisions, and gives up rather than block others."""

import asyncio
import json
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import roster_api
from alembic.script import ScriptDirectory
from commune_schemas.matching import MatchingProblem
from roster_api.database import SCHEMA, create_engine
from roster_api.errors import CONSTRAINTS
from roster_api.migrations import MIGRATIONS, tables, upgrade
from roster_api.migrations.tables import metadata
from roster_api.settings import Settings
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.matching_worker.problems import make_problem
from tests.support.schema_drift import list_drift


def with_driver(url: str) -> str:
    return Settings(database_url=url).database_url


async def test_the_migrated_database_is_what_the_models_say(module_roster_database_url: str) -> None:
    engine = create_engine(with_driver(module_roster_database_url))
    async with engine.connect() as connection:
        assert await connection.run_sync(list_drift, schema=SCHEMA, metadata=metadata) == []
    await engine.dispose()


def test_every_folders_tables_are_known_to_the_migrations() -> None:
    """Whatever else was imported before: a process that migrates imports no more."""
    root = Path(roster_api.__file__).parent
    known = Path(tables.__file__).read_text()
    models = sorted(path.parent.name for path in root.glob("*/models.py"))
    assert [name for name in models if f"import roster_api.{name}.models\n" not in known] == []


def test_the_revisions_are_one_line() -> None:
    script = ScriptDirectory.from_config(MIGRATIONS.config())
    assert len(script.get_heads()) == 1
    assert all(not revision.is_merge_point for revision in script.walk_revisions())


async def test_every_constraint_with_words_exists(module_roster_database_url: str) -> None:
    engine = create_engine(with_driver(module_roster_database_url))
    query = text(
        "select conname from pg_constraint where connamespace = 'roster'::regnamespace"
        " union select indexname from pg_indexes where schemaname = 'roster'"
    )
    async with engine.connect() as connection:
        known = set((await connection.execute(query)).scalars())
        functions = text("select string_agg(prosrc, ' ') from pg_proc where pronamespace = 'roster'::regnamespace")
        raised_by_functions = (await connection.execute(functions)).scalar() or ""
    await engine.dispose()
    assert {name for name in CONSTRAINTS if name not in known and name not in raised_by_functions} == set()


async def test_two_migrations_started_at_once_both_end_well(postgres_url: str) -> None:
    await asyncio.gather(upgrade(with_driver(postgres_url)), upgrade(with_driver(postgres_url)))
    connection = await asyncpg.connect(postgres_url)
    try:
        assert await connection.fetchval("select count(*) from roster.provinces") == 34
        assert await connection.fetchval("select count(*) from roster.duties") == 7
        assert await connection.fetchval("select count(*) from roster.alembic_version") == 1
    finally:
        await connection.close()


async def test_a_migration_waits_four_seconds_for_a_lock_and_then_leaves_all_as_it_was(postgres_url: str) -> None:
    await upgrade(with_driver(postgres_url), revision="0001")
    holder = await asyncpg.connect(postgres_url)
    try:
        transaction = holder.transaction()
        await transaction.start()
        await holder.execute("lock table roster.alembic_version in access exclusive mode")
        with pytest.raises(DBAPIError, match="lock timeout"):
            await asyncio.wait_for(upgrade(with_driver(postgres_url)), 15)
        await transaction.rollback()
        assert await holder.fetchval("select version_num from roster.alembic_version") == "0001"
    finally:
        await holder.close()


async def test_a_problem_frozen_before_absences_had_a_kind_is_read_as_before(postgres_url: str) -> None:
    await upgrade(with_driver(postgres_url), revision="0005")
    connection = await asyncpg.connect(postgres_url)
    frozen = make_problem().model_dump(mode="json", exclude={"days_off", "moved_days", "absences"}) | {"teaching": []}
    try:
        await connection.execute("set session_replication_role = replica")  # a run alone, without what it hangs on
        await connection.execute(
            "insert into roster.matching_runs (id, campaign_id, outbox_id, status, options, problem, requested_by,"
            " deadline_at, attempts, last_event, conflict)"
            " values ($1, $1, $1, 'queued', '{}', $2, 'test', now(), 0, 0, '[]')",
            uuid4(),
            json.dumps(frozen),
        )
        await upgrade(with_driver(postgres_url))
        stored = json.loads(await connection.fetchval("select problem from roster.matching_runs"))
    finally:
        await connection.close()
    assert list(stored)[:-1] == list(frozen)[:-1], "in the same order"
    assert MatchingProblem.model_validate(stored).absences == []
