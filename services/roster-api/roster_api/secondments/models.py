"""Tables of secondments: the runs, the decisions, and what happened to each decision."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base, Timestamped, Versioned
from roster_api.work.solving import FINISHED_HAS_TIME, LIVE_RUNS, STATUS_KNOWN, SolvedRun


class SecondmentStatus(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"
    STARTED = "started"
    RETURNED = "returned"
    ENDED_EARLY = "ended_early"
    DISCARDED = "discarded"


HOLDING = (SecondmentStatus.APPROVED.value, SecondmentStatus.PUBLISHED.value, SecondmentStatus.STARTED.value)
"""Takes the person and the post for its time."""
IN_FORCE = (SecondmentStatus.PUBLISHED.value, SecondmentStatus.STARTED.value)


class SecondmentRun(SolvedRun, Base):
    """One run of stage C."""

    __tablename__ = "secondment_runs"
    __table_args__ = (
        sa.CheckConstraint(STATUS_KNOWN, name="status_known"),
        sa.CheckConstraint(FINISHED_HAS_TIME, name="finished_has_time"),
        sa.Index(None, "province_code", "requested_at"),
        sa.Index("ix_secondment_runs_live", "deadline_at", postgresql_where=sa.text(LIVE_RUNS)),
    )

    province_code: Mapped[str] = mapped_column(sa.ForeignKey("provinces.code"))
    criteria: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """SecondmentRequest as asked for: by what people were chosen."""
    document: Mapped[dict[str, Any]] = mapped_column(sa.JSON, deferred=True)
    """The frozen SecondmentDocument: people are codes."""
    considered: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, deferred=True)
    """Everybody who might have been moved, and why not who was left out: Considered."""
    vacancies: Mapped[dict[str, str]] = mapped_column(JSONB, deferred=True)
    """Id of the post by the document's name of a vacancy."""
    solution: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), deferred=True)
    explanations: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), deferred=True)
    """PostExplanation by vacancy."""


class Secondment(Versioned, Timestamped, Base):
    """A decision: this person to that post, from then until then."""

    __tablename__ = "secondments"
    __table_args__ = (
        sa.CheckConstraint(
            "status in ({})".format(", ".join(f"'{status.value}'" for status in SecondmentStatus)), name="status_known"
        ),
        sa.CheckConstraint("kind in ('internal', 'province')", name="kind_known"),
        sa.CheckConstraint("until_on is null or until_on >= from_on", name="from_before_until"),
        sa.CheckConstraint("weekdays is null or cardinality(weekdays) between 1 and 5", name="weekdays_some"),
        sa.CheckConstraint("review_on is null or (weekdays is not null and until_on is null)", name="review_fits"),
        sa.Index(
            "uq_secondments_run_id_staff_id", "run_id", "staff_id", unique=True,
            postgresql_where=sa.text("status <> 'discarded'"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    province_code: Mapped[str] = mapped_column(sa.ForeignKey("provinces.code"), index=True)
    run_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("secondment_runs.id"))
    """None: decided without a run."""
    staff_id: Mapped[UUID] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    post_id: Mapped[UUID] = mapped_column(sa.ForeignKey("posts.id"), index=True)
    from_unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("units.id"))
    to_unit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("units.id"))
    kind: Mapped[str]
    """'internal': between units of communes; 'province': from an agency of the province."""
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    """The last day; None: for good."""
    weekdays: Mapped[list[int] | None] = mapped_column(ARRAY(sa.SmallInteger))
    """Of concurrent duty: served beside the person's own post on these days of each week. None: the whole time."""
    review_on: Mapped[date | None]
    """When concurrent duty without an end is looked at again."""
    change_asked_at: Mapped[datetime | None]
    """Since when one of the units wants it changed; None: nobody does."""
    legal_basis: Mapped[str]
    signer: Mapped[str]
    number: Mapped[str | None]
    """Of the paper, once it has one."""
    reason_vi: Mapped[str]
    """Why this person: the run's words, or who decided."""
    reason_en: Mapped[str]
    status: Mapped[str] = mapped_column(default=SecondmentStatus.DRAFT.value, server_default="draft")
    approved_by: Mapped[str | None]
    approved_by_id: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    published_by: Mapped[str | None]
    published_by_id: Mapped[UUID | None]
    published_at: Mapped[datetime | None]
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    """The last day in fact."""
    reminded_of: Mapped[date | None]
    """Of which last day, or day of review, those concerned were reminded."""
    last_event: Mapped[int] = mapped_column(default=0, server_default="0")


class SecondmentOccasion(Base):
    """One act of telling: a publication of many decisions, an extension, an end, a reminder."""

    __tablename__ = "secondment_occasions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    province_code: Mapped[str] = mapped_column(sa.ForeignKey("provinces.code"))
    outbox_id: Mapped[UUID] = mapped_column(sa.ForeignKey("outbox.id"))
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class SecondmentEvent(Base):
    """What happened to a decision, in order, with the words that were told."""

    __tablename__ = "secondment_events"

    secondment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("secondments.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("secondment_occasions.id"), index=True)
    """None: nobody is told."""
    kind: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    weekdays: Mapped[list[int] | None] = mapped_column(ARRAY(sa.SmallInteger))
    review_on: Mapped[date | None]
    reason: Mapped[str | None]
    legal_basis: Mapped[str]
    recorded_by: Mapped[str]
    recorded_by_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
