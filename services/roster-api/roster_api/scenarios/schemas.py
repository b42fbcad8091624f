"""Shapes of the scenario routes."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from commune_schemas.base import PlainNumbers
from commune_schemas.documents import Prices
from commune_schemas.matching import RunStatus, SolveOptions
from pydantic import BaseModel, ConfigDict, Field

from roster_api.matching_runs.schemas import NoEffect
from roster_api.text import LineWithoutLinks, ParagraphsWithoutLinks

MOST = 8


class ScenarioWish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: LineWithoutLinks = Field(max_length=200, examples=["Địa bàn tự do"])
    options: SolveOptions = Field(
        default=SolveOptions(), description="Only what is named differs from the campaign's policy"
    )


def _standard() -> list[ScenarioWish]:
    """What an officer weighs first."""
    priced = Prices(overcap=10, scattered=40)
    return [
        ScenarioWish(name="Địa bàn tính giá", options=SolveOptions(prices=priced)),
        ScenarioWish(name="Địa bàn tự do", options=SolveOptions(prices=priced.model_copy(update={"scattered": 0}))),
        ScenarioWish(name="Địa bàn bắt buộc", options=SolveOptions(prices=None, contiguity=True)),
        ScenarioWish(name="Chỉ người cần", options=SolveOptions(use="need")),
        ScenarioWish(name="Mọi ngày đăng ký", options=SolveOptions(use="days")),
    ]


class ScenariosRequest(PlainNumbers):
    """Runs to start at once; they wait for one another where there are fewer workers."""

    model_config = ConfigDict(extra="forbid")

    scenarios: Annotated[list[ScenarioWish], Field(min_length=2, max_length=MOST)] = Field(
        default_factory=_standard,
        description="Left out: areas priced, free and strict; only who is needed; all days offered",
    )
    start: Literal["plan_in_force", "scratch"] = Field(
        "plan_in_force", description="Keep what can be kept of the plan in force, or plan as if there were none"
    )
    note: ParagraphsWithoutLinks | None = None
    time_limit_seconds: Annotated[float, Field(gt=0, le=3600)] | None = Field(
        None, description="Of each run, where its options do not say otherwise"
    )
    force: bool = Field(False, description="Although another run of the campaign is waiting or running")


class ScenarioFigures(BaseModel):
    """What the plans are compared by. Loads are shares of the mean: 1.0 is a school's even share."""

    travel_km: int
    pieces: int
    """Connected parts of all schools' areas."""
    scattered: int
    farthest_lead_km: int
    load_fullest: float
    load_emptiest: float
    short_people: int
    """Heads missing of what communes ask for."""
    communes_without_people: int
    unmet_days: int
    people_placed: int
    leads_changed: int | None
    """Against the plan in force; None: there is none."""
    people_changed: int | None
    """Placed, moved or left out otherwise than in the plan in force."""


class ScenarioOut(BaseModel):
    name: str
    run_id: UUID
    status: RunStatus
    plan_id: UUID | None
    options: dict[str, Any]
    """What was named."""
    no_effect: list[NoEffect]
    gap: float | None
    solving_seconds: float | None
    figures: ScenarioFigures | None
    """None until it has a plan."""
    same_as: list[str]
    """Other scenarios of the set that came to the very same plan."""
    leads: dict[str, str]
    """Commune -> school that leads it: what a map is coloured by."""


class ScenarioSetSummary(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    campaign_id: UUID
    from_scratch: bool
    note: str | None
    requested_by: str
    requested_at: datetime


class ScenarioSetOut(ScenarioSetSummary):
    is_done: bool
    scenarios: list[ScenarioOut]
    comparisons: list[str]
    """Of every two that have plans: where they stand side by side, commune by commune and person by person."""
