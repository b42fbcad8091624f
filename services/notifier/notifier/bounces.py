"""From a report that came back to the message it is about: failed, delivered, and an address on the list of those that
are written to no more. The same report again changes nothing.
"""

import hashlib
from collections.abc import Sequence

import structlog
from commune_schemas.notices import Channel
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.arrival import note_arrival, note_return
from notifier.bounce_reports import MailReport, ReportKind, read_report
from notifier.limits import note_refused
from notifier.models import Attempt, Message, Receipt
from notifier.sent_to import Try, find_try
from notifier.suppression import SuppressionReason, suppress

log = structlog.get_logger(__name__)


async def take_mail(session: AsyncSession, content: bytes) -> str:
    """What a mail that came back did: 'returned', 'delivered', 'complaint' or 'ignored: ...'."""
    report = read_report(content)
    if report is None:
        return "ignored: no report of a message of ours"
    message, of_try = await find_try(session, report.reference, channel=Channel.EMAIL)
    if message is None:
        return "ignored: no such message"
    if not await _is_first(session, message, report, content):
        return "ignored: repeated"
    effect = await _apply(session, message, report, of_try=of_try)
    for other in await _list_carried(session, message, report.reference):
        await _apply(session, other, report, of_try=of_try)
    digest = _digest(content)
    await session.execute(update(Receipt).where(Receipt.webhook_id == digest).values(effect=effect))
    log.info("bounce.taken", message_id=str(message.id), effect=effect, status=report.status)
    return effect


async def _list_carried(session: AsyncSession, message: Message, reference: str) -> Sequence[Message]:
    """What else went in this mail."""
    tries = select(Attempt.message_id).where(Attempt.reference == reference, Attempt.message_id != message.id)
    return (await session.scalars(select(Message).where(Message.id.in_(tries)).order_by(Message.id))).all()


def _digest(content: bytes) -> str:
    return f"mail-{hashlib.sha256(content).hexdigest()}"


async def _is_first(session: AsyncSession, message: Message, report: MailReport, content: bytes) -> bool:
    """Kept as a receipt, without a word of the mail: it holds addresses."""
    stored = await session.execute(
        insert(Receipt)
        .values(
            provider=message.provider or "email",
            webhook_id=_digest(content),
            reference=report.reference,
            status=report.status or report.kind.value,
            body={},
            message_id=message.id,
            effect="pending",
        )
        .on_conflict_do_nothing()
        .returning(Receipt.webhook_id)
    )
    return stored.one_or_none() is not None


async def _apply(session: AsyncSession, message: Message, report: MailReport, *, of_try: Try) -> str:
    is_elsewhere = of_try is Try.ELSEWHERE
    if report.kind is ReportKind.DELIVERED:
        if is_elsewhere:
            return "ignored: sent to another address since"
        return "delivered" if await note_arrival(session, message.id) else "ignored: already delivered"
    is_complaint = report.kind is ReportKind.COMPLAINT
    # What names no address is held against every one: that may be done to the address it was about alone.
    if (is_complaint or report.is_dead_address) and not (is_elsewhere and report.address is None):
        reason = SuppressionReason.COMPLAINT if is_complaint else SuppressionReason.DEAD_ADDRESS
        await suppress(session, message, reason=reason, address=report.address, detail=report.status)
    if is_complaint:
        return "complaint"
    if of_try is not Try.NEWEST:
        return "ignored: sent again since"
    if not await note_return(session, message.id, reason=find_reason(report)):
        return "ignored: too late"
    if report.is_dead_address:
        await note_refused(session, "email")
    return "returned"


def find_reason(report: MailReport) -> str:
    """A code of reasons.py."""
    if report.is_dead_address:
        return "recipient.bad_address"
    return "recipient.mailbox_full" if report.status.endswith(".2.2") else "receipt.returned"
