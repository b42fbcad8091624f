"""Reminders and daily mails can be declined, by the address they go to: the link in each, and what holds.

The link names the recipient and proves the address, and needs no row: it opens nothing once that address is no more
the recipient's. What people must know all the same (placements, decisions) cannot be declined here.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import uuid4

import sqlalchemy as sa
from commune_schemas.notices import Recipient, RecipientKind
from commune_schemas.reaching import ContactCard
from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.notices.models import Unsubscription

PURPOSE = b"unsubscribe/1"
MARK_BYTES, PROOF_BYTES = 8, 16


@dataclass(frozen=True)
class Subscriber:
    """Who opened a link, at the address that it was sent to."""

    recipient: Recipient
    email: str
    is_unsubscribed: bool


@dataclass(frozen=True)
class Named:
    """What a link says: proved to be ours; whether the address is still theirs is not known yet."""

    recipient: Recipient
    mark: bytes

    def is_of(self, email: str | None, *, secret: str) -> bool:
        return email is not None and hmac.compare_digest(self.mark, _mark(email, secret))


def make_url(recipient: Recipient, email: str, *, public_url: str, secret: str) -> str:
    """Where the mails to this address are declined."""
    named = f"{recipient.kind.value}:{recipient.id}".encode() + _mark(email, secret)
    token = base64.urlsafe_b64encode(named + _proof(named, secret)).rstrip(b"=").decode()
    return f"{public_url}/u/{token}"


def read_token(token: str, *, secret: str) -> Named | None:
    """None for anything that `make_url` did not make with this secret."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    named, proof = raw[:-PROOF_BYTES], raw[-PROOF_BYTES:]
    if not hmac.compare_digest(proof, _proof(named, secret)):
        return None
    kind, _, recipient_id = named[:-MARK_BYTES].decode().partition(":")
    return Named(Recipient(kind=RecipientKind(kind), id=recipient_id), named[-MARK_BYTES:])


def _proof(named: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), PURPOSE + b"\0" + named, hashlib.sha256).digest()[:PROOF_BYTES]


def _mark(email: str, secret: str) -> bytes:
    """Of an address, in any case."""
    return hmac.new(secret.encode(), PURPOSE + b"\1" + email.lower().encode(), hashlib.sha256).digest()[:MARK_BYTES]


async def add_unsubscribing(
    session: AsyncSession, cards: Sequence[ContactCard], *, public_url: str, secret: str
) -> list[ContactCard]:
    """The cards of those who have an e-mail address, with the link to decline and whether they did."""
    declined = await list_declined(session, {card.recipient for card in cards if card.email})
    return [
        card.model_copy(
            update={
                "unsubscribe_url": make_url(card.recipient, card.email, public_url=public_url, secret=secret),
                "is_unsubscribed": card.email.lower() in declined.get(card.recipient, set()),
            }
        )
        if card.email
        else card
        for card in cards
    ]


async def list_declined(session: AsyncSession, recipients: Collection[Recipient]) -> dict[Recipient, set[str]]:
    """By recipient: the addresses, in small letters, at which they want no reminders."""
    if not recipients:
        return {}
    query = sa.select(Unsubscription).where(
        Unsubscription.recipient_id.in_({recipient.id for recipient in recipients}),
        Unsubscription.resubscribed_at.is_(None),
    )
    declined: dict[Recipient, set[str]] = {}
    for row in await session.scalars(query):
        key = Recipient(kind=RecipientKind(row.recipient_kind), id=row.recipient_id)
        declined.setdefault(key, set()).add((row.email or "").lower())
    return declined


async def set_subscribed(session: AsyncSession, who: Subscriber, *, is_wanted: bool) -> None:
    """What holds already is left as it is."""
    rows = [
        row
        for row in await session.scalars(_of(who.recipient).where(Unsubscription.resubscribed_at.is_(None)))
        if (row.email or "").lower() == who.email.lower()
    ]
    if is_wanted:
        for row in rows:
            row.resubscribed_at = clock.now()
    elif not rows:
        kind, recipient_id = who.recipient.kind.value, who.recipient.id
        row = Unsubscription(id=uuid4(), recipient_kind=kind, recipient_id=recipient_id)
        row.email = who.email
        session.add(row)
    await session.flush()


async def forget_unsubscribed(session: AsyncSession, recipient: Recipient) -> int:
    """Of who is erased: how many rows went."""
    gone = sa.delete(Unsubscription).where(*_theirs(recipient)).returning(Unsubscription.id)
    return len((await session.scalars(gone)).all())


def _of(recipient: Recipient) -> sa.Select[Unsubscription]:
    return sa.select(Unsubscription).where(*_theirs(recipient))


def _theirs(recipient: Recipient) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Unsubscription.recipient_kind == recipient.kind.value,
        Unsubscription.recipient_id == recipient.id,
    )
