"""The last decisions about a message in a sender's hands: it is begun, left off, or cannot be sent and says why."""

from collections.abc import Sequence
from dataclasses import replace

from commune_schemas.notices import Channel as ChannelName
from commune_schemas.notices import MessageStatus
from commune_schemas.reaching import ContactCard
from sqlalchemy import exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from notifier import outbound
from notifier.addresses import address_of
from notifier.database import Sessions
from notifier.fallback import LEFT_OFF, has_failed_elsewhere
from notifier.ledger import Ledger
from notifier.models import Message, Receipt
from notifier.outbound import Claimed
from notifier.refusals import Refusal
from notifier.sent_to import SentTo, find_try_that_reached, mark_address
from notifier.settling import fail
from notifier.steps import Beginning, Begun, begin_handing_over


def wishes_for_other(message: Claimed, card: ContactCard | None) -> bool:
    """Their recipient wants to hear by the other channel."""
    return card is not None and card.channel not in {None, ChannelName(message.channel)}


async def begin_together(
    sessions: Sessions, ledger: Ledger, beginnings: Sequence[Beginning], *, address: str
) -> list[Begun | None]:
    """The tries of what goes in one mail to `address`, in one transaction. The first begun gives its reference."""
    await ledger.write_taken()
    begun: list[Begun | None] = []
    reference: str | None = None
    async with sessions.begin() as session:
        for beginning in beginnings:
            message = beginning.message
            sent_to = mark_address(message.id, address, key_sealed=message.address_key_sealed)
            found = await begin_handing_over(session, replace(beginning, sent_to=sent_to, carried_by=reference))
            begun.append(found)
            reference = reference or (found.reference if found else None)
    return begun


async def begin(
    sessions: Sessions,
    ledger: Ledger,
    beginning: Beginning,
    *,
    card: ContactCard | None,
    refusal: Refusal | None,
) -> Begun | None:
    """The try, committed as 'sending'. None: it is not to be sent, which is written; or not ours any more.

    `refusal`: what find_refusal says of it.
    """
    message = beginning.message
    wishes_other = wishes_for_other(message, card)
    if refusal is not None or wishes_other or message.is_fallback:
        await ledger.write_taken()
        async with sessions.begin() as session:
            if await _is_settled(session, message, refusal, wishes_other=wishes_other):
                return None
    sent_to = mark_address(message.id, address_of(card, message.channel) or "", key_sealed=message.address_key_sealed)
    if message.address_digest not in {None, sent_to.digest}:
        await ledger.write_taken()
        async with sessions.begin() as session:
            if await _settle_as_reached(session, message, sent_to):
                return None
    return await ledger.begin(replace(beginning, sent_to=sent_to))


async def _settle_as_reached(session: AsyncSession, message: Claimed, sent_to: SentTo) -> bool:
    """True where this address has the message already: its row says again what is known of that try.

    So it is when an officer had it sent again to a corrected contact, and the correction was taken back meanwhile.
    """
    reached = await find_try_that_reached(session, message.id, sent_to.digest)
    if reached is None:
        return False
    arrived_at = await session.scalar(
        select(func.min(Receipt.received_at)).where(
            Receipt.message_id == message.id, Receipt.reference == reached.reference, Receipt.effect == "delivered"
        )
    )
    of_another = exists().where(Message.reference == reached.reference, Message.id != message.id)
    is_carried = await session.scalar(select(of_another))  # it went in a mail that has another's reference
    await session.execute(
        update(Message)
        .where(Message.id == message.id, Message.claim_version == message.claim_version, Message.status == "claimed")
        .values(
            status="sent" if arrived_at is None else "delivered",
            reference=message.reference if is_carried else reached.reference,
            provider=reached.provider,
            address_digest=sent_to.digest,
            sent_at=reached.finished_at,
            delivered_at=arrived_at,
        )
    )
    return True


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
