"""The last decisions about a message in a sender's hands: it is begun, left off, or cannot be sent and says why."""

from commune_schemas.notices import Channel as ChannelName
from commune_schemas.notices import MessageStatus
from commune_schemas.reaching import ContactCard
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from notifier import outbound
from notifier.database import Sessions
from notifier.fallback import LEFT_OFF, has_failed_elsewhere
from notifier.ledger import Ledger
from notifier.models import Message
from notifier.outbound import Claimed
from notifier.refusals import Refusal
from notifier.settling import fail
from notifier.steps import Beginning


async def begin(
    sessions: Sessions,
    ledger: Ledger,
    beginning: Beginning,
    *,
    card: ContactCard | None,
    refusal: Refusal | None,
) -> int | None:
    """The attempt's number, committed as 'sending'. None: it is not to be sent, which is written; or not ours any more.

    `refusal`: what find_refusal says of it.
    """
    message = beginning.message
    wishes_other = card is not None and card.channel not in {None, ChannelName(message.channel)}
    if refusal is not None or wishes_other or message.is_fallback:
        await ledger.write_taken()
        async with sessions.begin() as session:
            if await _is_settled(session, message, refusal, wishes_other=wishes_other):
                return None
    return await ledger.begin(beginning)


async def _is_settled(session: AsyncSession, message: Claimed, refusal: Refusal | None, *, wishes_other: bool) -> bool:
    """True where it was settled without being sent."""
    if refusal is not None and refusal.status is MessageStatus.CANCELLED:
        await outbound.settle(session, message, **refusal.as_settled())
        return True
    reason = await _find_cancelling(session, message, wishes_other=wishes_other)
    if reason is not None:
        await outbound.settle(session, message, status=MessageStatus.CANCELLED, reason=reason)
    elif refusal is not None:
        await fail(session, message, reason=refusal.reason, detail=refusal.detail)
    return reason is not None or refusal is not None


async def _find_cancelling(session: AsyncSession, message: Claimed, *, wishes_other: bool) -> str | None:
    if message.is_fallback:
        return "plan.superseded" if await _is_overtaken(session, message) else None
    if wishes_other and not await has_failed_elsewhere(session, message.id):
        return LEFT_OFF
    return None


async def _is_overtaken(session: AsyncSession, message: Claimed) -> bool:
    """A stand-in may be made just while a newer version comes, which then does not see it."""
    newer, mine = aliased(Message), aliased(Message)
    query = select(
        exists().where(
            mine.id == message.id,
            newer.thread == mine.thread,
            newer.recipient_kind == mine.recipient_kind,
            newer.recipient_id == mine.recipient_id,
            newer.source_version > mine.source_version,
        )
    )
    return bool(await session.scalar(query))
