"""An office's contact taken out of what was said: to the office, and to people who were told whom to call.

Words are sealed, so each message is opened and looked into. The rest of what was said stays: it was said by an office.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.models import Message
from notifier.outbound import NOTICE, open_notice, seal_notice
from notifier.roster_client import ErasedContact
from notifier.wording import VACANT

AT_ONCE = 500
NAMES = frozenset({"contact_name", "recipient_name"})
CLAIMED, PENDING, SENDING = "claimed", "pending", "sending"


async def take_out_of_messages(session: AsyncSession, contact: ErasedContact) -> tuple[int, int]:
    """(how many named the contact and do no more, how many a provider is taking just now and still do).

    What waits to be sent is changed before it goes; a sender that holds it is fenced off, and it is sent as it is now.
    """
    emptied, in_hand, after = 0, 0, UUID(int=0)
    columns = (Message.id, Message.notice_sealed, Message.status, Message.claim_version)
    while True:
        query = select(*columns).where(Message.notice_sealed.is_not(None), Message.id > after)
        rows = (await session.execute(query.order_by(Message.id).limit(AT_ONCE))).all()
        if not rows:
            return emptied, in_hand
        for row in rows:
            said = open_notice(row.id, row.notice_sealed or b"").model_dump(mode="json")
            without = take_out(said, contact)
            if without == said:
                continue
            is_done = row.status != SENDING and await _write(session, row, without)
            emptied, in_hand = emptied + is_done, in_hand + (not is_done)
        after = rows[-1].id


async def _write(session: AsyncSession, row: Row[*tuple[Any, ...]], notice: Any) -> bool:
    """False when a sender took the message since it was read."""
    values: dict[str, Any] = {"notice_sealed": seal_notice(row.id, NOTICE.validate_python(notice))}
    if row.status == CLAIMED:
        values |= {"status": PENDING, "claimed_by": None, "claim_version": row.claim_version + 1}
    as_read = (Message.id == row.id, Message.status == row.status, Message.claim_version == row.claim_version)
    written = await session.execute(update(Message).where(*as_read).values(values).returning(Message.id))
    return written.one_or_none() is not None


def take_out(part: Any, contact: ErasedContact) -> Any:
    """The same without the contact, wherever it stands."""
    if isinstance(part, list):
        return [take_out(each, contact) for each in part]
    if not isinstance(part, dict):
        return part
    if {"name", "phone"} <= part.keys() and _is_same(part, contact):
        return part | VACANT.model_dump()
    return {
        name: "" if name in NAMES and value and value == contact.name else take_out(value, contact)
        for name, value in part.items()
    }


def _is_same(part: dict[str, Any], contact: ErasedContact) -> bool:
    pairs = ((part["phone"], contact.phone), (part.get("email"), contact.email), (part["name"], contact.name))
    return any(value and value == theirs for value, theirs in pairs)
