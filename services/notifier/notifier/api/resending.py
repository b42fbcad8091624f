"""An officer's request to send a message again: to its recipient's present contact, which the answer shows masked."""

from typing import Any
from uuid import UUID

from commune_schemas.notices import Channel, MessageStatus
from commune_schemas.reaching import ContactQuestion
from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.addresses import address_of, find_fault, mask_address
from notifier.api.errors import ProblemError, not_found
from notifier.api.schemas import MessageRead
from notifier.database import Sessions
from notifier.models import Message, Resend
from notifier.reasons import put_in_words
from notifier.roster_client import AskContacts, RosterAway
from notifier.sent_to import SentTo, find_try_that_reached, mark_address
from notifier.suppression import is_suppressed, list_suppressed

RESENDS_A_DAY = 5
RESENDABLE = (MessageStatus.FAILED.value, MessageStatus.UNKNOWN.value)
ARRIVED = (MessageStatus.SENT.value, MessageStatus.DELIVERED.value)
"""To be sent again to another address alone."""
NOT_RESENDABLE = (
    (
        "Chỉ gửi lại được tin thất bại, tin chưa rõ, và tin đã gửi tới số hoặc địa chỉ cũ, của phương án còn hiệu lực. "
        "Nếu tin đã đến nhầm số hoặc nhầm địa chỉ: sửa liên hệ của người nhận trước, rồi gửi lại."
    ),
    (
        "Only a failed or unknown message, or one that went to an old number or address, of a plan still in force can "
        "be sent again. If it went to a wrong number or address: correct the recipient's contact, then send again."
    ),
)
UNCHANGED = (
    (
        "Tin này đã được gửi tới đúng số hoặc địa chỉ hiện nay của người nhận. Nếu số hoặc địa chỉ đó sai: sửa liên hệ "
        "trước, rồi gửi lại."
    ),
    (
        "This message went to the recipient's present number or address already. If that is wrong: correct the contact "
        "first, then send again."
    ),
)


async def find_address(
    sessions: Sessions, ask: AskContacts, *, message_id: UUID, idempotency_key: str | None
) -> str | None:
    """Where this message would go now; None where nothing would be sent, which `resend` then says.

    ProblemError 409 where it would reach nobody, 503 while roster-api is away. No transaction is open meanwhile.
    """
    async with sessions.begin() as session:
        row = await session.get(Message, message_id)
        done = select(Resend.id).where(Resend.idempotency_key == idempotency_key)
        is_done = idempotency_key is not None and await session.scalar(done) is not None
    if row is None or is_done or not _may_be_sent_again(row):
        return None
    try:
        cards = await ask([ContactQuestion(recipient=row.recipient, source=row.source)])
    except RosterAway:
        raise roster_away() from None
    card = cards.get((row.recipient, row.source))
    if card is not None and card.is_withheld:
        raise _problem(409, "recipient.withdrew")
    address = address_of(card, row.channel)
    fault = find_fault(Channel(row.channel), address) or await _find_suppression(sessions, row, address or "")
    if fault is not None:
        raise _problem(409, fault)
    return address


async def _find_suppression(sessions: Sessions, row: Message, address: str) -> str | None:
    """An address that is written to no more: said at once, or the message would only fail again."""
    async with sessions.begin() as session:
        found = await list_suppressed(session, channel=Channel(row.channel), recipients=[row.recipient])
    kept_from = found.get((row.recipient_kind, row.recipient_id), set())
    return "recipient.suppressed" if is_suppressed(kept_from, address) else None


def _may_be_sent_again(row: Message) -> bool:
    """Where it went is known of what arrived; whether its recipient is reached elsewhere by now is another question."""
    is_open = row.status in RESENDABLE or (row.status in ARRIVED and row.address_digest is not None)
    return is_open and row.superseded_at is None


def roster_away() -> ProblemError:
    return _problem(503, "roster.away")


def _problem(status: int, reason: str) -> ProblemError:
    vi, en = put_in_words(reason)
    return ProblemError(status, reason, vi=vi, en=en)


