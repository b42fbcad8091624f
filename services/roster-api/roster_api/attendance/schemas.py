"""Shapes of attendance."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from roster_api.attendance.models import Outcome, Side
from roster_api.shapes import Body, Day, Moment
from roster_api.text import Code, LineWithoutLinks

MOST_TICKS = 500
MOST_COUNTS = 500


class Tick(Body):
    """What one side says of one day. `key`: of the sender's own making, the same whenever this tick is sent again.

    Of several ticks of a side for one day, the one with the latest `ticked_at` holds, in whatever order they arrive.
    """

    key: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[!-~]+$", examples=["b2f7a0e4-0001"])]
    volunteer_id: UUID
    serves_on: Day
    outcome: Outcome
    reason: Annotated[LineWithoutLinks, Field(max_length=300)] = Field("", description="Needed when absent")
    replaced_by_volunteer_id: UUID | None = Field(None, description="Who came instead; with `replaced`, and only then")
    ticked_at: Moment = Field(description="When it was ticked, by the sender's clock; offline it may be days ago")

    @model_validator(mode="after")
    def _fits_its_outcome(self) -> Self:
        if (self.outcome is Outcome.REPLACED) != (self.replaced_by_volunteer_id is not None):
            raise ValueError(
                "replaced: cần replaced_by_volunteer_id, và chỉ khi đó."
                " | replaced: needs replaced_by_volunteer_id, and only then."
            )
        if self.replaced_by_volunteer_id == self.volunteer_id:
            raise ValueError("Người thay phải là người khác. | Who came instead must be somebody else.")
        if self.outcome is Outcome.ABSENT and not self.reason:
            raise ValueError("Vắng mặt cần có lý do. | An absence needs a reason.")
        return self


class TickBatch(Body):
    ticks: Annotated[list[Tick], Field(min_length=1, max_length=MOST_TICKS)]


class TickResult(StrEnum):
    RECORDED = "recorded"
    ALREADY = "already"  # this very tick arrived before
    REFUSED = "refused"  # see code, vi, en; sending it again does not help


class TickAnswer(BaseModel):
    key: str
    result: TickResult
    code: str | None = None
    vi: str | None = None
    en: str | None = None


class TickAnswers(BaseModel):
    """In the order sent. What is recorded is kept although another is refused."""

    items: list[TickAnswer]
    recorded: int
    already: int
    refused: int


class AttendanceState(StrEnum):
    """A filter: planned ones are still to come; unconfirmed ones are due, and nobody's word counts yet."""

    PLANNED = "planned"
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


class View(BaseModel):
    """What one side says."""

    outcome: Outcome
    reason: str | None
    replaced_by_volunteer_id: UUID | None
    ticked_at: datetime
    ticked_by: str


class AttendanceDay(BaseModel):
    """A day of service: what counts (`outcome`, `served_by_volunteer_id`), and what each side says (`views`)."""

    volunteer_id: UUID
    full_name: str
    serves_on: date
    commune_code: str
    commune_name: str
    school_code: str
    school_name: str
    plan_id: UUID
    outcome: Outcome | None
    served_by_volunteer_id: UUID | None
    replaced_by_name: str | None
    is_disputed: bool
    is_school_asked: bool
    views: dict[Side, View]


class DayCounts(BaseModel):
    """`due`: today or before. `unconfirmed`: due, and nobody's word counts yet."""

    planned: int = 0
    due: int = 0
    present: int = 0
    absent: int = 0
    replaced: int = 0
    unconfirmed: int = 0
    disputed: int = 0


class CommuneCounts(DayCounts):
    commune_code: str
    commune_name: str


class SchoolCounts(DayCounts):
    school_code: str
    school_name: str


class AttendanceTotals(BaseModel):
    """Days of service within what one may see, in all and by commune and school; names nobody."""

    total: DayCounts
    communes: list[CommuneCounts]
    schools: list[SchoolCounts]


class PossibleStandIn(BaseModel):
    """Who may have come instead on that day: of a school that answers for the commune, and serving nowhere."""

    volunteer_id: UUID
    full_name: str
    school_name: str


class CountItem(Body):
    volunteer_id: UUID
    duty_code: Code
    number: Annotated[int, Field(ge=1, le=1_000_000, description="Records digitised, citizens guided, staff trained")]


class CountsBody(Body):
    """The whole week's counts: what is left out is taken away."""

    items: Annotated[list[CountItem], Field(max_length=MOST_COUNTS)]

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        if len({(each.volunteer_id, each.duty_code) for each in self.items}) < len(self.items):
            raise ValueError("Một người, một nhiệm vụ chỉ ghi một lần. | A person and duty may stand in the list once.")
        return self


class CountOut(BaseModel):
    volunteer_id: UUID
    full_name: str
    duty_code: str
    number: int


class CountsOut(BaseModel):
    """`week_on`: the Monday. `people`: whom counts may be given for that week, in alphabetical order."""

    commune_code: str
    week_on: date
    items: list[CountOut]
    people: dict[UUID, str]
