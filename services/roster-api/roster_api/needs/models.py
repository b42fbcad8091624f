"""Tables need_declarations (one a commune and campaign), need_items (people, days a week, by duty), need_versions."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from roster_api.database import Base, Timestamped, Versioned


class NeedState(StrEnum):
    DRAFT = "draft"  # the commune is at it; no run uses it
    SUBMITTED = "submitted"  # to be reviewed by Home Affairs
    ACCEPTED = "accepted"  # as it was submitted, or as Home Affairs changed or declared it


class NeedDeclaration(Versioned, Timestamped, Base):
    __tablename__ = "need_declarations"
    __table_args__ = (
        UniqueConstraint("campaign_id", "commune_code"),
        CheckConstraint("cardinality(presence) = 5", name="presence_of_five_days"),
        CheckConstraint("min_people between 0 and 1000", name="min_people_in_range"),
        CheckConstraint("state in ('draft', 'submitted', 'accepted')", name="state_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"))
    commune_code: Mapped[str] = mapped_column(ForeignKey("communes.code"), index=True)
    lacks_it_staff: Mapped[bool]
    """No IT civil servant of its own: served first (priority 3 instead of 1)."""
    presence: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), server_default=text("'{0,0,0,0,0}'"))
    """People wanted there on each weekday, Monday first."""
    min_people: Mapped[int | None] = mapped_column(SmallInteger)
    """Heads that must be there, whatever they do; None = as the campaign's policy has it."""
    note: Mapped[str] = mapped_column(server_default="")
    declared_by: Mapped[str]
    """Label of the key that declared it."""
    declared_by_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default=NeedState.ACCEPTED.value, server_default="accepted")
    reviewed_by: Mapped[str | None]
    """Who in Home Affairs accepted, changed or declared it; None while nobody has."""
    reviewed_by_id: Mapped[UUID | None]
    reviewed_at: Mapped[datetime | None]
    review_reason: Mapped[str | None]
    """Why Home Affairs changed what the commune had submitted."""
    items: Mapped[list["NeedItem"]] = relationship(
        cascade="all, delete-orphan", order_by="NeedItem.duty_code", lazy="raise"
    )


IS_SENT = NeedDeclaration.state != NeedState.DRAFT.value
"""What a commune still drafts is declared nowhere: no run uses it, no number counts it."""


class NeedItem(Base):
    __tablename__ = "need_items"
    __table_args__ = (
        CheckConstraint("people between 1 and 1000", name="people_in_range"),
        CheckConstraint("days_per_week between 1 and 5", name="days_in_range"),
    )

    declaration_id: Mapped[UUID] = mapped_column(
        ForeignKey("need_declarations.id", ondelete="CASCADE"), primary_key=True
    )
    duty_code: Mapped[str] = mapped_column(ForeignKey("duties.code"), primary_key=True)
    people: Mapped[int]
    days_per_week: Mapped[int] = mapped_column(SmallInteger)


class NeedVersion(Base):
    """What a commune's need was, each time that it changed; rows are only added. A run names the versions it used."""

    __tablename__ = "need_versions"

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    commune_code: Mapped[str] = mapped_column(ForeignKey("communes.code"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """lacks_it_staff, presence, note, items."""
    reason: Mapped[str | None]
    changed_by: Mapped[str]
    changed_by_id: Mapped[UUID | None]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
