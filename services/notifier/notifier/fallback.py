"""What stands in for a message that was refused for good: the other channel, once a (source, recipient, kind).

A kind that goes by both channels needs none: both go out. Where the recipient wishes for one of them, the other is
left off, and goes after all when the wished one fails. Both decisions are taken under one lock a recipient and source,
so that neither sees half of the other: nobody is left untold, and nobody hears twice.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog
from commune_schemas.notices import Channel, MessageStatus, NoticeKind
from sqlalchemy import ColumnElement, and_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notifier import kinds, outbound
from notifier.models import Message

log = structlog.get_logger(__name__)

MAXIMUM_AGE = timedelta(hours=48)
LEFT_OFF = "recipient.prefers_other"
"""The reason of a message whose recipient wishes for the other channel."""
WORDS_AT_FAULT = ("template.missing_field", "internal.error")
"""The other channel would fail by these, too."""
SAME_THING = ("source_kind", "source_id", "source_version", "recipient_kind", "recipient_id", "kind")


async def add_fallbacks(session: AsyncSession, message_ids: Collection[UUID]) -> int:
    """For each of these that failed, the other channel's message where it was left off. How many were added.

    To be called in the transaction that settles them: failure and stand-in are kept or lost together.
    """
    added = 0
    query = select(Message).where(
        Message.id.in_(message_ids),
        Message.status == MessageStatus.FAILED.value,
        Message.superseded_at.is_(None),
        Message.notice_sealed.is_not(None),
        Message.is_fallback.is_(False),
        Message.reason_code.not_in(WORDS_AT_FAULT),
    )
    for row in await session.scalars(query.order_by(Message.id).execution_options(populate_existing=True)):
        await lock_recipient(session, row)
        other = other_channel(Channel(row.channel))
        if other in kinds.channels_of(NoticeKind(row.kind)) and await _is_left_off(session, row, other):
            await session.execute(insert(Message).values(_stand_in(row, other)).on_conflict_do_nothing())
            log.info("message.fallback", message_id=str(row.id), channel=other.value)
            added += 1
    return added


async def has_failed_elsewhere(session: AsyncSession, message_id: UUID) -> bool:
    """Whether the other channel's message of the same thing failed, or was never made: then this one has to go.

    The answer holds until the caller's commit.
    """
    row = await session.get_one(Message, message_id)
    await lock_recipient(session, row)
    other = other_channel(Channel(row.channel))
    found = (
        await session.scalars(select(Message.status).where(_same_thing(row), Message.channel == other.value))
    ).all()
    return not found or all(status == MessageStatus.FAILED.value for status in found)


async def lock_recipient(session: AsyncSession, row: Message) -> None:
    """Until commit nobody else decides by which channels this recipient hears of this source."""
    key = "/".join(str(getattr(row, name)) for name in SAME_THING)
    await session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


def other_channel(channel: Channel) -> Channel:
    return Channel.SMS if channel is Channel.EMAIL else Channel.EMAIL


async def _is_left_off(session: AsyncSession, row: Message, other: Channel) -> bool:
    query = select(Message.status, Message.reason_code).where(_same_thing(row), Message.channel == other.value)
    found = (await session.execute(query)).all()
    return bool(found) and all(
        each.status == MessageStatus.CANCELLED.value and each.reason_code == LEFT_OFF for each in found
    )


def _same_thing(row: Message) -> ColumnElement[bool]:
    return and_(*(getattr(Message, name) == getattr(row, name) for name in SAME_THING))


def _stand_in(row: Message, channel: Channel) -> Mapping[str, Any]:
    """The columns of the message that goes instead of `row`; the same ones whenever it is made."""
    assert row.notice_sealed is not None  # noqa: S101 - asked for by the caller's query
    identity = uuid5(NAMESPACE_URL, f"urn:commune-roster:fallback:{row.id}")
    copied = (*SAME_THING, "thread", "school_name", "commune_code", "is_sandbox", "priority")
    return {name: getattr(row, name) for name in copied} | {
        "id": identity,
        "reference": f"{identity.hex}@notifier.commune-roster",
        "channel": channel.value,
        "is_fallback": True,
        "notice_sealed": outbound.seal_notice(identity, outbound.open_notice(row.id, row.notice_sealed)),
        "expires_at": datetime.now(UTC) + MAXIMUM_AGE,
    }
