"""Tables of allowances. An amount is a whole number of đồng; what was approved never changes (a trigger says so)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.allowances.computing import Component
from roster_api.database import Base, Versioned
from roster_api.errors import explain_constraint


class StatementState(StrEnum):
    COMPUTED = "computed"
    CHECKED = "checked"  # by the school
    APPROVED = "approved"  # by Finance: its lines stay as they are
    PAID = "paid"


OPEN = (StatementState.COMPUTED, StatementState.CHECKED)
FINAL = (StatementState.APPROVED, StatementState.PAID)
COMPONENTS = ", ".join(f"'{component}'" for component in Component)
STATES = ", ".join(f"'{state}'" for state in StatementState)


class AllowanceRate(Base):
    """One component's amount, for a time. It is never changed, only ended; a new one takes its place."""

    __tablename__ = "allowance_rates"
    __table_args__ = (
        sa.CheckConstraint(f"component IN ({COMPONENTS})", name="component_known"),
        sa.CheckConstraint("amount_vnd >= 0", name="amount_whole"),
        sa.CheckConstraint("valid_until >= valid_from", name="ends_after_start"),
        sa.CheckConstraint("from_m >= 0 AND (to_m IS NULL OR to_m > from_m)", name="band_in_order"),
        sa.CheckConstraint("min_days BETWEEN 1 AND 31", name="min_days_of_a_month"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    province_code: Mapped[str] = mapped_column(sa.ForeignKey("provinces.code"), index=True)
    component: Mapped[str]
    role: Mapped[str | None]
    """None: of every role that has no rate of its own."""
    from_m: Mapped[int] = mapped_column(default=0, server_default="0")
    to_m: Mapped[int | None]
    min_days: Mapped[int] = mapped_column(sa.SmallInteger, default=1, server_default="1")
    amount_vnd: Mapped[int] = mapped_column(sa.BigInteger)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    legal_basis: Mapped[str]
    set_by: Mapped[str]
    set_by_id: Mapped[UUID | None]
    set_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    ended_by: Mapped[str | None]
    ended_by_id: Mapped[UUID | None]


class AllowanceStatement(Versioned, Base):
    """What a school's people are paid for a month; `number` 1, then corrections of what was approved before."""

    __tablename__ = "allowance_statements"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "month", "school_id", "number", name="uq_allowance_statements_number"),
        sa.Index(
            "uq_allowance_statements_open",
            "campaign_id",
            "month",
            "school_id",
            unique=True,
            postgresql_where=sa.text("state IN ('computed', 'checked')"),
        ),
        sa.CheckConstraint(f"state IN ({STATES})", name="state_known"),
        sa.CheckConstraint("extract(day from month) = 1", name="month_by_its_first_day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaigns.id"))
    school_id: Mapped[UUID] = mapped_column(sa.ForeignKey("schools.id"))
    month: Mapped[date]
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    state: Mapped[str] = mapped_column(default=StatementState.COMPUTED)
    total_vnd: Mapped[int] = mapped_column(sa.BigInteger)
    unpaid: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """UnpaidPerson: who was to serve that month and is paid nothing, with the reason."""
    school_word: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=sa.text("'[]'"))
    """SchoolWord: days that the school confirmed while the commune was silent, by person."""
    computed_by: Mapped[str]
    computed_by_id: Mapped[UUID | None]
    computed_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    checked_by: Mapped[str | None]
    checked_by_id: Mapped[UUID | None]
    checked_at: Mapped[datetime | None]
    approved_by: Mapped[str | None]
    approved_by_id: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    paid_by: Mapped[str | None]
    paid_by_id: Mapped[UUID | None]
    paid_at: Mapped[datetime | None]


class AllowanceLine(Base):
    """One rate of one person: which days, or which month, at what amount each. `sign` -1: taken back."""

    __tablename__ = "allowance_lines"
    __table_args__ = (
        sa.Index("ix_allowance_lines_volunteer", "volunteer_id"),
        sa.CheckConstraint("sign IN (-1, 1)", name="sign_known"),
        sa.CheckConstraint("amount_vnd = sign * unit_vnd * cardinality(days)", name="amount_is_the_product"),
    )

    statement_id: Mapped[UUID] = mapped_column(sa.ForeignKey("allowance_statements.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("volunteers.id"))
    component: Mapped[str]
    rate_id: Mapped[UUID] = mapped_column(sa.ForeignKey("allowance_rates.id"))
    days: Mapped[list[date]] = mapped_column(ARRAY(sa.Date))
    sign: Mapped[int] = mapped_column(sa.SmallInteger)
    unit_vnd: Mapped[int] = mapped_column(sa.BigInteger)
    amount_vnd: Mapped[int] = mapped_column(sa.BigInteger)


explain_constraint(
    "uq_allowance_statements_open",
    code="allowance.open",
    vi="Trường này đã có bảng kê của tháng đó chưa được phê duyệt. Hãy tính lại bảng ấy.",
    en="This school has a statement of that month that is not approved yet. Compute that one anew.",
)
for _name, _vi, _en in (
    ("ends_after_start", "Ngày cuối không được trước ngày đầu.", "The last day must not be before the first."),
    ("band_in_order", "Khoảng cách phải từ nhỏ đến lớn.", "A distance band goes from the nearer to the farther."),
):
    explain_constraint(f"ck_allowance_rates_{_name}", code="allowance.rate", vi=_vi, en=_en, status=422)
