"""What a service may do in its database: read and write rows. Tables belong to a role that no service logs in as."""

import asyncio
import os
import subprocess
import sysconfig
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from commune_stack.places import throwaway_directory
from commune_stack.postgres import Postgres
from commune_stack.supervisor import supervised

from tests.roster_api.planning_world import World, planning_world
from tests.support.owners import owning

pytestmark = pytest.mark.long

DENIED = asyncpg.InsufficientPrivilegeError
BEYOND_ROWS = (
    "truncate {table}",
    "alter table {table} disable trigger all",
    "alter table {table} add column extra int",
    "drop table {table} cascade",
    "create table {schema}.extra (number int)",
    "create table public.extra (number int)",
    "create schema extra",
    "create temporary table extra (number int)",
    "set session_replication_role = replica",
    "update {schema}.alembic_version set version_num = '0001'",
)


async def tables_of(connection: asyncpg.Connection, schema: str) -> list[str]:
    query = "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = $1"
    return [row[0] for row in await connection.fetch(query, schema)]


@pytest.mark.parametrize("schema", ["roster", "notifier"])
async def test_a_service_may_change_no_table_and_empty_none(schema: str, request: pytest.FixtureRequest) -> None:
    connection = await asyncpg.connect(request.getfixturevalue(f"{schema}_database_url"))
    try:
        tables = await tables_of(connection, schema)
        assert len(tables) > 2
        for table in tables:
            for statement in BEYOND_ROWS:
                with pytest.raises(DENIED):
                    await connection.execute(statement.format(table=table, schema=schema))
        owned = "select count(*) from pg_class where relowner = current_user::regrole"
        assert await connection.fetchval(owned) == 0
    finally:
        await connection.close()


@pytest.mark.parametrize("schema", ["roster", "notifier"])
async def test_a_service_opens_no_database_but_its_own(
    schema: str, roster_database_url: str, notifier_database_url: str, postgres_url: str
) -> None:
    urls = {"roster": roster_database_url, "notifier": notifier_database_url, "empty": postgres_url}
    scheme, where, *_ = urlsplit(urls.pop(schema))
    others = {urlsplit(urls["notifier" if schema == "roster" else "roster"]).path, "/postgres", "/template1"}
    for path in others:
        with pytest.raises(DENIED, match="permission denied for database"):
            await asyncpg.connect(urlunsplit((scheme, where, path, "", "")))


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with planning_world(roster_database_url) as made:
        yield made


async def test_not_even_the_owner_empties_tables_with_a_published_plan(world: World) -> None:
    emptied = "truncate roster.{} cascade"
    async with owning(world.app.state.settings.database_url) as connection:
        await connection.exec_driver_sql(emptied.format("plans"))  # nothing is published yet
        await connection.rollback()
        await world.make_published([(0, world.communes[0], [1, 2])])
        for table in ("plans", "placements", "responsibilities", "plan_shortfalls", "plan_withdrawals"):
            with pytest.raises(Exception, match="plans are published"):
                await connection.exec_driver_sql(emptied.format(table))
            await connection.rollback()


async def test_an_installation_of_one_role_is_handed_over_to_its_owner_and_goes_on() -> None:
    with throwaway_directory() as place:
        postgres = Postgres(place.path / "postgres", durable=False)
        await postgres.prepare()
        async with supervised(place.path, [postgres.program()]):
            await postgres.create_database("roster")
            await migrate({"ROSTER_DATABASE_URL": postgres.url("roster")})
            await postgres.create_service_database("roster")
            roles = {
                "ROSTER_DATABASE_URL": postgres.service_url("roster"),
                "ROSTER_MIGRATION_DATABASE_URL": postgres.owner_url("roster"),
            }
            await migrate(roles)
            await assert_rows_only(postgres.service_url("roster"))


async def test_the_script_of_the_servers_image_may_be_run_again_over_an_older_installation() -> None:
    with throwaway_directory() as place:
        postgres = Postgres(place.path / "postgres", durable=False)
        await postgres.prepare()
        passwords = {
            f"{service}_{role}_PASSWORD": f"{service}-{role}".lower()
            for service in ("ROSTER", "NOTIFIER")
            for role in ("DATABASE", "OWNER")
        }
        at = f"127.0.0.1:{postgres.port}/roster"
        service_url = f"postgresql://roster:roster-database@{at}"
        async with supervised(place.path, [postgres.program()]):
            server = await asyncpg.connect(postgres.url())
            await server.execute("create role roster login password 'roster-database'")
            await server.execute("create database roster owner roster")
            await server.close()
            await migrate({"ROSTER_DATABASE_URL": service_url})
            for _ in range(2):
                await run_script(postgres, passwords)
            owner_url = f"postgresql://roster_owner:roster-owner@{at}"
            await migrate({"ROSTER_DATABASE_URL": service_url, "ROSTER_MIGRATION_DATABASE_URL": owner_url})
            await assert_rows_only(service_url)
            with pytest.raises(DENIED):
                await asyncpg.connect(service_url.removesuffix("roster") + "notifier")


async def migrate(urls: dict[str, str]) -> None:
    command = Path(sysconfig.get_path("scripts")) / "roster-api"
    process = await asyncio.create_subprocess_exec(command, "migrate", env={**os.environ, **urls})
    assert await process.wait() == 0


async def run_script(postgres: Postgres, passwords: dict[str, str]) -> None:
    environment = {
        "PATH": f"{postgres.binaries}:{os.environ['PATH']}",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(postgres.port),
        "PGPASSWORD": postgres.password,
        **passwords,
    }
    script = Path(__file__).parents[2] / "deploy/postgres-databases.sh"
    ran = await asyncio.to_thread(
        subprocess.run, ["/bin/sh", str(script)], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


async def assert_rows_only(service_url: str) -> None:
    connection = await asyncpg.connect(service_url)
    try:
        await connection.execute("insert into roster.fields values ('x', 'x', 'x', 'x', 99)")
        await connection.execute("delete from roster.fields where code = 'x'")
        for statement in ("truncate roster.plans cascade", "alter table roster.plans disable trigger all"):
            with pytest.raises(DENIED):
                await connection.execute(statement)
    finally:
        await connection.close()
