"""Shapes of secondment runs and decisions."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Self
from uuid import UUID

from commune_schemas.matching import RunStatus, StageCertificate
from commune_schemas.secondment import PostExplanation
from pydantic import BaseModel, Field, model_validator

from roster_api.secondments.models import SecondmentStatus
from roster_api.shapes import ABSENT, Answer, Body, CommuneCodeField, Day, PatchBody, SearchKeyText
from roster_api.staff.models import Conduct
from roster_api.text import Code, LineWithoutLinks
from roster_api.volunteers.schemas import Weekdays

Words = Annotated[LineWithoutLinks, Field(min_length=1, max_length=500)]
SomeWeekdays = Annotated[
    Weekdays, Field(min_length=1, description="Of concurrent duty: each week on these days, beside the own post")
]
ReviewDay = Annotated[Day, Field(description="When concurrent duty without an end is looked at again: a term's end")]


class ForbiddenMove(Body):
    """Nobody goes from this unit to this commune."""

    unit_code: Code
    commune_code: CommuneCodeField


class SecondmentRequest(Body):
    """By what people are chosen: written down with the run, and printed with the selection."""

    from_on: Day = Field(description="Who is in another post by then is not considered")
    until_on: Day
    min_level: int = Field(1, ge=1, le=3, description="Of the qualification in the post's field")
    min_service_years: int = Field(0, ge=0, le=40)
    refused_conduct: list[Conduct] = Field(default=[Conduct.NOT_COMPLETED], max_length=4)
    max_move_km: int = Field(10_000, ge=0, le=10_000, description="Of moves between communes")
    forbid: list[ForbiddenMove] = Field(default=[], max_length=500)
    time_limit_seconds: float = Field(60, gt=0, le=600)
    seed: int = Field(0, ge=0, le=2**31 - 1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until_on < self.from_on:
            raise ValueError("Ngày cuối phải sau ngày đầu. | until_on must not be before from_on.")
        return self


class Considered(Answer):
    """Somebody who might have been moved; `reason` is why they were no candidate, if so."""

    code: str
    staff_id: UUID
    unit_code: str
    kind: str
    fields: list[str]
    is_candidate: bool
    reason_vi: str | None
    reason_en: str | None


class RunProgressRead(Answer):
    level: str
    percent: float
    objective: dict[str, int] | None
    message_vi: str
    message_en: str


class SecondmentFailure(Answer):
    kind: str
    vi: str
    en: str


class SecondmentRunRead(Answer):
    id: UUID
    province_code: str
    status: RunStatus
    criteria: SecondmentRequest
    requested_by: str
    requested_by_id: UUID | None
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempts: int
    progress: RunProgressRead | None
    certificate: StageCertificate | None
    failure: SecondmentFailure | None


class SecondmentRunTotals(SecondmentRunRead):
    vacancies: int
    filled: int
    internal: int
    province: int
    province_by_field: dict[str, int]
    considered: int
    candidates: int


class Named(Answer):
    """Somebody of the staff, as explanations name them by code."""

    staff_id: UUID
    full_name: str
    unit_code: str


class VacancyRead(Answer):
    """A vacancy of a finished run: who fills it and why, who else was considered and why not; or why nobody does."""

    vacancy: str
    post_id: UUID
    title: str
    field_code: str
    unit_code: str
    unit_name: str
    person: str | None = Field(description="Code of who fills it, as `people` has them")
    explanation: PostExplanation | None = Field(description="null where the run's certificate notes that it has none")
    people: dict[str, Named]


class DecideRun(Body):
    """The terms of all decisions made of a run."""

    from_on: Day
    until_on: Day = Field(description="The last day of those from provincial agencies")
    internal_until_on: Day | None = Field(None, description="Of moves between communes; null: for good")
    legal_basis: Words
    signer: Words
    number: Words | None = None


class Decided(BaseModel):
    drafted: int
    already: int = Field(description="Of people of this run who had a decision before")


class SecondmentCreate(Body):
    staff_id: UUID
    post_id: UUID
    from_on: Day
    until_on: Day | None = None
    weekdays: SomeWeekdays | None = None
    review_on: ReviewDay | None = None
    legal_basis: Words
    signer: Words
    number: Words | None = None
    reason: Words


class SecondmentPatch(PatchBody):
    NULLABLE: ClassVar[frozenset[str]] = frozenset({"until_on", "weekdays", "review_on", "number"})

    from_on: Day = ABSENT
    until_on: Day | None = None
    weekdays: SomeWeekdays | None = None
    review_on: ReviewDay | None = None
    legal_basis: Words = ABSENT
    signer: Words = ABSENT
    number: Words | None = None


class Chosen(Body):
    """Which decisions: of a run, all; or those named."""

    run_id: UUID | None = None
    secondment_ids: list[UUID] = Field(default=[], max_length=1000)

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.run_id is None) == (not self.secondment_ids):
            raise ValueError("Nêu run_id, hoặc secondment_ids. | Name run_id, or secondment_ids.")
        return self


class Moved(BaseModel):
    """How many came into the state asked for; `already` were there."""

    changed: int
    already: int


class OnDay(Body):
    on: Day


class Extension(Body):
    until_on: Day
    reason: Words
    legal_basis: Words


class EarlyEnd(Body):
    on: Day
    reason: Words


class Review(Body):
    """Concurrent duty goes on for another term, on the same weekdays or on others."""

    on: Day = Field(description="From this day on")
    next_review_on: ReviewDay
    weekdays: SomeWeekdays | None = Field(None, description="Null: as they are")
    reason: Words

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.next_review_on <= self.on:
            raise ValueError("Ngày xem lại lần sau phải sau ngày thay đổi. | next_review_on must be after on.")
        return self


class ChangeAsked(Body):
    """What the lending or the receiving unit wants otherwise: other weekdays, an end."""

    reason: Words


class SecondmentFilter(BaseModel):
    q: SearchKeyText = None
    run_id: UUID | None = None
    staff_id: UUID | None = None
    unit_id: UUID | None = Field(None, description="That lends or that receives")
    concurrent: bool | None = Field(None, description="On some weekdays beside the own post, or the whole time")
    change_asked: bool | None = Field(None, description="Whether one of the units waits for a change")
    status: SecondmentStatus | None = None


class EventRead(Answer):
    number: int
    kind: str
    from_on: date
    until_on: date | None
    weekdays: list[int] | None
    review_on: date | None
    reason: str | None
    legal_basis: str
    recorded_by: str
    recorded_by_id: UUID | None
    at: datetime


class SecondmentRead(Answer):
    id: UUID
    province_code: str
    run_id: UUID | None
    staff_id: UUID
    staff_code: str
    full_name: str
    post_id: UUID
    post_title: str
    field_code: str
    from_unit_id: UUID
    from_unit_name: str
    to_unit_id: UUID
    to_unit_name: str
    kind: str
    from_on: date
    until_on: date | None
    weekdays: list[int] | None = Field(description="Of concurrent duty; null: the whole time")
    review_on: date | None
    change_asked_at: datetime | None
    legal_basis: str
    signer: str
    number: str | None
    reason_vi: str
    reason_en: str
    status: SecondmentStatus
    approved_by: str | None
    approved_by_id: UUID | None
    approved_at: datetime | None
    published_by: str | None
    published_by_id: UUID | None
    published_at: datetime | None
    started_on: date | None
    ended_on: date | None
    row_version: int


class SecondmentWithEvents(SecondmentRead):
    events: list[EventRead]
