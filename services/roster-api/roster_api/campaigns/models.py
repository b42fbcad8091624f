"""Table campaigns."""

import json
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.campaigns.policy import BEFORE_POLICIES, CampaignPolicy
from roster_api.database import Base, Timestamped, Versioned
from roster_api.errors import explain_constraint


class CampaignStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Campaign(Versioned, Timestamped, Base):
    __tablename__ = "campaigns"
    __table_args__ = (
        CheckConstraint("status in ('draft', 'open', 'closed')", name="status_known"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("end_time > start_time", name="day_ends_after_start"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    province_code: Mapped[str] = mapped_column(ForeignKey("provinces.code"), index=True)
    name: Mapped[str]
    search_key: Mapped[str]
    status: Mapped[str] = mapped_column(default=CampaignStatus.DRAFT.value, server_default="draft")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    start_time: Mapped[time]
    end_time: Mapped[time]
    """Local time (Asia/Ho_Chi_Minh) of a day of service."""
    calendar_exceptions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    """CalendarException, by day."""
    policy: Mapped[dict[str, Any]] = mapped_column(
        JSONB,
        default=lambda: CampaignPolicy().model_dump(mode="json"),
        server_default=text(f"'{json.dumps(BEFORE_POLICIES)}'"),
    )
    """CampaignPolicy. Who writes a campaign without one is of before there were policies."""
    is_sandbox: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Its messages go to the simulator alone, for ever."""
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("campaigns.id"))
    """The wave before, whose plan in force the first run keeps as far as it can."""
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]


for _name, _vi, _en in (
    ("ends_after_start", "Ngày kết thúc phải không trước ngày bắt đầu.", "The last day must not be before the first."),
    ("day_ends_after_start", "Giờ kết thúc phải sau giờ bắt đầu.", "The day must end after it starts."),
):
    explain_constraint(f"ck_campaigns_{_name}", code="campaign.dates", vi=_vi, en=_en, status=422)
