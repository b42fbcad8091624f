"""Tables office_notices and office_digests: what an office is to be told, and which day's mail it went in."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base


class OfficeNotice(Base):
    """One thing that one office is told, once (`key`). Its words name no person: who reads them signs in and sees."""

    __tablename__ = "office_notices"
    __table_args__ = (
        sa.Index(
            "ix_office_notices_waiting",
            "recipient_kind",
            "recipient_id",
            "created_at",
            postgresql_where=sa.text("digest_id is null and not is_urgent"),
        ),
        sa.Index("ix_office_notices_digest_id", "digest_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    key: Mapped[str] = mapped_column(unique=True)
    """What it is about and to whom: told again under the same key, nothing is added."""
    recipient_kind: Mapped[str]
    recipient_id: Mapped[str]
    about: Mapped[str]
    """The campaign's name."""
    heading: Mapped[str]
    sentences: Mapped[list[str]] = mapped_column(JSONB)
    rows: Mapped[list[str]] = mapped_column(JSONB)
    english: Mapped[str]
    is_urgent: Mapped[bool]
    """It goes at once, and not in the day's mail."""
    digest_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("office_digests.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class OfficeDigest(Base):
    """The one mail of a day to an office; the key lets it happen once."""

    __tablename__ = "office_digests"
    __table_args__ = (sa.UniqueConstraint("recipient_kind", "recipient_id", "day", name="uq_office_digests_day"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    recipient_kind: Mapped[str]
    recipient_id: Mapped[str]
    day: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
