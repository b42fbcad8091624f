"""Shapes of the matching-run routes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from commune_schemas.base import SchoolCode
from commune_schemas.left_out import LeftOut
from commune_schemas.matching import Certificate, RunStatus, SolveOptions
from commune_schemas.remarks import Remark
from commune_schemas.replanning import LeastChanges
from pydantic import BaseModel, ConfigDict, Field

from roster_api.text import LineWithoutLinks, ParagraphsWithoutLinks


class RunRequest(BaseModel):
    """What to solve, and under which name to compare it."""

    model_config = ConfigDict(extra="forbid")

    options: SolveOptions = Field(
        default=SolveOptions(), description="What is left out of the campaign's policy is as the campaign has it"
    )
    scenario: LineWithoutLinks | None = Field(
        default=None, max_length=200, description="Name for comparing, e.g. 'Không có ĐH Y'"
    )
    note: ParagraphsWithoutLinks | None = Field(default=None, description="Why this run was asked for")
    without_schools: list[SchoolCode] = Field(
        default=[],
        max_length=20,
        description="Schools that withdraw: neither they nor their people take part. As few leads as must be change, "
        "unless `options` names max_lead_changes",
    )
    force: bool = Field(default=False, description="Although another run of the campaign is waiting or running")


class FailureOut(BaseModel):
    kind: str
    vi: str
    en: str


class ProgressOut(BaseModel):
    """The worker's newest word. `objective` and `bound` by level, most important first; `gap` is relative."""

    stage: str
    level: str
    percent: float
    objective: dict[str, int] | None
    bound: dict[str, int] | None
    gap: float | None
    seconds: float
    message_vi: str
    message_en: str


class RunTimings(BaseModel):
    """Seconds; None for what has not happened yet."""

    queued_seconds: float | None
    solving_seconds: float | None


class UnkeptPinOut(BaseModel):
    """A pin that the run does not keep: whose, where, and by which rule of docs/domain.md, in words with names."""

    commune_code: str
    volunteer_id: UUID | None
    school_code: str | None
    """Of a pin of a school."""
    rule: str
    vi: str
    en: str


class DuplicateRow(BaseModel):
    volunteer_id: UUID
    full_name: str | None
    school_code: str | None
    is_counted: bool
    """The run planned with this row; the others stayed out."""


class DuplicateOut(BaseModel):
    """One human on several lists: same phone and similar name, or same name and e-mail."""

    rows: list[DuplicateRow]
    vi: str
    en: str


class NoEffect(BaseModel):
    """An option that was named and can change nothing."""

    option: str
    vi: str
    en: str


class RunOut(BaseModel):
    """One run. `objective`, `bound`, `gap` are stage A's: from the certificate, or the progress before there is one."""

    id: UUID
    campaign_id: UUID
    scenario: str | None
    note: str | None
    status: RunStatus
    options: SolveOptions
    requested_by: str
    requested_by_id: UUID | None
    requested_at: datetime
    deadline_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    timings: RunTimings
    attempts: int
    worker: str | None
    cancel_requested_at: datetime | None
    progress: ProgressOut | None
    objective: dict[str, int] | None
    bound: dict[str, int] | None
    gap: float | None
    certificate: Certificate | None
    conflict: list[dict[str, Any]]
    is_conflict_proved: bool | None
    """Of an infeasible run: checked here that no plan exists; false: the solver's claim, which nobody checked."""
    least_changes: LeastChanges | None
    """Of a run that revises a plan: what must change at least; the caps asked for count beyond it."""
    unkept_pins: list[UnkeptPinOut]
    duplicates: list[DuplicateOut]
    left_out: list[LeftOut]
    """Schools, people of one role and communes that the plan leaves without anyone, each with its reason."""
    no_effect: list[NoEffect]
    """Options that the request named and that can change nothing here, each with why."""
    remarks: list[Remark]
    """Schools with people that lead no commune, leads far beyond the nearest school, communes short of people: why."""
    failure: FailureOut | None
    plan_id: UUID | None


class SetAsideOut(BaseModel):
    """A free weekday that did not count in this run: of its `dates` the person could serve only `served`."""

    volunteer_id: UUID
    full_name: str | None
    """None, as is the school: the list they came with was undone since."""
    school_code: str | None
    weekday: int
    dates: int
    served: int


class LevelDifference(BaseModel):
    """One level of the objective: stage 'A', or 'B' summed over the schools. None: that run has no such level."""

    stage: str
    level: str
    left: int | None
    right: int | None


class CommuneDifference(BaseModel):
    """A commune led or supported by other schools, or with other people or unmet days."""

    commune_code: str
    left_lead: str | None
    right_lead: str | None
    left_supports: list[str]
    right_supports: list[str]
    left_people: int
    right_people: int
    left_unmet_days: int
    right_unmet_days: int


class SchoolSide(BaseModel):
    communes: int
    people: int
    person_days: int
    distance_m: int
    """Sum over its leads."""


class SchoolDifference(BaseModel):
    school_code: str
    left: SchoolSide
    right: SchoolSide


class PersonDifference(BaseModel):
    volunteer_id: UUID
    school_code: str
    left_commune: str | None
    right_commune: str | None
    left_weekdays: list[int]
    right_weekdays: list[int]


class Comparison(BaseModel):
    """Two runs of one campaign side by side; only what differs is listed, levels always."""

    left_id: UUID
    right_id: UUID
    left_scenario: str | None
    right_scenario: str | None
    levels: list[LevelDifference]
    communes: list[CommuneDifference]
    schools: list[SchoolDifference]
    people: list[PersonDifference]
