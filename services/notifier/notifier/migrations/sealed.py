"""Every sealed column of this schema, and the sealing of the notices that an earlier release left in clear."""

from collections.abc import Sequence

import sqlalchemy as sa
from commune_service.sealed_columns import SealedColumn, place_of
from commune_service.sealing import get_sealer
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

SEALED_COLUMNS: Sequence[SealedColumn] = (
    SealedColumn("notifier", "messages", "notice_sealed"),
    SealedColumn("notifier", "messages", "address_key_sealed"),
    SealedColumn("notifier", "suppressions", "address_sealed"),
    SealedColumn("notifier", "webhook_subscriptions", "secret_sealed"),
    SealedColumn("notifier", "webhook_subscriptions", "previous_secret_sealed", name="secret"),
)
ROWS_AT_ONCE = 500


async def seal_what_is_clear(engine: AsyncEngine) -> None:
    """In batches, each a transaction: whoever is killed in the middle begins again and finds what is left."""
    while True:
        async with engine.begin() as connection:
            if not await _seal_notices(connection):
                break


async def _seal_notices(connection: AsyncConnection) -> int:
    query = "select id, cast(notice as text) from notifier.messages where notice_sealed is null limit :rows for update"
    rows = (await connection.execute(sa.text(query), {"rows": ROWS_AT_ONCE})).all()
    values = [
        {"row": row_id, "sealed": get_sealer().seal(notice.encode(), place=place_of("messages", "notice", (row_id,)))}
        for row_id, notice in rows
    ]
    if values:
        await connection.execute(
            sa.text("update notifier.messages set notice_sealed = :sealed where id = :row"), values
        )
    return len(values)
