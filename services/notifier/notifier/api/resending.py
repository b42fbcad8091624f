"""An officer's request to send a message again: to its recipient's present contact, which the answer shows masked."""

from typing import Any
from uuid import UUID

from commune_schemas.notices import Channel, MessageStatus
from commune_schemas.reaching import ContactQuestion
from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.addresses import find_fault, mask_address
from notifier.api.errors import ProblemError, not_found
from notifier.api.schemas import MessageRead
from notifier.database import Sessions
from notifier.deliver import AskContacts
from notifier.models import Message, Resend
from notifier.reasons import put_in_words
from notifier.roster_client import RosterAway

RESENDS_A_DAY = 5
RESENDABLE = (MessageStatus.FAILED.value, MessageStatus.UNKNOWN.value)
NOT_RESENDABLE = (
    (
        "Chỉ gửi lại được tin thất bại hoặc chưa rõ, của phương án còn hiệu lực. Nếu tin đã đến nhầm số hoặc nhầm địa "
        "chỉ: sửa liên hệ, cấp lại đường liên kết, rồi nhắc những người chưa trả lời."
    ),
    (
        "Only a failed or unknown message of a plan still in force can be sent again. If it went to a wrong number or "
        "address: correct it, give a new personal link, then remind the silent."
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
        is_done = await session.scalar(select(Resend.id).where(Resend.idempotency_key == idempotency_key))
    if row is None or row.status not in RESENDABLE or row.superseded_at is not None or is_done:
        return None
    try:
        cards = await ask([ContactQuestion(recipient=row.recipient, source=row.source)])
    except RosterAway:
        raise _problem(503, "roster.away") from None
    card = cards.get((row.recipient, row.source))
    if card is not None and card.is_withheld:
        raise _problem(409, "recipient.withdrew")
    address = (card.email if row.channel == Channel.EMAIL else card.phone) if card else None
    fault = find_fault(Channel(row.channel), address)
    if fault is not None:
        raise _problem(409, fault)
    return address


def _problem(status: int, reason: str) -> ProblemError:
    vi, en = put_in_words(reason)
    return ProblemError(status, reason, vi=vi, en=en)


async def resend(
    session: AsyncSession, *, message_id: UUID, reason: str, idempotency_key: str | None, address: str | None
) -> dict[str, Any]:
    """Puts a failed or unknown message back to be sent, to its recipient's contact at that time. The same idempotency
    key again does nothing new. `address`: what find_address gave; the answer shows it masked.

    What failed gets a new reference, or the provider would take it for the one it refused. What is unknown keeps its
    own: a gateway, or the person's mail server, that has it already can tell that it is the same message.
    """
    # Locked first: of two requests at once the second sees what the first did.
    row = await session.get(Message, message_id, with_for_update=True)
    if idempotency_key is not None:
        done = await session.scalar(select(Resend).where(Resend.idempotency_key == idempotency_key))
        if done is not None:
            return _answer_again(done, message_id)
    if row is None:
        raise not_found()
    if row.status not in RESENDABLE or row.superseded_at is not None:
        vi, en = NOT_RESENDABLE
        raise ProblemError(409, "message.not_resendable", vi=vi, en=en)
    if row.notice_sealed is None:
        vi = "Nội dung tin này đã hết thời hạn lưu giữ hoặc đã được xóa; không gửi lại được."
        en = "What this message said is kept no longer; it cannot be sent again."
        raise ProblemError(409, "message.forgotten", vi=vi, en=en)
    await _refuse_more(session, message_id)
    status_before = row.status
    await _put_back(session, row)
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


async def _put_back(session: AsyncSession, row: Message) -> None:
    """Due at once, for 48 hours, under a new reference if it had failed. `row` is read again."""
    reference = row.reference
    if row.status == MessageStatus.FAILED:
        reference = f"{row.id.hex}.{row.attempts + 1}@notifier.commune-roster"
    await session.execute(
        update(Message)
        .where(Message.id == row.id)
        .values(
            status="pending",
            claim_version=Message.claim_version + 1,
            reference=reference,
            next_attempt_at=text("now()"),
            expires_at=text("now() + interval '48 hours'"),
            only_by=row.provider if row.status == MessageStatus.UNKNOWN and row.channel == Channel.SMS else None,
            failed_at=None,
        )
    )
    await session.refresh(row)
