"""Tables of personal links, of the answers people gave, the vacancies these open, and of reminders to the silent."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base


class Answer(StrEnum):
    CONFIRMED = "confirmed"
    CANNOT_GO = "cannot_go"


class PersonalLink(Base):
    """The row behind a link: who, for which campaign, how long. The token itself is not stored, only signed."""

    __tablename__ = "personal_links"
    __table_args__ = (
        sa.Index(
            "uq_personal_links_live",
            "campaign_id",
            "volunteer_id",
            unique=True,
            postgresql_where=sa.text("revoked_at is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"))
    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    """Since when it opens nothing; another may stand in its place."""


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


class Vacancy(Base):
    """Opened by one answer. `stand_ins` are names as they were when they were worked out; None until then."""

    __tablename__ = "vacancies"
    __table_args__ = (
        sa.Index("ix_vacancies_not_asked", "opened_at", postgresql_where=sa.text("asked_at is null")),
        sa.Index("ix_vacancies_advice", "advice_id"),
    )

    answer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("placement_answers.id"), primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plans.id"))
    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"))
    opened_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    asked_at: Mapped[datetime | None]
    """When the question who could step in was put, or found to have no answer."""
    advice_id: Mapped[UUID | None]
    """The question; its table is above this one."""
    stand_ins: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))


class Reminder(Base):
    """One act of reminding: to answer (`reminded_people`), or that the first day is near (`first_days`)."""

    __tablename__ = "reminders"
    __table_args__ = (sa.CheckConstraint("kind in ('answer', 'first_day')", name="kind_known"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plans.id"))
    kind: Mapped[str] = mapped_column(default="answer", server_default="answer")
    reminded_by: Mapped[str]
    reminded_by_id: Mapped[UUID | None]
    reminded_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class Reminded(Base):
    """A person reminded of exactly these words; the key lets it happen once."""

    __tablename__ = "reminded_people"
    __table_args__ = (sa.Index("ix_reminded_people_reminder_id", "reminder_id"),)

    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"), primary_key=True)
    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"), primary_key=True)
    told_sha256: Mapped[str] = mapped_column(primary_key=True)
    reminder_id: Mapped[UUID] = mapped_column(sa.ForeignKey("reminders.id"))


class FirstDay(Base):
    """A person reminded that their service begins on this day; the key lets it happen once."""

    __tablename__ = "first_days"
    __table_args__ = (sa.Index("ix_first_days_reminder_id", "reminder_id"),)

    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"), primary_key=True)
    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"), primary_key=True)
    begins_on: Mapped[date] = mapped_column(primary_key=True)
    reminder_id: Mapped[UUID] = mapped_column(sa.ForeignKey("reminders.id"))
