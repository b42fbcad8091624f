"""Shapes of the leaders' numbers. They name communes and schools, and no person."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, Field

from roster_api.blockers.models import Level


class Standing(StrEnum):
    """stuck: a blocker that nobody has solved. short: a need, but nobody leads, or work is not met.

    silent: neither a need nor a lead. covered: a lead, and nothing unmet.
    """

    STUCK = "stuck"
    SHORT = "short"
    SILENT = "silent"
    COVERED = "covered"


class CommuneStanding(BaseModel):
    commune_code: str
    commune_name: str
    is_priority: bool = Field(description="Lacks an IT civil servant")
    standing: Standing
    lead_school: str | None
    people: int = Field(description="Placed by the plan in force")
    unmet_days: int = Field(description="A week")
    days_due: int = Field(description="Days of service until today")
    days_served: int
    days_unconfirmed: int
    open_blockers: int
    highest_level: Level | None = Field(description="Who has the blocker that is highest up")


class CampaignStanding(BaseModel):
    """`communes`: priority communes first, of those the stuck, the short, the silent; by name."""

    campaign_id: UUID
    as_of: datetime = Field(description="When these numbers were counted: some seconds ago at most")
    covered: int
    short: int
    silent: int = Field(description="Of these no need was declared, and nobody is sent there")
    stuck: int
    days_due: int
    days_served: int
    days_unconfirmed: int
    blockers_raised: int
    blockers_closed: int
    communes: list[CommuneStanding]
