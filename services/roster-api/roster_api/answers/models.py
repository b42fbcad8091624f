"""Tables of personal links and of the answers people gave."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base


class Answer(StrEnum):
    CONFIRMED = "confirmed"
    CANNOT_GO = "cannot_go"


class PersonalLink(Base):
    """The row behind a link: who, for which campaign, how long. The token itself is not stored, only signed."""

    __tablename__ = "personal_links"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "volunteer_id", name="uq_personal_links_person"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"))
    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class PlacementAnswer(Base):
    """One answer to one told placement; the newest for that digest counts. Rows are only added."""

    __tablename__ = "placement_answers"
    __table_args__ = (
        sa.Index("ix_placement_answers_told", "campaign_id", "volunteer_id", "told_sha256", "answered_at"),
        sa.CheckConstraint("answer IN ('confirmed', 'cannot_go')", name="answer_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"))
    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"))
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plans.id"))
    told_sha256: Mapped[str]
    """What they saw when they answered. Unchanged in a later version: the answer still stands."""
    answer: Mapped[str]
    reason: Mapped[str | None]
    answered_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
