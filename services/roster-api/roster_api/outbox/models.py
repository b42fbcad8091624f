"""Tables of the outbox: rows that ask for a job, and the relay's heartbeat."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base


class OutboxRow(Base):
    """One job to be enqueued again and again until its consumer says done. `args` carries ids only."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index("ix_outbox_due", "next_enqueue_at", postgresql_where=sa.text("done_at IS NULL")),
        sa.CheckConstraint("attempt >= 0", name="attempt_not_negative"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    topic: Mapped[str]
    """Job name, a key of commune_schemas.jobs.JOB_QUEUES."""
    queue: Mapped[str]
    args: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    attempt: Mapped[int] = mapped_column(server_default=sa.text("0"), default=0)
    """How often a job was enqueued for this row; part of the job's id."""
    next_enqueue_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    claimed_until: Mapped[datetime | None]
    """A relay is enqueueing it; once this is past, that relay is taken for dead."""
    last_enqueued_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class RelayHeartbeat(Base):
    """One row a relay process: when it last completed a round."""

    __tablename__ = "relay_heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    beat_at: Mapped[datetime]
    last_error: Mapped[str | None]
