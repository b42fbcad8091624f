"""`roster-api lookup-key rotate`: every digest made anew with the lookup key of the settings.

Bring the new key to every process first. Until the command is done a whole phone or address may not be found, and one
human on two lists may pass for two; what is written meanwhile is digested with the new key already.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence

import sqlalchemy as sa
from commune_service.sealed_columns import place_of
from commune_service.sealing import get_sealer
from sqlalchemy.ext.asyncio import AsyncConnection

from roster_api.commands.words import Parsers, add_command
from roster_api.contacts import digest_email, digest_phone
from roster_api.database import SCHEMA, create_engine
from roster_api.settings import Settings

DIGESTED: Sequence[tuple[str, str, Callable[[str], bytes]]] = (
    ("accounts", "email", digest_email),
    ("staff", "email", digest_email),
    ("staff", "phone", digest_phone),
    ("volunteers", "email", digest_email),
    ("volunteers", "phone", digest_phone),
)
"""(table, what is digested, how). A test holds them against the models."""
ROWS_AT_ONCE = 500


def add_commands(commands: Parsers) -> None:
    words = ("khóa tra cứu số điện thoại và email", "the key by which phones and e-mails are looked up")
    verbs = add_command(commands, "lookup-key", *words).add_subparsers(dest="action", required=True)
    add_command(
        verbs,
        "rotate",
        "tính lại mọi dấu tra cứu bằng khóa trong cấu hình; bị ngắt thì chạy lại",
        "make every digest anew with the settings' key; killed, it is run again",
    )


async def run(settings: Settings, _arguments: argparse.Namespace) -> int:
    sys.stdout.write(json.dumps(await digest_anew(settings), indent=1) + "\n")
    return 0


async def digest_anew(settings: Settings) -> dict[str, int]:
    """How many were of another key, by table and column. In batches, each a transaction."""
    engine = create_engine(settings.database_url, timeout_seconds=None)
    done: dict[str, int] = {}
    try:
        for table, name, digest in DIGESTED:
            last, changed = None, 0
            while True:
                async with engine.begin() as connection:
                    rows = await _list_rows(connection, table, name, after=last)
                    changed += await _write(connection, table, name, digest, rows)
                if not rows:
                    break
                last = rows[-1][0]
            done[f"{table}.{name}"] = changed
    finally:
        await engine.dispose()
    return done


async def _list_rows(
    connection: AsyncConnection, table: str, name: str, *, after: object
) -> Sequence[sa.Row[object, bytes, bytes]]:
    later = "and id > :after" if after is not None else ""
    query = (
        f"select id, {name}_sealed, {name}_digest from {SCHEMA}.{table}"  # noqa: S608 - names of our own tables
        f" where {name}_sealed is not null {later} order by id limit {ROWS_AT_ONCE} for update"
    )
    return (await connection.execute(sa.text(query), {"after": after} if after is not None else {})).all()


async def _write(
    connection: AsyncConnection,
    table: str,
    name: str,
    digest: Callable[[str], bytes],
    rows: Sequence[sa.Row[object, bytes, bytes]],
) -> int:
    anew = []
    for key, sealed, kept in rows:
        made = digest(get_sealer().open(sealed, place=place_of(table, name, (key,))).decode())
        if kept is None or bytes(kept) != made:
            anew.append({"key": key, "made": made})
    if anew:
        statement = f"update {SCHEMA}.{table} set {name}_digest = :made where id = :key"  # noqa: S608
        await connection.execute(sa.text(statement), anew)
    return len(anew)
