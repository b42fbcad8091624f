"""Forgetting a person: what was said to them, and of them, is emptied; that it was sent stays.

One transaction with its entry in the audit. The job comes again until roster-api has heard that it is done; doing it
again finds nothing to empty and adds no entry.
"""

from typing import Any
from uuid import UUID

import structlog
from commune_schemas.notices import SourceKind
from sqlalchemy import ColumnElement, Select, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.audit.models import AuditEntry
from notifier.database import Sessions
from notifier.forget_contact import take_out_of_messages
from notifier.models import Attempt, Message, Receipt, Resend, Suppression
from notifier.reasons import put_in_words
from notifier.roster_client import ErasedContact, Forgetting, RosterClient
from notifier.sent_to import forget_addresses

log = structlog.get_logger(__name__)
UNSENT = ("pending", "claimed")


async def forget_person(*, request_id: UUID, roster: RosterClient, sessions: Sessions) -> int:
    """How many messages are empty now. RosterAway when roster-api stays away: the job comes again."""
    task = await roster.get_erasure(request_id)
    if task.contact is not None:
        return await forget_contact_of(task, task.contact, roster=roster, sessions=sessions)
    async with sessions.begin() as session:
        emptied = await empty_messages(session, task)
        if emptied:
            await record(session, task, messages=emptied)
        messages = await session.scalar(select(func.count()).select_from(Message).where(_is_about(task))) or 0
    await roster.say_forgotten(request_id, messages=messages)
    log.info("person.forgotten", request_id=str(request_id), messages=messages)
    return messages


async def forget_contact_of(
    task: Forgetting, contact: ErasedContact, *, roster: RosterClient, sessions: Sessions
) -> int:
    """At once, of what waits to be sent too; what a provider takes just now is left to the job when it comes again."""
    async with sessions.begin() as session:
        messages, in_hand = await take_out_of_messages(session, contact)
        await _forget_addresses(session, select(Message.id).where(_is_about(task)))
        if messages:
            await record(session, task, messages=messages)
    if in_hand:
        log.info("contact.just_being_sent", request_id=str(task.request_id), messages=in_hand)
        return messages
    await roster.say_forgotten(task.request_id, messages=messages)
    log.info("contact.forgotten", request_id=str(task.request_id), messages=messages)
    return messages


async def empty_messages(session: AsyncSession, task: Forgetting) -> int:
    """What is not sent yet is cancelled; a sender that holds it is fenced off."""
    about = select(Message.id).where(_is_about(task))
    vi, en = put_in_words("recipient.erased")
    words = {"reason_code": "recipient.erased", "reason_vi": vi, "reason_en": en}
    quietly = {"synchronize_session": False}
    await session.execute(
        update(Message)
        .where(_is_about(task), Message.status.in_(UNSENT))
        .values(status="cancelled", claim_version=Message.claim_version + 1, **words)
        .execution_options(**quietly)
    )
    emptied = await session.execute(
        update(Message)
        .where(_is_about(task), Message.notice_sealed.is_not(None))
        .values(notice_sealed=None, superseded_at=func.coalesce(Message.superseded_at, func.now()))
        .returning(Message.id)
        .execution_options(**quietly)
    )
    for statement in (
        update(Attempt).where(Attempt.message_id.in_(about)).values(detail=None),
        update(Receipt).where(Receipt.message_id.in_(about)).values(body={}),
        update(Resend).where(Resend.message_id.in_(about)).values(reason=""),
    ):
        await session.execute(statement.execution_options(**quietly))
    await _forget_addresses(session, about)
    return len(emptied.all())


async def _forget_addresses(session: AsyncSession, messages: Select[Any]) -> None:
    of_these = update(Suppression).where(Suppression.message_id.in_(messages))
    refused = of_these.values(address_sealed=None, shown_address=None, release_reason=None)
    await session.execute(refused.execution_options(synchronize_session=False))
    await forget_addresses(session, messages)


def _is_about(task: Forgetting) -> ColumnElement[bool]:
    to_them = and_(Message.recipient_kind == task.to.kind.value, Message.recipient_id == task.to.id)
    of_them = and_(Message.source_kind == SourceKind.ANSWER.value, Message.source_id.in_(task.answer_ids))
    to_units = and_(Message.source_kind == SourceKind.SECONDMENT.value, Message.source_id.in_(task.occasion_ids))
    return or_(to_them, of_them, to_units)


async def record(session: AsyncSession, task: Forgetting, *, messages: int) -> None:
    entry = {
        "action": "change",
        "method": "JOB",
        "route": "forget_person",
        "actor_role": "roster-api",
        "subjects": [task.to.id, str(task.request_id)],
        "details": {"messages": messages},
        "request_id": None,
        "address": None,
    }
    await session.execute(insert(AuditEntry), entry)
