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
