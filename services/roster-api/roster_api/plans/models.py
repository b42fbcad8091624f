"""Tables of plans. A published plan never changes: a trigger of the database says so (migration of these tables)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base
from roster_api.errors import explain_constraint


class PlanStatus(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"  # a later version was published
    DISCARDED = "discarded"


STATUSES = ", ".join(f"'{status}'" for status in PlanStatus)


class Plan(Base):
    """One plan of a campaign, made from one matching run: a draft with a number, a version once it is published."""

    __tablename__ = "plans"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "draft_number", name="uq_plans_campaign_draft_number"),
        sa.UniqueConstraint("campaign_id", "version", name="uq_plans_campaign_version"),
        sa.Index(
            "uq_plans_one_published", "campaign_id", unique=True, postgresql_where=sa.text("status = 'published'")
        ),
        sa.Index("uq_plans_run_id", "run_id", unique=True, postgresql_where=sa.text("copied_from_id IS NULL")),
        sa.CheckConstraint(f"status IN ({STATUSES})", name="status_known"),
        sa.CheckConstraint("version >= 1", name="version_positive"),
        sa.CheckConstraint("draft_number >= 1", name="draft_number_positive"),
        sa.CheckConstraint(
            f"(version IS NOT NULL) = (status IN ('{PlanStatus.PUBLISHED}', '{PlanStatus.SUPERSEDED}'))",
            name="version_once_published",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"))
    run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("matching_runs.id"))
    """A run has one plan of its own; what is copied from that is of the same run."""
    copied_from_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("plans.id"))
    draft_number: Mapped[int]
    """Counts what was computed for the campaign; says nothing about which plan is the newer word."""
    version: Mapped[int | None]
    """Counts what was published, in that order: the higher one is what holds. None until then."""
    status: Mapped[str] = mapped_column(default=PlanStatus.DRAFT)
    content_sha256: Mapped[str]
    """Over responsibilities, placements and shortfalls, in a fixed order: what the annex carries in its footer."""
    is_verified: Mapped[bool]
    """Its certificate says that verify() accepted every stage."""
    unkept_pins: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=sa.text("'[]'"))
    """UnkeptPin: decisions that this plan does not carry out; a warning before publishing."""
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=sa.text("'[]'"))
    """LeftOut: whom it leaves without anyone, and why."""
    remarks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=sa.text("'[]'"))
    """Remark: what an officer would ask first about it, with the answer."""
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None]
    approved_by_id: Mapped[UUID | None]
    base_plan_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("plans.id"))
    """The plan in force that the approval was given upon; None when none was."""
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None]
    published_by_id: Mapped[UUID | None]
    is_notifier_asked: Mapped[bool | None]
    """Whether the notifier had said, just before publishing, whose contacts were refused for good. None before that."""
    superseded_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]
    discarded_by: Mapped[str | None]
    discarded_by_id: Mapped[UUID | None]
    previous_plan_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("plans.id"))
    """The plan that was in force when this one was published: people are told the difference to it."""
    repair_reason: Mapped[str | None]
    """Why, in this copy, a person's place was given to others by hand; None of every other plan."""
    outbox_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("outbox.id"))
    """The row that asks for this plan's notices; set when published."""
    edit_version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counts the changes by hand, undone ones too: the draft's ETag."""
    hand_changes: Mapped[int] = mapped_column(default=0, server_default="0")
    """Changes by hand that hold in it, those of the plan it was begun from among them."""

    @property
    def row_version(self) -> int:
        return self.edit_version


class Responsibility(Base):
    """A school answers for a commune: leading it, or supporting another that leads."""

    __tablename__ = "responsibilities"
    __table_args__ = (
        sa.Index(
            "uq_responsibilities_one_lead", "plan_id", "commune_code", unique=True, postgresql_where=sa.text("is_lead")
        ),
    )

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plans.id"), primary_key=True)
    commune_code: Mapped[str] = mapped_column(sa.ForeignKey("communes.code"), primary_key=True)
    school_id: Mapped[UUID] = mapped_column(sa.ForeignKey("schools.id"), primary_key=True)
    is_lead: Mapped[bool]
    distance_m: Mapped[int]
    promised_days: Mapped[dict[str, int]] = mapped_column(JSONB)
    reason_vi: Mapped[str | None]
    """Why this school leads, in one sentence that names no person; none for supports, or where none was worked out."""
    reason_en: Mapped[str | None]


