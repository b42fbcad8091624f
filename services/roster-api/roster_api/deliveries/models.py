"""Table message_orders: what officers asked the notifier to send again, and what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base


class MessageOrder(Base):
    """Messages to be sent again. The notifier carries it out; its word on each message ends it.

    `reason` is empty from then on: it is kept with the messages.
    """

    __tablename__ = "message_orders"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    message_ids: Mapped[list[str]] = mapped_column(JSONB)
    reason: Mapped[str]
    outbox_id: Mapped[UUID | None]
    asked_by: Mapped[str]
    asked_by_id: Mapped[UUID | None] = mapped_column(index=True)
    asked_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    outcome: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    """[{message_id, status, to, code, vi, en}]: `to` is masked; `code` says why it was not sent again."""
    done_at: Mapped[datetime | None]


class PhoneCall(Base):
    """That somebody of the call list was telephoned. Rows are only added; the newest one of an entry holds."""

    __tablename__ = "phone_calls"
    __table_args__ = (sa.CheckConstraint("outcome IN ('reached', 'not_reached')", name="outcome_known"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    source_kind: Mapped[str]
    source_id: Mapped[UUID] = mapped_column(index=True)
    recipient_kind: Mapped[str]
    recipient_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    outcome: Mapped[str]
    called_by: Mapped[str]
    called_by_id: Mapped[UUID | None]
    called_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
