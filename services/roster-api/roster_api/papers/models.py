"""Table decision_papers: what a published plan's decision says beside the plan, and the rows as it lists them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base, Versioned


class DecisionPaper(Versioned, Base):
    """`listed` is written once: names that are corrected later change no paper that was signed."""

    __tablename__ = "decision_papers"

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plans.id"), primary_key=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """DecisionFacts."""
    listed: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """DecisionContent."""
    written_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    written_by: Mapped[str]
    written_by_id: Mapped[UUID | None]
