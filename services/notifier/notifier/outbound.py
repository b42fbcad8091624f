"""The sender's SQL: claiming, writing what became of a message (the usual way: steps.py). Every write is fenced.

A claim raises `claim_version`; a sender names the version it was given in every write, so one that was paused and
overtaken changes nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from commune_schemas.notices import AnyNotice, Channel, MessageStatus, NoticeKind
from commune_service.sealed_columns import place_of
from commune_service.sealing import get_sealer
from pydantic import TypeAdapter
from sqlalchemy import ARRAY, Result, Row, Select, Uuid, and_, any_, bindparam, func, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from notifier.channels.simulator import is_simulator
from notifier.history import Earlier
from notifier.models import Attempt, Message
from notifier.reasons import put_in_words

ADDRESS = ("address_key_sealed", "address_digest")
NOTICE: TypeAdapter[AnyNotice] = TypeAdapter(AnyNotice)
"""From a message's row."""


def seal_notice(message_id: UUID, notice: AnyNotice) -> bytes:
    """As a message's row holds it, without a personal link; it opens in that row alone."""
    words = notice.model_dump_json(exclude={"answer_url"}).encode()
    return get_sealer().seal(words, place=notice_place(message_id))


def open_notice(message_id: UUID, sealed: bytes) -> AnyNotice:
    return NOTICE.validate_json(get_sealer().open(sealed, place=notice_place(message_id)))


def notice_place(message_id: UUID) -> str:
    return place_of(Message.__tablename__, "notice", (message_id,))


@dataclass(frozen=True)
class Claimed:
    """A message in a sender's hands."""

    id: UUID
    reference: str
    channel: str
    claim_version: int
    created_at: datetime
    notice: AnyNotice
    is_fallback: bool = False
    address_key_sealed: bytes | None = None
    address_digest: bytes | None = None


CLAIM = text(
    "with due as (select id from notifier.messages d where status = 'pending' and channel = :channel"
    " and (only_by is null or only_by = :provider) and (priority = 0 or not :urgent)"
    " and next_attempt_at <= now() - make_interval(secs => :waited) and expires_at > now()"
    " and notice_sealed is not null and (is_sandbox or :simulated) = :simulator"
    " and not exists (select 1 from notifier.messages o where o.thread = d.thread"
    " and o.recipient_kind = d.recipient_kind and o.recipient_id = d.recipient_id"
    " and o.channel = d.channel and o.source_version < d.source_version and o.status = 'sending')"
    " order by priority, next_attempt_at, id limit :limit for update skip locked)"
    " update notifier.messages m set status = 'claimed', claim_version = m.claim_version + 1,"
    " claimed_at = now(), claimed_by = :worker from due where m.id = due.id"
    " returning m.id, m.reference, m.channel, m.claim_version, m.created_at, m.notice_sealed, m.priority,"
    " m.is_fallback, m.address_key_sealed, m.address_digest"
)
"""Due rows, urgent ones first, become claimed: `claim_batch`."""


async def claim_batch(
    session: AsyncSession,
    *,
    channel: str,
    provider: str,
    limit: int,
    worker: str,
    waited_seconds: float = 0,
    only_urgent: bool = False,
    simulates_all: bool = False,
) -> list[Claimed]:
    """Up to `limit` due messages, urgent ones first; nobody else holds them once this commits. Only those due for
    `waited_seconds`, and none that another provider may have taken. Those of sandbox campaigns (`simulates_all`: all)
    are the simulator's alone. What an older plan said is settled first: the newest word must arrive last.
    """
    rows = await session.execute(
        CLAIM,
        {
            "channel": channel,
            "provider": provider,
            "waited": waited_seconds,
            "urgent": only_urgent,
            "simulator": is_simulator(provider),
            "simulated": simulates_all,
            "limit": limit,
            "worker": worker,
        },
    )
    return read_claimed(rows)


def read_claimed(rows: Result[Any]) -> list[Claimed]:
    """Of what CLAIM returns, urgent ones first."""
    ordered = sorted(rows.mappings(), key=lambda row: (row["priority"], str(row["id"])))
    plain = ("id", "reference", "channel", "claim_version", "created_at", "is_fallback", *ADDRESS)
    return [
        Claimed(notice=open_notice(row["id"], row["notice_sealed"]), **{name: row[name] for name in plain})
        for row in ordered
    ]


DUE = text(
    "select c.channel from (values ('email'), ('sms')) as c (channel) where exists (select 1 from notifier.messages m"
    " where m.status = 'pending' and m.channel = c.channel and m.priority = 0 and m.next_attempt_at <= now())"
    " or exists (select 1 from notifier.messages m"
    " where m.status = 'pending' and m.channel = c.channel and m.priority = 1 and m.next_attempt_at <= now())"
)
"""By priority, as the index of what is due stands: what waits for tomorrow is not read."""


async def list_due_channels(session: AsyncSession) -> list[Channel]:
    """Those of which something is due. Not all of it may go: `claim_batch` says."""
    return [Channel(channel) for channel in await session.scalars(DUE)]


