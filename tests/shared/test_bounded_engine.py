"""What a client that stops in the middle leaves: nobody waits for its locks for ever."""

from typing import Any

from commune_service.addresses import for_sqlalchemy
from commune_service.bounded_engine import create_bounded_engine
from sqlalchemy import text


async def test_a_client_stopped_between_preparing_a_statement_and_running_it_keeps_its_locks_no_longer_than_allowed(
    postgres_url: str,
) -> None:
    engine = create_bounded_engine(for_sqlalchemy(postgres_url), timeout_seconds=60, transaction_seconds=1)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("create table counters (number int)"))
            await connection.execute(text("insert into counters values (1)"))
        stopped = await engine.connect()
        await stopped.execute(text("update counters set number = 2"))
        driver: Any = (await stopped.get_raw_connection()).driver_connection
        await driver.prepare("select number from counters")  # and then it is heard of no more
        async with engine.connect() as other:
            query = "select state from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()"
            states = await other.execute(text(query))
            assert "active" in states.scalars().all(), "not what the server calls idle"
        async with engine.begin() as other:
            await other.execute(text("update counters set number = number + 2"))
        async with engine.connect() as other:
            assert await other.scalar(text("select number from counters")) == 3
        await stopped.invalidate()
    finally:
        await engine.dispose()
