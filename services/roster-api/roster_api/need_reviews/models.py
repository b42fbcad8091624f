"""Tables of reminders to communes that have not submitted a need."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base


class NeedReminder(Base):
    """One request to remind the silent: the source of its notices."""

    __tablename__ = "need_reminders"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"), index=True)
    reminded_by: Mapped[str]
    reminded_by_id: Mapped[UUID | None]
    reminded_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class RemindedCommune(Base):
    __tablename__ = "need_reminded_communes"

    reminder_id: Mapped[UUID] = mapped_column(sa.ForeignKey("need_reminders.id"), primary_key=True)
    commune_code: Mapped[str] = mapped_column(sa.ForeignKey("communes.code"), primary_key=True)
