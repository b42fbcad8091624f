"""Tables of blockers, their steps, and of support given outside working hours."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base, Versioned


class Level(StrEnum):
    """Who has it, the lowest first."""

    OVERSEER = "overseer"  # who follows the commune for Science & Technology
    DIRECTOR = "director"  # of Science & Technology
    SECRETARY_OFFICE = "secretary_office"  # the Provincial Party Secretary's; nothing is above


class BlockerState(StrEnum):
    OPEN = "open"
    SOLVED = "solved"  # says the owner; the raiser has not confirmed it
    CLOSED = "closed"  # confirmed by the raiser


class Urgency(StrEnum):
    NORMAL = "normal"
    URGENT = "urgent"


class StepKind(StrEnum):
    RAISED = "raised"
    ESCALATED = "escalated"
    NOTED = "noted"
    SOLVED = "solved"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"


def one_of(column: str, values: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(each.value) for each in values)})"


class Blocker(Versioned, Base):
    """`due_at`: when it goes to the next level; None at the highest, and unless it is open."""

    __tablename__ = "blockers"
    __table_args__ = (
        sa.Index("ix_blockers_campaign", "campaign_id", "commune_code"),
        sa.Index("ix_blockers_due", "due_at", postgresql_where=sa.text("due_at IS NOT NULL")),
        sa.CheckConstraint(one_of("state", BlockerState), name="state_known"),
        sa.CheckConstraint(one_of("level", Level), name="level_known"),
        sa.CheckConstraint(one_of("urgency", Urgency), name="urgency_known"),
        sa.CheckConstraint("due_at IS NULL OR state = 'open'", name="due_while_open"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"))
    commune_code: Mapped[str] = mapped_column(sa.ForeignKey("communes.code"))
    """Where it is."""
    school_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("schools.id"))
    """Whose it is, where a school raised it; else the commune's."""
    field_code: Mapped[str | None] = mapped_column(sa.ForeignKey("fields.code"))
    words: Mapped[str]
    urgency: Mapped[str]
    state: Mapped[str] = mapped_column(default=BlockerState.OPEN.value)
    level: Mapped[str] = mapped_column(default=Level.OVERSEER.value)
    level_since: Mapped[datetime]
    due_at: Mapped[datetime | None]
    raised_at: Mapped[datetime]
    raised_by: Mapped[str]
    raised_by_id: Mapped[UUID | None]
    solved_at: Mapped[datetime | None]
    solution: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    times_reopened: Mapped[int] = mapped_column(default=0, server_default="0")


class BlockerStep(Base):
    """What became of a blocker, a row each time; rows are only added. The source of the notices about it."""

    __tablename__ = "blocker_steps"
    __table_args__ = (
        sa.UniqueConstraint("blocker_id", "number", name="uq_blocker_steps_number"),
        sa.CheckConstraint(one_of("kind", StepKind), name="kind_known"),
        sa.CheckConstraint(one_of("level", Level), name="level_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    blocker_id: Mapped[UUID] = mapped_column(sa.ForeignKey("blockers.id"))
    number: Mapped[int]
    kind: Mapped[str]
    level: Mapped[str]
    """Who has it from this step on."""
    words: Mapped[str]
    due_at: Mapped[datetime | None]
    made_by: Mapped[str | None]
    """None: time."""
    made_by_id: Mapped[UUID | None]
    made_at: Mapped[datetime]


class SupportEntry(Base):
    """Support that a commune was given, with its hours; `minutes_outside` of them were outside working hours."""

    __tablename__ = "support_entries"
    __table_args__ = (
        sa.Index("ix_support_entries_campaign", "campaign_id", "began_at"),
        sa.CheckConstraint("ended_at > began_at", name="ends_after_it_began"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"))
    commune_code: Mapped[str] = mapped_column(sa.ForeignKey("communes.code"))
    blocker_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("blockers.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    minutes: Mapped[int]
    minutes_outside: Mapped[int]
    words: Mapped[str]
    logged_by: Mapped[str]
    logged_by_id: Mapped[UUID | None]
    logged_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
