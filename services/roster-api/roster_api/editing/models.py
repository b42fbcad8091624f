"""Tables of changes by hand: what was asked, why, by whom, the rows before and after; and runs for the optimum."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base


class PlanEdit(Base):
    """One request's edits of a draft. The newest that is done may be undone, the oldest that is undone done again."""

    __tablename__ = "plan_edits"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "number", name="uq_plan_edits_number"),
        sa.CheckConstraint("state in ('done', 'undone', 'dropped')", name="state_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plans.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="done")
    edits: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    reason: Mapped[str]
    made_by: Mapped[str]
    made_by_id: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    undone_by: Mapped[str | None]
    undone_by_id: Mapped[UUID | None]
    undone_at: Mapped[datetime | None]
    levels: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """LevelChange, by every level."""
    row_changes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """RowChanges: every row of the plan that differs, as it was and as it became."""
    decision_changes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """{made: [ids of decisions], withdrawn: [ids]}, of the last time it was done."""


class OptimumRun(Base):
    """A run that was asked for to learn how far a plan changed by hand is from the best under the same pins."""

    __tablename__ = "plan_optimum_runs"

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plans.id"), primary_key=True)
    run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("matching_runs.id"), primary_key=True)
    edit_version: Mapped[int]
    """The plan's, when it was asked for."""
    asked_by: Mapped[str]
    asked_by_id: Mapped[UUID | None]
    asked_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
