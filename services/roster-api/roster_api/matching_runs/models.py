"""Tables of matching runs: the run, its events, its documents, its explanations."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from commune_schemas.matching import RunStatus
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base
from roster_api.work.handing_out import Leased

STATUSES = ", ".join(f"'{status}'" for status in RunStatus)


class MatchingRun(Leased, Base):
    """One run. Only the holder of `lease_token` may write progress or a result.

    What was frozen and what the worker hands in is plain json, not jsonb: the order of keys (levels of an objective,
    most important first) is kept.
    """

    __tablename__ = "matching_runs"
    __table_args__ = (
        sa.CheckConstraint(f"status IN ({STATUSES})", name="status_known"),
        sa.CheckConstraint("(status IN ('queued', 'running')) = (finished_at IS NULL)", name="finished_has_time"),
        sa.Index("ix_matching_runs_campaign", "campaign_id", "requested_at"),
        sa.Index("ix_matching_runs_live", "deadline_at", postgresql_where=sa.text("status IN ('queued', 'running')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"))
    outbox_id: Mapped[UUID] = mapped_column(sa.ForeignKey("outbox.id"), unique=True)
    scenario: Mapped[str | None]
    """A name for comparing, e.g. 'without the medical college'."""
    note: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=RunStatus.QUEUED)
    options: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """SolveOptions as asked for."""
    problem: Mapped[dict[str, Any]] = mapped_column(sa.JSON, deferred=True)
    """The frozen MatchingProblem."""
    requested_by: Mapped[str]
    requested_by_id: Mapped[UUID | None]
    requested_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    deadline_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    """Leases given so far."""
    lease_token: Mapped[UUID | None]
    held_until: Mapped[datetime | None] = mapped_column("lease_expires_at")
    """The end of the lease, which every sign of life moves."""
    worker: Mapped[str | None]
    cancel_requested_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None]
    cancelled_by_id: Mapped[UUID | None]
    last_event: Mapped[int] = mapped_column(default=0)
    progress: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    certificate: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    conflict: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    set_aside: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, default=list, server_default=sa.text("'[]'"), deferred=True
    )
    """WeekdaySetAside: free weekdays that did not count, for most of their dates fall out."""
    unkept_pins: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=sa.text("'[]'"))
    """UnkeptPin: decisions that the run's plan does not carry out, each with its rule."""
    need_versions: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict, server_default=sa.text("'{}'"))
    """By commune: which version of its need was frozen."""
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=sa.text("'[]'"))
    """LeftOut: whom the plan leaves without anyone, and why."""
    no_effect: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=sa.text("'[]'"))
    """NoEffect: options that the request named and that can change nothing."""
    remarks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=sa.text("'[]'"))
    """Remark: what an officer would ask first about the plan, with the answer."""
    duplicates: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=sa.text("'[]'"))
    """Duplicate: rows of the roster that are one human, and which of them the run planned with."""
    failure_kind: Mapped[str | None]
    failure_vi: Mapped[str | None]
    failure_en: Mapped[str | None]
    result_sha256: Mapped[str | None]
    """Of the stored MatchingResult or RunFailure, so that the same PUT again is told apart from another one."""


class RunEvent(Base):
    """What watchers of a run are told, in order. `number` starts at 1 and has no holes."""

    __tablename__ = "matching_run_events"

    run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("matching_runs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """'status' or 'progress'."""
    data: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class RunDocument(Base):
    """Problem and solution of one stage, as solved: stage A has school_code '', stage B the school's code.

    Plain json, not jsonb: the order of keys is kept, so anyone can recompute the certificate's hashes.
    """

    __tablename__ = "matching_run_documents"

    run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("matching_runs.id", ondelete="CASCADE"), primary_key=True)
    school_code: Mapped[str] = mapped_column(primary_key=True)
    problem: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    solution: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class RunExplanation(Base):
    """Why a commune got the school it got, as data and text."""

    __tablename__ = "matching_run_explanations"

    run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("matching_runs.id", ondelete="CASCADE"), primary_key=True)
    commune_code: Mapped[str] = mapped_column(primary_key=True)
    explanation: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
