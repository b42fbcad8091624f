"""Reading messages: lists, counts, one with every try."""

from collections.abc import Collection
from uuid import UUID

from commune_schemas.notices import Channel, MessageStatus, RecipientKind, SourceKind
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.api.errors import not_found
from notifier.api.schemas import (
    AttemptRead,
    BoardRow,
    MessageBoard,
    MessageDetail,
    MessageFilter,
    MessagePage,
    MessageRead,
    MessageSummary,
)
from notifier.models import Attempt, Message

BY_ID = ("plan_id", "volunteer_id")
"""Short filters: a source and a recipient of the kind that is asked for most."""


NO_COLUMNS = {"limit", "offset", "to_old_contact", *BY_ID}


def filter_messages(wanted: MessageFilter) -> Select[Message]:
    """Those that fit all of what is given; whether they went to an old contact no column says."""
    query = select(Message)
    columns = wanted.model_dump(exclude=NO_COLUMNS, exclude_none=True)
    for name, value in columns.items():
        query = query.where(getattr(Message, name) == value)
    if wanted.plan_id is not None:
        query = query.where(Message.source_kind == SourceKind.PLAN, Message.source_id == wanted.plan_id)
    if wanted.volunteer_id is not None:
        volunteer = str(wanted.volunteer_id)
        query = query.where(Message.recipient_kind == RecipientKind.VOLUNTEER, Message.recipient_id == volunteer)
    return query


async def list_messages(
    session: AsyncSession, wanted: MessageFilter, *, of_these: Collection[UUID] | None = None
) -> MessagePage:
    """Oldest first. `of_these`: none but those."""
    query = filter_messages(wanted)
    if of_these is not None:
        query = query.where(Message.id.in_(of_these))
    total = await session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = query.order_by(Message.created_at, Message.id).limit(wanted.limit).offset(wanted.offset)
    items = [MessageRead.model_validate(row, from_attributes=True) for row in await session.scalars(page)]
    return MessagePage(items=items, total=total, limit=wanted.limit, offset=wanted.offset)


async def summarize(session: AsyncSession, plan_id: UUID) -> MessageSummary:
    query = select(Message.channel, Message.status, func.count())
    query = query.where(Message.source_kind == SourceKind.PLAN, Message.source_id == plan_id)
    counts: dict[Channel, dict[MessageStatus, int]] = {}
    for channel, status, number in await session.execute(query.group_by(Message.channel, Message.status)):
        counts.setdefault(Channel(channel), {})[MessageStatus(status)] = number
    return MessageSummary(plan_id=plan_id, counts=counts)


async def count_by_place(session: AsyncSession, plan_id: UUID) -> MessageBoard:
    """By school, commune, channel and state: counted by the database, whatever the plan's size."""
    by = (Message.school_name, Message.commune_code, Message.channel, Message.status)
    query = select(*by, func.count()).group_by(*by).order_by(*by)
    query = query.where(Message.source_kind == SourceKind.PLAN, Message.source_id == plan_id)
    names = ("school_name", "commune_code", "channel", "status", "messages")
    rows = [BoardRow.model_validate(dict(zip(names, row, strict=True))) for row in await session.execute(query)]
    return MessageBoard(plan_id=plan_id, rows=rows)


async def get_message(session: AsyncSession, message_id: UUID) -> MessageDetail:
    """ProblemError 404 when there is none."""
    row = await session.get(Message, message_id)
    if row is None:
        raise not_found()
    attempts = await session.scalars(select(Attempt).where(Attempt.message_id == message_id).order_by(Attempt.number))
    shown = MessageRead.model_validate(row, from_attributes=True)
    tried = [AttemptRead.model_validate(attempt, from_attributes=True) for attempt in attempts]
    return MessageDetail(**shown.model_dump(), template=row.template, attempt_list=tried)