class Placement(Base):
    """One volunteer's place. The key gives one commune a person; seats give one a person and day over all campaigns."""

    __tablename__ = "placements"
    __table_args__ = (sa.Index("ix_placements_volunteer", "volunteer_id"),)

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plans.id"), primary_key=True)
    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"), primary_key=True)
    school_id: Mapped[UUID] = mapped_column(sa.ForeignKey("schools.id"))
    commune_code: Mapped[str] = mapped_column(sa.ForeignKey("communes.code"))
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(sa.SmallInteger))
    work_days: Mapped[dict[str, int]] = mapped_column(JSONB)
    distance_m: Mapped[int]
    dates: Mapped[list[date]] = mapped_column(ARRAY(sa.Date))
    lost: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=sa.text("'[]'"))
    """LostDate: what the weekly pattern has and `dates` has not, why, and what takes its place."""
    told: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """PlacementDetails as frozen at publication: exactly what the person is told, less the two contacts."""
    commune_contact_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("frozen_contacts.id"))
    school_contact_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("frozen_contacts.id"))
    told_sha256: Mapped[str | None]
    """Of the whole."""


class FrozenContact(Base):
    """Whom to call, as a published plan says it; in a table of its own, under a key of its own, found by a random id.

    A trigger keeps the row as it is, save for `wrapped_key`: the key is wrapped anew when the keyset changes, and
    destroyed when the person has it erased. The plan's own rows never change.
    """

    __tablename__ = "frozen_contacts"
    __table_args__ = (
        sa.Index("ix_frozen_contacts_owner", "owner_kind", "owner_id"),
        sa.CheckConstraint("owner_kind IN ('commune', 'school')", name="owner_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner_kind: Mapped[str]
    owner_id: Mapped[str]
    """A commune's code, a school's id."""
    sealed: Mapped[bytes]
    wrapped_key: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class Shortfall(Base):
    """Need of a commune in a field that this plan does not meet, in person-days a week."""

    __tablename__ = "plan_shortfalls"

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plans.id"), primary_key=True)
    commune_code: Mapped[str] = mapped_column(sa.ForeignKey("communes.code"), primary_key=True)
    field_code: Mapped[str] = mapped_column(sa.ForeignKey("fields.code"), primary_key=True)
    needed_days: Mapped[int]
    unmet_days: Mapped[int]


class PlanWithdrawal(Base):
    """Why this version leaves out a person whom the version before had placed (commune_schemas.WithdrawalCause)."""

    __tablename__ = "plan_withdrawals"
    __table_args__ = (
        sa.Index("ix_plan_withdrawals_volunteer", "volunteer_id"),
        sa.CheckConstraint("cause IN ('cannot_go', 'left', 'replanned')", name="cause_known"),
    )

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plans.id"), primary_key=True)
    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"), primary_key=True)
    cause: Mapped[str]


class PlanReserve(Base):
    """Whom this version's publication told, once a campaign, that they are held in reserve; what they were told."""

    __tablename__ = "plan_reserves"
    __table_args__ = (sa.Index("ix_plan_reserves_volunteer", "volunteer_id"),)

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plans.id"), primary_key=True)
    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"), primary_key=True)
    told: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """ReserveTold, less the contact."""
    school_contact_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("frozen_contacts.id"))


class Seat(Base):
    """A person's day of service under a plan in force: the key makes two communes on one day impossible."""

    __tablename__ = "seats"
    __table_args__ = (sa.Index("ix_seats_plan", "plan_id"),)

    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"), primary_key=True)
    serves_on: Mapped[date] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plans.id"))
    commune_code: Mapped[str] = mapped_column(sa.ForeignKey("communes.code"))


explain_constraint(
    "plans_immutable",
    code="plan.immutable",
    vi="Phương án đã ban hành thì không thay đổi được.",
    en="A published plan never changes.",
)
explain_constraint(
    "pk_seats",
    code="seat.taken",
    vi="Có người đã phục vụ ở xã khác vào cùng ngày, theo phương án vừa được ban hành.",
    en="Someone already serves another commune on one of these days, under a plan published just now.",
)
