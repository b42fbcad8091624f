"""Reading messages, and asking for one to be sent again. All SQL of the API is here."""

from typing import Any
from uuid import UUID

from commune_schemas.notices import Channel, MessageStatus
from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.api.errors import ProblemError, not_found
from notifier.api.schemas import AttemptRead, MessageDetail, MessageFilter, MessagePage, MessageRead, MessageSummary
from notifier.models import Attempt, Message, Resend

RESENDABLE = (MessageStatus.FAILED.value, MessageStatus.UNKNOWN.value)


async def list_messages(session: AsyncSession, wanted: MessageFilter) -> MessagePage:
    """Oldest first."""
    query = select(Message)
    for name, value in wanted.model_dump(exclude={"limit", "offset"}, exclude_none=True).items():
        query = query.where(getattr(Message, name) == value)
    total = await session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = query.order_by(Message.created_at, Message.id).limit(wanted.limit).offset(wanted.offset)
    items = [MessageRead.model_validate(row, from_attributes=True) for row in await session.scalars(page)]
    return MessagePage(items=items, total=total, limit=wanted.limit, offset=wanted.offset)


async def summarize(session: AsyncSession, plan_id: UUID) -> MessageSummary:
    query = select(Message.channel, Message.status, func.count()).where(Message.plan_id == plan_id)
    counts: dict[Channel, dict[MessageStatus, int]] = {}
    for channel, status, number in await session.execute(query.group_by(Message.channel, Message.status)):
        counts.setdefault(Channel(channel), {})[MessageStatus(status)] = number
    return MessageSummary(plan_id=plan_id, counts=counts)


async def get_message(session: AsyncSession, message_id: UUID) -> MessageDetail:
    """ProblemError 404 when there is none."""
    row = await session.get(Message, message_id)
    if row is None:
        raise not_found()
    attempts = await session.scalars(select(Attempt).where(Attempt.message_id == message_id).order_by(Attempt.number))
    shown = MessageRead.model_validate(row, from_attributes=True)
    tried = [AttemptRead.model_validate(attempt, from_attributes=True) for attempt in attempts]
    return MessageDetail(**shown.model_dump(), attempt_list=tried)


async def resend(
    session: AsyncSession, *, message_id: UUID, reason: str, idempotency_key: str | None
) -> dict[str, Any]:
    """Puts a failed or unknown message back to be sent. The same idempotency key again does nothing new.

    What failed gets a new reference, or the provider would take it for the one it refused. What is unknown keeps its
    own: a gateway, or the person's mail server, that has it already can tell that it is the same message.
    """
    # Locked first: of two requests at once the second sees what the first did.
    row = await session.get(Message, message_id, with_for_update=True)
    if idempotency_key is not None:
        done = await session.scalar(select(Resend).where(Resend.idempotency_key == idempotency_key))
        if done is not None:
            if done.message_id != message_id:
                vi, en = "Khóa này đã dùng cho tin khác.", "This key was used for another message."
                raise ProblemError(422, "idempotency.reused", vi=vi, en=en)
            return done.answer
    if row is None:
        raise not_found()
    if row.status not in RESENDABLE or row.superseded_at is not None:
        vi = "Chỉ gửi lại được tin thất bại hoặc chưa rõ, của phương án còn hiệu lực."
        en = "Only a failed or unknown message of a plan still in force can be sent again."
        raise ProblemError(409, "message.not_resendable", vi=vi, en=en)
    status_before, reference = row.status, row.reference
    if status_before == MessageStatus.FAILED:
        reference = f"{message_id.hex}.{row.attempts + 1}@notifier.commune-roster"
    await session.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(
            status="pending",
            claim_version=Message.claim_version + 1,
            reference=reference,
            next_attempt_at=text("now()"),
            expires_at=text("now() + interval '48 hours'"),
            failed_at=None,
        )
    )
    await session.refresh(row)
    answer = MessageRead.model_validate(row, from_attributes=True).model_dump(mode="json")
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
