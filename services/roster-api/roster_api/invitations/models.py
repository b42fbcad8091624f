"""Tables of invitations, of the rounds in which they were sent or reminded of, and of what came back."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base


class RoundKind(StrEnum):
    INVITATION = "invitation"
    REMINDER = "reminder"


class Outcome(StrEnum):
    GIVEN = "given"
    DECLINED = "declined"


class InvitationRound(Base):
    """One act of inviting or reminding people of a school: the source of their notices."""

    __tablename__ = "invitation_rounds"
    __table_args__ = (sa.CheckConstraint("kind in ('invitation', 'reminder')", name="kind_known"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    school_id: Mapped[UUID] = mapped_column(sa.ForeignKey("schools.id"))
    kind: Mapped[str]
    asked_by: Mapped[str]
    asked_by_id: Mapped[UUID | None]
    asked_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class Invitation(Base):
    """The row behind a person's link, whose token is not stored, only signed. A person has one that is not revoked."""

    __tablename__ = "invitations"
    __table_args__ = (
        sa.Index("uq_invitations_live", "volunteer_id", unique=True, postgresql_where=sa.text("revoked_at is null")),
        sa.Index("ix_invitations_volunteer", "volunteer_id", "created_at"),
        sa.Index("ix_invitations_round", "round_id", "volunteer_id"),
        sa.Index("ix_invitations_reminder", "reminder_id", "volunteer_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    school_id: Mapped[UUID] = mapped_column(sa.ForeignKey("schools.id"))
    """Whose people they were invited as."""
    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"))
    round_id: Mapped[UUID] = mapped_column(sa.ForeignKey("invitation_rounds.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    expires_at: Mapped[datetime]
    reminder_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("invitation_rounds.id"))
    """The round that reminded them; there is no second one."""
    revoked_at: Mapped[datetime | None]
    """Since when the link opens nothing; another may stand in its place."""
    revoked_by: Mapped[str | None]
    revoked_by_id: Mapped[UUID | None]


class InvitationAnswer(Base):
    """That somebody answered; the last one holds. Rows are only added; what was said stands with the person."""

    __tablename__ = "invitation_answers"
    __table_args__ = (
        sa.Index("ix_invitation_answers_invitation", "invitation_id", "answered_at"),
        sa.CheckConstraint("outcome in ('given', 'declined')", name="outcome_known"),
        sa.CheckConstraint("channel in ('page', 'paper', 'spoken')", name="channel_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    invitation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("invitations.id"))
    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"))
    outcome: Mapped[str]
    channel: Mapped[str]
    """'page': the person by the link; else a coordinator for them, from paper or what they said aloud."""
    answered_by: Mapped[str]
    answered_by_id: Mapped[UUID | None]
    answered_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
