"""Whom no channel reached: what they were to be told, and why each channel failed. Somebody has to telephone."""

from typing import Any

from commune_schemas.notices import NoticeKind
from sqlalchemy import Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from notifier.api.schemas import Unreached, UnreachedFilter, UnreachedPage, WhyNot
from notifier.fallback import LEFT_OFF, SAME_THING
from notifier.models import Message

REACHES = ("pending", "claimed", "sending", "sent", "delivered")
WITHDREW, KNOWN = "recipient.withdrew", "history.nothing_to_tell"
UNSUBSCRIBED = "recipient.unsubscribed"
"""Of a daily mail, which says what is new: somebody has to call. What a reminder says was said before."""


async def list_unreached(session: AsyncSession, wanted: UnreachedFilter) -> UnreachedPage:
    """Oldest first: one a recipient, source and kind, with every channel that failed or is in doubt.

    Left out is who was reached by another channel or is about to be, and what a newer version made untrue.
    """
    query = _unreached(wanted)
    total = await session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = query.order_by(func.min(Message.created_at), *_thing(Message)).limit(wanted.limit).offset(wanted.offset)
    found = [dict(row) for row in (await session.execute(page)).mappings()]
    keys = [tuple(facts[name] for name in SAME_THING) for facts in found]
    tries: dict[tuple[Any, ...], list[Message]] = {}
    of_these = select(Message).where(tuple_(*_thing(Message)).in_(keys), Message.reason_code != LEFT_OFF)
    for each in await session.scalars(of_these.order_by(Message.created_at, Message.channel, Message.id)):
        tries.setdefault(tuple(getattr(each, name) for name in SAME_THING), []).append(each)
    items = [_show(facts, tries.get(key, [])) for facts, key in zip(found, keys, strict=True)]
    return UnreachedPage(items=items, total=total, limit=wanted.limit, offset=wanted.offset)


def _thing(table: Any) -> list[Any]:
    return [getattr(table, name) for name in SAME_THING]


def _unreached(wanted: UnreachedFilter) -> Select[Any]:
    other = aliased(Message)
    is_reached = exists().where(
        *(theirs == mine for theirs, mine in zip(_thing(other), _thing(Message), strict=True)),
        or_(other.status.in_(REACHES), and_(other.status == "cancelled", other.reason_code == KNOWN)),
    )
    is_open = or_(
        Message.status.in_(("failed", "unknown")),
        and_(Message.status == "cancelled", Message.reason_code == WITHDREW),
        and_(Message.reason_code == UNSUBSCRIBED, Message.kind == NoticeKind.OFFICE_DIGEST.value),
    )
    facts = [func.max(column).label(column.name) for column in (Message.school_name, Message.commune_code)]
    query = select(*_thing(Message), *facts, func.min(Message.created_at).label("since"))
    query = query.where(Message.superseded_at.is_(None), Message.status.in_(("failed", "unknown", "cancelled")))
    query = query.where(is_open, ~is_reached).group_by(*_thing(Message))
    for name, value in wanted.model_dump(exclude={"limit", "offset"}, exclude_none=True).items():
        query = query.where(getattr(Message, name) == value)
    return query


def _show(facts: dict[str, Any], rows: list[Message]) -> Unreached:
    names = ("channel", "status", "reason_code", "reason_vi", "reason_en")
    why = [WhyNot.model_validate({name: getattr(row, name) for name in names} | {"id": row.id}) for row in rows]
    return Unreached.model_validate(facts | {"why": why})