async def resend(
    session: AsyncSession, *, message_id: UUID, reason: str, idempotency_key: str | None, address: str | None
) -> dict[str, Any]:
    """Puts a message back to be sent, to its recipient's contact at that time: one that failed or is unknown, or one
    that went to another address than `address`. The same idempotency key again does nothing new.

    `address`: what find_address gave; the answer shows it masked. What failed gets a new reference, or the provider
    would take it for the one it refused; so does what goes to another address. What is unknown keeps its own: a
    gateway, or the person's mail server, that has it already can tell that it is the same message.
    """
    # Locked first: of two requests at once the second sees what the first did.
    row = await session.get(Message, message_id, with_for_update=True)
    if idempotency_key is not None:
        done = await session.scalar(select(Resend).where(Resend.idempotency_key == idempotency_key))
        if done is not None:
            return _answer_again(done, message_id)
    if row is None:
        raise not_found()
    _refuse_closed(row)
    sent_to = mark_address(row.id, address, key_sealed=row.address_key_sealed) if address else None
    await _refuse_unchanged(session, row, sent_to)
    await _refuse_more(session, message_id)
    status_before = row.status
    await _put_back(session, row, sent_to)
    shown = MessageRead.model_validate(row, from_attributes=True).model_dump(mode="json")
    answer = shown | {"to": mask_address(address) if address else None}
    await session.execute(
        insert(Resend).values(
            idempotency_key=idempotency_key,
            message_id=message_id,
            reason=reason,
            status_before=status_before,
            answer=answer,
        )
    )
    return answer


def _refuse_closed(row: Message) -> None:
    if not _may_be_sent_again(row):
        raise not_resendable()
    if row.notice_sealed is None:
        vi = "Nội dung tin này đã hết thời hạn lưu giữ hoặc đã được xóa; không gửi lại được."
        en = "What this message said is kept no longer; it cannot be sent again."
        raise ProblemError(409, "message.forgotten", vi=vi, en=en)


def not_resendable() -> ProblemError:
    vi, en = NOT_RESENDABLE
    return ProblemError(409, "message.not_resendable", vi=vi, en=en)


async def _refuse_unchanged(session: AsyncSession, row: Message, sent_to: SentTo | None) -> None:
    """409 where the recipient has it at this address: each contact is written to once, however often it changes."""
    if row.status in ARRIVED and sent_to is None:
        raise not_resendable()  # it arrived between asking and now
    is_same = sent_to is None or row.address_digest in {None, sent_to.digest}
    if is_same and row.status in RESENDABLE:
        return
    if is_same or (sent_to is not None and await find_try_that_reached(session, row.id, sent_to.digest)):
        vi, en = UNCHANGED
        raise ProblemError(409, "message.contact_unchanged", vi=vi, en=en)


async def _refuse_more(session: AsyncSession, message_id: UUID) -> None:
    """429 for a message that was sent again RESENDS_A_DAY times within a day: what fails so often needs a telephone."""
    today = Resend.requested_at > func.now() - text("interval '24 hours'")
    sent = await session.scalar(select(func.count()).where(Resend.message_id == message_id, today)) or 0
    if sent >= RESENDS_A_DAY:
        vi = f"Tin này đã được gửi lại {RESENDS_A_DAY} lần trong 24 giờ. Hãy gọi điện, hoặc thử lại ngày mai."
        en = f"This message was sent again {RESENDS_A_DAY} times within 24 hours. Telephone, or try again tomorrow."
        raise ProblemError(429, "message.resent_too_often", vi=vi, en=en)


def _answer_again(done: Resend, message_id: UUID) -> dict[str, Any]:
    """What the same request was answered before; 422 where the key was used for another message."""
    if done.message_id != message_id:
        vi, en = "Khóa này đã dùng cho tin khác.", "This key was used for another message."
        raise ProblemError(422, "idempotency.reused", vi=vi, en=en)
    return done.answer


async def _put_back(session: AsyncSession, row: Message, sent_to: SentTo | None) -> None:
    """Due at once, for 48 hours. `row` is read again."""
    goes_elsewhere = sent_to is not None and row.address_digest not in {None, sent_to.digest}
    is_same_message = row.status == MessageStatus.UNKNOWN and not goes_elsewhere
    values: dict[str, Any] = {
        "status": "pending",
        "claim_version": Message.claim_version + 1,
        "next_attempt_at": text("now()"),
        "expires_at": text("now() + interval '48 hours'"),
        "only_by": row.provider if is_same_message and row.channel == Channel.SMS else None,
        "sent_at": None,
        "delivered_at": None,
        "failed_at": None,
    }
    if not is_same_message:
        values["reference"] = f"{row.id.hex}.{row.attempts + 1}@notifier.commune-roster"
    if sent_to is not None and goes_elsewhere:
        values["address_digest"] = sent_to.digest
    await session.execute(update(Message).where(Message.id == row.id).values(values))
    await session.refresh(row)
