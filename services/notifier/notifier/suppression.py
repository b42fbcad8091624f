"""Addresses that are written to no more: they do not exist, or their reader complained; until an officer lets one go.

A row is of one recipient and one address, which stands sealed: a corrected address is written to at once, and so is
everybody else. A complaint that names no address holds whatever the address, until it is released.
"""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID, uuid4

from commune_schemas.notices import Channel, Recipient
from commune_service.sealed_columns import place_of
from commune_service.sealing import get_sealer
from sqlalchemy import ARRAY, Text, any_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.addresses import mask_address
from notifier.models import Message, Suppression

IN_FORCE = (
    select(Suppression)
    .where(Suppression.recipient_id == any_(bindparam("ids", type_=ARRAY(Text))), Suppression.released_at.is_(None))
    .order_by(Suppression.created_at, Suppression.id)
)


class SuppressionReason(StrEnum):
    DEAD_ADDRESS = "dead_address"
    COMPLAINT = "complaint"


async def suppress(
    session: AsyncSession, message: Message, *, reason: SuppressionReason, address: str | None, detail: str
) -> bool:
    """The same of the same message again adds nothing: False."""
    row_id = uuid4()
    sealed = get_sealer().seal(address.encode(), place=_place(row_id)) if address else None
    added = await session.execute(
        insert(Suppression)
        .values(
            id=row_id,
            channel=message.channel,
            recipient_kind=message.recipient_kind,
            recipient_id=message.recipient_id,
            message_id=message.id,
            reason=reason.value,
            detail=detail,
            address_sealed=sealed,
            shown_address=mask_address(address) if address else None,
        )
        .on_conflict_do_nothing()
        .returning(Suppression.id)
    )
    return added.one_or_none() is not None


async def list_suppressed(
    session: AsyncSession, *, channel: Channel, recipients: Sequence[Recipient]
) -> dict[tuple[str, str], set[str | None]]:
    """By (kind, id) of a recipient: the addresses not to be written to; None among them: whatever the address."""
    found: dict[tuple[str, str], set[str | None]] = {}
    for row, address in await list_rows(session, recipients):
        if row.channel == channel.value:
            found.setdefault((row.recipient_kind, row.recipient_id), set()).add(address)
    return found


async def list_rows(session: AsyncSession, recipients: Sequence[Recipient]) -> list[tuple[Suppression, str | None]]:
    """What holds of these, oldest first, each with its address; None: whatever the address."""
    rows = await session.scalars(IN_FORCE, {"ids": sorted({recipient.id for recipient in recipients})})
    return [(row, None if row.address_sealed is None else _open(row)) for row in rows]


def is_suppressed(addresses: set[str | None], address: str) -> bool:
    return None in addresses or address.lower() in addresses


async def release(session: AsyncSession, suppression_id: UUID, *, reason: str) -> Suppression | None:
    """It may be written to again; None where there is no such row. Doing it again changes nothing."""
    await session.execute(
        update(Suppression)
        .where(Suppression.id == suppression_id, Suppression.released_at.is_(None))
        .values(released_at=func.now(), release_reason=reason)
    )
    row: Suppression | None = await session.get(Suppression, suppression_id, populate_existing=True)
    return row


def _open(row: Suppression) -> str:
    return get_sealer().open(row.address_sealed or b"", place=_place(row.id)).decode()


def _place(row_id: UUID) -> str:
    return place_of(Suppression.__tablename__, "address", (row_id,))