def _history_of(table: type[Message]) -> tuple[Any, ...]:
    return (table.id, table.source_version, table.channel, table.status, table.told_kind, table.notice_sealed)


def _ask_for_earlier() -> Select[Any]:
    mine, before = aliased(Message), aliased(Message)
    same = [getattr(before, name) == getattr(mine, name) for name in ("thread", "recipient_kind", "recipient_id")]
    return (
        select(mine.id.label("mine"), *_history_of(before))
        .join(before, and_(*same, before.source_version < mine.source_version))
        .where(mine.id == any_(bindparam("ids", type_=ARRAY(Uuid))), before.notice_sealed.is_not(None))
    )


EARLIER = _ask_for_earlier()
"""Made once: making it takes longer than asking it. The ids are one array, so that Postgres, too, plans it once."""


async def list_earlier(session: AsyncSession, messages: Sequence[Claimed]) -> dict[UUID, list[Earlier]]:
    """By message: what its recipient has been told, or was to be told, in this thread before.

    It stays good until the message is sent: what a newer plan made untrue was cancelled when the newer rows came, and
    what was being handed over then counts as told.
    """
    earlier: dict[UUID, list[Earlier]] = {}
    for row in await session.execute(EARLIER, {"ids": [message.id for message in messages]}):
        earlier.setdefault(row.mine, []).append(_earlier(row))
    return earlier


async def list_earlier_in_threads(session: AsyncSession, threads: Collection[str]) -> dict[str, list[Earlier]]:
    """By thread: every message of it, newer ones too."""
    rows = await session.execute(
        select(Message.thread, *_history_of(Message)).where(
            Message.thread.in_(sorted(threads)), Message.notice_sealed.is_not(None)
        )
    )
    earlier: dict[str, list[Earlier]] = {}
    for row in rows:
        earlier.setdefault(row.thread, []).append(_earlier(row))
    return earlier


def _earlier(row: Row[Any]) -> Earlier:
    return Earlier(
        version=row.source_version,
        channel=Channel(row.channel),
        status=MessageStatus(row.status),
        told_kind=NoticeKind(row.told_kind) if row.told_kind else None,
        notice=open_notice(row.id, row.notice_sealed),
    )


async def finish_attempt(
    session: AsyncSession, message: Claimed, number: int, *, outcome: str, provider_code: str | None
) -> None:
    """What the provider answered is evidence, and is kept even by a sender that was overtaken."""
    await session.execute(
        update(Attempt)
        .where(Attempt.message_id == message.id, Attempt.number == number, Attempt.finished_at.is_(None))
        .values(finished_at=text("now()"), outcome=outcome, provider_code=provider_code)
    )


async def settle(
    session: AsyncSession,
    message: Claimed,
    *,
    status: MessageStatus,
    reason: str | None = None,
    detail: str = "",
    provider_message_id: str | None = None,
    next_attempt_at: datetime | None = None,
    only_by: str | None = None,
) -> bool:
    """Write what became of a message in our hands. False: it was ours no longer, and nothing was written.

    `only_by`: the provider that may have taken it; nobody else is given it until that is cleared up.
    """
    vi, en = put_in_words(reason, detail=detail) if reason else (None, None)
    values: dict[str, Any] = {"status": status.value, "reason_code": reason, "reason_vi": vi, "reason_en": en}
    if status is MessageStatus.SENT:
        values |= {"sent_at": text("now()"), "provider_message_id": provider_message_id}
    if status is MessageStatus.FAILED:
        values |= {"failed_at": text("now()")}
    if next_attempt_at is not None:
        values |= {"next_attempt_at": next_attempt_at, "only_by": only_by}
    held = (MessageStatus.CLAIMED.value, MessageStatus.SENDING.value)
    written = await session.execute(
        update(Message)
        .where(Message.id == message.id, Message.claim_version == message.claim_version, Message.status.in_(held))
        .values(values)
        .returning(Message.id)
    )
    return written.one_or_none() is not None


async def is_superseded(session: AsyncSession, message: Claimed) -> bool:
    """Asked with the row locked, so that the answer holds until the caller's commit."""
    found = await session.scalar(select(Message.superseded_at).where(Message.id == message.id).with_for_update())
    return found is not None


async def give_back(
    session: AsyncSession, messages: Sequence[Claimed], *, reason: str | None = None, wait_seconds: float = 0
) -> None:
    """Messages claimed and not begun are anybody's again; with a `reason`, shown, only after `wait_seconds`."""
    held = [(message.id, message.claim_version) for message in messages]
    values: dict[str, Any] = {"status": MessageStatus.PENDING.value, "claimed_by": None}
    if reason is not None:
        vi, en = put_in_words(reason)
        values |= {"reason_code": reason, "reason_vi": vi, "reason_en": en}
        values["next_attempt_at"] = func.now() + timedelta(seconds=wait_seconds)
    await session.execute(
        update(Message)
        .where(tuple_(Message.id, Message.claim_version).in_(held), Message.status == MessageStatus.CLAIMED.value)
        .values(values)
    )
