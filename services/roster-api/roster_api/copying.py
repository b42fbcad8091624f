"""Rows added by COPY: many at once, in a session's transaction, past the session."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.direct import DIALECT

COPIED_AT_ONCE = 2000
Maker = Callable[[Any], Any]


async def copy_rows(
    session: AsyncSession, table: Table, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]
) -> None:
    """Adds rows by COPY, in the session's transaction. Each value goes through its column's type, as in an INSERT."""
    records = _make_records(columns, makers_of(table, columns), rows)
    sending: asyncio.Future[Any] | None = None
    try:
        # The next rows are made while the server stores the last ones.
        while some := await asyncio.to_thread(lambda: list(islice(records, COPIED_AT_ONCE))):
            if sending is not None:
                await sending
            sending = asyncio.ensure_future(copy_records(session, table, columns, some))
    finally:
        if sending is not None:
            await sending


async def copy_records(
    session: AsyncSession, table: Table, columns: Sequence[str], records: Sequence[tuple[Any, ...]]
) -> None:
    """Adds rows by COPY, in the session's transaction, which has begun; values as the driver takes them."""
    raw = await (await session.connection()).get_raw_connection()
    driver: Any = raw.driver_connection
    await driver.copy_records_to_table(table.name, schema_name=table.schema, columns=columns, records=records)


def makers_of(table: Table, columns: Sequence[str]) -> list[tuple[int, Maker]]:
    """(place among `columns`, what makes the driver's value of a column's), of those that need it."""
    made = [table.c[name].type.dialect_impl(DIALECT).bind_processor(DIALECT) for name in columns]
    return [(place, make) for place, make in enumerate(made) if make is not None]


def _make_records(
    columns: Sequence[str], makers: Sequence[tuple[int, Maker]], rows: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    """The rows' values in the order of `columns`, those that have a maker as it makes them."""
    values_of = itemgetter(*columns)
    for row in rows:
        values = list(values_of(row))
        for place, make in makers:
            values[place] = make(values[place])
        yield tuple(values)
