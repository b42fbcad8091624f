"""Tables scenario_sets (what was asked for at once) and scenario_runs (its runs, in the order asked)."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base


class ScenarioSet(Base):
    __tablename__ = "scenario_sets"
    __table_args__ = (sa.Index("ix_scenario_sets_campaign", "campaign_id", "requested_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"))
    from_scratch: Mapped[bool]
    """Without regard to the plan in force; else each run keeps what it can of it."""
    note: Mapped[str | None]
    requested_by: Mapped[str]
    requested_by_id: Mapped[UUID | None]
    requested_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class ScenarioRun(Base):
    __tablename__ = "scenario_runs"

    set_id: Mapped[UUID] = mapped_column(sa.ForeignKey("scenario_sets.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("matching_runs.id"), unique=True)
    named: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The options that the request named; all others are the campaign's."""
    no_effect: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    """Of the options named those that can change nothing, and why (vi, en)."""
