"""Everything a database holds, as text: what somebody who stole a dump could search."""

import asyncpg


async def dump(url: str) -> str:
    """Every row of every table of our schemas; bytes as hex, and once more as the text they would be."""
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('roster', 'notifier')"
        )
        parts = []
        for (table,) in tables:
            for row in await connection.fetch(f"select * from {table}"):  # noqa: S608 - names from the catalogue
                parts += [
                    f"{value.hex()} {value.decode('utf-8', 'replace')}" if isinstance(value, bytes) else str(value)
                    for value in row.values()
                ]
    finally:
        await connection.close()
    return "\n".join(parts)


def spellings(phone: str) -> set[str]:
    """Of an E.164 number: with and without its prefix."""
    return {phone, phone.removeprefix("+84")}


def found_in(dumped: str, *, phones: set[str], emails: set[str]) -> list[str]:
    """Which of them stand there in clear, or as the hex of their bytes."""
    lower = dumped.lower()
    secrets = {spelling for phone in phones for spelling in spellings(phone)} | {email.lower() for email in emails}
    return sorted(secret for secret in secrets if secret in lower or secret.encode().hex() in lower)
