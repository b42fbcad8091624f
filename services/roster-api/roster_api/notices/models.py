"""Table unsubscriptions: who wants no reminders and daily mails at an address of theirs."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from commune_service.sealed_columns import SealedText
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base


class Unsubscription(Base):
    """It holds for this address: whoever takes over an office, with an address of their own, is written to again."""

    __tablename__ = "unsubscriptions"
    __table_args__ = (
        sa.Index(
            "ix_unsubscriptions_holding",
            "recipient_id",
            "recipient_kind",
            postgresql_where=sa.text("resubscribed_at is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    recipient_kind: Mapped[str]
    recipient_id: Mapped[str]
    email_sealed: Mapped[bytes]
    email = SealedText()
    unsubscribed_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    resubscribed_at: Mapped[datetime | None]
