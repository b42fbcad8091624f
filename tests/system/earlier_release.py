"""The dump of a database that an earlier release filled (data/README.md), brought into a database of a test's own."""

import gzip
import json
from pathlib import Path
from typing import Any

import asyncpg

DATA = Path(__file__).with_name("data")
SCHEMAS = ("roster", "notifier")
FACTS: dict[str, Any] = json.loads((DATA / "earlier_release.json").read_text("utf-8"))
"""What the dump cannot tell of itself: keys, tokens of personal links by person, and which row is which."""

MOVE_CLOCK = """
do $$
declare
    moment record;
    passed interval := now() - (select max(at) from (
        select max(created_at) as at from {schema}.{youngest} union select timestamptz '-infinity') youngest);
begin
    for moment in select table_name, column_name from information_schema.columns
        where table_schema = '{schema}' and data_type = 'timestamp with time zone'
    loop
        execute format('update {schema}.%I set %I = %I + $1', moment.table_name, moment.column_name, moment.column_name)
            using passed;
    end loop;
end $$
"""
YOUNGEST = {"roster": "outbox", "notifier": "messages"}
"""By schema: the table whose newest row says when the dump was made."""


async def restore(url: str, schema: str) -> None:
    """The dump as if it had been made this moment: how long ago anything happened is as it was then."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(gzip.decompress((DATA / f"{schema}.sql.gz").read_bytes()).decode("utf-8"))
        await connection.execute("reset all")
        await connection.execute("set session_replication_role = replica")  # rows of published plans refuse changes
        await connection.execute(MOVE_CLOCK.format(schema=schema, youngest=YOUNGEST[schema]))
    finally:
        await connection.close()


async def read_rows(url: str, query: str) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(url)
    try:
        return [dict(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def change(url: str, statement: str, *values: Any) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement, *values)
    finally:
        await connection.close()
