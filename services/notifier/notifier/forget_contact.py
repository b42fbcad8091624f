"""An office's contact taken out of what was said: to the office, and to people who were told whom to call.

Words are sealed, so each message is opened and looked into. The rest of what was said stays: it was said by an office.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.models import Message
from notifier.outbound import NOTICE, open_notice, seal_notice
from notifier.roster_client import ErasedContact

AT_ONCE = 500
GOING_OUT = ("pending", "claimed", "sending")
NAMES = frozenset({"contact_name", "recipient_name"})
NOBODY = {"name": "", "phone": "", "email": None}


async def count_waiting(session: AsyncSession, contact: ErasedContact) -> int:
    """Messages that name the contact and are still to be sent."""
    return await _go_through(session, contact, Message.status.in_(GOING_OUT), takes_out=False)


async def take_out_of_messages(session: AsyncSession, contact: ErasedContact) -> int:
    """How many named the contact. Again: none."""
    return await _go_through(session, contact, Message.status.not_in(GOING_OUT), takes_out=True)


async def _go_through(
    session: AsyncSession, contact: ErasedContact, condition: ColumnElement[bool], *, takes_out: bool
) -> int:
    found, after = 0, UUID(int=0)
    while True:
        query = select(Message.id, Message.notice_sealed).where(
            condition, Message.notice_sealed.is_not(None), Message.id > after
        )
        rows = (await session.execute(query.order_by(Message.id).limit(AT_ONCE))).all()
        if not rows:
            return found
        for message_id, sealed in rows:
            said = open_notice(message_id, sealed or b"").model_dump(mode="json")
            without = take_out(said, contact)
            if without == said:
                continue
            found += 1
            if takes_out:
                emptied = seal_notice(message_id, NOTICE.validate_python(without))
                await session.execute(update(Message).where(Message.id == message_id).values(notice_sealed=emptied))
        after = rows[-1][0]


def take_out(part: Any, contact: ErasedContact) -> Any:
    """The same without the contact, wherever it stands."""
    if isinstance(part, list):
        return [take_out(each, contact) for each in part]
    if not isinstance(part, dict):
        return part
    if {"name", "phone"} <= part.keys() and _is_same(part, contact):
        return part | NOBODY
    return {
        name: "" if name in NAMES and value and value == contact.name else take_out(value, contact)
        for name, value in part.items()
    }


def _is_same(part: dict[str, Any], contact: ErasedContact) -> bool:
    pairs = ((part["phone"], contact.phone), (part.get("email"), contact.email), (part["name"], contact.name))
    return any(value and value == theirs for value, theirs in pairs)
