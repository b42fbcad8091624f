"""Tables: messages, every attempt to hand one over, providers' receipts, circuit breakers, requests to send again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from commune_schemas.notices import Recipient, RecipientKind, Source, SourceKind
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from notifier.database import Base

STATUSES = "pending claimed sending sent delivered failed unknown cancelled"


class Message(Base):
    """One thing to tell one recipient by one channel, from one source. The unique key is the promise: once.

    `reference` is what a provider knows it by (e-mail Message-ID, SMS reference); made from the key, so that even a
    database restored from an older backup asks providers about the same message. `thread` binds the messages to one
    recipient about one thing over all versions of its source: a person's placement in one campaign. Every write by a
    sender names the `claim_version` it was given, which each claim, taking back and cancelling raises.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint(
            "source_kind",
            "source_id",
            "source_version",
            "recipient_kind",
            "recipient_id",
            "channel",
            "kind",
            "is_fallback",
            name="uq_messages_once",
        ),
        Index(
            "uq_messages_one_fallback",
            "source_kind",
            "source_id",
            "source_version",
            "recipient_kind",
            "recipient_id",
            "kind",
            unique=True,
            postgresql_where=text("is_fallback"),
        ),
        Index(
            "ix_messages_not_arrived",
            "created_at",
            "id",
            postgresql_where=text("superseded_at is null and status in ('failed', 'unknown', 'cancelled')"),
        ),
        CheckConstraint(f"status in ({', '.join(repr(s) for s in STATUSES.split())})", name="status"),
        CheckConstraint("channel in ('email', 'sms')", name="channel"),
        Index("ix_messages_due", "channel", "priority", "next_attempt_at", postgresql_where=text("status = 'pending'")),
        Index(
            "ix_messages_in_hand",
            "status",
            "claimed_at",
            postgresql_where=text("status in ('claimed', 'sending', 'unknown')"),
        ),
        Index("ix_messages_thread", "thread", "recipient_id", "source_version"),
        Index("ix_messages_created_at", "created_at", "id"),
        Index("ix_messages_recipient_id", "recipient_id"),
        Index("ix_messages_simulated", "status", postgresql_where=text("provider like 'simulator-%'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    source_kind: Mapped[str]
    source_id: Mapped[UUID]
    source_version: Mapped[int]
    recipient_kind: Mapped[str]
    recipient_id: Mapped[str]
    channel: Mapped[str]
    kind: Mapped[str]
    thread: Mapped[str]
    school_name: Mapped[str]
    commune_code: Mapped[str | None]
    notice_sealed: Mapped[bytes | None]
    """The notice as roster-api gave it, sealed: what is told is what was published, whatever changes later. It holds no
    address and no personal link: those are asked for when the message is sent. None once its time is over."""
    address_key_sealed: Mapped[bytes | None]
    address_digest: Mapped[bytes | None]
    """Where it went, or is to go since it was sent again (sent_to.py). None: never handed over, before this was kept,
    or forgotten."""
    is_sandbox: Mapped[bool] = mapped_column(server_default=text("false"))
    """Of a sandbox campaign: the simulator alone is ever given it."""
    is_fallback: Mapped[bool] = mapped_column(server_default="false")
    """It stands in for the other channel's message, which was refused for good (fallback.py)."""
    priority: Mapped[int]
    """0 = urgent (changed, withdrawn), 1 = bulk."""

    status: Mapped[str] = mapped_column(server_default="pending")
    claim_version: Mapped[int] = mapped_column(server_default="0")
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    """No attempt after this."""
    attempts: Mapped[int] = mapped_column(server_default="0")
    told_kind: Mapped[str | None]
    """What the words really said; differs from `kind` when the person had not been told the plan before."""
    template: Mapped[str | None]
    """Which words it was written by, at its last try: 'vi/3' of the kind and channel, or 'vi/built-in <their mark>'."""
    provider: Mapped[str | None]
    only_by: Mapped[str | None]
    """The provider that may have taken it already: it alone, which knows the reference, is given it again."""
    provider_message_id: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    superseded_at: Mapped[datetime | None]
    """Since when a newer plan says otherwise: never sent after this moment."""
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    reason_code: Mapped[str | None]
    reason_vi: Mapped[str | None]
    reason_en: Mapped[str | None]

    @property
    def source(self) -> Source:
        return Source(kind=SourceKind(self.source_kind), id=self.source_id, version=self.source_version)

    @property
    def recipient(self) -> Recipient:
        return Recipient(kind=RecipientKind(self.recipient_kind), id=self.recipient_id)

    @property
    def plan_id(self) -> UUID | None:
        """Of what a plan tells."""
        return self.source_id if self.source_kind == SourceKind.PLAN else None

    @property
    def plan_version(self) -> int | None:
        return self.source_version if self.source_kind == SourceKind.PLAN else None

    @property
    def volunteer_id(self) -> UUID | None:
        """Of what a volunteer is told."""
        return UUID(self.recipient_id) if self.recipient_kind == RecipientKind.VOLUNTEER else None


class Template(Base):
    """One version of the words of a kind, channel and language. Rows are added, and published; nothing else changes.

    The newest published one holds. `blocks` None: the built-in words hold again.
    """

    __tablename__ = "templates"
    __table_args__ = (
        CheckConstraint("channel in ('email', 'sms')", name="channel"),
        CheckConstraint("language in ('vi', 'en')", name="language"),
    )

    kind: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    blocks: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """MailBlocks or TextBlock of words/blocks.py."""
    written_by: Mapped[str]
    """Who, as whoever holds the key says."""
    reason: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_at: Mapped[datetime | None]


class Attempt(Base):
    """One try to hand a message over. Written before the provider is touched, closed with what it answered."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("message_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    message_id: Mapped[UUID] = mapped_column(ForeignKey(Message.id))
    number: Mapped[int]
    claim_version: Mapped[int]
    reference: Mapped[str]
    """Of one address: another address is another reference, or a provider would take the message for the old one."""
    address_digest: Mapped[bytes | None]
    provider: Mapped[str]
    worker: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    """'sent' | 'transient' | 'permanent' | 'unknown' | 'not_handed_over'; absent while it runs."""
    provider_code: Mapped[str | None]
    detail: Mapped[str | None]


class Receipt(Base):
    """What a provider called back with, raw. The webhook's id makes a repeated call one row."""

    __tablename__ = "receipts"

    provider: Mapped[str] = mapped_column(primary_key=True)
    webhook_id: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    reference: Mapped[str]
    status: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey(Message.id), index=True)
    effect: Mapped[str]
    """'delivered' | 'failed' | 'ignored: ...'."""


class Breaker(Base):
    """Whether a provider is left alone for a while. One row a provider, shared by all notifiers."""

    __tablename__ = "breakers"

    provider: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(server_default="0")
    """In a row."""
    open_until: Mapped[datetime | None]
    probe_until: Mapped[datetime | None]
    """After `open_until` one sender at a time may try one message, until this moment."""
    last_error: Mapped[str | None]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Resend(Base):
    """An officer's explicit request to send a message again, and the answer it was given."""

    __tablename__ = "resends"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    idempotency_key: Mapped[str | None] = mapped_column(unique=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey(Message.id), index=True)
    reason: Mapped[str]
    status_before: Mapped[str]
    requested_at: Mapped[datetime] = mapped_column(server_default=func.now())
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Suppression(Base):
    """An address of a recipient that is written to no more, until an officer releases it (suppression.py)."""

    __tablename__ = "suppressions"
    __table_args__ = (
        UniqueConstraint("message_id", "reason"),
        CheckConstraint("reason in ('dead_address', 'complaint')", name="reason_known"),
        Index("ix_suppressions_recipient_id", "recipient_id", postgresql_where=text("released_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[str]
    recipient_kind: Mapped[str]
    recipient_id: Mapped[str]
    message_id: Mapped[UUID] = mapped_column(ForeignKey(Message.id))
    reason: Mapped[str]
    detail: Mapped[str]
    """The status a mail server gave: '5.1.1'."""
    address_sealed: Mapped[bytes | None]
    shown_address: Mapped[str | None]
    """Masked."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    released_at: Mapped[datetime | None]
    release_reason: Mapped[str | None]


class Counter(Base):
    """How much of something was handed over in a minute or a day that began at `starts_at` (limits.py)."""

    __tablename__ = "counters"
    __table_args__ = (Index("ix_counters_starts_at", "starts_at"),)

    scope: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    used: Mapped[int] = mapped_column(BigInteger)


class Worker(Base):
    """Which senders live: each says so every few seconds."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    queue_state: Mapped[str | None]
    """What this process last saw of the queue: commune_service.queue_health.QueueState."""
