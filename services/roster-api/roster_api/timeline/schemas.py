"""Shapes of the timeline, the starting points and the waves."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from roster_api.person_names import PersonName
from roster_api.shapes import Body, Day
from roster_api.text import CODE_PATTERN, Name, ParagraphsWithoutLinks
from roster_api.timeline.models import Act, Side, StepName

MONDAY = 0
DutyCode = Annotated[str, Field(min_length=1, max_length=64, pattern=CODE_PATTERN)]


def check_monday(day: date) -> None:
    if day.weekday() != MONDAY:
        raise ValueError("Ra quân vào một ngày thứ Hai. | A launch is on a Monday.")


class StepDue(Body):
    step: StepName
    due_on: Day = Field(examples=["2025-10-24"])

    @model_validator(mode="after")
    def _launches_on_a_monday(self) -> Self:
        if self.step is StepName.LAUNCH:
            check_monday(self.due_on)
        return self


class TimelineWrite(Body):
    """Every step that has a due date; replaces what was declared before."""

    items: Annotated[list[StepDue], Field(max_length=len(StepName))]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        by_step = {item.step: item.due_on for item in self.items}
        if len(by_step) < len(self.items):
            raise ValueError("Mỗi bước chỉ ghi một lần. | Each step once.")
        days = [by_step[step] for step in StepName if step in by_step]
        if days != sorted(days):
            raise ValueError("Hạn của một bước không trước hạn của bước trên. | No step is due before the one above.")
        return self


class LaunchWrite(Body):
    launched_on: Day = Field(examples=["2025-11-03"])

    @model_validator(mode="after")
    def _is_a_monday(self) -> Self:
        check_monday(self.launched_on)
        return self


class StepOut(BaseModel):
    """`done_at` is null until the step is done, by the rows: the day on which the last of it came."""

    step: StepName
    vi: str
    en: str
    due_on: date | None
    done_on: date | None
    is_overdue: bool
    days_late: int = Field(description="Days from due to done, or to today; 0 in time")
    missing: int = Field(description="Schools or communes still awaited; 1 for what Home Affairs does")
    missing_names: list[str] | None = Field(description="Of whom; null to who may not see them")
    reminded_at: datetime | None
    reminded: int | None = Field(description="How many were written to; null: nobody was reminded yet")


class TimelineOut(BaseModel):
    campaign_id: UUID
    wave: int = Field(description="1, or how many campaigns this one follows, and one")
    follows_id: UUID | None
    from_on: date
    until_on: date
    steps: list[StepOut]


class Proposal(Body):
    """`side`: on whose word; only Home Affairs names it, a school and a commune speak for themselves."""

    first_visit_on: Day
    duties: Annotated[list[DutyCode], Field(min_length=1, max_length=20)]
    commune_contact: PersonName | None = None
    school_contact: PersonName | None = None
    words: Annotated[ParagraphsWithoutLinks, Field(max_length=2000)] = ""
    side: Side | None = None

    @model_validator(mode="after")
    def _names_each_duty_once(self) -> Self:
        if len(set(self.duties)) < len(self.duties):
            raise ValueError("Mỗi nhiệm vụ chỉ ghi một lần. | Each duty once.")
        return self


class Agreement(Body):
    """`number`: of the proposal that was read; another one may stand by now (409)."""

    number: int = Field(ge=1)
    side: Side | None = None


class StartingPointOut(BaseModel):
    """`state`: none until somebody proposes; agreed once school and commune said yes to the same proposal."""

    commune_code: str
    commune_name: str
    school_id: UUID
    school_name: str
    state: str = Field(description="none, proposed, agreed")
    number: int | None = Field(description="Of the proposal that stands")
    first_visit_on: date | None
    duties: list[str]
    commune_contact: str | None
    school_contact: str | None
    words: str
    agreed_by: list[Side] = Field(description="Whose word stands for it")
    changed_at: datetime | None


class StartingPointStepOut(BaseModel):
    number: int
    act: Act
    side: Side
    first_visit_on: date
    duties: list[str]
    words: str
    made_by: str
    made_at: datetime


class StartingPointDetails(StartingPointOut):
    steps: list[StartingPointStepOut]


class NextWave(Body):
    name: Name = Field(examples=["Đợt 2"])
    starts_on: Day
    ends_on: Day


class CarriedOver(BaseModel):
    """What the next wave began with."""

    needs: int
    decisions: int
    relations: int


class WaveCreated(BaseModel):
    campaign_id: UUID
    follows_id: UUID
    wave: int
    carried_over: CarriedOver


class WavePerson(BaseModel):
    volunteer_id: UUID
    full_name: str
    school_name: str
    change: str = Field(description="stays, other_days, moves, leaves, joins")
    from_commune: str | None
    to_commune: str | None


class WaveChanges(BaseModel):
    """The plan of this wave (in force, else the newest draft) beside the plan in force of the wave before."""

    campaign_id: UUID
    follows_id: UUID
    plan_id: UUID | None
    stays: int
    other_days: int
    moves: int
    leaves: int
    joins: int
    communes_kept: int = Field(description="Led by the same school")
    communes_changed: int
    open_blockers: int = Field(description="Of the wave before, still open: they go on")
    unmet_days: int = Field(description="A week, that the wave before could not give")
    starting_points_agreed: int = Field(description="Of pairs that stay together: they hold on")
    people: list[WavePerson] = Field(description="Everybody of either plan, by school and name")


class FirstDayItem(BaseModel):
    code: str
    vi: str
    en: str
    is_done: bool
    number: int = Field(description="How many there are")
    wanted: int
    how: str = Field(description="The route, or the page of docs, by which it is done")


class FirstDay(BaseModel):
    province_code: str
    done: int
    items: list[FirstDayItem]
