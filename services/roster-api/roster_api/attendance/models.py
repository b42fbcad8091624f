"""Tables of attendance. A service day is the state that counts; a tick is what somebody said, kept as it was said."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base
from roster_api.errors import explain_constraint


class Outcome(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"
    REPLACED = "replaced"  # somebody else came instead


class Side(StrEnum):
    """Whose word a tick is, the strongest last: the province's settles what commune and school see differently."""

    SCHOOL = "school"
    COMMUNE = "commune"
    PROVINCE = "province"


OUTCOMES = ", ".join(f"'{each}'" for each in Outcome)
SIDES = ", ".join(f"'{each}'" for each in Side)


class AttendanceQuestion(Base):
    """A school was asked about days of its people that the commune said nothing of; the source of that notice."""

    __tablename__ = "attendance_questions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"), index=True)
    school_id: Mapped[UUID] = mapped_column(sa.ForeignKey("schools.id"))
    asked_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class ServiceDay(Base):
    """One date of one person under a published plan, and what is known of it.

    A later version takes away and adds days from the day of its publication on; days before stay with the plan that
    they were served under.
    """

    __tablename__ = "service_days"
    __table_args__ = (
        sa.Index("ix_service_days_commune", "campaign_id", "commune_code", "serves_on"),
        sa.Index("ix_service_days_school", "campaign_id", "school_id", "serves_on"),
        sa.Index(
            "ix_service_days_silent",
            "campaign_id",
            "serves_on",
            postgresql_where=sa.text("outcome IS NULL AND question_id IS NULL"),
        ),
        sa.CheckConstraint(f"outcome IN ({OUTCOMES})", name="outcome_known"),
        sa.CheckConstraint(
            f"(served_by_volunteer_id IS NOT NULL) = (coalesce(outcome, '{Outcome.ABSENT}') <> '{Outcome.ABSENT}')",
            name="served_by_somebody",
        ),
    )

    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"), primary_key=True)
    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"), primary_key=True)
    serves_on: Mapped[date] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plans.id"))
    """The version that planned it."""
    school_id: Mapped[UUID] = mapped_column(sa.ForeignKey("schools.id"))
    commune_code: Mapped[str] = mapped_column(sa.ForeignKey("communes.code"))
    school_outcome: Mapped[str | None]
    commune_outcome: Mapped[str | None]
    province_outcome: Mapped[str | None]
    outcome: Mapped[str | None]
    """What counts, see `settling.py`; None while nobody whose word counts has said anything."""
    served_by_volunteer_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("volunteers.id"))
    """Who was there: the person, or who came instead. None unless somebody came."""
    is_disputed: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Commune and school see it differently, and the province has not settled it."""
    confirmed_at: Mapped[datetime | None]
    """When what counts was last changed."""
    question_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("attendance_questions.id"))
    """Set once the school was asked, after three working days without a word of the commune."""


class AttendanceTick(Base):
    """What one side said of one day, once a key of the sender. Rows are only added; the newest `ticked_at` holds."""

    __tablename__ = "attendance_ticks"
    __table_args__ = (
        sa.UniqueConstraint("sender", "tick_key", name="uq_attendance_ticks_key"),
        sa.Index("ix_attendance_ticks_day", "campaign_id", "volunteer_id", "serves_on"),
        sa.ForeignKeyConstraint(
            ["campaign_id", "volunteer_id", "serves_on"],
            ["service_days.campaign_id", "service_days.volunteer_id", "service_days.serves_on"],
            name="fk_attendance_ticks_day",
        ),
        sa.CheckConstraint(f"side IN ({SIDES})", name="side_known"),
        sa.CheckConstraint(f"outcome IN ({OUTCOMES})", name="outcome_known"),
        sa.CheckConstraint("(replaced_by_volunteer_id IS NOT NULL) = (outcome = 'replaced')", name="replaced_by"),
    )

    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    campaign_id: Mapped[UUID]
    volunteer_id: Mapped[UUID]
    serves_on: Mapped[date]
    side: Mapped[str]
    outcome: Mapped[str]
    reason: Mapped[str | None]
    """Of an absence, or of anything else worth a word; taken away after the days that the settings name."""
    replaced_by_volunteer_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("volunteers.id"))
    sender: Mapped[str]
    """Whose keys do not meet others': 'commune/22366', 'school/<id>', 'province/56'."""
    tick_key: Mapped[str]
    ticked_at: Mapped[datetime]
    """By the sender's clock, never later than its arrival."""
    arrived_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    ticked_by: Mapped[str]
    ticked_by_id: Mapped[UUID | None]


class DutyCount(Base):
    """How often a person did a duty in a week, as the commune counted it."""

    __tablename__ = "duty_counts"
    __table_args__ = (
        sa.Index("ix_duty_counts_commune", "campaign_id", "commune_code", "week_on"),
        sa.CheckConstraint("number > 0", name="number_positive"),
    )

    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"), primary_key=True)
    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"), primary_key=True)
    week_on: Mapped[date] = mapped_column(primary_key=True)
    """The week's Monday."""
    duty_code: Mapped[str] = mapped_column(sa.ForeignKey("duties.code"), primary_key=True)
    commune_code: Mapped[str] = mapped_column(sa.ForeignKey("communes.code"), primary_key=True)
    number: Mapped[int]
    counted_by: Mapped[str]
    counted_by_id: Mapped[UUID | None]
    counted_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


explain_constraint(
    "uq_attendance_ticks_key",
    code="attendance.sent_twice",
    vi="Cùng một lần điểm danh đang được gửi hai lần. Hãy gửi lại sau giây lát.",
    en="The same tick is being sent twice. Send it again in a moment.",
)
