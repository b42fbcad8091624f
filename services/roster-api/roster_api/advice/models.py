"""The table of questions about runs, with their answers."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from commune_schemas.advice import AdviceStatus
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base
from roster_api.work.answering import Answerable

STATUSES = ", ".join(f"'{status}'" for status in AdviceStatus)


class Advice(Answerable, Base):
    """One question about one run. A run's documents never change, so an answer stays right and is given again.

    Plain json, not jsonb: the order of keys is kept, so levels of an objective read most important first.
    """

    __tablename__ = "advice"
    __table_args__ = (
        sa.UniqueConstraint("run_id", "question_sha256", name="uq_advice_question"),
        sa.CheckConstraint(f"status IN ({STATUSES})", name="status_known"),
        sa.CheckConstraint("(status IN ('queued', 'running')) = (finished_at IS NULL)", name="finished_has_time"),
        sa.Index("ix_advice_live", "deadline_at", postgresql_where=sa.text("status IN ('queued', 'running')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("matching_runs.id", ondelete="CASCADE"))
    outbox_id: Mapped[UUID] = mapped_column(sa.ForeignKey("outbox.id"))
    question: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    question_sha256: Mapped[str]
    document: Mapped[str]
    """Which of the run's documents it is about: '' = stage A, else a school's code."""
    school_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("schools.id"))
    """The school whose person the question is about; its coordinator may read the answer."""
    status: Mapped[str] = mapped_column(default=AdviceStatus.QUEUED)
    requested_by: Mapped[str]
    requested_by_id: Mapped[UUID | None]
    requested_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    """How often a worker took it."""
    held_until: Mapped[datetime | None]
    """A worker is at it; past this it is taken for dead."""
    finished_at: Mapped[datetime | None]
    answer: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """AdviceAnswer as the worker put it: people are ids."""
