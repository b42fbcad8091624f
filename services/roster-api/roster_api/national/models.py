"""Tables of national runs: the run, its provinces, its border round."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from commune_schemas.national import BorderStatus, NationalStatus
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base
from roster_api.work.answering import Answerable

NATIONAL_STATUSES = ", ".join(f"'{status}'" for status in NationalStatus)
BORDER_STATUSES = ", ".join(f"'{status}'" for status in BorderStatus)


class NationalRun(Base):
    """One national run. The provinces' runs are ordinary matching runs; this row only gathers them."""

    __tablename__ = "national_runs"
    __table_args__ = (
        sa.CheckConstraint(f"status IN ({NATIONAL_STATUSES})", name="status_known"),
        sa.CheckConstraint("(status = 'running') = (gathered_at IS NULL)", name="gathered_has_time"),
        sa.Index("ix_national_runs_live", "id", postgresql_where=sa.text("status = 'running'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    note: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=NationalStatus.RUNNING)
    options: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    """SolveOptions, the same for every province."""
    border_distance_m: Mapped[int | None]
    """How far neighbours may come to help; None: no border round is wanted."""
    requested_by: Mapped[str]
    requested_by_id: Mapped[UUID | None]
    requested_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    cancel_requested_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None]
    cancelled_by_id: Mapped[UUID | None]
    gathered_at: Mapped[datetime | None]
    certificate: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """NationalCertificate, made once when every province had ended."""


class NationalProvince(Base):
    """One province of a national run, and the matching run that solves it."""

    __tablename__ = "national_run_provinces"

    national_run_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("national_runs.id", ondelete="CASCADE"), primary_key=True
    )
    province_code: Mapped[str] = mapped_column(sa.ForeignKey("provinces.code"), primary_key=True)
    run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("matching_runs.id"), unique=True)


class BorderRound(Answerable, Base):
    """The border round of one national run. Plain json, not jsonb: its hashes can be recomputed."""

    __tablename__ = "border_rounds"
    __table_args__ = (
        sa.CheckConstraint(f"status IN ({BORDER_STATUSES})", name="status_known"),
        sa.CheckConstraint("(status IN ('queued', 'running')) = (finished_at IS NULL)", name="finished_has_time"),
        sa.Index("ix_border_rounds_live", "deadline_at", postgresql_where=sa.text("status IN ('queued', 'running')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    national_run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("national_runs.id", ondelete="CASCADE"), unique=True)
    outbox_id: Mapped[UUID] = mapped_column(sa.ForeignKey("outbox.id"))
    status: Mapped[str] = mapped_column(default=BorderStatus.QUEUED)
    requested_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    """How often a worker took it."""
    worker: Mapped[str | None]
    held_until: Mapped[datetime | None]
    """A worker is at it; past this it is taken for dead."""
    finished_at: Mapped[datetime | None]
    supports: Mapped[list[dict[str, Any]] | None] = mapped_column(sa.JSON(none_as_null=True))
    """BorderSupport, by commune, school and field."""
    certificate: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """StageCertificate of stage E."""
    problem: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), deferred=True)
    """The document as solved (mw-border/1)."""
    solution: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), deferred=True)
