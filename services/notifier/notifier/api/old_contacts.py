"""Which messages went to another number or address than their recipients have now. Contacts are asked for, not kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from commune_schemas.notices import Channel
from commune_schemas.reaching import ContactQuestion
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from notifier.addresses import address_of, find_fault
from notifier.api.resending import ARRIVED, roster_away
from notifier.database import Sessions
from notifier.models import Message
from notifier.roster_client import AskContacts, Contacts, RosterAway
from notifier.sent_to import list_reached, mark_address

AT_ONCE = 500
"""Contacts asked for in one question."""


@dataclass(frozen=True)
class ToOldContact:
    """A message that may be sent again, and where it would go."""

    message_id: UUID
    address: str


async def list_to_old_contacts(sessions: Sessions, ask: AskContacts, query: Select[Message]) -> list[ToOldContact]:
    """Of these messages, oldest first. ProblemError 503 while roster-api is away; no transaction is open meanwhile.

    Left out is what a newer word made untrue, and whose recipient has no contact now that could be written to.
    """
    arrived = query.where(
        Message.status.in_(ARRIVED), Message.superseded_at.is_(None), Message.address_digest.is_not(None)
    )
    async with sessions.begin() as session:
        in_order = arrived.order_by(Message.created_at, Message.id).options(defer(Message.notice_sealed))
        rows = (await session.scalars(in_order)).all()
    found: list[ToOldContact] = []
    for batch in _in_batches(rows):
        contacts = await _ask_for(ask, batch)
        async with sessions.begin() as session:
            found += await _compare(session, batch, contacts)
    return found


async def _ask_for(ask: AskContacts, rows: Sequence[Message]) -> Contacts:
    questions = {ContactQuestion(recipient=row.recipient, source=row.source) for row in rows}
    try:
        return await ask(sorted(questions, key=lambda question: question.recipient.id))
    except RosterAway:
        raise roster_away() from None


async def _compare(session: AsyncSession, rows: Sequence[Message], contacts: Contacts) -> list[ToOldContact]:
    reached = await list_reached(session, [row.id for row in rows])
    found = []
    for row in rows:
        card = contacts.get((row.recipient, row.source))
        if card is None or card.is_withheld:
            continue
        address = address_of(card, row.channel)
        if address is None or find_fault(Channel(row.channel), address) is not None:
            continue
        digest = mark_address(row.id, address, key_sealed=row.address_key_sealed).digest
        if digest != row.address_digest and digest not in reached.get(row.id, set()):
            found.append(ToOldContact(row.id, address))
    return found


def _in_batches(rows: Sequence[Message]) -> Iterator[list[Message]]:
    left = iter(rows)
    while batch := list(islice(left, AT_ONCE)):
        yield batch
