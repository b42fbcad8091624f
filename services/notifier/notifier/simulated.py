"""What a simulated provider would call back with, a moment after it took a message: a receipt, or a bounce."""

from datetime import timedelta

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.arrival import note_arrival, note_return
from notifier.channels.simulator import Fate
from notifier.models import Message

AFTER_SECONDS = 2
A_ROUND = 500
RETURNS = {Fate.COMES_BACK_LATER: "receipt.failed", Fate.PART_ARRIVES: "receipt.part"}


async def settle_simulated(session: AsyncSession) -> None:
    """Text messages arrive or come back; of mail, as in life, only what comes back is heard of."""
    is_heard_of = (Message.channel == "sms") | Message.provider_message_id.in_([fate.value for fate in RETURNS])
    taken = await session.execute(
        select(Message.id, Message.provider_message_id)
        .where(
            text("provider like 'simulator-%'"),
            Message.status == "sent",
            is_heard_of,
            Message.sent_at < func.now() - timedelta(seconds=AFTER_SECONDS),
        )
        .limit(A_ROUND)
        .with_for_update(skip_locked=True)
    )
    for row in taken.all():
        reason = RETURNS.get(Fate(row.provider_message_id)) if row.provider_message_id else None
        if reason is None:
            await note_arrival(session, row.id)
        else:
            await note_return(session, row.id, reason=reason)
