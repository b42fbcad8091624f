"""Tables of oversight groups: a grouping (one version), its groups with their overseers, its communes, its edits."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from commune_service.sealed_columns import SealedText
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base, Timestamped, Versioned
from roster_api.work.solving import FINISHED_HAS_TIME, LIVE_RUNS, STATUS_KNOWN, SolvedRun


class GroupingStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"


class GroupRun(SolvedRun, Base):
    """One run of stage D over the communes of a campaign's province."""

    __tablename__ = "group_runs"
    __table_args__ = (
        sa.CheckConstraint(STATUS_KNOWN, name="status_known"),
        sa.CheckConstraint(FINISHED_HAS_TIME, name="finished_has_time"),
        sa.Index(None, "campaign_id", "requested_at"),
        sa.Index("ix_group_runs_live", "deadline_at", postgresql_where=sa.text(LIVE_RUNS)),
    )

    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"))
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """What was asked for, the overseers apart."""
    joined: Mapped[list[list[str]]] = mapped_column(JSONB)
    """Pairs of communes taken as neighbours though no border is shared: an island and the nearest commune."""
    document: Mapped[dict[str, Any]] = mapped_column(sa.JSON, deferred=True)
    """The frozen GroupsDocument."""
    solution: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), deferred=True)
    """GroupsSolution, or InfeasibleSolution."""
    explanations: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), deferred=True)
    """GroupExplanation by commune."""


class Overseer(Base):
    """Who is to follow a group, as a run's request names them: an account, or somebody with a contact."""

    __tablename__ = "overseers"
    __table_args__ = (
        sa.UniqueConstraint("run_id", "position"),
        sa.CheckConstraint("(account_id is null) <> (email_sealed is null)", name="account_or_email"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("group_runs.id"))
    position: Mapped[int]
    name: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    email_sealed: Mapped[bytes | None]
    phone_sealed: Mapped[bytes | None]
    email = SealedText()
    phone = SealedText()


class Grouping(Versioned, Timestamped, Base):
    """One division of the communes into groups. What was published is never changed: an edit of it begins a draft."""

    __tablename__ = "groupings"
    __table_args__ = (
        sa.CheckConstraint(
            "status in ({})".format(", ".join(f"'{status.value}'" for status in GroupingStatus)), name="status_known"
        ),
        sa.CheckConstraint(
            "(status in ('published', 'superseded')) = (version is not null)", name="published_has_version"
        ),
        sa.UniqueConstraint("campaign_id", "version"),
        sa.Index("uq_groupings_in_force", "campaign_id", unique=True, postgresql_where=sa.text("status = 'published'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"))
    run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("group_runs.id"), index=True)
    from_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("groupings.id"))
    """The grouping that a draft was begun from."""
    status: Mapped[str] = mapped_column(default=GroupingStatus.DRAFT.value, server_default="draft")
    version: Mapped[int | None]
    last_edit: Mapped[int] = mapped_column(default=0, server_default="0")
    published_by: Mapped[str | None]
    published_by_id: Mapped[UUID | None]
    published_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]


class GroupSeat(Base):
    """Who follows group `number` of a grouping."""

    __tablename__ = "group_seats"

    grouping_id: Mapped[UUID] = mapped_column(sa.ForeignKey("groupings.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """0, 1, ...: as in the document."""
    overseer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("overseers.id"), index=True)


class GroupCommune(Base):
    """A commune's group within a grouping."""

    __tablename__ = "group_communes"
    __table_args__ = (sa.Index(None, "commune_code", "grouping_id"),)

    grouping_id: Mapped[UUID] = mapped_column(sa.ForeignKey("groupings.id"), primary_key=True)
    commune_code: Mapped[str] = mapped_column(sa.ForeignKey("communes.code"), primary_key=True)
    number: Mapped[int]


class GroupEdit(Base):
    """A change by hand: what, why, at which cost, despite which rules. Rows are only added."""

    __tablename__ = "group_edits"

    grouping_id: Mapped[UUID] = mapped_column(sa.ForeignKey("groupings.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    moves: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    exchanges: Mapped[list[list[int]]] = mapped_column(JSONB)
    effect: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str]
    edited_by: Mapped[str]
    edited_by_id: Mapped[UUID | None]
    edited_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
