"""To which address a message went, without the address: a digest under a key of the message's own, which stands sealed.

Whoever knows an address can ask whether a message went there; nobody can read from a row where it went, nor see that
two messages went to one address. It needs no secret of its own, and is changed with the data keys.
"""

import hmac
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from commune_schemas.notices import Channel
from commune_service.sealed_columns import place_of
from commune_service.sealing import get_sealer
from sqlalchemy import ColumnElement, Select, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from notifier.models import Attempt, Message, Receipt

KEY_BYTES = 32
CAME_BACK = ("failed", "returned", "ignored: sent again since")
"""What a receipt did, where it says that a try reached nobody."""


class Try(Enum):
    """Which try of a message a provider speaks of."""

    NEWEST = 1
    EARLIER = 2
    """To the address of the newest, under another reference or by another provider."""
    ELSEWHERE = 3
    """To another address than it went to, or is to go to, since: what is heard of it says nothing of its recipient."""


@dataclass(frozen=True)
class SentTo:
    """Both columns of a message's row."""

    key_sealed: bytes
    digest: bytes


def mark_address(message_id: UUID, address: str, *, key_sealed: bytes | None) -> SentTo:
    """`key_sealed`: the row's; None: it gets one."""
    place = place_of(Message.__tablename__, "address_key", (message_id,))
    if key_sealed is None:
        key = secrets.token_bytes(KEY_BYTES)
        key_sealed = get_sealer().seal(key, place=place)
    else:
        key = get_sealer().open(key_sealed, place=place)
    # An address in other letters is the same address.
    return SentTo(key_sealed, hmac.digest(key, address.strip().lower().encode(), "sha256"))


async def list_reached(session: AsyncSession, message_ids: Collection[UUID]) -> dict[UUID, set[bytes]]:
    """By message: the addresses that a provider took it for, and of which no word came that it did not arrive."""
    tries = await session.execute(
        select(Attempt.message_id, Attempt.address_digest).where(
            Attempt.message_id.in_(message_ids), Attempt.outcome == "sent", ~_came_back()
        )
    )
    reached: dict[UUID, set[bytes]] = {}
    for message_id, digest in tries:
        if digest is not None:
            reached.setdefault(message_id, set()).add(digest)
    return reached


async def find_try_that_reached(session: AsyncSession, message_id: UUID, digest: bytes) -> Attempt | None:
    """The newest try by which this address has the message already."""
    query = select(Attempt).where(
        Attempt.message_id == message_id, Attempt.address_digest == digest, Attempt.outcome == "sent", ~_came_back()
    )
    found: Attempt | None = await session.scalar(query.order_by(Attempt.number.desc()).limit(1))
    return found


async def find_try(
    session: AsyncSession, reference: str, *, channel: Channel, provider: str | None = None
) -> tuple[Message | None, Try]:
    """The message that a provider calls by this reference, locked: nobody has it sent again until the caller's commit.

    `provider`: it speaks for what it was given, and for nothing else; None: whoever it is.
    """
    locked = select(Message).where(Message.channel == channel.value).with_for_update()
    locked = locked.execution_options(populate_existing=True)
    of_newest = [Message.reference == reference, *([Message.provider == provider] if provider else [])]
    message: Message | None = await session.scalar(locked.where(*of_newest))
    if message is not None:
        return message, Try.NEWEST
    of_try = [Attempt.reference == reference, *([Attempt.provider == provider] if provider else [])]
    tried = await session.scalar(select(Attempt).where(*of_try).limit(1))
    message = await session.scalar(locked.where(Message.id == tried.message_id)) if tried else None
    if tried is None or message is None:
        return None, Try.EARLIER
    went_there = message.address_digest in {None, tried.address_digest} or tried.address_digest is None
    return message, Try.EARLIER if went_there else Try.ELSEWHERE


async def forget_addresses(session: AsyncSession, messages: Select[Any] | Sequence[UUID]) -> None:
    """Nobody can ask any more where these went."""
    of_tries = update(Attempt).where(Attempt.message_id.in_(messages)).values(address_digest=None)
    of_these = update(Message).where(Message.id.in_(messages)).values(address_key_sealed=None, address_digest=None)
    for statement in (of_tries, of_these):
        await session.execute(statement.execution_options(synchronize_session=False))


def _came_back() -> ColumnElement[bool]:
    return exists().where(
        Receipt.message_id == Attempt.message_id,
        Receipt.reference == Attempt.reference,
        Receipt.effect.in_(CAME_BACK),
    )
