"""Tables of webhooks: who wants to hear of what, what happened, and what became of telling it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from notifier.database import Base


class WebhookSubscription(Base):
    """Where it is told, and of what. The secrets stand sealed; while two are in force both sign."""

    __tablename__ = "webhook_subscriptions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    url: Mapped[str]
    event_types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    description: Mapped[str]
    secret_sealed: Mapped[bytes]
    previous_secret_sealed: Mapped[bytes | None]
    previous_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    failing_since: Mapped[datetime | None]
    """No call was taken since; None after each that was."""
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str | None]


class WebhookEvent(Base):
    """Something that happened, written by the transaction that made it so (function notifier.write_event)."""

    __tablename__ = "webhook_events"
    __table_args__ = (Index("ix_webhook_events_happened_at", "happened_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    type: Mapped[str]
    subject: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    happened_at: Mapped[datetime] = mapped_column(server_default=func.now())


class WebhookDelivery(Base):
    """One event for one subscription. `next_attempt_at` in the future also means: somebody is at it."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint("status in ('pending', 'delivered', 'failed')", name="status_known"),
        Index("ix_webhook_deliveries_due", "next_attempt_at", postgresql_where=text("status = 'pending'")),
        Index("ix_webhook_deliveries_event_id", "event_id"),
    )

    subscription_id: Mapped[UUID] = mapped_column(
        ForeignKey(WebhookSubscription.id, ondelete="CASCADE"), primary_key=True
    )
    event_id: Mapped[UUID] = mapped_column(ForeignKey(WebhookEvent.id, ondelete="CASCADE"), primary_key=True)
    status: Mapped[str] = mapped_column(server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_status: Mapped[int | None]
    last_error: Mapped[str | None]
    delivered_at: Mapped[datetime | None]
