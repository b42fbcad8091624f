"""What is heard of a message after its provider took it: it arrived, or it came back.

Word of it may overtake our own writing, and comes from elsewhere than the sender: each raises the claim version, so
that a sender still at it writes nothing more.
"""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.fallback import add_fallbacks
from notifier.models import Message
from notifier.reasons import put_in_words


async def note_arrival(session: AsyncSession, message_id: UUID) -> bool:
    """Proof of arrival makes any message delivered, for good. False: it was delivered already."""
    changed = await session.execute(
        update(Message)
        .where(Message.id == message_id, Message.status != "delivered")
        .values(
            status="delivered",
            delivered_at=datetime.now(UTC),
            sent_at=text("coalesce(sent_at, now())"),
            claim_version=Message.claim_version + 1,
            reason_code=None,
            reason_vi=None,
            reason_en=None,
        )
        .returning(Message.id)
    )
    return changed.one_or_none() is not None


async def note_return(session: AsyncSession, message_id: UUID, *, reason: str) -> bool:
    """It reached nobody: failed, for `reason`; the other channel's message, where that was left off, goes after all.

    False: something newer is known of it already.
    """
    vi, en = put_in_words(reason)
    changed = await session.execute(
        update(Message)
        .where(Message.id == message_id, Message.status.in_(("sending", "sent", "unknown")))
        .values(
            status="failed",
            failed_at=text("now()"),
            claim_version=Message.claim_version + 1,
            reason_code=reason,
            reason_vi=vi,
            reason_en=en,
        )
        .returning(Message.id)
    )
    is_written = changed.one_or_none() is not None
    if is_written:
        await add_fallbacks(session, [message_id])
    return is_written
