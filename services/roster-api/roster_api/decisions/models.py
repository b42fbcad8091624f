"""Tables decisions (pins and forbids, with who and why) and existing_relations (ties from before the campaign)."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base
from roster_api.errors import explain_constraint


class DecisionKind(StrEnum):
    RESPONSIBILITY_PIN = "responsibility_pin"  # this school leads this commune
    RESPONSIBILITY_FORBID = "responsibility_forbid"  # it must not
    PLACEMENT_PIN = "placement_pin"  # this volunteer serves this commune
    PLACEMENT_FORBID = "placement_forbid"  # never there


ACTIVE = "withdrawn_at is null"


class Decision(Base):
    """Kept for ever; one that no longer holds is withdrawn, with the name of who withdrew it."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint(
            "kind in ('responsibility_pin', 'responsibility_forbid', 'placement_pin', 'placement_forbid')",
            name="kind_known",
        ),
        CheckConstraint(
            "case when kind like 'responsibility%' then school_id is not null and volunteer_id is null "
            "else volunteer_id is not null and school_id is null end",
            name="names_school_or_volunteer",
        ),
        Index(
            "uq_decisions_responsibility_pin",
            "campaign_id",
            "commune_code",
            unique=True,
            postgresql_where=text(f"kind = 'responsibility_pin' and {ACTIVE}"),
        ),
        Index(
            "uq_decisions_placement_pin",
            "campaign_id",
            "volunteer_id",
            unique=True,
            postgresql_where=text(f"kind = 'placement_pin' and {ACTIVE}"),
        ),
        Index(
            "uq_decisions_responsibility",
            "campaign_id",
            "commune_code",
            "school_id",
            unique=True,
            postgresql_where=text(f"school_id is not null and {ACTIVE}"),
        ),
        Index(
            "uq_decisions_placement",
            "campaign_id",
            "commune_code",
            "volunteer_id",
            unique=True,
            postgresql_where=text(f"volunteer_id is not null and {ACTIVE}"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"), index=True)
    kind: Mapped[str]
    commune_code: Mapped[str] = mapped_column(ForeignKey("communes.code"))
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("schools.id"))
    volunteer_id: Mapped[UUID | None] = mapped_column(ForeignKey("volunteers.id"))
    reason: Mapped[str]
    decided_by: Mapped[str]
    decided_by_id: Mapped[UUID | None]
    decided_at: Mapped[datetime] = mapped_column(server_default=func.now())
    withdrawn_by: Mapped[str | None]
    withdrawn_by_id: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None]
    weekdays: Mapped[list[int] | None] = mapped_column(ARRAY(SmallInteger))
    """Of a pin of a person: the only weekdays on which they may serve there; None = any."""
    edit_id: Mapped[UUID | None] = mapped_column(index=True)
    """The change of a draft by hand that this decision keeps for the next runs."""
    unkept: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What the newest run that ended says of this pin: {run_id, rule, vi, en}; None = kept, or not run yet."""


class ExistingRelation(Base):
    """A school already serves a commune: worth keeping (10 for each one lost)."""

    __tablename__ = "existing_relations"

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    commune_code: Mapped[str] = mapped_column(ForeignKey("communes.code"), primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    note: Mapped[str] = mapped_column(server_default="")
    recorded_by: Mapped[str]
    recorded_by_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())


explain_constraint(
    "uq_decisions_responsibility_pin",
    code="decision.commune_pinned",
    vi="Xã này đã được ghim cho một trường. Hãy rút quyết định cũ trước.",
    en="This commune is pinned to a school already. Withdraw that decision first.",
)
explain_constraint(
    "uq_decisions_placement_pin",
    code="decision.volunteer_pinned",
    vi="Người này đã được ghim vào một xã. Hãy rút quyết định cũ trước.",
    en="This volunteer is pinned to a commune already. Withdraw that decision first.",
)
for _name in ("uq_decisions_responsibility", "uq_decisions_placement"):
    explain_constraint(
        _name,
        code="decision.exists",
        vi="Đã có quyết định về cặp này. Hãy rút quyết định cũ trước.",
        en="There is a decision about this pair already. Withdraw that one first.",
    )
explain_constraint(
    "pk_existing_relations",
    code="relation.exists",
    vi="Quan hệ này đã được ghi.",
    en="This relation is recorded already.",
)
