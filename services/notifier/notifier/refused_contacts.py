"""Which contacts were refused for good: the address is written to no more, or the last word of it was a refusal.

Asked before a plan is published, so that whoever can only be telephoned is counted as such. No address is kept of who
asks, and none is given: a message's own digest says whether it went to the address that was asked about.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from commune_schemas.notices import Channel, MessageStatus, Recipient
from commune_schemas.reaching import ContactToJudge, RefusalReason, RefusedContact
from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer

from notifier.models import Message, Suppression
from notifier.sent_to import mark_address
from notifier.suppression import list_rows

Place = tuple[str, str, str]
"""(kind and id of a recipient, channel)."""
REFUSED = and_(Message.status == MessageStatus.FAILED.value, Message.reason_code == "recipient.bad_address")
TAKEN = and_(
    Message.status.in_((MessageStatus.SENT.value, MessageStatus.DELIVERED.value)), Message.is_sandbox.is_(False)
)
"""The simulator takes nearly everything: that says nothing of an address."""


async def list_refused(session: AsyncSession, contacts: Sequence[ContactToJudge]) -> list[RefusedContact]:
    """At most one of a contact and channel; what is written to no more comes before what is tried again."""
    possible = [contact for contact in contacts if "\x00" not in contact.recipient.id]
    asked = dict(_list_places(possible))
    recipients = [contact.recipient for contact in possible]
    found = await _list_last_refusals(session, asked, recipients)
    found |= {
        _place(row): (RefusalReason(row.reason), row.created_at)
        for row, address in await list_rows(session, recipients)
        if _place(row) in asked and address in {None, asked[_place(row)].lower()}
    }
    return [
        RefusedContact(recipient=Recipient.model_validate({"kind": kind, "id": one_id}), channel=Channel(channel),
                       reason=reason, since=since)
        for (kind, one_id, channel), (reason, since) in sorted(found.items())
    ]  # fmt: skip


def _list_places(contacts: Sequence[ContactToJudge]) -> Iterator[tuple[Place, str]]:
    for contact in contacts:
        for channel, address in ((Channel.EMAIL, contact.email), (Channel.SMS, contact.phone)):
            if address:
                yield (contact.recipient.kind.value, contact.recipient.id, channel.value), address


def _place(row: Message | Suppression) -> Place:
    return row.recipient_kind, row.recipient_id, row.channel


async def _list_last_refusals(
    session: AsyncSession, asked: Mapping[Place, str], recipients: Sequence[Recipient]
) -> dict[Place, tuple[RefusalReason, datetime]]:
    """Where the newest message to this very address was refused. Who was never refused costs no look at their rows."""
    refused = aliased(Message)
    was_refused = exists().where(
        refused.recipient_id == Message.recipient_id,
        refused.channel == Message.channel,
        refused.status == MessageStatus.FAILED.value,
        refused.reason_code == "recipient.bad_address",
    )
    was_let_go = exists().where(Suppression.message_id == Message.id, Suppression.released_at.is_not(None))
    ended_at = func.coalesce(Message.failed_at, Message.sent_at)
    query = select(Message).where(
        Message.recipient_id.in_({recipient.id for recipient in recipients}),
        Message.address_digest.is_not(None),
        or_(REFUSED, TAKEN),
        was_refused,
        ~was_let_go,
    )
    last: dict[Place, tuple[RefusalReason, datetime]] = {}
    for row in await session.scalars(query.order_by(ended_at, Message.id).options(defer(Message.notice_sealed))):
        place = _place(row)
        if place not in asked or not _went_to(row, asked[place]):
            continue
        if row.status == MessageStatus.FAILED.value and row.failed_at is not None:
            last[place] = (RefusalReason.REFUSED, row.failed_at)
        else:
            last.pop(place, None)
    return last


def _went_to(row: Message, address: str) -> bool:
    return mark_address(row.id, address, key_sealed=row.address_key_sealed).digest == row.address_digest
