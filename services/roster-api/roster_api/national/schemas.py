"""Shapes of the national-run routes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from commune_schemas.base import PlainNumbers
from commune_schemas.matching import RunStatus, SolveOptions, StageCertificate
from commune_schemas.national import BorderStatus, NationalCertificate, NationalStatus
from pydantic import BaseModel, ConfigDict, Field

from roster_api.matching_runs.schemas import FailureOut
from roster_api.text import LineWithoutLinks, ParagraphsWithoutLinks

Count = Annotated[int, Field(ge=0)]


class NationalRequest(PlainNumbers):
    """Which campaigns to solve, one a province, and under which name."""

    model_config = ConfigDict(extra="forbid")

    name: LineWithoutLinks = Field(min_length=1, max_length=200, description="E.g. 'Cả nước, đợt 1'")
    campaign_ids: list[UUID] = Field(min_length=1, max_length=100, description="Open campaigns, one a province")
    options: SolveOptions = Field(default=SolveOptions(), description="The same for every province")
    border_round: bool = Field(default=True, description="Ask neighbouring provinces for help afterwards")
    border_distance_m: int = Field(default=60_000, ge=0, le=1_000_000, description="How far neighbours may come")
    note: ParagraphsWithoutLinks | None = None
    force: bool = Field(default=False, description="Although runs of these campaigns are waiting or running")


class ProvinceProgress(BaseModel):
    """One province's matching run in a line; the whole of it is at /v1/matching-runs/{run_id}."""

    province_code: str
    province_name: str
    campaign_id: UUID
    run_id: UUID
    status: RunStatus
    percent: float
    stage: str | None
    message_vi: str | None
    message_en: str | None
    objective: dict[str, int] | None
    """Stage A's, as are bound and gap."""
    bound: dict[str, int] | None
    gap: float | None
    worker: str | None
    attempts: int
    started_at: datetime | None
    finished_at: datetime | None
    failure: FailureOut | None
    plan_id: UUID | None


class NationalTotals(BaseModel):
    """Sums over the provinces that have a plan."""

    provinces: Count
    """With a plan."""
    communes_led: Count
    schools: Count
    people_placed: Count
    person_days_per_week: Count
    unmet_days: Count
    lead_travel_km: Count
    """From leading schools to their communes, as stage A counts it."""


class NationalRunOut(BaseModel):
    """A national run; `certificate` once every province has ended, `border_status` once a border round is asked for."""

    id: UUID
    name: str
    note: str | None
    status: NationalStatus
    options: SolveOptions
    border_distance_m: int | None
    requested_by: str
    requested_by_id: UUID | None
    requested_at: datetime
    cancel_requested_at: datetime | None
    gathered_at: datetime | None
    percent: float
    """Mean over the provinces."""
    provinces: list[ProvinceProgress]
    totals: NationalTotals
    certificate: NationalCertificate | None
    border_status: BorderStatus | None


class NationalRunSummary(BaseModel):
    """A national run in a list."""

    id: UUID
    name: str
    status: NationalStatus
    requested_by: str
    requested_by_id: UUID | None
    requested_at: datetime
    gathered_at: datetime | None


class BorderSupportOut(BaseModel):
    """Proposed: this school's people spend `days` a week on this field at that commune of another province."""

    province_code: str
    province_name: str
    commune_code: str
    commune_name: str
    helper_province_code: str
    helper_province_name: str
    school_code: str
    school_name: str
    field: str
    days: int
    distance_m: int


class BorderRoundOut(BaseModel):
    """The border round: a proposal, changing no plan. `unmet` weighs days by commune priority, as stage A does."""

    id: UUID
    national_run_id: UUID
    status: BorderStatus
    max_distance_m: int
    requested_at: datetime
    finished_at: datetime | None
    attempts: int
    worker: str | None
    supports: list[BorderSupportOut]
    days: int
    """Person-days a week proposed, over all supports."""
    objective: dict[str, int] | None
    bound: dict[str, int] | None
    gap: float | None
    certificate: StageCertificate | None
    failure: FailureOut | None
