"""Table consents: every word of a person about a purpose. Rows are only added; the last one of a purpose holds."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base


class Purpose(StrEnum):
    MESSAGES = "messages"  # to be written to about one's own placement
    MATCHING = "matching"  # that what one says of oneself is used to find a place


class ConsentChannel(StrEnum):
    PAGE = "page"  # the person, by their own link
    PAPER = "paper"  # a signed form the school keeps
    SPOKEN = "spoken"


class Consent(Base):
    __tablename__ = "consents"
    __table_args__ = (
        sa.Index("ix_consents_person", "volunteer_id", "purpose", "said_at"),
        sa.CheckConstraint("purpose in ('messages', 'matching')", name="purpose_known"),
        sa.CheckConstraint("channel in ('page', 'paper', 'spoken')", name="channel_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"))
    purpose: Mapped[str]
    is_given: Mapped[bool]
    """False: withdrawn, or refused."""
    text_version: Mapped[str]
    """Of the words the person was shown."""
    channel: Mapped[str]
    proof: Mapped[str | None]
    """Where it can be looked up: a form's number, the link's id."""
    recorded_by: Mapped[str]
    recorded_by_id: Mapped[UUID | None]
    said_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
