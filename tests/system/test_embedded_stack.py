"""The embedded stack: real servers, started and stopped by anybody, leaving nothing behind."""

import asyncpg
import redis


async def test_a_fresh_database_is_empty_and_on_postgres_18(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    assert (await connection.fetchval("show server_version")).startswith("18")
    assert await connection.fetchval("select count(*) from pg_tables where schemaname = 'public'") == 0
    await connection.close()


async def test_the_roster_database_is_migrated(roster_database_url: str) -> None:
    connection = await asyncpg.connect(roster_database_url)
    assert await connection.fetchval("select count(*) from pg_tables where schemaname = 'roster'") > 5
    await connection.close()


def test_valkey_answers_and_is_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("here", 1)
